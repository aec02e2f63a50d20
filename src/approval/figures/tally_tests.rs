//! Logs written by hand, and what figures are counted from.

use std::collections::BTreeMap;

use super::found::{Found, SpanEnd, TaskSpan};
use super::tally::{Tally, changed_hands};
use crate::kernel::{Actor, Channel, Hash, Timestamp, UserId};
use crate::workflow::{
    Candidate, Case, Choice, CloseReason, Decided, DecisionNumber, Event, OnReturn, Reason, ReasonStep, ReturnTo,
    TaskNumber, TaskOpened, evolve,
};

const WANG: UserId = UserId::new(2);
const LI: UserId = UserId::new(3);
const QIAN: UserId = UserId::new(4);

fn at(minute: i64) -> Timestamp {
    Timestamp::from_micros(minute * 60_000_000)
}

fn actor(person: UserId) -> Actor {
    Actor::person(person, Channel::Page)
}

fn candidate(person: UserId, steps: Vec<ReasonStep>) -> Candidate {
    Candidate {
        person,
        because: std::sync::Arc::new(Reason { rule: "by".into(), place: "a:1".into(), steps }),
        deputy_for: None,
    }
}

fn submitted(round: u32) -> Event {
    let (content, by) = (Hash::of(b"content"), actor(UserId::new(1)));
    let (chosen, grids) = (BTreeMap::new(), BTreeMap::new());
    Event::Submitted { by, round, content, amount: None, without_ceiling: false, chosen, grids }
}

fn entered(node: &str) -> Event {
    Event::NodeEntered { node: node.into(), title: node.to_uppercase(), reads: Vec::new() }
}

fn opened(task: TaskNumber, node: &str, people: &[UserId]) -> Event {
    Event::TaskOpened(TaskOpened {
        task,
        node: node.into(),
        entry: 0,
        weight: 1,
        candidates: people.iter().map(|person| candidate(*person, Vec::new())).collect(),
        reads: Vec::new(),
        due: Some(at(100)),
        unknown_year: None,
        scope: Vec::new(),
        free_flow: false,
        veto: false,
        login: false,
        signer: None,
    })
}

fn decided(decision: DecisionNumber, task: TaskNumber, node: &str, by: Option<UserId>, choice: Choice) -> Event {
    Event::Decided(Decided {
        decision,
        task,
        node: node.into(),
        by: by.map(actor),
        choice,
        opinion: String::new(),
        path: None,
        content: Hash::of(b"content"),
        scope: Vec::new(),
        seen: Hash::of(b"content"),
        next: None,
    })
}

fn transferred(task: TaskNumber, by: UserId, to: UserId) -> Event {
    let to = candidate(to, vec![ReasonStep::TransferredBy { name: "Wang".into() }]);
    Event::Transferred { task, by: actor(by), to, reason: String::new() }
}

/// Every event with the minute in which it happened.
type Log = Vec<(i64, Event)>;

/// What the whole log leaves.
fn found(log: &Log) -> Found {
    let mut tally = Tally::default();
    for (seq, (minute, event)) in (1..).zip(log) {
        tally.read(event, seq, at(*minute));
    }
    tally.found()
}

/// What the log leaves when it is read as it grows, the events of a minute at once, each time after the state before.
fn grown(log: &Log) -> Found {
    let (mut case, mut all, mut seq) = (Case::default(), Found::default(), 0);
    for command in log.chunk_by(|a, b| a.0 == b.0) {
        let since: BTreeMap<_, _> = if changed_hands(&case) { last_hands(&all) } else { BTreeMap::new() };
        let mut tally = Tally::after(&case, &since);
        for (minute, event) in command {
            seq += 1;
            tally.read(event, seq, at(*minute));
            case = evolve(case, event, at(*minute));
        }
        let found = tally.found();
        if let Some(undone) = found.undone {
            all.spans.retain(|span| span.seq < undone);
            all.outcome = all.outcome.filter(|outcome| outcome.seq < undone);
            all.undone = Some(all.undone.map_or(undone, |earlier| earlier.min(undone)));
        }
        all.spans.extend(found.spans);
        all.suggested.extend(found.suggested);
        all.answered.extend(found.answered);
        all.outcome = found.outcome.or(all.outcome);
    }
    all
}

fn last_hands(found: &Found) -> BTreeMap<TaskNumber, Timestamp> {
    let changed = |span: &&TaskSpan| matches!(span.end, SpanEnd::Transferred | SpanEnd::HandedOver);
    found.spans.iter().filter(changed).map(|span| (span.task, span.closed_at)).collect()
}

/// Node, person, from, until and end of every span; read whole and as it grew, which must say the same.
fn spans(log: &Log) -> Vec<(String, Option<i64>, i64, i64, SpanEnd)> {
    let whole = found(log);
    assert_eq!(grown(log), whole);
    let minute = |at: Timestamp| at.as_micros() / 60_000_000;
    let told = |span: &TaskSpan| {
        let person = span.person.map(UserId::get);
        (span.node.clone(), person, minute(span.opened_at), minute(span.closed_at), span.end)
    };
    whole.spans.iter().map(told).collect()
}

#[test]
fn a_task_is_with_whoever_decides_it_from_when_it_was_opened() {
    let log = vec![
        (0, submitted(1)),
        (0, entered("manager")),
        (0, opened(1, "manager", &[WANG])),
        (30, decided(1, 1, "manager", Some(WANG), Choice::Approve)),
        (30, entered("legal")),
        (30, opened(2, "legal", &[LI, QIAN])),
        (90, decided(2, 2, "legal", Some(QIAN), Choice::Approve)),
        (90, Event::Approved),
    ];
    let expected = [
        ("manager".to_owned(), Some(2), 0, 30, SpanEnd::Approved),
        ("legal".to_owned(), Some(4), 30, 90, SpanEnd::Approved),
    ];
    assert_eq!(spans(&log), expected);
    let found = found(&log);
    assert_eq!((found.spans[1].node_title.as_str(), found.spans[1].due), ("LEGAL", Some(at(100))));
    let outcome = found.outcome.unwrap();
    assert_eq!((outcome.approved, outcome.rounds, outcome.asked_at, outcome.decided_at), (true, 1, at(0), at(90)));
}

#[test]
fn a_task_that_changes_hands_is_with_each_for_their_time() {
    let log = vec![
        (0, submitted(1)),
        (0, opened(1, "manager", &[WANG])),
        (20, transferred(1, WANG, LI)),
        (50, Event::HandedOver { task: 1, to: vec![candidate(QIAN, vec![ReasonStep::Overdue])] }),
        (60, decided(1, 1, "manager", Some(QIAN), Choice::Approve)),
    ];
    let expected = [
        ("manager".to_owned(), Some(2), 0, 20, SpanEnd::Transferred),
        ("manager".to_owned(), Some(3), 20, 50, SpanEnd::HandedOver),
        ("manager".to_owned(), Some(4), 50, 60, SpanEnd::Approved),
    ];
    assert_eq!(spans(&log), expected);
}

#[test]
fn of_several_who_could_have_decided_a_task_was_with_whoever_had_it_in_hand_or_with_nobody() {
    let closed = |task| Event::TaskClosed { task, because: CloseReason::CaseOver };
    let log = vec![
        (0, submitted(1)),
        (0, opened(1, "legal", &[LI, QIAN])),
        (0, opened(2, "finance", &[LI, QIAN])),
        (0, opened(3, "boss", &[WANG])),
        (10, Event::TaskClaimed { task: 1, by: actor(LI) }),
        (20, closed(1)),
        (20, closed(2)),
        (20, closed(3)),
    ];
    let people: Vec<_> = spans(&log).into_iter().map(|(_, person, ..)| person).collect();
    assert_eq!(people, [Some(3), None, Some(2)]);
}

#[test]
fn a_decision_that_is_taken_back_was_never_taken() {
    let log = vec![
        (0, submitted(1)),
        (0, opened(1, "manager", &[WANG])),
        (20, transferred(1, WANG, LI)),
        (30, decided(1, 1, "manager", Some(LI), Choice::Approve)),
        (30, opened(2, "legal", &[QIAN])),
        (31, Event::TaskClosed { task: 2, because: CloseReason::Reset }),
        (31, Event::DecisionWithdrawn { decision: 1, by: actor(LI), reopened: vec![1] }),
        (45, decided(2, 1, "manager", Some(LI), Choice::Reject)),
        (45, Event::Rejected { by: Some(actor(LI)), node: Some("manager".into()), reason: String::new() }),
    ];
    let expected = [
        ("manager".to_owned(), Some(2), 0, 20, SpanEnd::Transferred),
        ("manager".to_owned(), Some(3), 20, 45, SpanEnd::Rejected),
    ];
    assert_eq!(spans(&log), expected);
    assert!(!found(&log).outcome.unwrap().approved);
}

#[test]
fn an_approval_that_is_taken_back_leaves_the_case_undecided() {
    let log = vec![
        (0, submitted(1)),
        (0, opened(1, "manager", &[WANG])),
        (30, decided(1, 1, "manager", Some(WANG), Choice::Approve)),
        (30, Event::Approved),
        (31, Event::DecisionWithdrawn { decision: 1, by: actor(WANG), reopened: vec![1] }),
    ];
    assert_eq!(spans(&log), []);
    assert_eq!(found(&log).outcome, None);
}

#[test]
fn a_return_says_where_the_case_came_from_and_where_it_went() {
    let log = vec![
        (0, submitted(1)),
        (0, opened(1, "legal", &[LI])),
        (0, opened(2, "legal", &[QIAN])),
        (30, decided(1, 1, "legal", Some(LI), Choice::Return)),
        (30, Event::TaskClosed { task: 2, because: CloseReason::Reset }),
        (
            30,
            Event::Returned {
                by: Some(actor(LI)),
                from: Some("legal".into()),
                to: ReturnTo::Drafter,
                mode: OnReturn::default(),
                reason: String::new(),
            },
        ),
    ];
    assert_eq!(spans(&log).len(), 2);
    let sent: Vec<_> = found(&log).spans.into_iter().map(|span| (span.end, span.returned_to)).collect();
    assert_eq!(sent, [(SpanEnd::Returned, Some(ReturnTo::Drafter)), (SpanEnd::Reset, None)]);
}

#[test]
fn a_decision_that_still_stands_in_a_later_round_is_kept_by_whoever_took_it() {
    let log = vec![
        (0, submitted(1)),
        (0, opened(1, "manager", &[WANG, LI])),
        (30, decided(1, 1, "manager", Some(WANG), Choice::Approve)),
        (60, submitted(2)),
        (60, opened(2, "manager", &[WANG, LI])),
        (60, Event::DecisionKept { decision: 1, task: 2, node: "manager".into() }),
    ];
    assert_eq!(spans(&log)[1], ("manager".to_owned(), Some(2), 60, 60, SpanEnd::Kept));
    assert_eq!(found(&log).spans[1].round, 2);
}

#[test]
fn silence_is_the_time_of_the_one_who_was_asked() {
    let log = vec![
        (0, submitted(1)),
        (0, opened(1, "manager", &[WANG])),
        (200, decided(1, 1, "manager", None, Choice::Approve)),
    ];
    assert_eq!(spans(&log), [("manager".to_owned(), Some(2), 0, 200, SpanEnd::Silence)]);
}

#[test]
fn a_suggestion_belongs_to_the_step_at_which_it_was_made() {
    let suggested = |suggestion, task| Event::Suggested {
        suggestion,
        task,
        by: actor(LI),
        path: "clauses/a".into(),
        text: "B".into(),
        reason: String::new(),
    };
    let log = vec![
        (0, submitted(1)),
        (0, opened(1, "legal", &[LI])),
        (10, suggested(1, Some(1))),
        (12, suggested(2, None)),
        (20, Event::SuggestionTaken { suggestion: 1, by: actor(WANG) }),
        (21, Event::SuggestionDeclined { suggestion: 2, by: actor(WANG), reason: "no".into() }),
    ];
    assert_eq!(spans(&log), []);
    let found = found(&log);
    let made: Vec<_> = found.suggested.iter().map(|one| (one.node.as_str(), one.person)).collect();
    assert_eq!(made, [("legal", Some(LI)), ("", Some(LI))]);
    assert_eq!(found.answered, [(1, true), (2, false)]);
}

#[test]
fn every_end_has_a_word_of_its_own() {
    for end in [SpanEnd::Approved, SpanEnd::Silence, SpanEnd::HandedOver, SpanEnd::CaseOver] {
        assert_eq!(SpanEnd::named(end.word()), Some(end));
    }
    assert_eq!(SpanEnd::named("forgotten"), None);
}

#[test]
fn a_task_that_was_taken_over_by_somebody_who_was_asked_too_lies_with_them_since_then() {
    let taken_over =
        Event::TakenOver { by: actor(QIAN), from: LI, name: "Li".into(), to: WANG, reason: "leaves".into() };
    let log = vec![
        (0, opened(1, "legal", &[LI, WANG])),
        (1, Event::TaskClaimed { task: 1, by: actor(LI) }),
        (5, taken_over),
        (9, decided(1, 1, "legal", Some(WANG), Choice::Approve)),
    ];
    assert_eq!(
        spans(&log),
        [
            ("legal".to_owned(), Some(3), 0, 5, SpanEnd::Transferred),
            ("legal".to_owned(), Some(2), 5, 9, SpanEnd::Approved),
        ]
    );
}
