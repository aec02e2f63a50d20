//! Writing workflow files: drafts of one author, proposals that a second person publishes, and what an author is shown meanwhile.
//!
//! A draft is its author's alone until they propose it. From then on it is frozen under its hash; whoever else administers workflows
//! publishes it or declines it with a reason. Nobody publishes their own proposal, unless nobody else could: then with a typed reason,
//! and never while a case of their own runs through the workflow.

mod drafts;
mod foresee;
mod line_diff;
mod model;
mod reading;
mod review;
mod telling;

pub use foresee::Foreseen;
pub use line_diff::{DiffLine, LineKind, hunks};
pub use model::{Draft, DraftId, DraftState, DraftText, Reviewer, file_of};
pub use reading::{Reading, Tested};
