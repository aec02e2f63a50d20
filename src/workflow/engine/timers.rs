//! Due times, and what happens when they pass.

use std::sync::Arc;
use std::time::Duration;

use super::super::{
    Choice, DecisionOptions, Event, Next, Node, Overdue, ReasonStep, ScriptFault, ScriptProblem, StuckReason, Task,
    TaskNumber, Timer, TimerOf, TimerStep, Value, WaitFor, Who,
};
use super::draft::{Draft, rule};
use super::tree;
use crate::kernel::{Span, Timestamp, UnknownYear};

/// The timers of a task that is about to be opened.
pub(super) struct Plan {
    pub(super) due: Option<Timestamp>,
    /// The year whose working days are not known, where something could not be dated.
    pub(super) unknown_year: Option<i16>,
    timers: Vec<(Timestamp, TimerStep)>,
}

/// When a task is due, and what happens around that. What cannot be dated is left out: a notice that has not been published yet is no
/// reason to ask nobody.
pub(super) fn plan(draft: &Draft<'_>, options: &DecisionOptions) -> Plan {
    let mut plan = Plan { due: None, unknown_year: None, timers: Vec::new() };
    if let Some(within) = options.within
        && let Err(unknown) = plan.date(draft, within, &options.overdue)
    {
        plan.unknown_year = Some(unknown.year);
    }
    plan
}

impl Plan {
    fn date(&mut self, draft: &Draft<'_>, within: Span, overdue: &[Overdue]) -> Result<(), UnknownYear> {
        let due = after(draft, draft.facts.now, within)?;
        self.due = Some(due);
        // What is only foreseen is decided at once.
        if draft.ahead.is_some() {
            return Ok(());
        }
        for (index, step) in (0..).zip(overdue) {
            let overdue = TimerStep::Overdue { index };
            match step {
                Overdue::Remind => {
                    self.timers.push((half_way(draft, within, due)?, TimerStep::Remind));
                    self.timers.push((due, TimerStep::Remind));
                }
                Overdue::HandTo { after: span, .. } | Overdue::HandToManager { after: span } => {
                    self.timers.push((after(draft, due, *span)?, overdue));
                }
                Overdue::Reject | Overdue::Approve { .. } => self.timers.push((due, overdue)),
            }
        }
        Ok(())
    }
}

fn after(draft: &Draft<'_>, from: Timestamp, span: Span) -> Result<Timestamp, UnknownYear> {
    let facts = &draft.facts;
    span.due(from, &facts.calendar, &facts.office).map(|due| due.at)
}

/// When half of the time is left: of the time worked, except for spans by the clock.
fn half_way(draft: &Draft<'_>, within: Span, due: Timestamp) -> Result<Timestamp, UnknownYear> {
    let facts = &draft.facts;
    let by_clock = facts.now.plus(due.since(facts.now) / 2);
    if matches!(within, Span::Minutes(_)) {
        return Ok(by_clock);
    }
    let worked = facts.office.worked(facts.now, due, &facts.calendar)?;
    if worked == Duration::ZERO {
        return Ok(by_clock);
    }
    let half = u32::try_from(worked.as_secs() / 120).unwrap_or(u32::MAX);
    facts.office.add_minutes(facts.now, half, &facts.calendar)
}

pub(super) fn set_for_task(draft: &mut Draft<'_>, task: TaskNumber, plan: &Plan) {
    // A decision that is kept closes its task at once, with its timers.
    for (at, step) in &plan.timers {
        draft.push(Event::TimerSet { timer: Timer { at: *at, of: TimerOf::Task { task }, step: *step } });
    }
}

/// When a wait ends by itself.
pub(super) fn end_of_wait(draft: &Draft<'_>, node: &Node, what: &WaitFor) -> Result<Option<Timestamp>, StuckReason> {
    let fault = |problem| StuckReason::Fault { rule: rule(node, "wait"), fault: ScriptFault { place: None, problem } };
    match what {
        WaitFor::Event { .. } => Ok(None),
        WaitFor::Span { span } => {
            let end = after(draft, draft.facts.now, *span);
            end.map(Some).map_err(|unknown| StuckReason::UnknownYear { year: unknown.year })
        }
        WaitFor::DateField { field } => match draft.facts.subject.fields.get(field) {
            Some(Value::Date(date)) => Ok(Some(draft.facts.office.opening(*date))),
            Some(Value::Timestamp(at)) => Ok(Some(*at)),
            Some(Value::Empty) => Err(fault(ScriptProblem::EmptyField { field: field.clone() })),
            Some(other) => Err(fault(ScriptProblem::WrongAnswer { got: format!("{other:?}") })),
            None => Err(fault(ScriptProblem::UnknownField { field: field.clone() })),
        },
    }
}

pub(super) fn set_for_wait(draft: &mut Draft<'_>, node: &Node, at: Timestamp) {
    let of = TimerOf::Node { node: node.name.clone() };
    draft.push(Event::TimerSet { timer: Timer { at, of, step: TimerStep::WaitOver } });
}

/// Fires what is due now, in order. Timers that are set meanwhile wait for the next time.
pub(super) fn fire_due(draft: &mut Draft<'_>) {
    let now = draft.facts.now;
    let due: Vec<_> = draft.case.timers.iter().take_while(|timer| timer.at <= now).cloned().collect();
    for timer in due {
        // What fired before may have closed the task.
        if !draft.case.timers.contains(&timer) {
            continue;
        }
        draft.push(Event::TimerFired { timer: timer.clone() });
        match &timer.of {
            TimerOf::Node { node } => draft.push(Event::NodePassed { node: node.clone() }),
            TimerOf::Task { task } => run_step(draft, *task, timer.step),
        }
        draft.advance();
    }
}

fn run_step(draft: &mut Draft<'_>, number: TaskNumber, step: TimerStep) {
    let Some(task) = draft.case.tasks.get(&number).cloned() else { return };
    let definition = draft.definition;
    let Some(node) = tree::find(&definition.nodes, &task.opened.node) else { return };
    let Some(options) = node.kind.options() else { return };
    let overdue = match step {
        TimerStep::Remind => Some(&Overdue::Remind),
        TimerStep::Overdue { index } => usize::try_from(index).ok().and_then(|index| options.overdue.get(index)),
        TimerStep::WaitOver => None,
    };
    match overdue {
        None => {}
        Some(Overdue::Remind) => {
            let people = task.opened.candidates.iter().map(|one| one.person).collect();
            draft.push(Event::Reminded { task: number, people, by: None });
        }
        Some(Overdue::HandTo { who, .. }) => hand_over(draft, node, number, std::slice::from_ref(who)),
        Some(Overdue::HandToManager { .. }) => hand_to_managers(draft, node, number, &task),
        Some(Overdue::Reject) => draft.decide_by_silence(number, Choice::Reject, ""),
        Some(Overdue::Approve { because }) => draft.decide_by_silence(number, Choice::Approve, because),
    }
}

fn hand_over(draft: &mut Draft<'_>, node: &Node, task: TaskNumber, rules: &[Who]) {
    let found = draft.deciders(node, "overdue", &Who::AnyOf { rules: rules.to_vec() });
    match found.map(|people| draft.present(&people.candidates)) {
        Ok(mut to) if !to.is_empty() => {
            for one in &mut to {
                Arc::make_mut(&mut one.because).steps.push(ReasonStep::Overdue);
            }
            draft.push(Event::HandedOver { task, to });
        }
        Ok(_) => draft.stuck(node, StuckReason::NobodyFound { rule: rule(node, "overdue") }),
        Err(because) => draft.stuck(node, because),
    }
}

fn hand_to_managers(draft: &mut Draft<'_>, node: &Node, task: TaskNumber, held: &Task) {
    let directory = draft.facts.directory.clone();
    let logins = held.opened.candidates.iter().filter_map(|one| directory.people.get(&one.principal()));
    let rules: Vec<_> = logins
        .map(|person| Who::ManagerOf { person: Box::new(Who::User { login: person.login.clone() }), level: 1 })
        .collect();
    hand_over(draft, node, task, &rules);
}

impl Draft<'_> {
    /// A decision that nobody took: the file says what silence means.
    fn decide_by_silence(&mut self, number: TaskNumber, choice: Choice, because: &str) {
        let Some(task) = self.case.tasks.get(&number) else { return };
        let next = (task.opened.free_flow && choice == Choice::Approve).then_some(Next::Finish);
        let decided = self.decided(number, &task.opened.clone(), None, choice);
        self.push(Event::Decided(super::super::Decided { opinion: because.to_owned(), next, ..decided }));
    }
}
