//! Workflow versions, and which one new cases take.

use std::collections::{BTreeMap, BTreeSet};

use super::publications::{self, Through};
use crate::approval::ApprovalError;
use crate::db::{Conn, DbError, FromRow, Row};
use crate::kernel::{Hash, Kind, Timestamp, UserId};
use crate::params;
use crate::workflow::Definition;

const BY_VERSION: &str = "SELECT version, name, subject_kind, title, language, file, source, structure, published_by, \
    published_at FROM workflow_version WHERE version = $1";
const VERSIONS: &str = "SELECT version, name, subject_kind, title, language, file, source, structure, published_by, \
    published_at FROM workflow_version WHERE name = $1 ORDER BY published_at DESC, version";
const CURRENT: &str = "SELECT v.version, v.name, v.subject_kind, v.title, v.language, v.file, v.source, v.structure, \
    p.published_by, p.published_at FROM workflow w JOIN workflow_version v ON v.version = w.version \
    JOIN workflow_publication p ON p.id = (SELECT MAX(id) FROM workflow_publication WHERE workflow = w.name) \
    ORDER BY w.name";
const CURRENT_VERSIONS: &str = "SELECT version FROM workflow ORDER BY name";
const CURRENT_OF_NAME: &str = "SELECT version FROM workflow WHERE name = $1";
const CURRENT_OF_KIND: &str = "SELECT version FROM workflow WHERE subject_kind = $1 ORDER BY name";
const INSERT: &str = "INSERT INTO workflow_version (version, name, subject_kind, title, language, file, source, structure, \
    published_by, published_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (version) DO NOTHING";
const MAKE_CURRENT: &str = "INSERT INTO workflow (name, subject_kind, version) VALUES ($1, $2, $3) \
    ON CONFLICT (name) DO UPDATE SET subject_kind = excluded.subject_kind, version = excluded.version";

pub(super) const STATEMENTS: &[&str] =
    &[BY_VERSION, VERSIONS, CURRENT, CURRENT_VERSIONS, CURRENT_OF_NAME, CURRENT_OF_KIND, INSERT, MAKE_CURRENT];

/// A version as it is stored; never changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkflowVersion {
    /// Hash of the language number and the source.
    pub version: Hash,
    /// The name that `workflow("…")` gives.
    pub name: String,
    /// The kind of record it carries.
    pub subject: Kind,
    /// What people call it.
    pub title: String,
    /// The number of the language.
    pub language: u32,
    /// The file, for reasons and messages.
    pub file: String,
    /// The text.
    pub source: String,
    /// The definition as it was when it was published, as JSON.
    pub structure: String,
    /// Who published it; nobody for those that are shipped.
    pub published_by: Option<UserId>,
    /// When.
    pub published_at: Timestamp,
}

impl FromRow for WorkflowVersion {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            version: row.get("version")?,
            name: row.get("name")?,
            subject: row.get("subject_kind")?,
            title: row.get("title")?,
            language: row.get("language")?,
            file: row.get("file")?,
            source: row.get("source")?,
            structure: row.get("structure")?,
            published_by: row.get("published_by")?,
            published_at: row.get("published_at")?,
        })
    }
}

pub(in crate::approval) async fn by_version(
    c: &mut Conn<'_>,
    version: Hash,
) -> Result<Option<WorkflowVersion>, DbError> {
    c.maybe(BY_VERSION, params![version]).await
}

/// The text of a version of a workflow, and which others it runs.
pub(in crate::approval) struct WorkflowText {
    pub(in crate::approval) version: Hash,
    pub(in crate::approval) file: String,
    pub(in crate::approval) text: String,
    pub(in crate::approval) runs: BTreeMap<String, Hash>,
}

/// The texts of these versions, and of those that they run.
pub(in crate::approval) async fn with_runs(
    c: &mut Conn<'_>,
    mut wanted: BTreeSet<Hash>,
) -> Result<Vec<WorkflowText>, ApprovalError> {
    let mut found: Vec<WorkflowText> = Vec::new();
    while let Some(version) = wanted.pop_first() {
        let unloadable = || ApprovalError::Unloadable(version);
        let stored = by_version(c, version).await?.ok_or_else(unloadable)?;
        let definition: Definition = serde_json::from_str(&stored.structure).map_err(|_| unloadable())?;
        let runs: BTreeMap<_, _> = definition.runs().into_iter().map(|(name, run)| (name.to_owned(), run)).collect();
        wanted.extend(runs.values().filter(|run| found.iter().all(|known| known.version != **run)));
        found.push(WorkflowText { version, file: stored.file, text: stored.source, runs });
    }
    Ok(found)
}

/// Every version of a name, the newest first.
pub(in crate::approval) async fn versions(c: &mut Conn<'_>, name: &str) -> Result<Vec<WorkflowVersion>, DbError> {
    c.all(VERSIONS, params![name]).await
}

/// The versions that new cases take, by name.
pub(in crate::approval) async fn current(c: &mut Conn<'_>) -> Result<Vec<WorkflowVersion>, DbError> {
    c.all(CURRENT, &[]).await
}

/// The same without their texts.
pub(in crate::approval) async fn current_versions(c: &mut Conn<'_>) -> Result<Vec<Hash>, DbError> {
    let rows: Vec<(Hash,)> = c.all(CURRENT_VERSIONS, &[]).await?;
    Ok(rows.into_iter().map(|(version,)| version).collect())
}

pub(in crate::approval) async fn current_of(c: &mut Conn<'_>, kind: &Kind) -> Result<Vec<Hash>, DbError> {
    let rows: Vec<(Hash,)> = c.all(CURRENT_OF_KIND, params![kind]).await?;
    Ok(rows.into_iter().map(|(version,)| version).collect())
}

/// The version of that name that new cases take.
pub(in crate::approval) async fn current_of_name(c: &mut Conn<'_>, name: &str) -> Result<Option<Hash>, DbError> {
    let row: Option<(Hash,)> = c.maybe(CURRENT_OF_NAME, params![name]).await?;
    Ok(row.map(|(version,)| version))
}

/// Stores a version, makes it the one that new cases take, and writes down through whom.
pub(in crate::approval) async fn publish(
    c: &mut Conn<'_>,
    it: &WorkflowVersion,
    through: &Through,
) -> Result<(), DbError> {
    let values = params![
        it.version,
        it.name,
        it.subject,
        it.title,
        it.language,
        it.file,
        it.source,
        it.structure,
        it.published_by,
        it.published_at
    ];
    c.exec(INSERT, values).await?;
    c.exec(MAKE_CURRENT, params![it.name, it.subject, it.version]).await?;
    publications::insert(c, it, through).await
}
