//! When which version became the current one, and through whom.

use crate::approval::authoring::DraftId;
use crate::db::{Conn, DbError, FromRow, Row};
use crate::kernel::{Hash, Timestamp, UserId};
use crate::params;

const OF: &str = "SELECT p.version, p.draft, d.author, COALESCE(d.note, '') AS note, p.published_by, p.alone_because, \
    p.published_at FROM workflow_publication AS p LEFT JOIN workflow_draft AS d ON d.id = p.draft \
    WHERE p.workflow = $1 ORDER BY p.id DESC";
const INSERT: &str = "INSERT INTO workflow_publication (workflow, version, draft, published_by, alone_because, published_at) \
    VALUES ($1, $2, $3, $4, $5, $6)";

pub(super) const STATEMENTS: &[&str] = &[OF, INSERT];

/// A version became the current one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// Which version.
    pub version: Hash,
    /// The proposal that it came from.
    pub draft: Option<DraftId>,
    /// Who wrote it.
    pub author: Option<UserId>,
    /// Why it was changed, in their words.
    pub note: String,
    /// The second person; the author where they were alone, nobody where it came from the command line.
    pub published_by: Option<UserId>,
    /// What the author said where there was no second person.
    pub alone_because: Option<String>,
    /// When.
    pub published_at: Timestamp,
}

/// Through whom a version becomes the current one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::approval) struct Through {
    /// The proposal.
    pub(in crate::approval) draft: Option<DraftId>,
    /// What its author said where there was no second person.
    pub(in crate::approval) alone_because: Option<String>,
}

impl FromRow for Publication {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            version: row.get("version")?,
            draft: row.get("draft")?,
            author: row.get("author")?,
            note: row.get("note")?,
            published_by: row.get("published_by")?,
            alone_because: row.get("alone_because")?,
            published_at: row.get("published_at")?,
        })
    }
}

/// What happened to a workflow, the newest first.
pub(in crate::approval) async fn of(c: &mut Conn<'_>, workflow: &str) -> Result<Vec<Publication>, DbError> {
    c.all(OF, params![workflow]).await
}

pub(super) async fn insert(
    c: &mut Conn<'_>,
    it: &super::workflows::WorkflowVersion,
    through: &Through,
) -> Result<(), DbError> {
    let values = params![it.name, it.version, through.draft, it.published_by, through.alone_because, it.published_at];
    c.exec(INSERT, values).await.map(drop)
}
