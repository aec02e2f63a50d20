//! What holds for every definition and every sequence of commands, tried with random ones. `QIYUE_COMMANDS` says with how many
//! commands (200,000), `QIYUE_SEED` with which of them (0), so that what fails here fails everywhere. What fails is shown as the
//! definition and the commands, shrunk to the smallest that fail.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use qiyue::kernel::{Actor, Amount, Channel, Hash, UserId};
use qiyue::workflow::{
    Act, Case, Command, Event, Next, ReturnTo, SignerPlace, Stage, Status, Task, Value, Verdict, decide, evolve,
};

use super::dice::{self, Dice};
use super::lines;
use super::notation;
use super::oracle::{self, Held};
use super::world::World;

const LOGINS: &[&str] = &["zhang", "li", "shen", "fang", "lu", "cai", "qian", "wang", "guan"];
/// Commands of one run at most.
const LENGTH: usize = 60;
/// Cases between two looks at how many commands there were.
const BATCH: u32 = 256;

fn number(variable: &str) -> Option<usize> {
    std::env::var(variable).ok().and_then(|number| number.parse().ok())
}

#[test]
fn the_engine_keeps_its_guarantees() {
    let (commands, wanted) = (AtomicUsize::new(0), number("QIYUE_COMMANDS").unwrap_or(200_000));
    let seed = Hash::of(&number("QIYUE_SEED").unwrap_or_default().to_be_bytes());
    let config = ProptestConfig { cases: BATCH, failure_persistence: None, ..ProptestConfig::default() };
    let bytes = |longest: usize| proptest::collection::vec(any::<u8>(), 0..longest);
    let both = (bytes(160), bytes(160), bytes(400));
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, seed.as_bytes());
    let mut seeds = TestRunner::new_with_rng(config.clone(), random);
    while commands.load(Ordering::Relaxed) < wanted {
        let run = TestRunner::new_with_rng(config.clone(), seeds.new_rng()).run(&both, |(definition, other, steps)| {
            let mut run = Run::new(&definition, &other);
            let dice = Dice::new(&steps);
            while !dice.exhausted() && run.log.len() < LENGTH && !run.is_over() {
                if let Err(broken) = run.step(&dice) {
                    let (log, definition, other) = (run.log.join("\n"), run.lines.join("\n"), run.other.join("\n"));
                    return Err(TestCaseError::fail(format!("{broken}\n{definition}\n\n{other}\n\n{log}")));
                }
            }
            run.world.holds_together();
            commands.fetch_add(run.log.len(), Ordering::Relaxed);
            Ok(())
        });
        if let Err(failure) = run {
            panic!("{failure}");
        }
    }
}

struct Run {
    world: World,
    lines: Vec<String>,
    /// Another version of the workflow.
    other: Vec<String>,
    log: Vec<String>,
    held: Held,
}

impl Run {
    fn new(bytes: &[u8], other: &[u8]) -> Self {
        let read = |lines: &[String]| {
            let numbered: Vec<_> = lines.iter().enumerate().map(|(index, line)| (index + 1, line.as_str())).collect();
            notation::definition(&numbered)
        };
        let (lines, other) = (dice::definition(&Dice::new(bytes)), dice::definition(&Dice::new(other)));
        let mut world = World::new(read(&lines));
        world.other = Some(read(&other));
        Self { world, lines, other, log: Vec::new(), held: Held::default() }
    }

    /// Whether nothing can happen any more.
    fn is_over(&self) -> bool {
        let case = &self.world.case;
        let late = || {
            case.undo
                .as_ref()
                .and_then(|undo| case.decisions.get(&undo.decision))
                .is_none_or(|one| self.world.facts.now.since(one.at).as_secs() > 10)
        };
        case.status.over() && late()
    }

    /// One random command, and everything that must hold after it.
    fn step(&mut self, dice: &Dice<'_>) -> Result<(), String> {
        let Some(command) = self.command(dice) else { return Ok(()) };
        let before = self.world.case.clone();
        let facts = self.world.facts.clone();
        match self.world.run(&command) {
            Err(refusal) => {
                self.log.push(format!("> {command:?}\n  ! {refusal}"));
                if self.world.case != before {
                    return Err("a refusal changed the case".into());
                }
            }
            Ok(events) => {
                let written: Vec<_> = events.iter().map(|event| lines::line(&self.world, event)).collect();
                let standing = lines::standing(&self.world, &self.world.case);
                self.log.push(format!("> {command:?}\n  {}\n  = {standing}", written.join("\n  ")));
                self.held.follow(&self.world, &before, &events, facts.now)?;
                if events.iter().any(|event| matches!(event, Event::Decided(_))) {
                    self.counts_once(&command)?;
                }
                alive(&self.world.case)?;
            }
        }
        self.order_does_not_matter()
    }

    /// A decision that is taken twice counts once; somebody else who comes second is told so.
    fn counts_once(&self, command: &Command) -> Result<(), String> {
        let (Act::Approve(verdict) | Act::Reject(verdict) | Act::Abstain(verdict)) = &command.act else {
            return Ok(());
        };
        if verdict.task.is_none() {
            return Ok(());
        }
        for login in LOGINS {
            let actor = Actor::person(self.world.id(login), Channel::Page);
            let again = Command { actor, act: command.act.clone() };
            let world = &self.world;
            if decide(&world.definition, &world.script, &world.case, &again, &world.facts).is_ok() {
                return Err(format!("{login} decides a second time on the same task"));
            }
        }
        Ok(())
    }

    /// Approvals at two nodes that are asked at the same time lead to the same place in either order.
    fn order_does_not_matter(&self) -> Result<(), String> {
        let open: Vec<_> = self.world.case.tasks.values().filter(|task| task.open).collect();
        let Some((one, other)) = open.iter().enumerate().find_map(|(index, one)| {
            let other = open[index + 1..].iter().find(|other| other.opened.node != one.opened.node)?;
            Some((approval(one), approval(other)))
        }) else {
            return Ok(());
        };
        let after = |first: &(Actor, u32), second: &(Actor, u32)| {
            let case = self.approved(&self.world.case, first)?;
            self.approved(&case, second)
        };
        match (after(&one, &other), after(&other, &one)) {
            (Some(ours), Some(theirs)) if outcome(&ours) != outcome(&theirs) => {
                Err(format!("the order matters:\n  {:?}\n  {:?}", outcome(&ours), outcome(&theirs)))
            }
            _ => Ok(()),
        }
    }

    fn approved(&self, case: &Case, (actor, task): &(Actor, u32)) -> Option<Case> {
        let world = &self.world;
        let verdict = Verdict {
            task: Some(*task),
            shown: Some(world.facts.subject.content.hash()),
            next: world.case.tasks[task].opened.free_flow.then_some(Next::Finish),
            ..Verdict::default()
        };
        let command = Command { actor: *actor, act: Act::Approve(verdict) };
        let events = decide(&world.definition, &world.script, case, &command, &world.facts).ok()?;
        Some(events.iter().fold(case.clone(), |case, event| evolve(case, event, world.facts.now)))
    }

    /// A random command; now and then the world changes instead.
    fn command(&mut self, dice: &Dice<'_>) -> Option<Command> {
        let world = &mut self.world;
        if world.case.status.with_drafter() && !dice.one_in(4) {
            let actor = Actor::person(world.id("zhang"), Channel::Page);
            return Some(Command { actor, act: Act::Submit { chosen: BTreeMap::new() } });
        }
        if world.case.status.over() {
            return Self::undo_or_forget(world, dice);
        }
        if dice.one_in(5) {
            return Self::happening(world, dice);
        }
        let open: Vec<_> = world.case.tasks.iter().filter(|(_, task)| task.open).collect();
        let number = if open.is_empty() || dice.one_in(12) {
            (!world.case.tasks.is_empty()).then(|| u32::try_from(1 + dice.below(world.case.tasks.len())).unwrap())
        } else {
            Some(*open[dice.below(open.len())].0)
        };
        let candidates: Vec<UserId> = number
            .and_then(|number| world.case.tasks.get(&number))
            .map(|task| task.opened.candidates.iter().map(|one| one.person).collect())
            .unwrap_or_default();
        let person =
            if candidates.is_empty() || dice.one_in(8) { world.id(dice.pick(LOGINS)) } else { dice.pick(&candidates) };
        let act = Self::act(world, dice, number)?;
        Some(Command { actor: Actor::person(person, Channel::Page), act })
    }

    /// The last decision of a case that is over is taken back, or time passes over it.
    fn undo_or_forget(world: &mut World, dice: &Dice<'_>) -> Option<Command> {
        let undo = world.case.undo.as_ref()?.decision;
        if dice.one_in(2) {
            world.facts.now = world.facts.now.plus(std::time::Duration::from_mins(1));
        }
        let actor = world.case.decisions.get(&undo)?.decided.by?;
        Some(Command { actor: Actor { on_behalf_of: None, ..actor }, act: Act::UndoDecision { decision: undo } })
    }

    fn act(world: &World, dice: &Dice<'_>, task: Option<u32>) -> Option<Act> {
        let free = task.and_then(|task| world.case.tasks.get(&task)).is_some_and(|task| task.opened.free_flow);
        let next = match dice.below(3) {
            0 => Some(Next::Finish),
            1 => Some(Next::People { people: vec![world.id("fang")] }),
            _ => None,
        };
        let verdict = Verdict {
            task,
            shown: Some(world.facts.subject.content.hash()),
            opinion: "words".into(),
            path: None,
            next: next.filter(|_| free),
        };
        let plain = Verdict { next: None, ..verdict.clone() };
        let undone = world.case.decisions.iter().rev().find(|(_, one)| !one.void).map(|(number, _)| *number);
        Some(match dice.below(27) {
            0..=8 => Act::Approve(verdict),
            9 => Act::Reject(plain),
            10 => Act::Abstain(plain),
            11 => {
                let nodes: Vec<_> = world.case.nodes.keys().cloned().collect();
                let to = match dice.below(3) {
                    1 => ReturnTo::Previous,
                    2 if !nodes.is_empty() => ReturnTo::Node { node: nodes[dice.below(nodes.len())].clone() },
                    _ => ReturnTo::Drafter,
                };
                let verdict = if dice.one_in(3) { Verdict { task: None, ..plain } } else { plain };
                Act::Return { verdict, to }
            }
            12 => Act::SignFor { task },
            13 => Act::Release { task: task? },
            14 => Act::Transfer { task: task?, to: world.id(dice.pick(LOGINS)), reason: "away".into() },
            15 | 16 => Act::UndoDecision { decision: undone? },
            17 => Act::Ask { task, whom: world.id(dice.pick(LOGINS)), text: "?".into() },
            18 => Act::OutsideEvent { name: "paid".into() },
            19 => Act::Delegate { task: task?, to: world.id(dice.pick(LOGINS)), reason: "look".into() },
            20 | 21 => {
                let place = dice.pick(&[SignerPlace::Before, SignerPlace::Beside, SignerPlace::After]);
                let people = (0..=dice.below(2)).map(|_| world.id(dice.pick(LOGINS))).collect();
                Act::AddSigners { task: task?, people, place, reason: "look".into() }
            }
            22 => {
                let node = world.case.tasks.get(&task?)?.opened.node.clone();
                let signer = u32::try_from(1 + dice.below(3)).unwrap();
                Act::RemoveSigner { node, signer, reason: "no need".into() }
            }
            23 | 24 => Act::Revoke { decision: undone?, reason: "mistake".into() },
            25 => Act::Recall { task: task? },
            _ => Act::Withdraw { reason: "mistake".into() },
        })
    }

    /// The world moves: time, people, content.
    fn happening(world: &mut World, dice: &Dice<'_>) -> Option<Command> {
        let admin = Actor::person(world.id("guan"), Channel::Page);
        let login = dice.pick(&LOGINS[1..8]);
        match dice.below(14) {
            0 | 8 => {
                let minutes = [1, 61, 121, 60 * 24 * 3][dice.below(4)];
                world.facts.now = world.facts.now.plus(std::time::Duration::from_mins(minutes));
                Some(Command { actor: Actor::SYSTEM, act: Act::Tick })
            }
            1 => {
                let active = dice.below(2) == 0;
                world.person(login, |person| person.active = active);
                Some(Command { actor: Actor::SYSTEM, act: Act::Tick })
            }
            2 => {
                let deputy = dice.pick(LOGINS);
                world.absent(login, deputy);
                None
            }
            3 => {
                world.person(login, |person| person.absences.clear());
                None
            }
            4 => Some(Command { actor: admin, act: Act::Retry }),
            9 | 10 => {
                let (from, to) = (world.id(login), world.id(dice.pick(LOGINS)));
                Some(Command { actor: admin, act: Act::TakeOver { from, to, reason: "left".into() } })
            }
            11 => {
                let nodes = world.definition.every_node();
                let to = nodes[dice.below(nodes.len())].name.clone();
                Some(Command { actor: admin, act: Act::Jump { to, reason: "hurry".into() } })
            }
            12 if dice.one_in(4) => Some(Command { actor: admin, act: Act::Terminate { reason: "no use".into() } }),
            12 => None,
            13 => {
                world.other.as_ref()?;
                Some(Command { actor: admin, act: world.migration("better".into()) })
            }
            _ => Self::edit(world, dice).map(|act| Command { actor: admin, act }),
        }
    }

    /// The content changes: under approval as an edit, with the drafter silently.
    fn edit(world: &mut World, dice: &Dice<'_>) -> Option<Act> {
        if !world.case.status.with_drafter() && world.case.status != Status::InApproval {
            return None;
        }
        let text = |text: &str| Value::Text(text.into());
        let subject = &mut world.facts.subject;
        let field = dice.pick(&["amount", "payment_terms", "deviates", "region", "project_lead", "delivery_days"]);
        match field {
            "amount" => subject.approval_amount = Some(Amount::from_units([50_000, 150_000, 250_000][dice.below(3)])),
            "payment_terms" => drop(subject.fields.insert(field.into(), text(dice.pick(&["30", "60"])))),
            "deviates" => drop(subject.fields.insert(field.into(), Value::Bool(dice.below(2) == 0))),
            "region" => {
                let region = [text("east"), text("west"), Value::Empty][dice.below(3)].clone();
                subject.fields.insert(field.into(), region);
            }
            "project_lead" => {
                let lead = world.id(dice.pick(&LOGINS[3..8]));
                world.facts.subject.fields.insert(field.into(), Value::User(lead));
            }
            _ => drop(subject.fields.insert(field.into(), text(dice.pick(&["60", "120"])))),
        }
        world.write_content();
        let paths = vec![format!("fields/{field}")];
        (world.case.status == Status::InApproval).then_some(Act::ContentEdited { paths })
    }
}

fn approval(task: &Task) -> (Actor, u32) {
    let person = task.opened.candidates.first().map(|one| one.person).unwrap();
    (Actor::person(person, Channel::Page), task.opened.task)
}

/// What can be compared between two orders: numbers of tasks and decisions are their order.
fn outcome(case: &Case) -> impl PartialEq + std::fmt::Debug + use<> {
    let nodes: Vec<_> =
        case.nodes.iter().map(|(name, state)| (name.clone(), state.stage, state.ways.clone())).collect();
    let mut open: Vec<_> = case
        .tasks
        .values()
        .filter(|task| task.open)
        .map(|task| {
            let mut people: Vec<_> = task.opened.candidates.iter().map(|one| one.person).collect();
            people.sort_unstable();
            (task.opened.node.clone(), task.opened.entry, people)
        })
        .collect();
    open.sort();
    (case.status, nodes, open, case.stuck.len())
}

/// No case stands without anybody or anything that can move it.
fn alive(case: &Case) -> Result<(), String> {
    let waits = case
        .nodes
        .values()
        .any(|state| state.stage == Stage::Active && (state.waits_for.is_some() || state.until.is_some()));
    let asked = case.tasks.values().any(|task| task.open);
    let moves = case.status.with_drafter()
        || case.status.over()
        || asked
        || !case.timers.is_empty()
        || waits
        || !case.stuck.is_empty();
    if !moves {
        return Err("nobody and nothing can move the case".into());
    }
    if asked && !matches!(case.status, Status::InApproval) {
        return Err(format!("somebody is asked while the case is {}", case.status.word()));
    }
    Ok(())
}

#[test]
fn the_oracle_sees_an_approval_that_nobody_gave() {
    let world = World::new(notation::definition(&[(1, "approve legal by=role(legal)")]));
    let mut held = Held::default();
    let broken = held.follow(&world, &Case::default(), &[Event::Approved], world.facts.now);
    assert!(broken.unwrap_err().contains("legal"));
    assert!(oracle::approved(&world, &Case::default(), false).is_err());
}
