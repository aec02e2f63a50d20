//! What figures are counted from: spans of tasks, suggestions, outcomes of cases.

use std::collections::BTreeMap;

use super::column;
use crate::approval::figures::{Written, WrittenOutcome, WrittenSpan, WrittenSuggestion};
use crate::db::{Conn, DbError};
use crate::kernel::{CaseId, Kind, Timestamp, UserId};
use crate::params;
use crate::workflow::{NodeName, ReturnTo, TaskNumber};

const PUT_SPAN: &str = "INSERT INTO approval_span (case_id, seq, task, workflow, subject_kind, node, node_title, person, \
    principal, department, round, opened_at, due, closed_at, working, ending, returned_to) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) \
    ON CONFLICT (case_id, seq) DO NOTHING";
const FORGET_SPANS: &str = "DELETE FROM approval_span WHERE case_id = $1 AND seq >= $2";
const CHANGED_HANDS: &str = "SELECT task, closed_at FROM approval_span WHERE case_id = $1 \
    AND ending IN ('transferred', 'handed_over') ORDER BY seq";
const PUT_SUGGESTION: &str = "INSERT INTO approval_suggestion (case_id, suggestion, workflow, subject_kind, node, person, \
    department, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (case_id, suggestion) DO NOTHING";
const ANSWER_SUGGESTION: &str = "UPDATE approval_suggestion SET taken = $3 WHERE case_id = $1 AND suggestion = $2";
const PUT_OUTCOME: &str = "INSERT INTO approval_outcome (case_id, seq, workflow, subject_kind, drafter, department, approved, \
    rounds, asked_at, decided_at, working) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
    ON CONFLICT (case_id) DO UPDATE SET seq = excluded.seq, drafter = excluded.drafter, department = excluded.department, \
    approved = excluded.approved, rounds = excluded.rounds, asked_at = excluded.asked_at, decided_at = excluded.decided_at, \
    working = excluded.working";
const FORGET_OUTCOME: &str = "DELETE FROM approval_outcome WHERE case_id = $1 AND seq >= $2";
const UNCOUNTED: &str = "SELECT u.case_id, c.workflow, c.subject_kind, c.drafter FROM approval_uncounted AS u \
    JOIN approval_case AS c ON c.id = u.case_id ORDER BY u.case_id LIMIT $1";
const HOLD: &str = "UPDATE approval_case SET seq = seq WHERE id = $1";
const COUNTED: &str = "DELETE FROM approval_uncounted WHERE case_id = $1";
const NEWEST_OF_NODE: &str = "SELECT case_id, round, opened_at, closed_at FROM approval_span WHERE workflow = $1 AND node = $2 \
    AND ending NOT IN ('kept', 'reset', 'case_over') ORDER BY closed_at DESC, case_id DESC, seq DESC LIMIT $3";

pub(super) const STATEMENTS: &[&str] = &[
    PUT_SPAN,
    FORGET_SPANS,
    CHANGED_HANDS,
    PUT_SUGGESTION,
    ANSWER_SUGGESTION,
    PUT_OUTCOME,
    FORGET_OUTCOME,
    UNCOUNTED,
    HOLD,
    COUNTED,
    NEWEST_OF_NODE,
];

/// Brings the rows of a case up to its events.
pub(in crate::approval) async fn save(c: &mut Conn<'_>, case: CaseId, written: &Written) -> Result<(), DbError> {
    if let Some(since) = written.undone.map(column) {
        c.exec(FORGET_SPANS, params![case, since]).await?;
        c.exec(FORGET_OUTCOME, params![case, since]).await?;
    }
    for span in &written.spans {
        put_span(c, case, written, span).await?;
    }
    for WrittenSuggestion { suggested, department } in &written.suggested {
        let (number, node, person) = (suggested.suggestion, &suggested.node, suggested.person);
        let values = params![case, number, written.workflow, written.kind, node, person, department, suggested.at];
        c.exec(PUT_SUGGESTION, values).await?;
    }
    for (suggestion, taken) in &written.answered {
        c.exec(ANSWER_SUGGESTION, params![case, suggestion, taken]).await?;
    }
    if let Some(WrittenOutcome { outcome, drafter, department, working }) = &written.outcome {
        let values = params![
            case,
            column(outcome.seq),
            written.workflow,
            written.kind,
            drafter,
            department,
            outcome.approved,
            outcome.rounds,
            outcome.asked_at,
            outcome.decided_at,
            working
        ];
        c.exec(PUT_OUTCOME, values).await?;
    }
    Ok(())
}

/// Where a return went, as its column holds it: the node, or nothing for the drafter.
fn place_of(to: &ReturnTo) -> &str {
    match to {
        ReturnTo::Drafter | ReturnTo::Previous => "",
        ReturnTo::Node { node } => node,
    }
}

/// And back.
pub(in crate::approval) fn return_to(place: String) -> ReturnTo {
    if place.is_empty() { ReturnTo::Drafter } else { ReturnTo::Node { node: place } }
}

async fn put_span(c: &mut Conn<'_>, case: CaseId, written: &Written, row: &WrittenSpan) -> Result<(), DbError> {
    let WrittenSpan { span, department, working } = row;
    let returned_to = span.returned_to.as_ref().map(place_of);
    let values = params![
        case,
        column(span.seq),
        span.task,
        written.workflow,
        written.kind,
        span.node,
        span.node_title,
        span.person,
        span.principal,
        department,
        span.round,
        span.opened_at,
        span.due,
        span.closed_at,
        working,
        span.end.word(),
        returned_to
    ];
    c.exec(PUT_SPAN, values).await.map(drop)
}

/// When tasks of a case changed hands last.
pub(in crate::approval) async fn changed_hands(
    c: &mut Conn<'_>,
    case: CaseId,
) -> Result<BTreeMap<TaskNumber, Timestamp>, DbError> {
    let rows: Vec<(TaskNumber, Timestamp)> = c.all(CHANGED_HANDS, params![case]).await?;
    Ok(rows.into_iter().collect())
}

/// A case whose figures were never counted: which, its workflow, the kind of its record, its drafter.
pub(in crate::approval) type Uncounted = (CaseId, String, Kind, UserId);

/// Cases from before figures were counted.
pub(in crate::approval) async fn uncounted(c: &mut Conn<'_>, limit: i64) -> Result<Vec<Uncounted>, DbError> {
    c.all(UNCOUNTED, params![limit]).await
}

/// Holds a case, so that no command moves it until this unit is stored.
pub(in crate::approval) async fn hold(c: &mut Conn<'_>, case: CaseId) -> Result<(), DbError> {
    c.exec(HOLD, params![case]).await.map(drop)
}

/// The figures of the case are counted.
pub(in crate::approval) async fn counted(c: &mut Conn<'_>, case: CaseId) -> Result<(), DbError> {
    c.exec(COUNTED, params![case]).await.map(drop)
}

/// A span of a node: case, round, from, until.
pub(in crate::approval) type NodeSpan = (CaseId, u32, Timestamp, Timestamp);

/// The newest spans of a node of a workflow.
pub(in crate::approval) async fn newest_of_node(
    c: &mut Conn<'_>,
    workflow: &str,
    node: &NodeName,
    limit: i64,
) -> Result<Vec<NodeSpan>, DbError> {
    c.all(NEWEST_OF_NODE, params![workflow, node, limit]).await
}
