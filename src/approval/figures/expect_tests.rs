//! Ways by hand, and when they will probably be over.

use super::expect::{Begun, Expected, Moment, Office, Passes, Unsaid, expected};
use crate::kernel::{OfficeHours, Timestamp, WorkCalendar};
use crate::workflow::{
    DecisionOptions, Node, NodeKind, OnReturn, Place, SkipReason, Step, StepKind, StepState, StuckReason, WaitFor, Way,
    Who,
};

/// A Monday morning.
const NOW: &str = "2026-03-02T09:00:00+08:00";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn node(name: &str, kind: NodeKind) -> Node {
    Node { name: name.into(), title: name.to_uppercase(), place: Place { line: 1, column: 1 }, when: None, kind }
}

fn approve(name: &str) -> Node {
    let by = Who::User { login: "wang".into() };
    node(name, NodeKind::Approve { by, free_flow: false, options: DecisionOptions::default() })
}

fn wait(name: &str) -> Node {
    let what = WaitFor::Event { name: "signed".into() };
    node(name, NodeKind::Wait { what, may_return: Vec::new(), on_return: OnReturn::default() })
}

fn parallel(name: &str, ways: Vec<Vec<Node>>) -> Node {
    node(name, NodeKind::Parallel { ways })
}

fn branch(name: &str, ways: Vec<Vec<Node>>) -> Node {
    let way = |nodes| Way { name: String::new(), condition: None, band: None, nodes };
    node(name, NodeKind::Branch { ways: ways.into_iter().map(way).collect(), inclusive: false })
}

fn step(name: &str, state: StepState) -> Step {
    Step {
        node: name.into(),
        title: name.to_uppercase(),
        depth: 0,
        kind: StepKind::Approve,
        state,
        ways: Vec::new(),
        people: Vec::new(),
        due: None,
        chosen_by_submitter: false,
        kept: false,
    }
}

fn ahead(names: &[&str]) -> Vec<Step> {
    names.iter().map(|name| step(name, StepState::Ahead)).collect()
}

fn took(times: &[(&str, &[u32])]) -> Passes {
    times.iter().map(|(name, times)| ((*name).to_owned(), times.to_vec())).collect()
}

fn look(nodes: &[Node], steps: &[Step], passes: &Passes) -> Result<Expected, Unsaid> {
    look_since(nodes, steps, passes, &Begun::new())
}

fn look_since(nodes: &[Node], steps: &[Step], passes: &Passes, begun: &Begun) -> Result<Expected, Unsaid> {
    let (hours, moment) = (OfficeHours::default(), Moment { now: at(NOW), begun });
    expected(nodes, steps, passes, moment, Office { calendar: WorkCalendar::mainland(), hours: &hours })
}

#[test]
fn of_a_running_case_what_is_done_takes_no_time_and_a_step_under_way_what_is_left_of_it() {
    let nodes = [approve("manager"), approve("legal"), approve("boss")];
    let states = [StepState::Done, StepState::Now, StepState::Ahead];
    let steps: Vec<_> = ["manager", "legal", "boss"].into_iter().zip(states).map(|(name, at)| step(name, at)).collect();
    let passes = took(&[("manager", &[500, 500, 500]), ("legal", &[60, 60, 60]), ("boss", &[30, 30, 30])]);
    let asked = |time: &str| Begun::from([("legal".to_owned(), at(time))]);
    let left = |time| look_since(&nodes, &steps, &passes, &asked(time)).map(|found| found.minutes);
    assert_eq!(left(NOW), Ok(90));
    assert_eq!(left("2026-02-28T17:20:00+08:00"), Ok(50), "forty minutes of a working Saturday are gone");
    assert_eq!(left("2026-02-26T09:00:00+08:00"), Ok(30), "longer than ever");
}

#[test]
fn of_a_case_on_which_everybody_has_decided_nothing_is_said() {
    let nodes = [approve("manager"), wait("signature")];
    let steps = [step("manager", StepState::Done), step("signature", StepState::Now)];
    assert_eq!(look(&nodes, &steps, &took(&[("manager", &[60, 60, 60])])), Err(Unsaid::NoDecision));
}

#[test]
fn where_too_few_went_through_a_step_the_sentence_names_it() {
    let steps = ahead(&["manager"]);
    let unsaid = look(&[approve("manager")], &steps, &took(&[("manager", &[60, 60])])).unwrap_err();
    let said = crate::i18n::text(crate::i18n::Lang::Zh, &unsaid.said().unwrap());
    assert_eq!(said, "「MANAGER」以前只办过 2 次，还说不出预计何时办完。");
}

#[test]
fn steps_one_after_the_other_take_the_medians_of_what_they_took_before() {
    let nodes = [approve("manager"), approve("legal")];
    let passes = took(&[("manager", &[10, 60, 900]), ("legal", &[400, 300, 500, 450])]);
    let found = look(&nodes, &ahead(&["manager", "legal"]), &passes).unwrap();
    assert_eq!((found.minutes, found.days, found.at), (460, 1, at("2026-03-03T09:10:00+08:00")));
    assert_eq!((found.passes, found.by_limit), (Some(3), 0));
}

#[test]
fn of_ways_at_once_the_longest_counts() {
    let nodes = [parallel("both", vec![vec![approve("a"), approve("b")], vec![approve("c")]])];
    let passes = took(&[("a", &[30, 30, 30]), ("b", &[40, 40, 40]), ("c", &[60, 60, 60])]);
    let found = look(&nodes, &ahead(&["both", "a", "b", "c"]), &passes).unwrap();
    assert_eq!((found.minutes, found.days), (70, 0));
}

#[test]
fn a_way_that_is_not_taken_and_a_step_that_is_skipped_take_no_time() {
    let nodes = [branch("amount", vec![vec![approve("boss")], vec![approve("manager")]]), approve("legal")];
    let mut steps = ahead(&["amount", "manager"]);
    steps.push(step("legal", StepState::Skipped(SkipReason::Guard)));
    let found = look(&nodes, &steps, &took(&[("manager", &[20, 20, 20])])).unwrap();
    assert_eq!(found.minutes, 20);
}

#[test]
fn a_step_of_which_too_little_is_known_takes_all_of_its_time_limit() {
    let nodes = [approve("manager"), approve("legal")];
    let mut steps = ahead(&["manager", "legal"]);
    steps[1].due = Some(at("2026-03-02T11:00:00+08:00"));
    let found = look(&nodes, &steps, &took(&[("manager", &[60, 60, 60]), ("legal", &[5, 5])])).unwrap();
    assert_eq!((found.minutes, found.passes, found.by_limit), (180, Some(3), 1));
}

#[test]
fn nothing_is_said_where_a_step_is_unknown_or_stuck() {
    let nodes = [approve("manager"), approve("legal")];
    let known = took(&[("manager", &[60, 60, 60]), ("legal", &[60, 60, 60])]);
    let unknown = look(&nodes, &ahead(&["manager", "legal"]), &took(&[("manager", &[60, 60, 60])]));
    assert_eq!(unknown, Err(Unsaid::TooFew { title: "LEGAL".into(), passes: 0 }));
    let stuck = [step("manager", StepState::Ahead), step("legal", StepState::Stuck(StuckReason::NoWay))];
    assert_eq!(look(&nodes, &stuck, &known), Err(Unsaid::Stuck));
    assert_eq!(look(&nodes, &[], &known), Err(Unsaid::NoDecision));
}

#[test]
fn what_waits_after_the_last_decision_is_no_approval() {
    let nodes = [approve("manager"), wait("signature")];
    let found = look(&nodes, &ahead(&["manager", "signature"]), &took(&[("manager", &[60, 60, 60])])).unwrap();
    assert_eq!(found.minutes, 60);
    let before = [wait("signature"), approve("manager")];
    let endless = look(&before, &ahead(&["manager", "signature"]), &took(&[("manager", &[60, 60, 60])]));
    assert_eq!(endless, Err(Unsaid::Endless { title: "SIGNATURE".into() }));
}

#[test]
fn the_sentence_says_what_it_is_known_by() {
    let said = |days, passes, by_limit| {
        let expected = Expected { minutes: 1, days, at: at(NOW), passes, by_limit };
        crate::i18n::text(crate::i18n::Lang::Zh, &expected.said())
    };
    assert_eq!(said(3, Some(40), 0), "预计 3 个工作日内办完（按最近 40 件）");
    assert_eq!(said(0, Some(3), 2), "预计今天办完（按最近 3 件，另有 2 步按时限）");
    assert_eq!(said(1, None, 2), "预计 1 个工作日内办完（按各步时限）");
}
