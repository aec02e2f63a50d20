//! The workflow language: a Rhai file that runs once, in a sandbox, and leaves a [`Definition`] and its closures.
//!
//! Each word of the language is a native function that knows its own place in the file, so a fault is reported where it was written.
//! Reading does not stop at the first fault. Nothing here looks at a contract: [`RhaiScript`] does, when the engine asks.

mod call;
mod fault;
mod loading;
mod operators;
mod options;
mod parsing;
mod record;
mod sandbox;
mod script;
pub(super) mod scripting;
mod shelf;
mod syntax;
mod text;
mod values;
mod words;

pub use fault::{Fault, Severity};
pub use parsing::{Loaded, load, load_with};
pub use script::RhaiScript;
pub use shelf::Shelf;
pub use text::mended;

pub(super) use fault::{Finding, in_file};
pub(super) use loading::{NameOf, Named};
pub(super) use parsing::{Reading, read};
pub(super) use text::{quoted, width};

#[cfg(test)]
mod tests;
