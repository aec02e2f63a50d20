//! Archive tasks and their lists.

use crate::contract::fulfilment::{ArchiveFilter, ArchiveItem, ArchiveTask, ArchiveTaskId, Archived, Deed};
use crate::db::{Conn, Count, Cursor, DbError, FromRow, Key, Page, Query, Row, Sort};
use crate::deadline::Hearer;
use crate::kernel::{ContractId, Date, Ref, Timestamp, UserId};
use crate::org::Scope;
use crate::params;

macro_rules! columns {
    () => {
        "t.id, t.subject_kind, t.subject_id, t.contract, t.claimers, t.claimed_by, t.state, t.archive_number, t.box, \
         t.shelf, t.copies, t.archived_on, t.archived_by, t.created_at, t.version, k.other_party, k.owner, \
         k.department, COALESCE(g.number, k.number) AS number, COALESCE(g.title, k.title) AS title"
    };
}

macro_rules! from {
    () => {
        "archive_task AS t JOIN contract AS k ON k.id = t.contract \
         LEFT JOIN contract_change AS g ON t.subject_kind = 'contract_change' AND g.id = t.subject_id"
    };
}

const ADD: &str = "
    INSERT INTO archive_task (subject_kind, subject_id, contract, claimers, state, box, shelf, created_at, version)
    VALUES ($1, $2, $3, $4, 'open', '', '', $5, 1)
    ON CONFLICT (subject_kind, subject_id) DO NOTHING RETURNING id";
const ADD_ITEM: &str = "INSERT INTO archive_item (task, position, label) VALUES ($1, $2, $3)";
const FIND: &str = concat!("SELECT ", columns!(), " FROM ", from!(), " WHERE t.id = $1");
const OF_SUBJECT: &str =
    concat!("SELECT ", columns!(), " FROM ", from!(), " WHERE t.subject_kind = $1 AND t.subject_id = $2");
const OF: &str = concat!("SELECT ", columns!(), " FROM ", from!(), " WHERE t.contract = $1 ORDER BY t.id");
const OPEN: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM ",
    from!(),
    " WHERE t.state = 'open' AND (t.claimed_by IS NULL OR t.claimed_by = $1) ORDER BY t.id LIMIT 500"
);
const ITEMS: &str =
    "SELECT position, label, checked_by, checked_at FROM archive_item WHERE task = $1 ORDER BY position";
const CLAIM: &str = "
    UPDATE archive_task SET claimed_by = $1, version = version + 1 WHERE id = $2 AND state = 'open' AND version = $3";
const CHECK: &str = "
    UPDATE archive_item SET checked_by = $1, checked_at = $2 WHERE task = $3 AND position = $4
        AND EXISTS (SELECT 1 FROM archive_task WHERE id = $3 AND state = 'open' AND version = $5)";
const ARCHIVE: &str = "
    UPDATE archive_task SET state = 'archived', archive_number = $1, box = $2, shelf = $3, copies = $4,
        archived_on = $5, archived_by = $6, version = version + 1
    WHERE id = $7 AND state = 'open' AND version = $8";

pub(super) const STATEMENTS: &[&str] = &[ADD, ADD_ITEM, FIND, OF_SUBJECT, OF, OPEN, ITEMS, CLAIM, CHECK, ARCHIVE];

const SORTS: &[Sort] = &[
    Sort { name: "newest", keys: &[Key::falling("t.id")] },
    Sort { name: "archived", keys: &[Key::falling("COALESCE(t.archived_on, '')"), Key::falling("t.id")] },
];

impl FromRow for ArchiveTask {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let state: String = row.get("state")?;
        Ok(Self {
            id: row.get("id")?,
            subject: Ref { kind: row.get("subject_kind")?, id: row.get("subject_id")? },
            contract: row.get("contract")?,
            number: row.get::<Option<String>>("number")?.unwrap_or_default(),
            title: row.get("title")?,
            other_party: row.get("other_party")?,
            owner: row.get("owner")?,
            department: row.get("department")?,
            claimers: row.json("claimers")?,
            claimed_by: row.get("claimed_by")?,
            archived: state == "archived",
            archive_number: row.get("archive_number")?,
            box_name: row.get("box")?,
            shelf: row.get("shelf")?,
            copies: row.get("copies")?,
            archived_on: row.get("archived_on")?,
            archived_by: row.get("archived_by")?,
            created_at: row.get("created_at")?,
            version: row.get("version")?,
            items: Vec::new(),
        })
    }
}

impl FromRow for ArchiveItem {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            position: row.get("position")?,
            label: row.get("label")?,
            checked_by: row.get("checked_by")?,
            checked_at: row.get("checked_at")?,
        })
    }
}

/// `None`: the document has its task already.
pub(in crate::contract::fulfilment) async fn add(
    c: &mut Conn<'_>,
    deed: &Deed,
    claimers: &[Hearer],
    list: &[String],
    at: Timestamp,
) -> Result<Option<ArchiveTaskId>, DbError> {
    let claimers = serde_json::to_string(claimers).map_err(|error| DbError::Check(error.to_string()))?;
    let values = params![deed.subject.kind, deed.subject.id, deed.contract, claimers, at];
    let Some((id,)) = c.maybe::<(ArchiveTaskId,)>(ADD, values).await? else { return Ok(None) };
    for (position, label) in (1_i64..).zip(list) {
        c.exec(ADD_ITEM, params![id, position, label]).await?;
    }
    Ok(Some(id))
}

pub(in crate::contract::fulfilment) async fn find(
    c: &mut Conn<'_>,
    id: ArchiveTaskId,
) -> Result<Option<ArchiveTask>, DbError> {
    let Some(mut task) = c.maybe::<ArchiveTask>(FIND, params![id]).await? else { return Ok(None) };
    task.items = c.all(ITEMS, params![id]).await?;
    Ok(Some(task))
}

/// The task of a document, without its list.
pub(in crate::contract::fulfilment) async fn of_subject(
    c: &mut Conn<'_>,
    subject: &Ref,
) -> Result<Option<ArchiveTask>, DbError> {
    c.maybe(OF_SUBJECT, params![subject.kind, subject.id]).await
}

/// Those of a contract and its changes, without their lists.
pub(in crate::contract::fulfilment) async fn of(
    c: &mut Conn<'_>,
    contract: ContractId,
) -> Result<Vec<ArchiveTask>, DbError> {
    c.all(OF, params![contract]).await
}

/// Open ones that nobody else has; whose they may be is decided by their claimers.
pub(in crate::contract::fulfilment) async fn open(c: &mut Conn<'_>, user: UserId) -> Result<Vec<ArchiveTask>, DbError> {
    c.all(OPEN, params![user]).await
}

/// Whether it was still as it was read.
pub(in crate::contract::fulfilment) async fn claim(
    c: &mut Conn<'_>,
    task: &ArchiveTask,
    by: Option<UserId>,
) -> Result<bool, DbError> {
    Ok(c.exec(CLAIM, params![by, task.id, task.version]).await? == 1)
}

/// Whether the task was still as it was read.
pub(in crate::contract::fulfilment) async fn check(
    c: &mut Conn<'_>,
    task: &ArchiveTask,
    position: i64,
    checked: Option<(UserId, Timestamp)>,
) -> Result<bool, DbError> {
    let (by, at) = checked.unzip();
    Ok(c.exec(CHECK, params![by, at, task.id, position, task.version]).await? == 1)
}

/// Whether it was still as it was read.
pub(in crate::contract::fulfilment) async fn archive(
    c: &mut Conn<'_>,
    task: &ArchiveTask,
    (number, archived): (&str, &Archived),
    (by, on): (UserId, Date),
) -> Result<bool, DbError> {
    let Archived { box_name, shelf, copies, .. } = archived;
    let values = params![number, box_name.trim(), shelf.trim(), copies, on, by, task.id, task.version];
    Ok(c.exec(ARCHIVE, values).await? == 1)
}

/// A page of the archive, as far as the scope reaches.
pub(in crate::contract::fulfilment) async fn page(
    c: &mut Conn<'_>,
    scope: &Scope,
    filter: &ArchiveFilter,
    after: Option<&Cursor>,
) -> Result<(Page<ArchiveTask>, Count), DbError> {
    let mut list = Query::new(columns!(), from!());
    scope.narrow(&mut list, "k.owner", "k.department");
    list.filter("t.state = ?", params![if filter.archived { "archived" } else { "open" }]);
    let text = filter.text.trim();
    if !text.is_empty() {
        let pattern = format!("%{text}%");
        list.filter(
            "k.number LIKE ? OR g.number LIKE ? OR k.other_party LIKE ? OR t.archive_number LIKE ?",
            params![pattern, pattern, pattern, pattern],
        );
    }
    list.sort(SORTS, if filter.archived { "archived" } else { "newest" });
    Ok((list.page(c, 50, after).await?, list.count(c, 10_000).await?))
}
