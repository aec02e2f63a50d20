//! What a BPMN file says, as far as it can be taken.

use crate::i18n::{Message, msg};

/// A process of a file.
#[derive(Clone, Debug, Default)]
pub(super) struct Process {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) elements: Vec<Element>,
    pub(super) flows: Vec<Flow>,
}

/// An element that flows lead to.
#[derive(Clone, Debug)]
pub(super) struct Element {
    /// What it is called in the file: `userTask`.
    pub(super) tag: String,
    pub(super) id: String,
    pub(super) name: String,
    pub(super) line: u32,
    pub(super) kind: Kind,
}

/// What an element becomes.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// Where it begins.
    Start,
    /// Where it ends.
    End,
    /// `approve`: any one of the people.
    Approve(People),
    /// `countersign`: several votes, and the rule where it is not that all must approve.
    Countersign(People, Option<Rule>),
    /// `copy_to`.
    CopyTo(People),
    /// `wait`, with what it waits for in the words of the language.
    Wait(String),
    /// `act`: an administrator writes what is done.
    Act,
    /// `branch`, or the end of one.
    Exclusive,
    /// `every_way_that`, or the end of one.
    Inclusive,
    /// `parallel`, or the end of one.
    Parallel,
    /// Has no place in the language; what leads to it leads on.
    Passed,
}

/// When a countersign has passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    InOrder,
    Count(u32),
    Ratio(u32),
}

/// Who decides, as a file names them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct People {
    pub(super) roles: Vec<String>,
    pub(super) logins: Vec<String>,
    /// Who started the process.
    pub(super) drafter: bool,
}

impl People {
    pub(super) fn nobody(&self) -> bool {
        self.roles.is_empty() && self.logins.is_empty() && !self.drafter
    }

    /// Only whoever started the process: a task to mend what was handed in.
    pub(super) fn only_the_drafter(&self) -> bool {
        self.drafter && self.roles.is_empty() && self.logins.is_empty()
    }
}

/// A flow between two elements, by their places in the list.
#[derive(Clone, Debug)]
pub(super) struct Flow {
    pub(super) name: String,
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) condition: Option<String>,
    /// Taken where no other is.
    pub(super) default: bool,
    pub(super) id: String,
    pub(super) line: u32,
}

impl Element {
    /// Whether it becomes a node of its own.
    pub(super) fn is_step(&self) -> bool {
        !matches!(
            self.kind,
            Kind::Start | Kind::End | Kind::Passed | Kind::Exclusive | Kind::Inclusive | Kind::Parallel
        )
    }

    pub(super) fn decides(&self) -> bool {
        matches!(self.kind, Kind::Approve(_) | Kind::Countersign(..))
    }

    /// A sentence about it, with where it stands in the file.
    pub(super) fn note(&self, what: Message) -> Message {
        noted((&self.tag, &self.id), self.line, what)
    }
}

impl Flow {
    /// A sentence about it, with where it stands in the file.
    pub(super) fn note(&self, what: Message) -> Message {
        noted(("sequenceFlow", &self.id), self.line, what)
    }
}

/// A sentence about an element, with where it stands in the file.
pub(super) fn noted((tag, id): (&str, &str), line: u32, what: Message) -> Message {
    // As text: lines have no separators.
    msg!("workflow.exchange.note", line = line.to_string(), element = tag, id = id, what = what)
}
