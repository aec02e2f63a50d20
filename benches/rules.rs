//! The engine without a database: a workflow of 60 nodes is loaded, its way is foreseen, and somebody decides in a case of 200 events.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use qiyue::kernel::{Actor, Amount, Channel, Manifest, OfficeHours, Ref, Stopwatch, Timestamp, UserId, WorkCalendar};
use qiyue::workflow::{
    Act, Case, Command, Definition, Directory, Facts, Person, Script, SubjectFacts, Value, Verdict, decide,
    decide_and_evolve, forecast, language,
};

use crate::figures::figure;

/// Departments, each with a person who approves and a person who countersigns.
const DEPARTMENTS: usize = 12;
/// How often each is done; the median counts.
const TIMES: usize = 301;

pub(crate) fn measure() {
    let source = source();
    figure("load_60_nodes_us", median(|| drop(black_box(language::load(&source, "sixty.rhai").unwrap()))), "us");
    let loaded = language::load(&source, "sixty.rhai").unwrap();
    let (definition, script) = (&loaded.definition, &loaded.script);
    assert_eq!(nodes(&definition.nodes), 60);
    let facts = facts();
    let blank = Case::default();
    figure("forecast_60_nodes_us", median(|| drop(black_box(forecast(definition, script, &blank, &facts)))), "us");
    let case = far_on(definition, script, &facts);
    figure("case_events", case.seq, "1");
    let command = next_approval(&case, &facts).expect("somebody is asked");
    figure(
        "decide_200_events_us",
        median(|| drop(black_box(decide(definition, script, &case, &command, &facts).unwrap()))),
        "us",
    );
}

/// Sixty nodes: for each department a branch by the amount with an approval on each way, a countersign and a copy.
fn source() -> String {
    let mut source =
        String::from("workflow(\"sixty\", #{ title: \"六十步\", subject: \"paper\", amount: own_total() });\n");
    for one in 0..DEPARTMENTS {
        writeln!(
            source,
            "by_amount(\"size-{one}\", [below(\"10万\", approve(\"small-{one}\", #{{ by: role(\"head-{one}\") }})), \
             from(\"10万\", approve(\"large-{one}\", #{{ by: role(\"head-{one}\"), within: working_days(1), overdue: [remind()] }}))]);\n\
             countersign(\"both-{one}\", #{{ by: [one_of(role(\"head-{one}\")), one_of(role(\"clerk-{one}\"))], scope: [\"fields/a-{one}\"] }});\n\
             copy_to(\"copy-{one}\", #{{ to: role(\"clerk-{one}\") }});"
        )
        .unwrap();
    }
    source
}

fn nodes(nodes: &[qiyue::workflow::Node]) -> usize {
    let inside = |node: &qiyue::workflow::Node| match &node.kind {
        qiyue::workflow::NodeKind::Branch { ways, .. } => ways.iter().map(|way| self::nodes(&way.nodes)).sum(),
        _ => 0,
    };
    nodes.iter().map(|node| 1 + inside(node)).sum()
}

fn facts() -> Facts {
    let person = |id: usize, role: String| Person {
        id: UserId::new(i64::try_from(id).unwrap()),
        login: format!("p{id}"),
        name: format!("p{id}"),
        active: true,
        department: None,
        manager: None,
        roles: BTreeSet::from([role]),
        absences: Vec::new(),
    };
    let mut directory = Directory::default();
    for one in 0..DEPARTMENTS {
        for (id, role) in [(2 * one + 2, format!("head-{one}")), (2 * one + 3, format!("clerk-{one}"))] {
            let person = person(id, role);
            directory.people.insert(person.id, person);
        }
    }
    let drafter = person(1, "drafter".to_owned());
    directory.people.insert(drafter.id, drafter);
    let mut content = Manifest::default();
    for one in 0..DEPARTMENTS {
        content.value(&format!("fields/a-{one}"), &Value::Text("as agreed".to_owned())).unwrap();
    }
    let subject = SubjectFacts {
        reference: Ref::new("paper", 1),
        title: "paper".to_owned(),
        drafter: UserId::new(1),
        writer: None,
        owner: UserId::new(1),
        department: None,
        fields: std::collections::BTreeMap::new(),
        approval_amount: Some(Amount::from_units(200_000)),
        without_ceiling: false,
        marks: BTreeSet::new(),
        files: BTreeSet::new(),
        content,
        version: 1,
    };
    Facts {
        now: "2026-03-02T09:00:00+08:00".parse::<Timestamp>().unwrap(),
        subject,
        directory: Arc::new(directory),
        calendar: Arc::new(WorkCalendar::mainland().clone()),
        office: OfficeHours::default(),
        undo_seconds: 10,
    }
}

/// The case after as many commands as make 200 events: everybody approves, and somebody returns it once.
fn far_on(definition: &Definition, script: &dyn Script, facts: &Facts) -> Case {
    let drafter = Actor::person(UserId::new(1), Channel::Page);
    let mut case = Case::default();
    let run = |case: &Case, command: &Command| decide_and_evolve(definition, script, case, command, facts).unwrap().1;
    case = run(&case, &Command { actor: drafter, act: Act::Submit { chosen: std::collections::BTreeMap::new() } });
    while case.seq < 200 {
        match next_approval(&case, facts) {
            Some(command) if !case.status.over() => case = run(&case, &command),
            _ => break,
        }
    }
    case
}

/// Whoever is asked first approves.
fn next_approval(case: &Case, facts: &Facts) -> Option<Command> {
    let (number, task) = case.tasks.iter().find(|(_, task)| task.open)?;
    let person = task.opened.candidates.first()?.person;
    let verdict = Verdict { task: Some(*number), shown: Some(facts.subject.content.hash()), ..Verdict::default() };
    Some(Command { actor: Actor::person(person, Channel::Page), act: Act::Approve(verdict) })
}

/// In microseconds with one decimal.
fn median(run: impl Fn()) -> String {
    let mut took: Vec<Duration> = (0..TIMES)
        .map(|_| {
            let watch = Stopwatch::start();
            run();
            watch.elapsed()
        })
        .collect();
    took.sort_unstable();
    let nanos = took[TIMES / 2].as_nanos();
    format!("{}.{}", nanos / 1000, nanos % 1000 / 100)
}
