//! A real log of travel declarations through the pure engine: exactly the nine events are refused, everything else is equal.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use qiyue::approval::replay::{self, Report};

use crate::support::material;

pub(crate) fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("workflows/examples").join(name)
}

/// The lines of the expected results, by case.
pub(crate) fn expected(folder: &Path) -> BTreeMap<String, serde_json::Value> {
    let file = std::fs::File::open(folder.join("domestic-declarations-part1.expected.jsonl.gz")).unwrap();
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    lines.map(|line| (line["case"].as_str().unwrap().to_owned(), line)).collect()
}

/// The report as the lines of RESULT, without the reasons, which no expectation names.
pub(crate) fn lines(report: &Report) -> Vec<serde_json::Value> {
    let mut written = Vec::new();
    report.write(&mut written).unwrap();
    let lines = written.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let mut line: serde_json::Value = serde_json::from_slice(line).unwrap();
            line.as_object_mut().unwrap().remove("reason");
            line
        })
        .collect()
}

pub(crate) fn assert_as_expected(report: &Report, folder: &Path) {
    let expected = expected(folder);
    assert_eq!((report.cases.len(), report.events, expected.len()), (5178, 26_515, 5178));
    let different: Vec<_> = lines(report)
        .into_iter()
        .filter(|line| expected.get(line["case"].as_str().unwrap()) != Some(line))
        .map(|line| format!("found    {line}\nexpected {}", expected[line["case"].as_str().unwrap()]))
        .collect();
    assert!(different.is_empty(), "{} cases differ, such as\n{}", different.len(), different[0]);
    assert_eq!(report.cases.iter().filter(|case| case.first_refused.is_some()).count(), 9);
    assert!(report.cases.iter().all(|case| case.conforms != case.reason.is_some()));
}

fn replayed(folder: &Path, workflow: &Path) -> Report {
    let log = folder.join("domestic-declarations-part1.events.csv.gz");
    let plan = replay::plan(&log, workflow, &example("travel-declaration.map.toml")).unwrap();
    replay::run_pure(&plan)
}

#[test]
fn a_real_log_replays_with_exactly_the_nine_refusals() {
    let Some(folder) = material("approval-logs") else { return };
    let report = replayed(&folder, &example("travel-declaration.rhai"));
    assert_as_expected(&report, &folder);
    let count = |state: &str| report.sums[state].0;
    assert_eq!((count("PAID"), count("DRAFT"), count("REJECTED"), count("RETURNED")), (4958, 75, 26, 112));
}

#[test]
fn one_changed_line_of_the_workflow_changes_the_result() {
    let Some(folder) = material("approval-logs") else { return };
    let source = std::fs::read_to_string(example("travel-declaration.rhai")).unwrap();
    let line = "    may_return: [role(\"MISSING\")],\n";
    assert!(source.contains(line));
    let changed = tempfile::Builder::new().suffix(".rhai").tempfile().unwrap();
    std::fs::write(changed.path(), source.replace(line, "")).unwrap();
    let report = replayed(&folder, changed.path());
    let refused = report.cases.len() - report.conforming();
    assert!(refused > 9, "{refused}");
}

#[test]
fn an_activity_without_a_line_of_the_map_is_an_error_before_the_first_case() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log.csv");
    let rows = "case,seq,timestamp,activity,role,amount\n\
        a,1,2017-01-09T09:49:50.000+01:00,Declaration SUBMITTED by EMPLOYEE,EMPLOYEE,1\n\
        a,2,2017-01-09T09:50:50.000+01:00,Declaration BURNT by EMPLOYEE,EMPLOYEE,1\n";
    std::fs::write(&log, rows).unwrap();
    let planned = replay::plan(&log, &example("travel-declaration.rhai"), &example("travel-declaration.map.toml"));
    let error = planned.err().unwrap().to_string();
    assert_eq!(error, "line 3 of the log: the map has no line for \"Declaration BURNT by EMPLOYEE\"");
}
