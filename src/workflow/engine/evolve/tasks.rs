//! Who is asked, and who has it in hand.

use super::super::super::{Advice, Case, CloseReason, Delegation, Event, Task, TaskNumber, TaskOpened, TimerOf};
use super::nodes::mended;
use crate::kernel::Timestamp;

pub(super) fn open(case: &mut Case, opened: TaskOpened, at: Timestamp) {
    mended(case, &opened.node);
    let number = opened.task;
    let task = Task {
        opened,
        at,
        round: case.round,
        claimed: None,
        open: true,
        urged: None,
        delegated: None,
        advice: Vec::new(),
        stands_back: false,
    };
    case.tasks.insert(number, task);
}

/// Nobody is asked at this task any more.
pub(super) fn close(case: &mut Case, number: TaskNumber) {
    if let Some(task) = case.tasks.get_mut(&number) {
        task.open = false;
        task.stands_back = false;
    }
    no_timers(case, number);
}

/// Nobody is asked at this task until others have signed.
fn stand_back(case: &mut Case, number: TaskNumber) {
    if let Some(task) = case.tasks.get_mut(&number) {
        task.open = false;
        task.stands_back = true;
    }
    no_timers(case, number);
}

fn no_timers(case: &mut Case, number: TaskNumber) {
    case.timers.retain(|timer| timer.of != TimerOf::Task { task: number });
}

/// Who has a task in hand.
pub(super) fn on_task(case: &mut Case, event: &Event, at: Timestamp) {
    if let Event::TaskClosed { task, because } = event {
        return if *because == CloseReason::NotYet { stand_back(case, *task) } else { close(case, *task) };
    }
    let (Event::TaskClaimed { task: number, .. }
    | Event::TaskReleased { task: number, .. }
    | Event::Reminded { task: number, .. }
    | Event::HandedOver { task: number, .. }
    | Event::Transferred { task: number, .. }
    | Event::Delegated { task: number, .. }
    | Event::DelegationReturned { task: number, .. }
    | Event::TaskResumed { task: number, .. }) = event
    else {
        return;
    };
    if let Some(task) = case.tasks.get_mut(number) {
        on_one(task, event, at);
    }
}

fn on_one(task: &mut Task, event: &Event, at: Timestamp) {
    match event {
        Event::TaskClaimed { by, .. } => task.claimed = by.user,
        Event::TaskReleased { .. } => task.claimed = None,
        Event::Reminded { by: Some(_), .. } => task.urged = Some(at),
        Event::HandedOver { to, .. } => {
            task.opened.candidates.clone_from(to);
            (task.claimed, task.delegated) = (None, None);
        }
        Event::Transferred { by, to, .. } => {
            let from = by.in_the_name_of();
            task.opened.candidates.retain(|held| Some(held.principal()) != from && held.person != to.person);
            task.opened.candidates.push(to.clone());
            task.claimed = None;
        }
        Event::Delegated { by, to, .. } => {
            let back_to = std::mem::replace(&mut task.opened.candidates, vec![to.clone()]);
            (task.claimed, task.delegated) = (None, Some(Delegation { by: *by, back_to }));
        }
        Event::DelegationReturned { by, advice, text, .. } => {
            if let Some(delegation) = task.delegated.take() {
                task.opened.candidates = delegation.back_to;
                // In the hands of whoever delegated it, where several were asked.
                task.claimed = delegation.by.user.filter(|_| task.opened.candidates.len() > 1);
            }
            if let (Some(by), Some(choice)) = (by, advice) {
                task.advice.push(Advice { by: *by, choice: *choice, text: text.clone(), at });
            }
        }
        Event::TaskResumed { due, .. } => {
            (task.open, task.stands_back, task.at) = (true, false, at);
            task.opened.due = *due;
        }
        _ => {}
    }
}
