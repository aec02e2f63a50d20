//! Skipping a test aloud.
//!
//! The harness of cargo knows no skipping: such a test returns early and counts as passed. So each writes a line to standard error,
//! past the capture of the harness, and to the file that `QIYUE_SKIP_LOG` names, which `scripts/tally.sh` counts.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::panic::Location;

/// What a test did not find.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Missing {
    /// A program that `make test` installs. In CI, where `CI=true`, this fails the test.
    Program,
    /// Real data, which not every machine has.
    Material,
}

/// How much of the test is left out.
#[derive(Clone, Copy)]
pub(crate) enum Extent {
    Whole,
    /// One of its databases, say; the rest ran.
    Part,
}

/// Says that the running test leaves something out, and why.
#[track_caller]
pub(crate) fn skip(extent: Extent, missing: Missing, reason: &str) {
    let name = test_name();
    let in_ci = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(!is_failure(missing, in_ci), "{name} may not be skipped in CI: {reason}");
    aloud(&format!("SKIPPED {name}: {reason}"));
    if let Some(log) = std::env::var_os("QIYUE_SKIP_LOG") {
        let line = log_line(extent, &name, reason);
        let mut log = OpenOptions::new().create(true).append(true).open(log).expect("QIYUE_SKIP_LOG names a file");
        log.write_all(line.as_bytes()).unwrap();
    }
}

/// Writes a line past the capture of the test harness, which keeps only what the print macros write.
pub(crate) fn aloud(line: &str) {
    std::io::stderr().write_all(format!("{line}\n").as_bytes()).unwrap();
}

fn is_failure(missing: Missing, in_ci: bool) -> bool {
    in_ci && missing == Missing::Program
}

fn log_line(extent: Extent, name: &str, reason: &str) -> String {
    let extent = match extent {
        Extent::Whole => "whole",
        Extent::Part => "part",
    };
    format!("{extent}\t{name}\t{reason}\n")
}

/// The harness names the thread after the test; with a single thread it does not, then the place has to do.
#[track_caller]
fn test_name() -> String {
    match std::thread::current().name() {
        Some(name) if name != "main" => name.to_owned(),
        _ => Location::caller().to_string(),
    }
}

#[test]
fn only_in_ci_a_missing_program_is_a_failure() {
    assert!(is_failure(Missing::Program, true));
    assert!(!is_failure(Missing::Program, false));
    assert!(!is_failure(Missing::Material, true));
}

#[test]
fn the_tally_counts_whole_and_partial_skips() {
    let folder = tempfile::tempdir().unwrap();
    let (output, skipped) = (folder.path().join("output"), folder.path().join("skipped"));
    let results = [
        "test c ... ignored, slow",
        "test result: FAILED. 5 passed; 1 failed; 1 ignored; 0 measured",
        "test result: ok. 7 passed; 0 failed; 0 ignored; 0 measured",
    ];
    std::fs::write(&output, results.join("\n")).unwrap();
    let lines = [(Extent::Whole, "a"), (Extent::Whole, "a"), (Extent::Part, "b")];
    std::fs::write(&skipped, lines.map(|(extent, name)| log_line(extent, name, "nothing here")).concat()).unwrap();

    let tally = std::process::Command::new("scripts/tally.sh").arg("101").args([&output, &skipped]).output().unwrap();

    let said = String::from_utf8(tally.stdout).unwrap();
    let named = "SKIPPED b: nothing here\nSKIPPED a: nothing here\nSKIPPED c: ignored, slow\n";
    assert_eq!(said, format!("{named}11 passed, 1 failed, 3 skipped\n"));
}
