//! Who acts, out of a request.

use crate::kernel::Actor;
use crate::web::LoggedIn;

/// The reader as somebody who does something.
pub(in crate::contract) fn actor(visit: &LoggedIn) -> Actor {
    Actor::person(visit.user(), visit.channel())
}
