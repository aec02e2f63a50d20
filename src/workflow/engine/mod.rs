//! The engine: a command and a case give events, events give the case.
//!
//! [`decide`] works on a [`draft::Draft`]: a copy of the case into which every event is folded as soon as it is written, so that each
//! rule reads the newest state. After each command the draft *walks* ([`walk`]) from the start of the definition over the nodes that
//! the case remembers, and enters, asks, counts and passes until somebody or something has to act. Everything that goes back
//! ([`back`]) forgets nodes and lets the walk find its way again; decisions that still count are kept on the way.

mod ask;
mod back;
mod commands;
mod count;
mod draft;
mod edit;
mod entitle;
mod evolve;
mod forecast;
mod grids;
mod hooks;
mod index;
mod judge;
mod keep;
mod migrate;
mod people;
mod people_rules;
mod signers;
mod timers;
mod tree;
mod undo;
mod walk;

use draft::Draft;

pub use evolve::evolve;
pub use forecast::{Step, StepKind, StepState, forecast};
pub use judge::{Judged, judge};
pub use migrate::changed_nodes;

pub(super) use commands::submit::files_missing;
pub(super) use tree::{all as all_nodes, find as find_node};

use super::{Case, Command, Definition, Event, Facts, Refusal, Script};

/// What a command does to a case: its events, in order, or why it is refused. A refusal changes nothing.
pub fn decide(
    definition: &Definition,
    script: &dyn Script,
    case: &Case,
    command: &Command,
    facts: &Facts,
) -> Result<Vec<Event>, Refusal> {
    decide_and_evolve(definition, script, case, command, facts).map(|(events, _)| events)
}

/// The same with the case as the events leave it, for who needs both: every rule has read it on its way.
pub fn decide_and_evolve(
    definition: &Definition,
    script: &dyn Script,
    case: &Case,
    command: &Command,
    facts: &Facts,
) -> Result<(Vec<Event>, Case), Refusal> {
    let mut draft = Draft::new(definition, script, case, facts);
    commands::run(&mut draft, command)?;
    Ok((draft.events, draft.case))
}
