//! What was handed in or decided on of a record, each content as it stood then: for who decided before, and for evidence.

use serde_json::{Map, Value as Json};

use super::content;
use super::held::HeldAt;
use crate::db::{Conn, DbError, FromRow, Row};
use crate::kernel::manifest::{ManifestError, PartOf};
use crate::kernel::{Hash, Kind, Manifest, Ref, Timestamp, UserId};
use crate::params;
use crate::record::behaviour::Behaviour;
use crate::record::store::Record;

const NEWEST: &str = "
    SELECT version, content FROM record_submission WHERE kind = $1 AND id = $2 ORDER BY version DESC LIMIT 1";
const KEEP: &str = "
    INSERT INTO record_submission (kind, id, version, content, fields, author, reason, at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const KEPT: &str = "
    SELECT fields FROM record_submission WHERE kind = $1 AND id = $2 AND content = $3 ORDER BY version DESC LIMIT 1";
const OF: &str = "
    SELECT version, content, fields, author, reason, at FROM record_submission WHERE kind = $1 AND id = $2
    ORDER BY version";

const FIRST: &str = "
    SELECT kind, id, version, content, fields, author, reason, at FROM record_submission
    ORDER BY kind, id, version LIMIT $1";
const AFTER: &str = "
    SELECT kind, id, version, content, fields, author, reason, at FROM record_submission
    WHERE (kind, id, version) > ($1, $2, $3) ORDER BY kind, id, version LIMIT $4";

pub(super) const STATEMENTS: &[&str] = &[NEWEST, KEEP, KEPT, OF, FIRST, AFTER];

/// A content of a record that was handed in or decided on.
#[derive(Clone, Debug, PartialEq)]
pub struct Submission {
    /// Counted from 1 in the record.
    pub version: i64,
    /// Its hash.
    pub content: Hash,
    /// The fields that were decided on, by name.
    pub fields: Map<String, Json>,
    /// Who brought it in, where that is known.
    pub author: Option<UserId>,
    /// Why there is another one: `submitted`, `resubmitted`, `suggestion`.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// How another content came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Brought {
    /// It was handed in.
    HandedIn,
    /// A suggestion was taken.
    Suggested,
}

impl Brought {
    /// As it stands in the table, as a record's first content or a later one.
    const fn reason(self, first: bool) -> &'static str {
        match self {
            Self::HandedIn if first => "submitted",
            Self::HandedIn => "resubmitted",
            Self::Suggested => "suggestion",
        }
    }
}

impl Submission {
    /// Its fields as parts of the content, by path.
    pub fn parts(&self) -> impl Iterator<Item = (String, PartOf)> {
        self.fields.iter().map(|(name, value)| (format!("fields/{name}"), PartOf::Value(value.clone())))
    }

    /// Its lines, worked out anew from its fields.
    pub fn manifest(&self) -> Result<Manifest, ManifestError> {
        let mut manifest = Manifest::default();
        for (path, part) in self.parts() {
            manifest.put(&path, &part)?;
        }
        Ok(manifest)
    }
}

impl FromRow for Submission {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let fields: String = row.get("fields")?;
        Ok(Self {
            version: row.get("version")?,
            content: row.get("content")?,
            fields: read(&fields)?,
            author: row.get("author")?,
            reason: row.get("reason")?,
            at: row.get("at")?,
        })
    }
}

/// Keeps the content of a record unless the newest one is the same; its hash.
pub(super) async fn keep(
    c: &mut Conn<'_>,
    behaviour: &dyn Behaviour,
    record: &Record,
    at: HeldAt,
    brought: Brought,
) -> Result<Hash, DbError> {
    let (subject, content) = (behaviour.kind().reference(record.id), content(behaviour, record)?.hash());
    let newest: Option<(i64, Hash)> = c.maybe(NEWEST, params![subject.kind, subject.id]).await?;
    let version = match newest {
        Some((_, same)) if same == content => return Ok(content),
        Some((version, _)) => version + 1,
        None => 1,
    };
    let values = behaviour.proposed(record);
    let fields = behaviour.kind().content();
    let fields = fields.filter_map(|field| Some((field.name.to_owned(), values.get(field.name)?.json())));
    let (fields, reason) = (Json::Object(fields.collect()).to_string(), brought.reason(version == 1));
    let author = at.by.in_the_name_of();
    c.exec(KEEP, params![subject.kind, subject.id, version, content, fields, author, reason, at.at]).await?;
    Ok(content)
}

/// What was handed in or decided on as that content, by field; nothing where it never was.
pub async fn submitted(c: &mut Conn<'_>, subject: &Ref, content: Hash) -> Result<Option<Map<String, Json>>, DbError> {
    let found: Option<(String,)> = c.maybe(KEPT, params![subject.kind, subject.id, content]).await?;
    found.map(|(fields,)| read(&fields)).transpose()
}

/// Every content that was handed in or decided on, the oldest first.
pub async fn submissions(c: &mut Conn<'_>, subject: &Ref) -> Result<Vec<Submission>, DbError> {
    c.all(OF, params![subject.kind, subject.id]).await
}

/// Contents of all records in the order of their numbers, those after one.
pub(super) async fn page(
    c: &mut Conn<'_>,
    after: Option<&(Ref, i64)>,
    limit: i64,
) -> Result<Vec<(Ref, Submission)>, DbError> {
    let rows: Vec<OfRecord> = match after {
        None => c.all(FIRST, params![limit]).await?,
        Some((record, version)) => c.all(AFTER, params![record.kind, record.id, version, limit]).await?,
    };
    Ok(rows.into_iter().map(|OfRecord(record, kept)| (record, kept)).collect())
}

/// A content with its record.
struct OfRecord(Ref, Submission);

impl FromRow for OfRecord {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let kind: Kind = row.get("kind")?;
        Ok(Self(kind.reference(row.get("id")?), Submission::from_row(row)?))
    }
}

fn read(fields: &str) -> Result<Map<String, Json>, DbError> {
    serde_json::from_str(fields).map_err(|error| DbError::Check(error.to_string()))
}
