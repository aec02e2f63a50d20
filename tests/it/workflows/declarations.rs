//! Five thousand travel declarations that really happened, through the engine: it accepts and refuses exactly what the rule of that
//! university accepts and refuses.

use std::collections::BTreeMap;
use std::io::Read as _;

use flate2::read::GzDecoder;
use qiyue::kernel::{Actor, Channel};
use qiyue::workflow::{Act, Case, Choice, Command, Event, Next, ReturnTo, Stage, Status, Verdict};
use serde_json::{Value, json};

use super::notation;
use super::world::World;
use crate::support::material;

const WORKFLOW: &[&str] = &[
    "approve approvers by=any_of(user(shen),user(cai),user(fang),user(lu),user(qian)) free_flow on_return=all",
    "wait requested event=payment_requested may_return=user(qian) on_return=all",
    "wait handled event=payment_handled",
];

/// Who plays which role.
const ROLES: &[(&str, &str)] = &[
    ("EMPLOYEE", "zhang"),
    ("SUPERVISOR", "shen"),
    ("BUDGET OWNER", "cai"),
    ("ADMINISTRATION", "fang"),
    ("PRE_APPROVER", "lu"),
    ("MISSING", "qian"),
];

#[test]
fn the_declarations_of_a_university_end_as_they_did() {
    let Some(folder) = material("approval-logs") else { return };
    let read = |name: &str| {
        let mut text = String::new();
        let file = std::fs::File::open(folder.join(format!("domestic-declarations-part1.{name}.gz"))).unwrap();
        GzDecoder::new(file).read_to_string(&mut text).unwrap();
        text
    };
    let mut cases: BTreeMap<String, Vec<(u64, String)>> = BTreeMap::new();
    for row in csv::Reader::from_reader(read("events.csv").as_bytes()).records().map(Result::unwrap) {
        cases.entry(row[0].to_owned()).or_default().push((row[1].parse().unwrap(), row[3].to_owned()));
    }
    let mut checked = 0;
    for line in read("expected.jsonl").lines() {
        let expected: Value = serde_json::from_str(line).unwrap();
        let name = expected["case"].as_str().unwrap();
        assert_eq!(replayed(name, &cases[name]), expected, "{name}");
        checked += 1;
    }
    assert_eq!((checked, cases.len()), (5178, 5178));
}

fn replayed(name: &str, events: &[(u64, String)]) -> Value {
    let numbered: Vec<_> = WORKFLOW.iter().enumerate().map(|(index, line)| (index + 1, *line)).collect();
    let mut world = World::new(notation::definition(&numbered));
    for (seq, activity) in events {
        let before = state(&world.case);
        let command = command(&world, activity);
        if world.run(&command).is_err() {
            let mut result = result(name, &world, false);
            result["first_refused"] = json!({ "seq": seq, "activity": activity, "state_before": before });
            return result;
        }
    }
    world.holds_together();
    result(name, &world, true)
}

fn role(world: &World, actor: &Actor) -> &'static str {
    let login = world.login(actor.user.unwrap());
    ROLES.iter().find(|(_, person)| *person == login).unwrap().0
}

fn command(world: &World, activity: &str) -> Command {
    let event = |name: &str| Command { actor: Actor::SYSTEM, act: Act::OutsideEvent { name: name.into() } };
    let Some((what, who)) = activity.split_once(" by ") else {
        return event(if activity == "Request Payment" { "payment_requested" } else { "payment_handled" });
    };
    let login = ROLES.iter().find(|(role, _)| *role == who).unwrap().1;
    let task = world.case.tasks.iter().find(|(_, task)| task.open).map(|(number, _)| *number);
    let decide = |next: Option<Next>| Verdict {
        task,
        shown: Some(world.facts.subject.content.hash()),
        opinion: activity.into(),
        path: None,
        next,
    };
    let act = match (what.trim_start_matches("Declaration "), who) {
        ("SAVED", _) => Act::Save,
        ("SUBMITTED", _) => Act::Submit { chosen: BTreeMap::new() },
        ("APPROVED", _) => Act::Approve(decide(Some(Next::Pool))),
        ("FINAL_APPROVED", _) => Act::Approve(decide(Some(Next::Finish))),
        ("REJECTED", "EMPLOYEE") => Act::SignFor { task: None },
        ("REJECTED", _) => Act::Return { verdict: decide(None), to: ReturnTo::Drafter },
        (other, _) => panic!("no command for {other}"),
    };
    Command { actor: Actor::person(world.id(login), Channel::Replay), act }
}

fn state(case: &Case) -> &'static str {
    let open = |node: &str| case.nodes.get(node).is_some_and(|state| state.stage == Stage::Active);
    match case.status {
        Status::Draft => "DRAFT",
        Status::InApproval => "IN_APPROVAL",
        Status::Returned => "REJECTED",
        Status::SignedFor => "RETURNED",
        Status::Approved if open("handled") => "PAYMENT_REQUESTED",
        Status::Approved => "APPROVED",
        Status::Ended => "PAID",
        Status::Rejected | Status::Withdrawn | Status::Terminated => panic!("a state that the log does not have"),
    }
}

fn result(name: &str, world: &World, conforms: bool) -> Value {
    let (mut submits, mut rejections, mut approvals) = (0, BTreeMap::new(), Vec::new());
    for (_, event) in &world.events {
        match event {
            Event::Submitted { .. } => {
                submits += 1;
                approvals.clear();
            }
            Event::Returned { by: Some(by), .. } => *rejections.entry(role(world, by)).or_insert(0) += 1,
            Event::Decided(decided) if decided.choice == Choice::Approve => {
                approvals.push(role(world, &decided.by.unwrap()));
            }
            _ => {}
        }
    }
    json!({
        "case": name,
        "conforms": conforms,
        "state": state(&world.case),
        "submits": submits,
        "rejections": rejections,
        "approvals_in_last_round": approvals,
    })
}
