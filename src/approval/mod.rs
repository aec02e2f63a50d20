//! Running approval cases: starting, deciding, inbox, links in messages.
//!
//! The engine in [`workflow`](crate::workflow) says what happens; this room reads what it needs, stores what it answers in one
//! write, and tells people. What is approved belongs to rooms above, which it knows only through [`Subject`].

mod subject;

pub use subject::{Brief, CaseAt, EffectAt, EffectHandler, Part, Registry, Subject, SubjectChange, SubjectRefusal};
