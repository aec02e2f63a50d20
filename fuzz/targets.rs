//! What is fuzzed, as plain functions of bytes. Neither may panic, and neither may run past the limits of the sandbox.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use qiyue::kernel::{Amount, Manifest, OfficeHours, Ref, Stopwatch, UserId, WorkCalendar};
use qiyue::workflow::check::check;
use qiyue::workflow::{Case, Directory, Facts, SubjectFacts, Value, forecast, language};

/// Far above the two seconds that reading a file may take, for machines that are busy.
const TOO_LONG: Duration = Duration::from_secs(20);

/// A workflow file as it is handed in: read, and looked through for faults.
pub(crate) fn load(bytes: &[u8]) {
    let source = String::from_utf8_lossy(bytes);
    let watch = Stopwatch::start();
    let loaded = language::load(&source, "fuzz.rhai");
    let faults = check(&source, "fuzz.rhai", &language::Shelf::default(), &[], None);
    if loaded.is_err() {
        assert!(!faults.is_empty(), "what cannot be read has a fault");
    }
    assert!(watch.elapsed() < TOO_LONG, "reading took {:?}", watch.elapsed());
}

/// The body of a guard over a record: where the file can be read, its way is foreseen with it.
pub(crate) fn guard(bytes: &[u8]) {
    let body = String::from_utf8_lossy(bytes);
    let source = format!(
        "workflow(\"fuzz\", #{{ title: \"fuzz\", subject: \"paper\", amount: own_total() }});\n\
         approve(\"one\", #{{ title: \"one\", by: user(\"boss\"), when: |c| {body} }});\n"
    );
    let Ok(loaded) = language::load(&source, "fuzz.rhai") else { return };
    let watch = Stopwatch::start();
    drop(forecast(&loaded.definition, &loaded.script, &Case::default(), &facts()));
    assert!(watch.elapsed() < TOO_LONG, "a guard took {:?}", watch.elapsed());
}

fn facts() -> Facts {
    let fields = [
        ("title", Value::Text("a paper".to_owned())),
        ("days", Value::Number(90.into())),
        ("region", Value::Empty),
        ("urgent", Value::Bool(true)),
        ("amount", Value::Amount(Amount::from_units(100_000))),
        ("starts", Value::Date("2026-03-10".parse().expect("a date"))),
        ("lines", Value::List(vec![Value::Number(1.into()), Value::Text("x".to_owned())])),
    ];
    let subject = SubjectFacts {
        reference: Ref::new("paper", 1),
        title: "a paper".to_owned(),
        drafter: UserId::new(1),
        writer: None,
        owner: UserId::new(1),
        department: None,
        fields: fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<BTreeMap<_, _>>(),
        approval_amount: Some(Amount::from_units(100_000)),
        without_ceiling: false,
        marks: BTreeSet::new(),
        files: BTreeSet::new(),
        content: Manifest::default(),
        version: 1,
    };
    Facts {
        now: "2026-03-02T09:00:00+08:00".parse().expect("an instant"),
        subject,
        directory: Arc::new(Directory::default()),
        calendar: Arc::new(WorkCalendar::mainland().clone()),
        office: OfficeHours::default(),
        undo_seconds: 10,
    }
}
