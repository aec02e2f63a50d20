//! What can be done with contracts: read, decide, store.

mod customer;
mod draft;
mod entities;
mod submit;
mod suggestions;
mod templates;

pub use draft::{NewContract, Seen};
pub use submit::{BeforeSubmission, Submission};
pub use templates::check_folder;

use super::ContractError;
use crate::db::{AuditEntry, Conn, DbError, record};
use crate::kernel::{Actor, Ref, Timestamp, UserId};

/// The person behind an action; the program itself drafts nothing.
fn person(actor: Actor) -> Result<UserId, ContractError> {
    actor.in_the_name_of().ok_or(ContractError::NotFound)
}

/// A line in the log, in the write that does it.
async fn log(
    c: &mut Conn<'_>,
    (actor, at): (Actor, Timestamp),
    subject: &Ref,
    action: &'static str,
    new: Option<serde_json::Value>,
) -> Result<(), DbError> {
    record(c, &AuditEntry { at, actor, subject: subject.clone(), action, old: None, new }).await
}
