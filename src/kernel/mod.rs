//! Values without IO: ids, money, dates, the working calendar, hashes, the clock and randomness as things that are passed in.
//!
//! Everything here is a function of its arguments, which is why every other room may use it.

pub mod actor;
pub mod calendar;
pub mod check;
pub mod clock;
pub mod hash;
pub mod id;
pub mod manifest;
pub mod money;
pub mod random;
pub mod recent;
pub mod reference;
pub mod seal;
pub mod text;
pub mod time;

pub use actor::{Actor, Channel};
pub use calendar::{Due, OfficeHours, Span, UnknownYear, WorkCalendar};
pub use clock::{Clock, ManualClock, Stopwatch, SystemClock};
pub use hash::{Hash, canonical_json};
pub use id::{
    CaseId, ContactId, ContractId, CustomerId, DepartmentId, EntityId, FileId, MilestoneId, OpportunityId, PaymentId,
    RoleId, UserId,
};
pub use manifest::Manifest;
pub use money::{Amount, Currency, Money, MoneyError, Quantity, Rate, Taxed, UnitPrice};
pub use random::{Random, SeededRandom, SystemRandom, Token};
pub use recent::Recent;
pub use reference::{Kind, Ref};
pub use time::{Date, Timestamp};
