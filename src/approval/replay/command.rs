//! An event of the log as a command of the engine.

use std::collections::BTreeMap;

use super::map::{Command as Word, NextOf};
use super::plan::Step;
use crate::kernel::{Hash, UserId};
use crate::workflow::{Act, Case, Next, ReturnTo, TaskNumber, Verdict};

/// What the event asks of the case as it stands; nothing for what the map ignores.
pub(super) fn act(step: &Step, case: &Case, shown: Hash) -> Option<Act> {
    let person = step.actor.user;
    let task = person.and_then(|person| open_task(case, person));
    let verdict = |task: Option<TaskNumber>| Verdict {
        task,
        shown: Some(shown),
        opinion: step.activity.clone(),
        path: None,
        next: step.next.map(|next| match next {
            NextOf::Pool => Next::Pool,
            NextOf::Finish => Next::Finish,
        }),
    };
    Some(match &step.command {
        Word::Save => Act::Save,
        Word::Submit => Act::Submit { chosen: BTreeMap::new() },
        // Without a task of theirs the newest one says best why not.
        Word::Approve => Act::Approve(verdict(task.or_else(|| case.tasks.keys().next_back().copied()))),
        Word::Reject => Act::Reject(verdict(task)),
        Word::Return => Act::Return { verdict: verdict(task), to: ReturnTo::Drafter },
        Word::SignFor => Act::SignFor { task },
        Word::Withdraw => Act::Withdraw { reason: step.activity.clone() },
        Word::Event(name) => Act::OutsideEvent { name: name.clone() },
        Word::Ignore => return None,
    })
}

/// The first open task at which somebody is asked.
fn open_task(case: &Case, person: UserId) -> Option<TaskNumber> {
    let asked = |(number, task): (&TaskNumber, &crate::workflow::Task)| {
        let theirs = task.open && task.opened.candidates.iter().any(|one| one.person == person);
        theirs.then_some(*number)
    };
    case.tasks.iter().find_map(asked)
}
