//! Workflows for other tools: as BPMN 2.0, and out of BPMN into a file to go on with.
//!
//! What is exported is a picture with words: other tools can open, print and discuss it, and no engine runs it. What is imported keeps
//! the nodes, their people and their order; each condition becomes a placeholder that `check` points at, with the original beside it,
//! and whatever has no place in the language is said in a sentence.

mod import;
mod layout;
mod model;
mod people;
mod read;
mod shapes;
mod structure;
mod write;
mod xml;

pub use import::{ImportError, Imported, import};
pub use xml::bpmn;

/// How the ids of what stands around a construct end. Names of nodes have no dot.
const SPLIT: &str = ".split";
const JOIN: &str = ".join";
const WHEN: &str = ".when";
const AFTER: &str = ".after";
/// How the id of a process begins.
const PROCESS: &str = "process.";
/// How the ids of messages begin that waits wait for.
const MESSAGE: &str = "message.";

#[cfg(test)]
mod tests;
