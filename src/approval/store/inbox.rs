//! What inboxes read: tasks by person, decisions, copies, questions.

use crate::approval::projection::{Changes, DecisionRow, TaskRow};
use crate::db::{Conn, DbError};
use crate::kernel::{CaseId, Timestamp};
use crate::params;

const PUT_TASK: &str = "INSERT INTO approval_task (case_id, task, person, node, node_title, because, opened_at, due, \
    claimed_by, open) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (case_id, task, person) DO UPDATE SET \
    because = excluded.because, due = excluded.due, claimed_by = excluded.claimed_by, open = excluded.open";
const PUT_DECISION: &str = "INSERT INTO approval_decision (case_id, decision, task, node_title, person, on_behalf_of, \
    choice, opinion, round, void, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
    ON CONFLICT (case_id, decision) DO UPDATE SET void = excluded.void";
const PUT_COPY: &str = "INSERT INTO approval_copy (case_id, node, person, sent_at) VALUES ($1, $2, $3, $4) \
    ON CONFLICT (case_id, node, person) DO UPDATE SET sent_at = excluded.sent_at, read_at = NULL";
const READ_COPY: &str = "UPDATE approval_copy SET read_at = $4 WHERE case_id = $1 AND node = $2 AND person = $3 \
    AND read_at IS NULL";
const PUT_QUESTION: &str = "INSERT INTO approval_question (case_id, question, asked_by, whom, text, asked_at) \
    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (case_id, question) DO UPDATE SET whom = excluded.whom";
const ANSWER_QUESTION: &str = "UPDATE approval_question SET answered_at = $3 WHERE case_id = $1 AND question = $2";

pub(super) const STATEMENTS: &[&str] = &[PUT_TASK, PUT_DECISION, PUT_COPY, READ_COPY, PUT_QUESTION, ANSWER_QUESTION];

/// Brings the rows of a case up to its state.
pub(in crate::approval) async fn save(
    c: &mut Conn<'_>,
    case: CaseId,
    changes: &Changes,
    at: Timestamp,
) -> Result<(), DbError> {
    for row in &changes.tasks {
        save_task(c, case, row).await?;
    }
    for row in &changes.decisions {
        save_decision(c, case, row).await?;
    }
    for (node, person) in &changes.copies {
        c.exec(PUT_COPY, params![case, node, person, at]).await?;
    }
    for (node, person) in &changes.read_copies {
        c.exec(READ_COPY, params![case, node, person, at]).await?;
    }
    for (question, by, whom, text) in &changes.asked {
        c.exec(PUT_QUESTION, params![case, question, by, whom, text, at]).await?;
    }
    for question in &changes.answered {
        c.exec(ANSWER_QUESTION, params![case, question, at]).await?;
    }
    Ok(())
}

async fn save_task(c: &mut Conn<'_>, case: CaseId, row: &TaskRow) -> Result<(), DbError> {
    let values = params![
        case,
        row.task,
        row.person,
        row.node,
        row.node_title,
        row.because,
        row.opened_at,
        row.due,
        row.claimed_by,
        row.open
    ];
    c.exec(PUT_TASK, values).await.map(drop)
}

async fn save_decision(c: &mut Conn<'_>, case: CaseId, row: &DecisionRow) -> Result<(), DbError> {
    let person = row.by.and_then(|by| by.user);
    let on_behalf_of = row.by.and_then(|by| by.on_behalf_of);
    let values = params![
        case,
        row.decision,
        row.task,
        row.node_title,
        person,
        on_behalf_of,
        row.choice,
        row.opinion,
        row.round,
        row.void,
        row.at
    ];
    c.exec(PUT_DECISION, values).await.map(drop)
}
