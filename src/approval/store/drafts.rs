//! Drafts of workflow files.

use crate::approval::authoring::{Draft, DraftId, DraftState, DraftText};
use crate::db::{Conn, DbError, FromRow, Row};
use crate::kernel::{Hash, Timestamp, UserId};
use crate::params;

macro_rules! columns {
    () => {
        "SELECT id, workflow, author, base, source, scenarios, note, state, proposed, answered_by, answer, version, \
         created_at, updated_at FROM workflow_draft "
    };
}

const BY_ID: &str = concat!(columns!(), "WHERE id = $1");
const OPEN: &str = concat!(columns!(), "WHERE state <> 'published' ORDER BY updated_at DESC, id DESC");
const LAST_PUBLISHED: &str = concat!(
    columns!(),
    "WHERE id = (SELECT draft FROM workflow_publication WHERE version = $1 AND draft IS NOT NULL ORDER BY id DESC LIMIT 1)"
);
const INSERT: &str = "INSERT INTO workflow_draft (workflow, author, base, source, scenarios, note, state, answer, version, \
    created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, 'writing', '', 1, $7, $7) RETURNING id";
const SAVE: &str = "UPDATE workflow_draft SET workflow = $3, base = $4, source = $5, scenarios = $6, note = $7, \
    updated_at = $8, version = version + 1 WHERE id = $1 AND version = $2 AND state = 'writing'";
const MOVE: &str = "UPDATE workflow_draft SET state = $4, proposed = $5, updated_at = $6, version = version + 1 \
    WHERE id = $1 AND version = $2 AND state = $3";
const ANSWER: &str = "UPDATE workflow_draft SET answered_by = $2, answer = $3 WHERE id = $1";
const DELETE: &str = "DELETE FROM workflow_draft WHERE id = $1 AND version = $2 AND state = 'writing'";

pub(super) const STATEMENTS: &[&str] = &[BY_ID, OPEN, LAST_PUBLISHED, INSERT, SAVE, MOVE, ANSWER, DELETE];

/// An author has one open draft of a workflow.
pub(in crate::approval) const ONE_OPEN_DRAFT: &str = "workflow_draft_workflow_author_key";

impl FromRow for Draft {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let state: String = row.get("state")?;
        Ok(Self {
            id: row.get("id")?,
            workflow: row.get("workflow")?,
            author: row.get("author")?,
            base: row.get("base")?,
            text: DraftText { source: row.get("source")?, scenarios: row.get("scenarios")?, note: row.get("note")? },
            state: DraftState::named(&state)
                .ok_or(DbError::Column { column: "workflow_draft.state".to_owned(), problem: state })?,
            proposed: row.get("proposed")?,
            answered_by: row.get("answered_by")?,
            answer: row.get("answer")?,
            version: row.get("version")?,
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
        })
    }
}

pub(in crate::approval) async fn by_id(c: &mut Conn<'_>, id: DraftId) -> Result<Option<Draft>, DbError> {
    c.maybe(BY_ID, params![id]).await
}

/// Everybody's drafts that are not published, the last changed first.
pub(in crate::approval) async fn open(c: &mut Conn<'_>) -> Result<Vec<Draft>, DbError> {
    c.all(OPEN, &[]).await
}

/// The proposal with which a version was published last.
pub(in crate::approval) async fn of_version(c: &mut Conn<'_>, version: Hash) -> Result<Option<Draft>, DbError> {
    c.maybe(LAST_PUBLISHED, params![version]).await
}

pub(in crate::approval) async fn insert(
    c: &mut Conn<'_>,
    workflow: &str,
    author: UserId,
    base: Option<Hash>,
    text: &DraftText,
    at: Timestamp,
) -> Result<DraftId, DbError> {
    let values = params![workflow, author, base, text.source, text.scenarios, text.note, at];
    let (id,) = c.one(INSERT, values).await?;
    Ok(id)
}

/// Stores what was typed over `version`; whether it still stood there.
pub(in crate::approval) async fn save(c: &mut Conn<'_>, draft: &Draft, at: Timestamp) -> Result<bool, DbError> {
    let Draft { id, version, workflow, base, text, .. } = draft;
    let values = params![id, version, workflow, base, text.source, text.scenarios, text.note, at];
    Ok(c.exec(SAVE, values).await? == 1)
}

/// Moves a draft on from where it stood; whether it still stood there.
pub(in crate::approval) async fn go(
    c: &mut Conn<'_>,
    (id, version): (DraftId, i64),
    (from, to): (DraftState, DraftState),
    proposed: Option<Hash>,
    at: Timestamp,
) -> Result<bool, DbError> {
    let values = params![id, version, from.word(), to.word(), proposed, at];
    Ok(c.exec(MOVE, values).await? == 1)
}

/// What a second person said; nothing any more where there is none.
pub(in crate::approval) async fn answer(
    c: &mut Conn<'_>,
    id: DraftId,
    by: Option<UserId>,
    answer: &str,
) -> Result<(), DbError> {
    c.exec(ANSWER, params![id, by, answer]).await.map(drop)
}

/// Throws a draft away that nobody looks at; whether it still stood there.
pub(in crate::approval) async fn delete(c: &mut Conn<'_>, id: DraftId, version: i64) -> Result<bool, DbError> {
    Ok(c.exec(DELETE, params![id, version]).await? == 1)
}
