//! Golden traces: each file in `tests/it/workflows/` is a specification. A `##` opens a scenario with a small definition
//! (`workflows/notation.rs`); each `>` is a command, and below it stand the events that it gives, one line each, then where the case
//! stands, or the refusal after `!`. With `QIYUE_REWRITE=1` the files are written anew; read the difference before you keep it.

mod crossing;
mod declarations;
mod dice;
mod guarantees;
mod lines;
mod notation;
mod oracle;
mod world;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use qiyue::kernel::{Actor, Amount, Channel, Hash, Timestamp};
use qiyue::workflow::{Act, Command, Next, ReturnTo, SignerPlace, StepState, Value, Verdict, forecast};

use world::World;

#[test]
fn every_trace_reads_as_it_is_written() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/workflows");
    let rewrite = std::env::var_os("QIYUE_REWRITE").is_some();
    let mut wrong = Vec::new();
    let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    files.sort();
    for path in files {
        let written = std::fs::read_to_string(&path).unwrap();
        let run = replayed(&written);
        if rewrite && run != written {
            std::fs::write(&path, &run).unwrap();
        } else if run != written {
            let (index, (is, was)) =
                run.lines().zip(written.lines()).enumerate().find(|(_, (is, was))| is != was).unwrap_or((0, ("", "")));
            wrong.push(format!("{}:{}: is\n    {is}\nwritten\n    {was}", path.display(), index + 1));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The file with the results of its commands.
fn replayed(written: &str) -> String {
    let mut out = String::new();
    let mut definition: Vec<(usize, &str)> = Vec::new();
    let mut other: Vec<(usize, &str)> = Vec::new();
    let mut world: Option<World> = None;
    for text in written.lines() {
        if text.starts_with("## ") {
            if let Some(world) = world.take() {
                world.holds_together();
            }
            definition.clear();
        } else if let Some(line) = text.strip_prefix("| ") {
            other.push((other.len() + 1, line));
        } else if let Some(command) = text.strip_prefix("> ") {
            if !other.is_empty()
                && let Some(world) = &mut world
            {
                world.other = Some(notation::definition(&std::mem::take(&mut other)));
            }
            let world = world.get_or_insert_with(|| World::new(notation::definition(&definition)));
            writeln!(out, "{text}").unwrap();
            out.push_str(&carried_out(world, command));
            continue;
        } else if world.is_some() && !text.is_empty() {
            continue;
        } else if !text.is_empty() && !text.starts_with('#') {
            // Lines are counted in the definition, so that a longer trace above does not move them.
            definition.push((definition.len() + 1, text));
        }
        writeln!(out, "{text}").unwrap();
    }
    if let Some(world) = world {
        world.holds_together();
    }
    out
}

/// Carries out one line: a change of the world, the forecast, or a command to the case.
fn carried_out(world: &mut World, line: &str) -> String {
    if let Some(rest) = line.strip_prefix("set ") {
        rest.split_whitespace().for_each(|change| set(world, change));
        world.write_content();
        return String::new();
    }
    if line == "forecast" {
        return forecast_lines(world);
    }
    if let Some(count) = line.strip_prefix("at +") {
        let office = world.facts.office.clone();
        world.facts.now = notation::span(count).due(world.facts.now, &world.facts.calendar, &office).unwrap().at;
        return format!("  it is {}\n", lines::clock(world.facts.now));
    }
    if let Some(seconds) = line.strip_prefix("after ") {
        let seconds = seconds.trim_end_matches('s').parse().unwrap();
        world.facts.now = world.facts.now.plus(std::time::Duration::from_secs(seconds));
        return String::new();
    }
    let command = command(world, line);
    match world.run(&command) {
        Err(refusal) => format!("  ! {refusal}\n"),
        Ok(events) => {
            let mut out = String::new();
            for event in &events {
                writeln!(out, "  {}", lines::line(world, event)).unwrap();
            }
            writeln!(out, "  = {}", lines::standing(world, &world.case)).unwrap();
            out
        }
    }
}

fn set(world: &mut World, change: &str) {
    let (key, value) = change.split_once('=').unwrap_or((change, ""));
    let subject = &mut world.facts.subject;
    match key {
        "amount" if value == "unknown" => subject.approval_amount = None,
        "amount" => subject.approval_amount = Some(Amount::parse(value).unwrap()),
        "without_ceiling" => subject.without_ceiling = true,
        "mark" => drop(subject.marks.insert(value.into())),
        "unmark" => drop(subject.marks.remove(value)),
        "file" => drop(subject.files.insert(value.into())),
        "deviates" => drop(subject.fields.insert("deviates".into(), Value::Bool(value == "yes"))),
        "disable" => world.person(value, |person| person.active = false),
        "enable" => world.person(value, |person| person.active = true),
        "absent" => {
            let (login, deputy) = value.split_once(',').unwrap();
            world.absent(login, deputy);
        }
        "back" => world.person(value, |person| person.absences.clear()),
        "owner" => world.facts.subject.owner = world.id(value),
        "grids" => world.keeps_grids(),
        "now" => world.facts.now = format!("{value}:00+08:00").parse::<Timestamp>().unwrap(),
        "project_lead" => {
            let lead = Value::User(world.id(value));
            world.facts.subject.fields.insert(key.into(), lead);
        }
        field => {
            let value = if value.is_empty() { Value::Empty } else { Value::Text(value.into()) };
            world.facts.subject.fields.insert(field.into(), value);
        }
    }
}

fn forecast_lines(world: &World) -> String {
    let mut out = String::new();
    for step in forecast(&world.definition, &world.script, &world.case, &world.facts) {
        let state = match &step.state {
            StepState::Skipped(_) => "skipped".into(),
            StepState::Stuck(_) => "would be stuck".into(),
            other => format!("{other:?}").to_lowercase(),
        };
        let people: Vec<_> = step
            .people
            .iter()
            .map(|vote| vote.iter().map(|one| world.login(one.person)).collect::<Vec<_>>().join(" or "))
            .collect();
        let people = if people.is_empty() { String::new() } else { format!(": {}", people.join(" and ")) };
        let kept = if step.kept { ", kept" } else { "" };
        let ways = if step.ways.is_empty() { String::new() } else { format!(" takes {}", step.ways.join(", ")) };
        writeln!(out, "  {}{} {state}{kept}{ways}{people}", "  ".repeat(step.depth), step.node).unwrap();
    }
    out
}

/// `LOGIN VERB ARGUMENTS : WORDS`.
fn command(world: &mut World, line: &str) -> Command {
    let (line, words) = line.split_once(" : ").unwrap_or((line, ""));
    let mut parts = line.split_whitespace();
    let login = parts.next().unwrap();
    let verb = parts.next().unwrap_or_else(|| panic!("{line} has no verb"));
    let rest: Vec<&str> = parts.collect();
    let channel = if rest.contains(&"by_link") { Channel::Link } else { Channel::Page };
    let actor = if login == "system" { Actor::SYSTEM } else { Actor::person(world.id(login), channel) };
    let act = act(world, login, verb, &rest, words);
    Command { actor, act }
}

fn act(world: &mut World, login: &str, verb: &str, rest: &[&str], words: &str) -> Act {
    let argument = |index: usize| rest.iter().filter(|word| !word.starts_with('#')).nth(index).copied();
    let number = || argument(0).and_then(|text| text.parse().ok()).expect("a number");
    let words = words.to_owned();
    let task = task(world, login, rest);
    match verb {
        "save" => Act::Save,
        "submit" => Act::Submit { chosen: rest.iter().map(|choice| chosen(world, choice)).collect::<BTreeMap<_, _>>() },
        "signs" => Act::SignFor { task: rest.first().and(task) },
        "releases" => Act::Release { task: task.unwrap() },
        "approve" => Act::Approve(verdict(world, task, rest, words)),
        "reject" => Act::Reject(verdict(world, task.filter(|_| !rest.contains(&"waiting")), rest, words)),
        "abstain" => Act::Abstain(verdict(world, task, rest, words)),
        "return" => {
            let to = match argument(0) {
                None | Some("waiting") => ReturnTo::Drafter,
                Some("previous") => ReturnTo::Previous,
                Some(node) => ReturnTo::Node { node: node.into() },
            };
            let task = task.filter(|_| !rest.contains(&"waiting"));
            Act::Return { verdict: verdict(world, task, rest, words), to }
        }
        "withdraw" => Act::Withdraw { reason: words },
        "undo" => Act::UndoDecision { decision: number() },
        "transfer" => Act::Transfer { task: task.unwrap(), to: world.id(argument(0).unwrap()), reason: words },
        "delegate" => Act::Delegate { task: task.unwrap(), to: world.id(argument(0).unwrap()), reason: words },
        "recall" => Act::Recall { task: task.unwrap() },
        "add" => {
            let place = place(argument(0).unwrap());
            let people = argument(1).unwrap().split(',').map(|login| world.id(login)).collect();
            Act::AddSigners { task: task.unwrap(), people, place, reason: words }
        }
        "remove" => {
            let (node, signer) = (argument(0).unwrap().into(), argument(1).unwrap().parse().unwrap());
            Act::RemoveSigner { node, signer, reason: words }
        }
        "revoke" => Act::Revoke { decision: number(), reason: words },
        "copy" => {
            Act::Copy { people: argument(0).unwrap().split(',').map(|login| world.id(login)).collect(), text: words }
        }
        "jump" => Act::Jump { to: argument(0).unwrap().into(), reason: words },
        "migrate" => world.migration(words),
        "terminate" => Act::Terminate { reason: words },
        "take_over" => {
            let (from, to) = (world.id(argument(0).unwrap()), world.id(argument(1).unwrap()));
            Act::TakeOver { from, to, reason: words }
        }
        "ask" => Act::Ask { task: None, whom: world.id(argument(0).unwrap()), text: words },
        "answer" => Act::Answer { question: number(), text: words },
        "suggest" => {
            let (path, text) = argument(0).unwrap().split_once('=').unwrap();
            Act::Suggest { task, path: path.into(), text: text.into(), reason: words }
        }
        "take" => {
            let edited = argument(1).into_iter().map(|change| edited(world, change)).collect();
            Act::TakeSuggestion { suggestion: number(), edited }
        }
        "decline" => Act::DeclineSuggestion { suggestion: number(), reason: words },
        "urge" => Act::Urge { task: task.unwrap() },
        "comment" => Act::Comment { text: words },
        "read" => Act::ReadCopy { node: argument(0).unwrap().into() },
        "edit" => Act::ContentEdited { paths: vec![edited(world, argument(0).unwrap())] },
        "event" => Act::OutsideEvent { name: argument(0).unwrap().into() },
        "tick" => Act::Tick,
        "retry" => Act::Retry,
        other => panic!("no command {other}"),
    }
}

fn place(word: &str) -> SignerPlace {
    match word {
        "before" => SignerPlace::Before,
        "beside" => SignerPlace::Beside,
        "after" => SignerPlace::After,
        other => panic!("no place {other}"),
    }
}

/// Another value in the content, and the path of it.
fn edited(world: &mut World, change: &str) -> String {
    set(world, change);
    world.write_content();
    format!("fields/{}", change.split('=').next().unwrap())
}

fn chosen(world: &World, choice: &str) -> (String, Vec<qiyue::kernel::UserId>) {
    let (node, people) = choice.split_once('=').unwrap();
    (node.into(), people.split(',').map(|login| world.id(login)).collect())
}

/// `#3`, or the open task at which the person is asked, or any open one, or the last.
fn task(world: &World, login: &str, rest: &[&str]) -> Option<u32> {
    if let Some(number) = rest.iter().find_map(|word| word.strip_prefix('#')) {
        return Some(number.parse().unwrap());
    }
    let tasks = &world.case.tasks;
    let theirs = |task: &&qiyue::workflow::Task| {
        login != "system"
            && task
                .opened
                .candidates
                .iter()
                .any(|one| one.person == world.id(login) || one.principal() == world.id(login))
    };
    let mut open = tasks.iter().filter(|(_, task)| task.open);
    let own = open.clone().find(|(_, task)| theirs(task));
    own.or_else(|| open.next()).or_else(|| tasks.iter().next_back()).map(|(number, _)| *number)
}

fn verdict(world: &World, task: Option<u32>, rest: &[&str], opinion: String) -> Verdict {
    let next = rest.iter().find_map(|word| match *word {
        "finish" => Some(Next::Finish),
        "pool" => Some(Next::Pool),
        _ => {
            let people = word.strip_prefix("next=")?.split(',').map(|login| world.id(login)).collect();
            Some(Next::People { people })
        }
    });
    let shown = if rest.contains(&"unseen") {
        None
    } else if rest.contains(&"stale") {
        Some(Hash::of(b"stale"))
    } else {
        Some(world.facts.subject.content.hash())
    };
    Verdict { task, shown, opinion, path: None, next }
}
