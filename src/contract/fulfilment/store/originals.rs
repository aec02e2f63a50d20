//! Originals that are expected back.

use crate::contract::fulfilment::{Deed, Original, OriginalFilter, OriginalId};
use crate::db::{Conn, Count, Cursor, DbError, FromRow, Key, Page, Query, Row, Sort};
use crate::kernel::{Date, Ref, Timestamp, UserId};
use crate::org::Scope;
use crate::params;

macro_rules! columns {
    () => {
        "o.id, o.subject_kind, o.subject_id, o.contract, o.due_on, o.back_on, o.copies, o.recorded_by, o.version, \
         k.other_party, k.owner, COALESCE(g.number, k.number) AS number, COALESCE(g.title, k.title) AS title"
    };
}

macro_rules! from {
    () => {
        "contract_original AS o JOIN contract AS k ON k.id = o.contract \
         LEFT JOIN contract_change AS g ON o.subject_kind = 'contract_change' AND g.id = o.subject_id"
    };
}

const ADD: &str = "
    INSERT INTO contract_original (subject_kind, subject_id, contract, due_on, version) VALUES ($1, $2, $3, $4, 1)
    ON CONFLICT (subject_kind, subject_id) DO NOTHING RETURNING id";
const FIND: &str = concat!("SELECT ", columns!(), " FROM ", from!(), " WHERE o.id = $1");
const OF: &str = concat!("SELECT ", columns!(), " FROM ", from!(), " WHERE o.contract = $1 ORDER BY o.id");
const BACK: &str = "
    UPDATE contract_original SET back_on = $1, copies = $2, recorded_by = $3, recorded_at = $4, version = version + 1
    WHERE id = $5 AND back_on IS NULL";

pub(super) const STATEMENTS: &[&str] = &[ADD, FIND, OF, BACK];

const SORTS: &[Sort] = &[Sort { name: "due", keys: &[Key::rising("o.due_on"), Key::rising("o.id")] }];

impl FromRow for Original {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            subject: Ref { kind: row.get("subject_kind")?, id: row.get("subject_id")? },
            contract: row.get("contract")?,
            number: row.get::<Option<String>>("number")?.unwrap_or_default(),
            title: row.get("title")?,
            other_party: row.get("other_party")?,
            owner: row.get("owner")?,
            due_on: row.get("due_on")?,
            back_on: row.get("back_on")?,
            copies: row.get("copies")?,
            recorded_by: row.get("recorded_by")?,
            version: row.get("version")?,
        })
    }
}

/// `None`: it is expected already.
pub(in crate::contract::fulfilment) async fn add(
    c: &mut Conn<'_>,
    deed: &Deed,
    due: Date,
) -> Result<Option<OriginalId>, DbError> {
    let values = params![deed.subject.kind, deed.subject.id, deed.contract, due];
    let made: Option<(OriginalId,)> = c.maybe(ADD, values).await?;
    Ok(made.map(|(id,)| id))
}

pub(in crate::contract::fulfilment) async fn find(
    c: &mut Conn<'_>,
    id: OriginalId,
) -> Result<Option<Original>, DbError> {
    c.maybe(FIND, params![id]).await
}

/// Those of a contract and its changes.
pub(in crate::contract::fulfilment) async fn of(
    c: &mut Conn<'_>,
    contract: crate::kernel::ContractId,
) -> Result<Vec<Original>, DbError> {
    c.all(OF, params![contract]).await
}

/// Whether it was still out.
pub(in crate::contract::fulfilment) async fn back(
    c: &mut Conn<'_>,
    id: OriginalId,
    (on, copies): (Date, u32),
    (by, at): (UserId, Timestamp),
) -> Result<bool, DbError> {
    Ok(c.exec(BACK, params![on, copies, by, at, id]).await? == 1)
}

/// A page of them, the earliest due first.
pub(in crate::contract::fulfilment) async fn page(
    c: &mut Conn<'_>,
    scope: &Scope,
    filter: &OriginalFilter,
    after: Option<&Cursor>,
) -> Result<(Page<Original>, Count), DbError> {
    let mut list = Query::new(columns!(), from!());
    scope.narrow(&mut list, "k.owner", "k.department");
    if !filter.back {
        list.filter("o.back_on IS NULL", params![]);
    }
    let text = filter.text.trim();
    if !text.is_empty() {
        let pattern = format!("%{text}%");
        list.filter("k.number LIKE ? OR g.number LIKE ? OR k.other_party LIKE ?", params![pattern, pattern, pattern]);
    }
    list.sort(SORTS, "due");
    Ok((list.page(c, 50, after).await?, list.count(c, 10_000).await?))
}
