//! Changes of contracts.

use crate::contract::fulfilment::change::ChangeRow;
use crate::contract::fulfilment::{CONTRACT_CHANGE, ChangeFilter, ChangeId, ChangeKind, ContractChange, Terms};
use crate::contract::{Move, State};
use crate::db::{AuditEntry, Conn, Count, Cursor, DbError, FromRow, Key, Page, Query, Row, Sort, record};
use crate::kernel::{Actor, CaseId, ContractId, Date, Timestamp};
use crate::org::Scope;
use crate::params;

const COLUMNS: &str = "g.id, g.contract, g.kind, g.number, g.title, g.content, g.manifest, g.content_hash, \
    g.approval_amount, g.state, g.replaced, g.signed_on, g.effective_on, g.approval_case, g.drafter, g.created_at, \
    g.updated_at, g.version, k.number AS parent_number, k.other_party";
const ADD: &str = "
    INSERT INTO contract_change (contract, kind, title, content, manifest, content_hash, approval_amount, state, drafter,
        created_at, updated_at, version)
    VALUES ($1, $2, $3, $4, $5, $6, $7, 'draft', $8, $9, $9, 1) RETURNING id";
const SAVE: &str = "
    UPDATE contract_change SET content = $1, manifest = $2, content_hash = $3, approval_amount = $4, updated_at = $5,
        version = version + 1
    WHERE id = $6 AND version = $7 AND state = 'draft'";
const FIND: &str = "SELECT * FROM contract_change WHERE id = $1";
const VERSION: &str = "SELECT version FROM contract_change WHERE id = $1";
const OF: &str = "SELECT * FROM contract_change WHERE contract = $1 ORDER BY id";
const UNDER_WAY: &str = "
    SELECT * FROM contract_change
    WHERE contract = $1 AND state IN ('in_approval', 'approved', 'sealing', 'waiting', 'signed') ORDER BY id LIMIT 1";
const IN_FORCE: &str = "
    SELECT * FROM contract_change WHERE contract = $1 AND state = 'in_force' ORDER BY updated_at, id";
const MOVE: &str = "
    UPDATE contract_change SET state = $1, updated_at = $2, version = version + 1 WHERE id = $3 AND state = $4";
const NUMBER: &str = "UPDATE contract_change SET number = $1 WHERE id = $2 AND number IS NULL";
const IN_CASE: &str = "UPDATE contract_change SET approval_case = $1 WHERE id = $2";
const SIGNED: &str = "UPDATE contract_change SET signed_on = $1, effective_on = $2 WHERE id = $3";
const REPLACED: &str = "UPDATE contract_change SET replaced = $1 WHERE id = $2";

pub(super) const STATEMENTS: &[&str] =
    &[ADD, SAVE, FIND, VERSION, OF, UNDER_WAY, IN_FORCE, MOVE, NUMBER, IN_CASE, SIGNED, REPLACED];

const SORTS: &[Sort] = &[Sort { name: "newest", keys: &[Key::falling("g.updated_at"), Key::falling("g.id")] }];

impl FromRow for ContractChange {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let kind: String = row.get("kind")?;
        Ok(Self {
            id: row.get("id")?,
            contract: row.get("contract")?,
            kind: ChangeKind::named(&kind).ok_or(DbError::Column { column: "kind".to_owned(), problem: kind })?,
            number: row.get("number")?,
            title: row.get("title")?,
            content: row.json("content")?,
            manifest: row.get("manifest")?,
            content_hash: row.get("content_hash")?,
            approval_amount: row.get("approval_amount")?,
            state: row.get("state")?,
            replaced: row.json("replaced")?,
            signed_on: row.get("signed_on")?,
            effective_on: row.get("effective_on")?,
            case: row.get("approval_case")?,
            drafter: row.get("drafter")?,
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
            version: row.get("version")?,
        })
    }
}

impl FromRow for ChangeRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let parent_number: Option<String> = row.get("parent_number")?;
        Ok(Self {
            change: ContractChange::from_row(row)?,
            parent_number: parent_number.unwrap_or_default(),
            other_party: row.get("other_party")?,
        })
    }
}

fn json<T: serde::Serialize>(value: &T) -> Result<String, DbError> {
    serde_json::to_string(value).map_err(|error| DbError::Check(error.to_string()))
}

/// Adds a draft; its id, its number and where it stands are not read.
pub(in crate::contract::fulfilment) async fn add(
    c: &mut Conn<'_>,
    change: &ContractChange,
) -> Result<ChangeId, DbError> {
    let it = change;
    let values = params![
        it.contract,
        it.kind.name(),
        it.title,
        json(&it.content)?,
        it.manifest,
        it.content_hash,
        it.approval_amount,
        it.drafter,
        it.created_at
    ];
    let (id,) = c.one(ADD, values).await?;
    Ok(id)
}

/// Stores the content over the draft as it was read; whether it was still like that.
pub(in crate::contract::fulfilment) async fn save(
    c: &mut Conn<'_>,
    change: &ContractChange,
    at: Timestamp,
) -> Result<bool, DbError> {
    let it = change;
    let content = json(&it.content)?;
    let values = params![content, it.manifest, it.content_hash, it.approval_amount, at, it.id, it.version];
    Ok(c.exec(SAVE, values).await? == 1)
}

pub(in crate::contract::fulfilment) async fn find(
    c: &mut Conn<'_>,
    id: ChangeId,
) -> Result<Option<ContractChange>, DbError> {
    c.maybe(FIND, params![id]).await
}

pub(in crate::contract::fulfilment) async fn version(c: &mut Conn<'_>, id: ChangeId) -> Result<Option<i64>, DbError> {
    let found: Option<(i64,)> = c.maybe(VERSION, params![id]).await?;
    Ok(found.map(|(version,)| version))
}

/// All of a contract, the first first.
pub(in crate::contract) async fn of(c: &mut Conn<'_>, contract: ContractId) -> Result<Vec<ContractChange>, DbError> {
    c.all(OF, params![contract]).await
}

/// The one that is between its submission and its effect.
pub(in crate::contract::fulfilment) async fn under_way(
    c: &mut Conn<'_>,
    contract: ContractId,
) -> Result<Option<ContractChange>, DbError> {
    c.maybe(UNDER_WAY, params![contract]).await
}

/// Those in force, in the order in which they were applied.
pub(in crate::contract::fulfilment) async fn in_force(
    c: &mut Conn<'_>,
    contract: ContractId,
) -> Result<Vec<ContractChange>, DbError> {
    c.all(IN_FORCE, params![contract]).await
}

/// Moves it on from where it stood, with a line in the log; whether it was still there.
pub(in crate::contract::fulfilment) async fn go(
    c: &mut Conn<'_>,
    (id, from): (ChangeId, State),
    (by, to): (Move, State),
    actor: Actor,
    at: Timestamp,
) -> Result<bool, DbError> {
    if c.exec(MOVE, params![to, at, id, from]).await? != 1 {
        return Ok(false);
    }
    let (old, new) = (Some(serde_json::json!({ "state": from })), Some(serde_json::json!({ "state": to })));
    let subject = CONTRACT_CHANGE.reference(id.get());
    record(c, &AuditEntry { at, actor, subject, action: by.action(), old, new }).await?;
    c.notify("contracts");
    Ok(true)
}

/// Gives it its number; it keeps the one that it has.
pub(in crate::contract::fulfilment) async fn give_number(
    c: &mut Conn<'_>,
    id: ChangeId,
    number: &str,
) -> Result<(), DbError> {
    c.exec(NUMBER, params![number, id]).await.map(drop)
}

pub(in crate::contract::fulfilment) async fn set_case(
    c: &mut Conn<'_>,
    id: ChangeId,
    case: CaseId,
) -> Result<(), DbError> {
    c.exec(IN_CASE, params![case, id]).await.map(drop)
}

pub(in crate::contract::fulfilment) async fn signed(
    c: &mut Conn<'_>,
    id: ChangeId,
    on: Date,
    effective: Date,
) -> Result<(), DbError> {
    c.exec(SIGNED, params![on, effective, id]).await.map(drop)
}

/// Remembers the terms that it replaced.
pub(in crate::contract::fulfilment) async fn replaced(
    c: &mut Conn<'_>,
    id: ChangeId,
    terms: &Terms,
) -> Result<(), DbError> {
    c.exec(REPLACED, params![json(terms)?, id]).await.map(drop)
}

/// A page of them, the latest first, as far as the scope of contracts reaches.
pub(in crate::contract::fulfilment) async fn page(
    c: &mut Conn<'_>,
    scope: &Scope,
    filter: &ChangeFilter,
    after: Option<&Cursor>,
) -> Result<(Page<ChangeRow>, Count), DbError> {
    let list = list(scope, filter);
    Ok((list.page(c, 50, after).await?, list.count(c, 10_000).await?))
}

/// Those that were changed last, by a number, the title or the other party.
pub(in crate::contract::fulfilment) async fn newest(
    c: &mut Conn<'_>,
    scope: &Scope,
    text: &str,
    limit: u32,
) -> Result<Vec<ChangeRow>, DbError> {
    let filter = ChangeFilter { text: text.to_owned(), ..ChangeFilter::default() };
    Ok(list(scope, &filter).page(c, limit, None).await?.rows)
}

fn list(scope: &Scope, filter: &ChangeFilter) -> Query {
    let mut list = Query::new(COLUMNS, "contract_change AS g JOIN contract AS k ON k.id = g.contract");
    scope.narrow(&mut list, "k.owner", "k.department");
    if let Some(contract) = filter.contract {
        list.filter("g.contract = ?", params![contract]);
    }
    if filter.open {
        list.filter("g.state NOT IN ('in_force', 'void')", params![]);
    }
    let text = filter.text.trim();
    if !text.is_empty() {
        let pattern = format!("%{text}%");
        list.filter(
            "k.number LIKE ? OR g.number LIKE ? OR k.other_party LIKE ? OR g.title LIKE ?",
            params![pattern, pattern, pattern, pattern],
        );
    }
    list.sort(SORTS, "newest");
    list
}
