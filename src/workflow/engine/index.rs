//! Which tasks and decisions belong to a node, so that the rules that ask for one node do not search the whole case. Both lists of a
//! case only grow.

use super::super::{Case, DecisionNumber, Event, TaskNumber};

/// The tasks and decisions of a case by a short mark of their node. Two nodes may share one: whoever asks looks at the name too.
pub(super) struct Index {
    tasks: Vec<(u64, TaskNumber)>,
    decisions: Vec<(u64, DecisionNumber)>,
}

impl Index {
    pub(super) fn of(case: &Case) -> Self {
        Self {
            tasks: case.tasks.iter().map(|(number, task)| (mark(&task.opened.node), *number)).collect(),
            decisions: case.decisions.iter().map(|(number, one)| (mark(&one.decided.node), *number)).collect(),
        }
    }

    /// Takes in what an event adds.
    pub(super) fn add(&mut self, event: &Event) {
        match event {
            Event::TaskOpened(opened) => self.tasks.push((mark(&opened.node), opened.task)),
            Event::Decided(decided) => self.decisions.push((mark(&decided.node), decided.decision)),
            _ => {}
        }
    }

    /// Whether nobody was ever asked at a node.
    pub(super) fn is_new(&self, node: &str) -> bool {
        self.tasks(node).next_back().is_none()
    }

    /// Tasks that may be of a node, oldest first.
    pub(super) fn tasks(&self, node: &str) -> impl DoubleEndedIterator<Item = TaskNumber> {
        marked(&self.tasks, node)
    }

    /// Decisions that may be of a node, oldest first.
    pub(super) fn decisions(&self, node: &str) -> impl DoubleEndedIterator<Item = DecisionNumber> {
        marked(&self.decisions, node)
    }
}

fn marked<'i>(all: &'i [(u64, u32)], node: &str) -> impl DoubleEndedIterator<Item = u32> + use<'i> {
    let wanted = mark(node);
    all.iter().filter(move |(mark, _)| *mark == wanted).map(|(_, number)| *number)
}

/// FNV-1a: the names are short, and nothing depends on who could find two with one mark.
fn mark(node: &str) -> u64 {
    node.bytes().fold(0xcbf2_9ce4_8422_2325, |mark, byte| (mark ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
