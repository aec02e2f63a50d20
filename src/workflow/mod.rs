//! The approval engine: definitions, events, decisions. Pure: no clock, no database, no randomness, no async.
//!
//! ```text
//! decide(&Definition, &dyn Script, &Case, &Command, &Facts) -> Result<Vec<Event>, Refusal>
//! evolve(Case, &Event, at) -> Case
//! forecast(&Definition, &dyn Script, &Case, &Facts) -> Vec<Step>
//! ```
//!
//! A definition is a tree of nodes. A case remembers, by name, which nodes of the tree were reached in the running pass; walking the
//! tree from its start over that memory always finds the same place to go on. Going back is forgetting nodes, and walking again:
//! decisions that still count are kept on the way.

mod authority;
mod case;
mod chain;
pub mod check;
mod command;
mod condition;
mod definition;
pub mod diff;
mod directory;
mod effect;
mod engine;
mod event;
mod event_parts;
pub mod exchange;
pub mod explain;
mod facts;
pub mod impact;
mod inline;
pub mod language;
mod options;
mod refusal;
pub mod scenario;
mod schema;
mod script;
mod shipped;
mod sight;
mod splitting;
mod status;
mod who;

pub use authority::*;
pub use case::*;
pub use chain::{definition_version, event_hash, first_prev};
pub use command::*;
pub use condition::*;
pub use definition::*;
pub use directory::*;
pub use effect::*;
pub use engine::{
    Judged, Step, StepKind, StepState, changed_nodes, decide, decide_and_evolve, evolve, forecast, judge,
};
pub use event::*;
pub use event_parts::*;
pub use facts::*;
pub use options::*;
pub use refusal::*;
pub use schema::*;
pub use script::*;
pub use shipped::*;
pub use sight::*;
pub use splitting::*;
pub use status::*;
pub use who::*;
