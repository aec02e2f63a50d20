//! A record with everything around it that belongs to reading it, for a room that does so within its own unit.

use super::kind::Kind;
use super::queries::{self, Names, picks, wanted};
use super::store::{self, Record, Titled};
use crate::db::{Conn, DbError, Page};
use crate::org::Scope;

/// A record with what belongs to reading it.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// The record.
    pub record: Record,
    /// What it hangs on.
    pub parent: Option<Record>,
    /// What the records are called that it names.
    pub names: Names,
}

/// A record with what it hangs on and what the records are called that it names, within a unit; a deleted one too.
pub async fn seen(c: &mut Conn<'_>, kind: &'static Kind, id: i64) -> Result<Option<Seen>, DbError> {
    let Some(record) = store::find(c, kind, id).await? else { return Ok(None) };
    around(c, kind, record).await.map(Some)
}

/// The same around a record as it may become.
pub async fn around(c: &mut Conn<'_>, kind: &'static Kind, record: Record) -> Result<Seen, DbError> {
    let parent = match kind.parent.and_then(|parent| Some((parent, record.values.record(parent.name)?))) {
        Some((parent, id)) => store::find(c, parent, id).await?,
        None => None,
    };
    let names = queries::names(c, wanted(kind, std::slice::from_ref(&record))).await?;
    Ok(Seen { record, parent, names })
}

/// The version of a record.
pub async fn version_of(c: &mut Conn<'_>, kind: &'static Kind, id: i64) -> Result<Option<i64>, DbError> {
    Ok(store::find(c, kind, id).await?.map(|record| record.version))
}

/// The records within a scope that have these words, those changed last first.
pub async fn newest(
    c: &mut Conn<'_>,
    scope: &Scope,
    kind: &'static Kind,
    (words, limit): (&str, u32),
) -> Result<Vec<Titled>, DbError> {
    let page: Page<Titled> = picks(scope, kind, words, None).page(c, limit, None).await?;
    Ok(page.rows)
}
