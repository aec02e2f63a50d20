//! Through the pure engine: states in memory, nothing stored.

use super::command;
use super::plan::{Plan, Step};
use super::report::{Progress, Report};
use crate::kernel::{Actor, Amount, Timestamp};
use crate::workflow::{Act, Case, Command, Facts, Refusal, decide, evolve};

/// Replays every event.
pub fn run(plan: &Plan) -> Report {
    let mut cases: Vec<Case> = plan.documents.iter().map(|_| Case::default()).collect();
    let mut progress = Progress::of(plan);
    for step in &plan.events {
        if progress.refused(step.document) {
            continue;
        }
        let amount = progress.amount(step);
        let case = &mut cases[step.document];
        fire_timers(plan, case, step, amount);
        let facts = plan.facts(step.document, amount, step.at);
        let shown = facts.subject.content.hash();
        let state = plan.map.state(case);
        let Some(act) = command::act(step, case, shown) else { continue };
        match run_one(plan, case, step.actor, act, &facts) {
            Ok(()) => progress.accept(step),
            Err(refusal) => progress.refuse(step, state, &refusal),
        }
    }
    progress.report(plan, &cases)
}

/// What ran out before the event, at the instants at which it ran out.
fn fire_timers(plan: &Plan, case: &mut Case, step: &Step, amount: Option<Amount>) {
    while let Some(at) = due(case, step.at) {
        let facts = plan.facts(step.document, amount, at);
        if run_one(plan, case, Actor::SYSTEM, Act::Tick, &facts).is_err() {
            return;
        }
    }
}

/// The next instant at which a timer runs out before another.
pub(super) fn due(case: &Case, before: Timestamp) -> Option<Timestamp> {
    case.timers.first().map(|timer| timer.at).filter(|at| *at <= before)
}

fn run_one(plan: &Plan, case: &mut Case, actor: Actor, act: Act, facts: &Facts) -> Result<(), Refusal> {
    let command = Command { actor, act };
    let events = decide(&plan.definition, plan.script.as_ref(), case, &command, facts)?;
    *case = events.iter().fold(std::mem::take(case), |case, event| evolve(case, event, facts.now));
    Ok(())
}
