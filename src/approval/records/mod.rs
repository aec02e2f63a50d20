//! Records of any declared kind as something that can be approved: one [`Subject`](super::Subject) over all declarations.
//!
//! What approval does to a record stands in [`record`](crate::record): it is locked from its submission until it is given back or
//! its case has ended. Here stands what workflows may name of it, what approvers are shown, what their suggestions do to it, what it
//! leaves as evidence, what workflows set off, and handing it in.

mod approver;
mod brief;
mod desk;
mod effects;
mod evidence;
mod facts;
mod rewriting;
mod subject;

pub use approver::RecordApprover;
pub use desk::{BeforeHandingIn, RecordDesk};
pub use effects::RecordEffects;
pub use subject::{RecordSubject, Whom};
