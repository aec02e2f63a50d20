//! Records of any declared kind as something that can be approved: one [`Subject`](super::Subject) over all declarations.
//!
//! What approval does to a record stands in [`record`](crate::record): it is locked from its submission until it is given back or
//! its case has ended. Here stands what workflows may name of it, what approvers are shown, and handing it in.

mod approver;
mod brief;
mod desk;
mod facts;
mod subject;

pub use approver::RecordApprover;
pub use desk::{BeforeHandingIn, RecordDesk};
pub use subject::{RecordSubject, Whom};
