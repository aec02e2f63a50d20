//! What must be true of an approved case, worked out a second time from the definition and the final content, without the engine.

use std::collections::{BTreeMap, BTreeSet};

use qiyue::kernel::{Timestamp, UserId};
use qiyue::workflow::{
    Case, Choice, Condition, CountRule, Decision, DecisionOptions, DrafterIsApprover, Event, Next, Node, NodeKind,
    NodeState, OnReturn, Overdue, SkipReason, Stage, Status, Way, judge,
};

use super::world::World;

/// Who could decide each task, followed event by event.
#[derive(Default)]
pub(crate) struct Held {
    tasks: BTreeMap<u32, BTreeSet<UserId>>,
    /// An administrator sent the case elsewhere in this round.
    overridden: bool,
}

impl Held {
    /// Checks the events of one command against what was known before.
    pub(crate) fn follow(
        &mut self,
        world: &World,
        before: &Case,
        events: &[Event],
        now: Timestamp,
    ) -> Result<(), String> {
        let mut case = before.clone();
        for event in events {
            case = qiyue::workflow::evolve(case, event, now);
            match event {
                Event::TaskOpened(opened) => {
                    let people: BTreeSet<_> = opened.candidates.iter().map(|one| one.person).collect();
                    Self::fit(world, &people)?;
                    let principals = opened.candidates.iter().map(qiyue::workflow::Candidate::principal);
                    self.tasks.insert(opened.task, people.iter().copied().chain(principals).collect());
                }
                Event::HandedOver { task, to } => {
                    let people = to.iter().flat_map(|one| [one.person, one.principal()]).collect();
                    self.tasks.insert(*task, people);
                }
                Event::Transferred { task, to, .. } => {
                    self.tasks.entry(*task).or_default().extend([to.person, to.principal()]);
                }
                Event::Decided(decided) => {
                    let Some(by) = decided.by else { continue };
                    let principal = by.in_the_name_of().unwrap();
                    if !self.tasks.get(&decided.task).is_some_and(|people| people.contains(&principal)) {
                        return Err(format!("decision {} is by somebody who was not asked", decided.decision));
                    }
                    Self::fit(world, &by.user.into_iter().collect())?;
                }
                Event::TakenOver { from, to, .. } => {
                    for people in self.tasks.values_mut().filter(|people| people.contains(from)) {
                        people.insert(*to);
                    }
                }
                Event::DecisionKept { decision, task, .. } => Self::kept(&case, *decision, *task)?,
                Event::Jumped { .. } => self.overridden = true,
                Event::Submitted { .. } => self.overridden = false,
                Event::Approved => approved(world, &case, self.overridden)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// An earlier decision is kept by somebody who would be asked now, unless the case goes straight back.
    fn kept(case: &Case, number: u32, task: u32) -> Result<(), String> {
        let by = case.decisions.get(&number).and_then(|one| one.decided.by).and_then(|by| by.in_the_name_of());
        let asked = case.tasks.get(&task).map(|task| task.opened.candidates.as_slice()).unwrap_or_default();
        let entitled = asked.iter().any(|one| Some(one.principal()) == by || Some(one.person) == by);
        if entitled || case.keeping == OnReturn::StraightBack {
            return Ok(());
        }
        Err(format!("decision {number} was kept for somebody else's task"))
    }

    /// Nobody disabled is asked, and nobody decides on what they drafted.
    fn fit(world: &World, people: &BTreeSet<UserId>) -> Result<(), String> {
        let drafter = world.facts.subject.drafter;
        for person in people {
            if !world.facts.directory.is_active(*person) {
                return Err(format!("{} is disabled and was asked", world.login(*person)));
            }
            if *person == drafter && world.definition.drafter_is_approver == DrafterIsApprover::AskTheirManager {
                return Err("the drafter was asked".into());
            }
        }
        if people.is_empty() { Err("nobody was asked".into()) } else { Ok(()) }
    }
}

/// Every deciding node on the way that the final content takes has what its rule asks for, given on that content.
pub(crate) fn approved(world: &World, case: &Case, overridden: bool) -> Result<(), String> {
    if case.content.is_some_and(|content| content != world.facts.subject.content.hash()) {
        return Err("approved on other content".into());
    }
    let oracle = Oracle { world, case, overridden };
    oracle.sequence(&world.definition.nodes)
}

struct Oracle<'a> {
    world: &'a World,
    case: &'a Case,
    overridden: bool,
}

fn holds(world: &World, condition: &Condition) -> Result<bool, String> {
    judge(condition, &world.script, &world.facts).holds.map_err(|fault| format!("approved past a fault: {fault}"))
}

impl Oracle<'_> {
    fn sequence(&self, nodes: &[Node]) -> Result<(), String> {
        nodes.iter().try_for_each(|node| self.on_the_way(node))
    }

    fn on_the_way(&self, node: &Node) -> Result<(), String> {
        if !decides(node) || self.passed_over(node) {
            return Ok(());
        }
        let (world, case) = (self.world, self.case);
        // Every guard reads something: who entered past one without reading was sent there, even where somebody's approval of the
        // step before counted here, too.
        let sent = |state: &NodeState| state.skipped != Some(SkipReason::Guard) && state.reads.is_empty();
        let entered = case.nodes.get(&node.name).map(std::sync::Arc::as_ref).is_some_and(sent);
        if let Some(condition) = node.when.as_ref().filter(|_| !(self.overridden && entered))
            && !holds(world, condition)?
        {
            return Ok(());
        }
        match &node.kind {
            NodeKind::Approve { free_flow, options, .. } => approval(world, case, node, *free_flow, options),
            NodeKind::Countersign { rule, options, .. } => countersign(world, case, node, rule, options),
            NodeKind::Branch { ways, inclusive } => self.branch(node, ways, *inclusive),
            kind => kind.ways().into_iter().try_for_each(|way| self.sequence(way)),
        }
    }

    /// An administrator sent the case past it, in this round.
    fn passed_over(&self, node: &Node) -> bool {
        let skipped = self.case.nodes.get(&node.name).and_then(|state| state.skipped.as_ref());
        self.overridden && matches!(skipped, Some(SkipReason::Overridden { .. }))
    }

    fn branch(&self, node: &Node, ways: &[Way], inclusive: bool) -> Result<(), String> {
        let mut taken = Vec::new();
        if self.overridden {
            let chosen = self.case.nodes.get(&node.name).map(|state| state.ways.clone()).unwrap_or_default();
            taken.extend(ways.iter().filter(|way| chosen.contains(&way.name)));
        } else {
            for way in ways {
                if let Some(condition) = &way.condition
                    && holds(self.world, condition)?
                {
                    taken.push(way);
                }
            }
            if taken.is_empty() {
                taken.extend(ways.iter().filter(|way| way.condition.is_none()));
            }
            taken.truncate(if inclusive { usize::MAX } else { 1 });
        }
        taken.into_iter().try_for_each(|way| self.sequence(&way.nodes))
    }
}

fn decides(node: &Node) -> bool {
    node.kind.decides() || node.kind.ways().flatten().any(decides)
}

/// The approvals that count at a node, each on the final content.
fn approvals<'c>(
    world: &World,
    case: &'c Case,
    node: &Node,
    options: &DecisionOptions,
) -> Result<Vec<&'c Decision>, String> {
    let content = &world.facts.subject.content;
    let now = if options.scope.is_empty() { content.hash() } else { content.scope(&options.scope) };
    let silence = options.overdue.iter().any(|step| matches!(step, Overdue::Approve { .. }));
    let mut found = Vec::new();
    let mut tasks = BTreeSet::new();
    for decision in case.decisions.values().filter(|one| one.decided.node == node.name) {
        let Some(task) = decision.counts_for else { continue };
        let name = decision.decided.decision;
        if decision.void || decision.decided.seen != now || decision.decided.scope != options.scope {
            return Err(format!("decision {name} counts, on content that changed"));
        }
        if decision.decided.by.is_none() && !silence {
            return Err(format!("decision {name} by silence counts"));
        }
        if !tasks.insert(task) {
            return Err(format!("two decisions count for task {task}"));
        }
        if decision.decided.choice == Choice::Approve {
            found.push(decision);
        }
    }
    Ok(found)
}

/// How many of the votes are approved by everybody who signs them: whoever was asked, and those who were added.
fn votes(case: &Case, node: &Node, approvals: &[&Decision], votes: usize) -> usize {
    let added = case.signers.get(&node.name).map(Vec::as_slice).unwrap_or_default();
    let approved = |entry: u32, signer: Option<u32>| {
        approvals
            .iter()
            .filter_map(|one| case.tasks.get(&one.counts_for?))
            .any(|task| task.opened.entry == entry && task.opened.signer == signer)
    };
    let whole = |entry: u32| {
        let wanted = (1..).zip(added).filter(|(_, one)| one.entry == entry && !one.removed);
        approved(entry, None) && wanted.map(|(number, _)| number).all(|number| approved(entry, Some(number)))
    };
    (0..u32::try_from(votes).unwrap()).filter(|entry| whole(*entry)).count()
}

fn approval(world: &World, case: &Case, node: &Node, free_flow: bool, options: &DecisionOptions) -> Result<(), String> {
    let state = case.nodes.get(&node.name).ok_or_else(|| format!("{} was never reached", node.name))?;
    if let Some(SkipReason::SamePerson { node: before, person }) = &state.skipped {
        let gave = |one: &Decision| {
            one.decided.node == *before
                && one.counts_for.is_some()
                && one.decided.by.and_then(|by| by.user) == Some(*person)
        };
        let there = case.decisions.values().any(gave);
        return if there { Ok(()) } else { Err(format!("{} was skipped for nothing", node.name)) };
    }
    let approvals = approvals(world, case, node, options)?;
    if !free_flow && votes(case, node, &approvals, 1) != 1 {
        return Err(format!("{} has not been signed by everybody", node.name));
    }
    let last = approvals.last().ok_or_else(|| format!("nobody approved at {}", node.name))?;
    let finished = !free_flow || last.decided.next == Some(Next::Finish);
    if state.stage == Stage::Passed && finished { Ok(()) } else { Err(format!("{} has not passed", node.name)) }
}

fn countersign(
    world: &World,
    case: &Case,
    node: &Node,
    rule: &CountRule,
    options: &DecisionOptions,
) -> Result<(), String> {
    let state = case.nodes.get(&node.name).ok_or_else(|| format!("{} was never reached", node.name))?;
    let votes = state.votes.len();
    let given = self::votes(case, node, &approvals(world, case, node, options)?, votes);
    let enough = match rule {
        CountRule::All | CountRule::InOrder => given == votes,
        CountRule::Any => given >= 1,
        CountRule::Ratio { percent } => given * 100 >= usize::try_from(*percent).unwrap() * votes,
        CountRule::Count { approvals: needed } | CountRule::Weighted { pass: needed } => {
            given >= usize::try_from(*needed).unwrap()
        }
    };
    let status = case.status == Status::Approved;
    if enough && status && votes > 0 { Ok(()) } else { Err(format!("{} has {given} of {votes}", node.name)) }
}
