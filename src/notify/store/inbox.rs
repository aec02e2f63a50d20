//! The list of one person.

use crate::db::{Conn, Cursor, DbError, FromRow, Key, Page, Query, Row, Sort};
use crate::kernel::{Kind, Ref, Timestamp, UserId};
use crate::notify::{MessageId, ShownMessage};
use crate::params;

const PATH: &str = "SELECT path FROM message WHERE id = $1 AND person = $2 AND out_at IS NOT NULL";
const READ: &str =
    "UPDATE message SET read_at = $3 WHERE id = $1 AND person = $2 AND out_at IS NOT NULL AND read_at IS NULL";
const READ_ALL: &str =
    "UPDATE message SET read_at = $2 WHERE person = $1 AND out_at IS NOT NULL AND read_at IS NULL AND id <= $3";

pub(super) const STATEMENTS: &[&str] = &[PATH, READ, READ_ALL];

const SORTS: &[Sort] = &[Sort {
    name: "unread",
    keys: &[Key::rising("CASE WHEN m.read_at IS NULL THEN 0 ELSE 1 END"), Key::falling("m.id")],
}];

/// So many are counted at most.
pub(in crate::notify) const COUNTED: u32 = 100;

impl FromRow for ShownMessage {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let kind: Option<Kind> = row.get("subject_kind")?;
        let id: Option<i64> = row.get("subject_id")?;
        Ok(Self {
            id: row.get("id")?,
            kind: row.get("kind")?,
            about: kind.zip(id).map(|(kind, id)| Ref { kind, id }),
            headline: row.json("headline")?,
            lines: row.json("lines")?,
            path: row.get("path")?,
            out_at: row.get("out_at")?,
            read_at: row.get("read_at")?,
        })
    }
}

/// The list of a person's messages.
pub(in crate::notify) fn list(person: UserId, unread: bool) -> Query {
    let columns = "m.id, m.kind, m.subject_kind, m.subject_id, m.headline, m.lines, m.path, m.out_at, m.read_at";
    let mut list = Query::new(columns, "message AS m");
    list.filter("m.person = ? AND m.out_at IS NOT NULL", params![person]);
    if unread {
        list.filter("m.read_at IS NULL", params![]);
    }
    list.sort(SORTS, "unread");
    list
}

/// A page of it, and how many are unread.
pub(in crate::notify) async fn page(
    c: &mut Conn<'_>,
    person: UserId,
    unread: bool,
    size: u32,
    after: Option<&Cursor>,
) -> Result<(Page<ShownMessage>, i64), DbError> {
    let page = list(person, unread).page(c, size, after).await?;
    Ok((page, list(person, true).count(c, COUNTED).await?.counted))
}

/// Where a message of this person leads; `None`: they have no such message.
pub(in crate::notify) async fn path(
    c: &mut Conn<'_>,
    person: UserId,
    id: MessageId,
) -> Result<Option<Option<String>>, DbError> {
    let found: Option<(Option<String>,)> = c.maybe(PATH, params![id, person]).await?;
    Ok(found.map(|(path,)| path))
}

/// Marks one as read; whether it was not.
pub(in crate::notify) async fn read(
    c: &mut Conn<'_>,
    person: UserId,
    id: MessageId,
    now: Timestamp,
) -> Result<bool, DbError> {
    Ok(c.exec(READ, params![id, person, now]).await? == 1)
}

/// Marks all as read up to that one; how many.
pub(in crate::notify) async fn read_all(
    c: &mut Conn<'_>,
    person: UserId,
    until: MessageId,
    now: Timestamp,
) -> Result<u64, DbError> {
    c.exec(READ_ALL, params![person, now, until]).await
}
