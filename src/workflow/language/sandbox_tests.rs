//! What the sandbox lets through, and what closures may do.

use std::collections::BTreeSet;

use super::super::{Shelf, in_file, load, read};
use super::*;
use crate::i18n::Lang;
use crate::kernel::Hash;
use crate::workflow::scenario::World;
use crate::workflow::{Answer, Facts, Read, Script, ScriptFault, ScriptId, Value};

/// Everything that Rhai's packages may bring. A new name in a new version of Rhai must be looked at before it is added.
const ALLOWED: &str = "!= % * + += - / < <= == > >= ! all append bits bytes chars chop clear contains crop dedup drain \
    drop end ends_with exclusive extract fill_with filter find find_map for_each get get$bits get$bytes get$chars get$end get$is_empty \
    get$is_exclusive get$is_inclusive get$len get$start index_of insert is_empty is_exclusive is_inclusive keys len \
    make_lower make_upper map max merge min mixin none order order_by order_desc pad pop print push range reduce reduce_rev remove \
    replace retain reverse set shift some sort sort_by sort_desc splice split split_rev start starts_with sub_string to_binary \
    to_blob to_chars to_debug to_hex to_int to_json to_lower to_octal to_string to_upper trim truncate values zip debug split_at \
    sleep timestamp exit";

#[test]
fn the_engine_knows_no_function_beyond_the_list() {
    let allowed: BTreeSet<&str> = ALLOWED.split_whitespace().collect();
    let engine = bounded(CALL_OPERATIONS, CALL_TIME);
    let known = engine.collect_fn_metadata(None, |info| Some(info.metadata.name.to_string()), true);
    let beyond: BTreeSet<String> = known.into_iter().filter(|name| !allowed.contains(name.as_str())).collect();
    assert!(beyond.is_empty(), "look at these: {beyond:?}");
}

fn facts(fields: &[(&str, serde_json::Value)], amount: Option<&str>) -> Facts {
    let mut world = World::default();
    world.people.push(crate::workflow::scenario::PersonData { login: "li".to_owned(), ..Default::default() });
    world.record.fields = fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    world.record.approval_amount = amount.map(ToOwned::to_owned);
    let header = "workflow(\"w\", #{ title: \"t\", subject: \"contract\" }); approve(\"a\", #{ by: role(\"x\") });";
    world.facts(&load(header, "t").map(|loaded| loaded.definition).unwrap(), None).unwrap()
}

fn guard(closure: &str, facts: &Facts) -> Result<Answer<bool>, ScriptFault> {
    let source = format!(
        "workflow(\"w\", #{{ title: \"t\", subject: \"contract\" }});\napprove(\"a\", #{{ by: role(\"x\"), when: {closure} }});"
    );
    let loaded = load(&source, "t").unwrap_or_else(|faults| panic!("{}", faults[0].render(Lang::En)));
    loaded.script.guard(ScriptId(0), facts)
}

fn problem(closure: &str, facts: &Facts) -> ScriptProblem {
    guard(closure, facts).unwrap_err().problem
}

#[test]
fn a_guard_compares_exactly_and_says_what_it_read() {
    let facts = facts(&[("amount", "100000.50".into()), ("delivery_days", 120.into())], Some("100万"));
    let answer = guard("|c| c.amount == money(\"100,000.50\") && c.delivery_days > 90", &facts).unwrap();
    assert!(answer.value);
    assert_eq!(answer.reads.iter().map(|read| read.field.as_str()).collect::<Vec<_>>(), ["amount", "delivery_days"]);
    assert!(guard("|c| c.approval_amount >= 1_000_000", &facts).unwrap().value);
    assert!(guard("|c| c.amount * 2 > 200_000", &facts).unwrap().value);
}

#[test]
fn an_empty_field_is_an_error_at_its_line_and_has_asks_first() {
    let facts = facts(&[("delivery_days", serde_json::Value::Null)], None);
    let fault = guard("|c| c.delivery_days > 90", &facts).unwrap_err();
    assert_eq!(fault.problem, ScriptProblem::EmptyField { field: "delivery_days".into() });
    assert_eq!(fault.place.map(|place| place.line), Some(2));
    let asked = guard("|c| has(\"delivery_days\") && c.delivery_days > 90", &facts).unwrap();
    assert_eq!((asked.value, asked.reads), (false, vec![Read { field: "delivery_days".into(), value: Value::Empty }]));
    assert!(!guard("|c| c.has(\"delivery_days\")", &facts).unwrap().value);
    assert_eq!(problem("|c| c.approval_amount > 5", &facts), ScriptProblem::NoApprovalAmount);
    assert_eq!(problem("|c| c.nothing > 5", &facts), ScriptProblem::UnknownField { field: "nothing".into() });
}

#[test]
fn what_cannot_be_compared_is_an_error_and_never_false() {
    let facts = facts(&[("n", 5.into()), ("t", "x".into())], None);
    for closure in [
        "|c| c.n > \"x\"",
        "|c| 5 > \"x\"",
        "|c| c.n > 2.5",
        "|c| c.n * 0.3 > 1",
        "|c| () >= 1",
        "|c| c.t == 5",
        "|c| c.t > \"a\"",
    ] {
        assert!(matches!(problem(closure, &facts), ScriptProblem::Incomparable { .. }), "{closure}");
    }
    assert!(matches!(problem("|c| c.n", &facts), ScriptProblem::WrongAnswer { .. }));
}

#[test]
fn a_guard_that_runs_for_ever_is_stopped() {
    let facts = facts(&[], None);
    assert_eq!(problem("|c| { let n = 0; while n >= 0 { n = n + 1; } true }", &facts), ScriptProblem::TooLong);
    assert_eq!(problem("|c| { let t = \"x\"; loop { t += t; } }", &facts), ScriptProblem::TooLong);
}

#[test]
fn no_closure_remembers_anything_between_calls() {
    let facts = facts(&[], None);
    let source = "workflow(\"w\", #{ title: \"t\", subject: \"contract\" });\nlet seen = [];\n\
                  approve(\"a\", #{ by: role(\"x\"), when: |c| { seen.push(1); seen.len() == 1 } });";
    let script = load(source, "t").map(|loaded| loaded.script).unwrap();
    for _ in 0..3 {
        assert!(script.guard(ScriptId(0), &facts).unwrap().value);
    }
}

#[test]
fn a_value_that_holds_itself_ends() {
    let source = "workflow(\"w\", #{ title: \"t\", subject: \"contract\" });\nlet m = #{};\nlet f = |c| m.len() > 0;\nm.f = f; m.g = f;\n\
                  approve(\"a\", #{ by: role(\"x\"), when: f });";
    let codes: Vec<String> = in_file("t", source, read(source, "t", &Shelf::default()).findings)
        .into_iter()
        .map(|fault| fault.code)
        .collect();
    assert_eq!(codes, ["captured_too_much"]);
}

#[test]
fn a_closure_names_people_by_what_it_reads() {
    let source = "workflow(\"w\", #{ title: \"t\", subject: \"contract\" });\n\
                  approve(\"a\", #{ by: |c| if c.n > 3 { role(\"legal\") } else { manager_of(drafter()) } });";
    let script = load(source, "t").map(|loaded| loaded.script).unwrap();
    let who = script.people(ScriptId(0), &facts(&[("n", 5.into())], None)).unwrap().value;
    assert_eq!(who, crate::workflow::Who::Role { role: "legal".into() });
}

/// The same mutations every time: bytes of the hash of a counter say where and what.
#[test]
fn broken_files_are_told_so_and_never_bring_the_reader_down() {
    let words = [
        "(", ")", "#{", "}", "\"", "，", "|c|", "approve", "\u{0}", "0x", "from(", "[", "//", "/*", "\\", "。",
        "let a =", "\n",
    ];
    for source in crate::workflow::shipped().into_iter().map(|shipped| shipped.source) {
        let characters: Vec<char> = source.chars().collect();
        for round in 0_u32..150 {
            let dice = Hash::of(&round.to_be_bytes());
            let byte = |index: usize| usize::from(dice.as_bytes()[index]);
            let mut mutated = characters.clone();
            for step in 0..=byte(0) % 3 {
                let at = (byte(step * 5 + 1) * 256 + byte(step * 5 + 2)) % mutated.len();
                let end = (at + byte(step * 5 + 3) % 20).min(mutated.len());
                mutated.splice(at..end, words[byte(step * 5 + 4) % words.len()].chars());
            }
            let mutated: String = mutated.into_iter().collect();
            let reading = read(&mutated, "t", &Shelf::default());
            for fault in in_file("t", &reading.source, reading.findings) {
                assert!(!fault.render(Lang::Zh).is_empty());
            }
        }
    }
}

#[test]
fn random_bytes_are_no_workflow() {
    for round in 0_u32..200 {
        let bytes: Vec<u8> = (0..8_u32)
            .flat_map(|part| *Hash::of(&[round.to_be_bytes(), part.to_be_bytes()].concat()).as_bytes())
            .collect();
        assert!(load(&String::from_utf8_lossy(&bytes), "t").is_err());
    }
}

#[test]
fn sixty_nodes_are_read_in_milliseconds() {
    use std::fmt::Write;
    let mut source = "workflow(\"w\", #{ title: \"t\", subject: \"contract\" });\n".to_owned();
    for number in 0..60 {
        writeln!(source, "approve(\"n{number}\", #{{ title: \"节点\", by: role(\"r{number}\"), when: any_of([amount_from(\"{}万\"), deviates()]), within: working_days(2), overdue: [remind()] }});", number + 1).unwrap();
    }
    load(&source, "t").unwrap();
    let watch = Stopwatch::start();
    load(&source, "t").unwrap();
    // A loose bound for a busy machine in a debug build; the figure itself is a bench.
    assert!(watch.elapsed() < Duration::from_millis(500), "{:?}", watch.elapsed());
}
