//! Simulations and scenarios: the pure engine on a small declared company.

mod run;
mod simulate;
mod words;
mod world;

pub use simulate::{Simulation, simulate};
pub use words::{Outcome, Scenario, scenarios};
pub use world::{BadWorld, DepartmentData, PersonData, RecordData, World};
