//! BPMN into a workflow file to go on with.

use roxmltree::Document;

use super::{read, structure, write};
use crate::i18n::{Lang, Message, msg};

/// Elements of a process that are read; structures lie within each other at most so deep.
const MOST: usize = 1_000;

/// A workflow file made of BPMN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The name that `workflow("…")` gives.
    pub name: String,
    /// The text of the file. It can be read, and `check` points at everything that an administrator has to say.
    pub source: String,
    /// What could not be taken, each with the element, its id and its line.
    pub notes: Vec<Message>,
}

/// Why nothing could be made of a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// It is not XML.
    #[error("line {line}: {reason}")]
    NotXml {
        /// Where reading stopped.
        line: u32,
        /// In the words of the reader.
        reason: String,
    },
    /// It has no process.
    #[error("there is no process")]
    NoProcess,
    /// Nobody draws so many.
    #[error("the process has more than {MOST} elements")]
    TooLarge,
    /// Its process has nothing that becomes a node.
    #[error("the process has no tasks")]
    NoTasks,
}

/// Makes a workflow file of BPMN 2.0 as Camunda, Flowable, Activiti and others write it. `subject` is the kind of record that it will
/// carry; comments in the file are in `lang`.
pub fn import(xml: &str, subject: &str, lang: Lang) -> Result<Imported, ImportError> {
    let document = Document::parse(xml)
        .map_err(|error| ImportError::NotXml { line: error.pos().row, reason: error.to_string() })?;
    let mut notes = Vec::new();
    let process = read::process(&document, &mut notes).ok_or(ImportError::NoProcess)?;
    if process.elements.len() > MOST {
        return Err(ImportError::TooLarge);
    }
    if !process.elements.iter().any(super::model::Element::is_step) {
        return Err(ImportError::NoTasks);
    }
    let structured = structure::structure(&process, &mut notes);
    let (name, source) = write::file(&process, &structured, (subject, lang), &mut notes);
    Ok(Imported { name, source, notes })
}

impl ImportError {
    /// As a sentence.
    pub fn message(&self) -> Message {
        match self {
            Self::NotXml { line, reason } => {
                msg!("workflow.exchange.not_xml", line = line.to_string(), reason = reason)
            }
            Self::NoProcess => msg!("workflow.exchange.no_process"),
            Self::TooLarge => msg!("workflow.exchange.too_large", most = MOST),
            Self::NoTasks => msg!("workflow.exchange.no_tasks"),
        }
    }
}
