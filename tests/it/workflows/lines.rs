//! Events, one line each, with logins instead of ids.

use qiyue::kernel::{Actor, Timestamp, UserId};
use qiyue::workflow::{
    Candidate, Case, Choice, Decided, EffectsAt, Event, Next, ReasonStep, ReturnTo, SkipReason, StuckReason,
    TaskOpened, Timer, TimerOf, TimerStep, VoidReason,
};

use super::world::World;

/// An event as a line of a trace.
pub(crate) fn line(world: &World, event: &Event) -> String {
    let who = |by: &Actor| actor(world, by);
    match event {
        Event::Saved { by } => format!("saved by {}", who(by)),
        Event::Submitted { by, round, amount, without_ceiling, grids, .. } => {
            let amount = match (without_ceiling, amount) {
                (true, _) => "without ceiling".into(),
                (false, Some(amount)) => amount.to_string(),
                (false, None) => "amount unknown".into(),
            };
            format!("submitted by {}, round {round}, {amount}{}", who(by), taken(grids))
        }
        Event::Returned { by, from, to, .. } => {
            let to = if let ReturnTo::Node { node } = to { node } else { "the drafter" };
            let by = by.as_ref().map_or_else(|| "silence".into(), who);
            format!("returned from {} to {to} by {by}", from.as_deref().unwrap_or("nowhere"))
        }
        Event::ReturnSignedFor { by } => format!("return signed for by {}", who(by)),
        Event::ContentEdited { by, paths, .. } => format!("content edited by {}: {}", who(by), paths.join(", ")),
        Event::Approved => "APPROVED".into(),
        Event::Rejected { by, node, .. } => {
            let by = by.as_ref().map_or_else(|| "silence".into(), who);
            format!("REJECTED at {} by {by}", node.as_deref().unwrap_or("nowhere"))
        }
        Event::Withdrawn { by, .. } => format!("WITHDRAWN by {}", who(by)),
        Event::Terminated { by, .. } => format!("TERMINATED by {}", who(by)),
        Event::Migrated { by, .. } => format!("MIGRATED by {}", who(by)),
        Event::Jumped { by, to, .. } => format!("JUMPED to {to} by {}", who(by)),
        Event::TakenOver { by, from, to, .. } => {
            format!("taken over from {} by {}, says {}", world.login(*from), world.login(*to), who(by))
        }
        Event::CopiedByHand { by, people, .. } => {
            let readers: Vec<_> = people.iter().map(|one| world.login(*one)).collect();
            format!("copied by {} to {}", who(by), readers.join(", "))
        }
        Event::Ended => "ENDED".into(),
        Event::Stuck { node, because, place } => {
            format!("STUCK at {} ({place}): {}", node.as_deref().unwrap_or("a hook"), stuck(because))
        }
        Event::Unstuck { by, grids, .. } => format!("unstuck by {}{}", who(by), taken(grids)),
        Event::EffectsDue { at, effects } => {
            let at = match at {
                EffectsAt::Hook { hook } => format!("on {hook:?}").to_lowercase(),
                EffectsAt::Node { node } => format!("at {node}"),
            };
            let names: Vec<_> = effects.iter().map(qiyue::workflow::Effect::name).collect();
            format!("effects {at}: {}", names.join(", "))
        }
        Event::OutsideEvent { name, by } => format!("outside: {name} by {}", who(by)),
        Event::TimerSet { timer } => format!("timer {}", timer_line(timer)),
        Event::TimerFired { timer } => format!("fired {}", timer_line(timer)),
        Event::Commented { by, text } => format!("{} says: {text}", who(by)),
        _ => node_line(world, event)
            .or_else(|| task_line(world, event))
            .or_else(|| signing_line(world, event))
            .unwrap_or_else(|| talk_line(world, event)),
    }
}

fn node_line(world: &World, event: &Event) -> Option<String> {
    Some(match event {
        Event::NodeEntered { node, reads, .. } => format!("{node}: entered{}", read(reads)),
        Event::NodeSkipped { node, because, reads, .. } => match because {
            SkipReason::Guard => format!("{node}: skipped{}", read(reads)),
            SkipReason::SamePerson { person, node: before } => {
                format!("{node}: skipped, {} approved at {before}", world.login(*person))
            }
            SkipReason::Overridden { person } => format!("{node}: passed over by {}", world.login(*person)),
        },
        Event::WayChosen { node, ways, reads } => format!("{node}: takes {}{}", ways.join(" and "), read(reads)),
        Event::VotesFrozen { node, votes, veto } => {
            let votes: Vec<_> = votes.iter().map(|vote| people(world, &vote.candidates)).collect();
            let veto: Vec<_> = veto.iter().map(|one| world.login(*one)).collect();
            let veto = if veto.is_empty() { String::new() } else { format!("; veto {}", veto.join(", ")) };
            format!("{node}: votes {}{veto}", votes.join(" | "))
        }
        Event::NodePassed { node } => format!("{node}: passed"),
        Event::NodeFailed { node } => format!("{node}: failed"),
        Event::NodesReset { nodes, reopened, because } => {
            let reopened =
                if reopened.is_empty() { String::new() } else { format!(", reopened {}", reopened.join(", ")) };
            format!("reset ({because:?}): {}{reopened}", nodes.join(", ")).replace("  ", " ")
        }
        Event::Rerouted { node, reads } => format!("{node}: rerouted{}", read(reads)),
        Event::WaitOpened { node, waits_for, until, may_return } => {
            let what = match (waits_for, until) {
                (Some(name), _) => name.clone(),
                (None, Some(until)) => clock(*until),
                (None, None) => "nothing".into(),
            };
            let may = if may_return.is_empty() {
                String::new()
            } else {
                format!("; {} may return", people(world, may_return))
            };
            format!("{node}: waits for {what}{may}")
        }
        Event::CopySent { node, people: readers, .. } => format!("{node}: copy to {}", people(world, readers)),
        Event::CopyRead { node, by } => format!("{node}: copy read by {}", actor(world, by)),
        _ => return None,
    })
}

fn task_line(world: &World, event: &Event) -> Option<String> {
    let who = |by: &Actor| actor(world, by);
    let logins = |people: &[UserId]| people.iter().map(|one| world.login(*one)).collect::<Vec<_>>().join(", ");
    Some(match event {
        Event::TaskOpened(opened) => opened_line(world, opened),
        Event::TaskClaimed { task, by } => format!("#{task}: in the hands of {}", who(by)),
        Event::TaskReleased { task, by } => format!("#{task}: given back by {}", who(by)),
        Event::TaskClosed { task, because } => format!("#{task}: closed ({because:?})"),
        Event::Decided(decided) => decided_line(world, decided),
        Event::DecisionKept { decision, task, node } => format!("{node}: decision {decision} kept for #{task}"),
        Event::DecisionVoided { decision, because } => {
            let because = match because {
                VoidReason::Touched { paths } if paths.is_empty() => "touched".into(),
                VoidReason::Touched { paths } => format!("touched by {}", paths.join(", ")),
                other => format!("{other:?}"),
            };
            format!("decision {decision} void ({because})")
        }
        Event::DecisionWithdrawn { decision, by, reopened } => {
            let tasks: Vec<_> = reopened.iter().map(|task| format!("#{task}")).collect();
            format!("decision {decision} withdrawn by {}, open again: {}", who(by), tasks.join(", "))
        }
        Event::Reminded { task, people, by } => {
            let by = by.as_ref().map(|by| format!(" by {}", who(by))).unwrap_or_default();
            format!("#{task}: {} reminded{by}", logins(people))
        }
        Event::HandedOver { task, to } => format!("#{task}: handed over to {}", people(world, to)),
        Event::Transferred { task, by, to, .. } => {
            format!("#{task}: transferred by {} to {}", who(by), people(world, std::slice::from_ref(to)))
        }
        _ => return None,
    })
}

/// Who else signs or advises.
fn signing_line(world: &World, event: &Event) -> Option<String> {
    let who = |by: &Actor| actor(world, by);
    Some(match event {
        Event::Delegated { task, by, to, .. } => {
            format!("#{task}: delegated by {} to {}", who(by), people(world, std::slice::from_ref(to)))
        }
        Event::DelegationReturned { task, by, advice, .. } => {
            let by = by.as_ref().map_or_else(|| "the system".into(), who);
            let advice = match advice {
                Some(Choice::Approve) => "advises to approve",
                Some(Choice::Abstain) => "gives no advice",
                Some(_) => "advises against",
                None => "takes it back",
            };
            format!("#{task}: {by} {advice}")
        }
        Event::SignersAdded { node, task, by, place, people: added, .. } => {
            let place = format!("{place:?}").to_lowercase();
            format!("{node}: {} adds {} {place} #{task}", who(by), people(world, added))
        }
        Event::SignerRemoved { node, signer, by, .. } => format!("{node}: signer {signer} removed by {}", who(by)),
        Event::TaskResumed { task, due } => {
            let due = due.map(|due| format!(", due {}", clock(due))).unwrap_or_default();
            format!("#{task}: asked again{due}")
        }
        Event::DecisionRevoked { decision, by, .. } => format!("decision {decision} revoked by {}", who(by)),
        _ => return None,
    })
}

fn talk_line(world: &World, event: &Event) -> String {
    let who = |by: &Actor| actor(world, by);
    match event {
        Event::Asked { question, by, whom, text, .. } => {
            format!("question {question} by {} to {}: {text}", who(by), world.login(*whom))
        }
        Event::Answered { question, by, text } => format!("question {question} answered by {}: {text}", who(by)),
        Event::Suggested { suggestion, by, path, text, .. } => {
            format!("suggestion {suggestion} by {}: {path} = {text}", who(by))
        }
        Event::SuggestionTaken { suggestion, by } => format!("suggestion {suggestion} taken by {}", who(by)),
        Event::SuggestionDeclined { suggestion, by, .. } => format!("suggestion {suggestion} declined by {}", who(by)),
        other => panic!("no line for {other:?}"),
    }
}

fn opened_line(world: &World, opened: &TaskOpened) -> String {
    let due = opened.due.map(|due| format!(", due {}", clock(due))).unwrap_or_default();
    let unknown = opened.unknown_year.map(|year| format!(", the calendar does not know {year}")).unwrap_or_default();
    let mut flags = opened.signer.map(|signer| format!(", signer {signer}")).unwrap_or_default();
    for (flag, word) in [(opened.free_flow, "free flow"), (opened.veto, "veto"), (opened.login, "login")] {
        if flag {
            flags.push_str(", ");
            flags.push_str(word);
        }
    }
    let scope = if opened.scope.is_empty() { String::new() } else { format!(", on {}", opened.scope.join(" ")) };
    format!(
        "#{} at {}: asks {}{due}{unknown}{scope}{flags}",
        opened.task,
        opened.node,
        people(world, &opened.candidates)
    )
}

fn decided_line(world: &World, decided: &Decided) -> String {
    let by = decided.by.as_ref().map_or_else(|| "silence".into(), |by| actor(world, by));
    let choice = match decided.choice {
        Choice::Approve => "approves",
        Choice::Reject => "rejects",
        Choice::Return => "returns",
        Choice::Abstain => "abstains",
    };
    let next = match &decided.next {
        None => String::new(),
        Some(Next::Finish) => ", the last one".into(),
        Some(Next::Pool) => ", back to the pool".into(),
        Some(Next::People { people }) => {
            let names: Vec<_> = people.iter().map(|one| world.login(*one)).collect();
            format!(", next {}", names.join(", "))
        }
    };
    format!("decision {} on #{}: {by} {choice}{next}", decided.decision, decided.task)
}

fn actor(world: &World, by: &Actor) -> String {
    let name = by.user.map_or_else(|| "the system".into(), |user| world.login(user));
    match by.on_behalf_of {
        Some(principal) => format!("{name} for {}", world.login(principal)),
        None => name,
    }
}

fn people(world: &World, candidates: &[Candidate]) -> String {
    let one = |candidate: &Candidate| {
        let name = world.login(candidate.person);
        let step = match candidate.because.steps.last() {
            Some(ReasonStep::DeputyOf { name }) => format!(" (deputy of {name})"),
            Some(ReasonStep::InsteadOfDrafter { name }) => format!(" (instead of {name})"),
            Some(ReasonStep::TransferredBy { name }) => format!(" (from {name})"),
            Some(ReasonStep::DelegatedBy { name }) => format!(" (advises {name})"),
            Some(ReasonStep::AddedBy { name }) => format!(" (added by {name})"),
            Some(ReasonStep::TakenOverFrom { name }) => format!(" (for {name}, who left)"),
            Some(ReasonStep::ManagerOf { name }) => format!(" (manager of {name})"),
            Some(ReasonStep::HeadOf { department }) => format!(" (head of {department})"),
            _ => String::new(),
        };
        let granted = match candidate.because.steps.first() {
            Some(ReasonStep::Authority { grid, version, .. }) => format!(" (by {grid}, version {version})"),
            _ => String::new(),
        };
        format!("{name}{granted}{step}")
    };
    if candidates.is_empty() { "nobody".into() } else { candidates.iter().map(one).collect::<Vec<_>>().join(", ") }
}

/// Versions of authority grids that are asked from now on.
fn taken(grids: &std::collections::BTreeMap<String, u32>) -> String {
    let versions: Vec<_> = grids.iter().map(|(grid, version)| format!(", {grid} in version {version}")).collect();
    versions.concat()
}

fn read(reads: &[qiyue::workflow::Read]) -> String {
    let fields: Vec<_> = reads.iter().map(|read| read.field.as_str()).collect();
    if fields.is_empty() { String::new() } else { format!(" (read {})", fields.join(", ")) }
}

fn stuck(because: &StuckReason) -> String {
    match because {
        StuckReason::NobodyFound { rule } => format!("{rule} finds nobody"),
        StuckReason::OnlyTheDrafter { rule } => format!("{rule} finds only the drafter"),
        StuckReason::OutsideGrid { rule, grid, version: Some(version) } => {
            format!("{rule} finds no row in {grid}, version {version}")
        }
        StuckReason::OutsideGrid { rule, grid, version: None } => format!("{rule} finds no {grid} in force"),
        StuckReason::Fault { rule, fault } => format!("{rule}: {:?}", fault.problem),
        StuckReason::HookFault { hook, fault } => format!("{hook:?}: {:?}", fault.problem),
        StuckReason::CannotPass { rule } => format!("{rule} cannot pass"),
        StuckReason::NoWay => "no way holds".into(),
        StuckReason::UnknownYear { year } => format!("the calendar does not know {year}"),
    }
}

fn timer_line(timer: &Timer) -> String {
    let of = match &timer.of {
        TimerOf::Task { task } => format!("#{task}"),
        TimerOf::Node { node } => node.clone(),
    };
    let step = match timer.step {
        TimerStep::Remind => "remind".into(),
        TimerStep::Overdue { index } => format!("overdue step {index}"),
        TimerStep::WaitOver => "the wait is over".into(),
    };
    format!("{of} at {}: {step}", clock(timer.at))
}

/// An instant as the clock in Shanghai shows it.
pub(crate) fn clock(at: Timestamp) -> String {
    let zone = qiyue::kernel::OfficeHours::default().zone().clone();
    jiff::Timestamp::from(at).to_zoned(zone).strftime("%m-%d %H:%M:%S").to_string()
}

/// Where the case stands after a command: its word, who is asked, what is awaited.
pub(crate) fn standing(world: &World, case: &Case) -> String {
    let mut parts = vec![case.status.word().to_owned()];
    let open = case.tasks.iter().filter(|(_, task)| task.open);
    parts.extend(open.map(|(number, task)| format!("#{number} {}", people_only(world, &task.opened.candidates))));
    let back = case.tasks.iter().filter(|(_, task)| task.stands_back);
    parts.extend(back.map(|(number, _)| format!("#{number} stands back")));
    let waits = case.nodes.iter().filter(|(_, state)| state.stage == qiyue::workflow::Stage::Active);
    parts.extend(waits.filter_map(|(node, state)| {
        let waits = !case.status.over() && (state.waits_for.is_some() || state.until.is_some());
        waits.then(|| format!("{node} waits"))
    }));
    parts.extend(case.stuck.iter().map(|_| "stuck".to_owned()));
    parts.join("; ")
}

fn people_only(world: &World, candidates: &[Candidate]) -> String {
    candidates.iter().map(|one| world.login(one.person)).collect::<Vec<_>>().join(", ")
}
