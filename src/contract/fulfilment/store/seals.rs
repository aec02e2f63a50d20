//! Seal requests and the seal ledger.

use crate::contract::fulfilment::{Deed, LedgerOfSeals, PaperId, SealRequest, SealRequestId, SealState, WantedSeal};
use crate::contract::{OurEntity, Seal, SealId, SealKind};
use crate::db::{Conn, Count, Cursor, DbError, FromRow, Key, Page, Query, Row, Sort};
use crate::kernel::{ContractId, Date, EntityId, Ref, Timestamp, UserId};
use crate::org::Scope;
use crate::params;

/// The columns of a [`SealRequest`], with the document that it is for.
macro_rules! columns {
    () => {
        "r.id, r.subject_kind, r.subject_id, r.contract, r.seal, r.document_version, r.content_hash, r.copies, \
         r.across_pages, r.purpose, r.state, r.requested_by, r.requested_at, r.ledger_number, r.sealed_on, \
         r.sealed_by, r.photo, r.note, r.version, s.kind AS seal_kind, s.keeper, e.name AS entity_name, \
         k.other_party, COALESCE(g.number, k.number) AS number, COALESCE(g.title, k.title) AS title"
    };
}

macro_rules! from {
    () => {
        "seal_request AS r JOIN seal AS s ON s.id = r.seal JOIN our_entity AS e ON e.id = s.entity \
         JOIN contract AS k ON k.id = r.contract \
         LEFT JOIN contract_change AS g ON r.subject_kind = 'contract_change' AND g.id = r.subject_id"
    };
}

const SEAL: &str = "
    SELECT id, entity, kind, keeper, active, version FROM seal WHERE entity = $1 AND kind = $2 AND active";
const ENTITY: &str = "SELECT * FROM our_entity WHERE id = $1";
const ADD: &str = "
    INSERT INTO seal_request (subject_kind, subject_id, contract, seal, document_version, content_hash, copies,
        across_pages, purpose, state, effect, requested_by, requested_at, note, version)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'requested', $10, $11, $12, '', 1)
    ON CONFLICT DO NOTHING RETURNING id";
const COLUMNS: &str = columns!();
const FROM: &str = from!();
const FIND: &str = concat!("SELECT ", columns!(), " FROM ", from!(), " WHERE r.id = $1");
const OF: &str =
    concat!("SELECT ", columns!(), " FROM ", from!(), " WHERE r.subject_kind = $1 AND r.subject_id = $2 ORDER BY r.id");
const SEALED: &str = "
    UPDATE seal_request SET state = 'sealed', ledger_number = $1, sealed_on = $2, sealed_by = $3, ended_at = $4,
        photo = $5, note = $6, copies = $7, version = version + 1
    WHERE id = $8 AND state = 'requested'";
const CANCEL: &str = "
    UPDATE seal_request SET state = 'cancelled', ended_at = $1, note = $2, version = version + 1
    WHERE id = $3 AND state = 'requested'";
const CANCEL_OF: &str = "
    UPDATE seal_request SET state = 'cancelled', ended_at = $1, note = $2, version = version + 1
    WHERE subject_kind = $3 AND subject_id = $4 AND state = 'requested'";
const OPEN: &str = "
    SELECT CAST(count(*) AS BIGINT) FROM seal_request
    WHERE subject_kind = $1 AND subject_id = $2 AND state = 'requested'";

pub(super) const STATEMENTS: &[&str] = &[SEAL, ENTITY, ADD, FIND, OF, SEALED, CANCEL, CANCEL_OF, OPEN];

/// The ledger, the latest first; what waits, the first first.
const SORTS: &[Sort] = &[
    Sort { name: "ledger", keys: &[Key::falling("COALESCE(r.ended_at, 0)"), Key::falling("r.id")] },
    Sort { name: "waiting", keys: &[Key::rising("r.id")] },
];

impl FromRow for SealRequest {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            subject: Ref { kind: row.get("subject_kind")?, id: row.get("subject_id")? },
            contract: row.get("contract")?,
            seal: row.get("seal")?,
            seal_kind: row.get("seal_kind")?,
            keeper: row.get("keeper")?,
            entity: row.get("entity_name")?,
            number: row.get::<Option<String>>("number")?.unwrap_or_default(),
            title: row.get("title")?,
            other_party: row.get("other_party")?,
            document_version: row.get("document_version")?,
            content_hash: row.get("content_hash")?,
            copies: row.get("copies")?,
            across_pages: row.get("across_pages")?,
            purpose: row.get("purpose")?,
            state: named(row)?,
            requested_by: row.get("requested_by")?,
            requested_at: row.get("requested_at")?,
            ledger_number: row.get("ledger_number")?,
            sealed_on: row.get("sealed_on")?,
            sealed_by: row.get("sealed_by")?,
            photo: row.get("photo")?,
            note: row.get("note")?,
            version: row.get("version")?,
        })
    }
}

fn named(row: &Row<'_>) -> Result<SealState, DbError> {
    let name: String = row.get("state")?;
    SealState::named(&name).ok_or(DbError::Column { column: "state".to_owned(), problem: name })
}

/// The seal of that kind that is in use.
pub(in crate::contract::fulfilment) async fn seal(
    c: &mut Conn<'_>,
    entity: EntityId,
    kind: SealKind,
) -> Result<Option<Seal>, DbError> {
    c.maybe(SEAL, params![entity, kind]).await
}

pub(in crate::contract::fulfilment) async fn entity(
    c: &mut Conn<'_>,
    entity: EntityId,
) -> Result<Option<OurEntity>, DbError> {
    c.maybe(ENTITY, params![entity]).await
}

/// `None`: this effect asked before, or the seal is asked for already.
pub(in crate::contract::fulfilment) async fn add(
    c: &mut Conn<'_>,
    (deed, seal): (&Deed, SealId),
    wanted: &WantedSeal,
    (by, at): (Option<UserId>, Timestamp),
    effect: Option<&str>,
) -> Result<Option<SealRequestId>, DbError> {
    let effect = effect.map(str::to_owned);
    let values = params![
        deed.subject.kind,
        deed.subject.id,
        deed.contract,
        seal,
        deed.document_version,
        deed.content_hash,
        wanted.copies,
        wanted.across_pages,
        wanted.purpose,
        effect,
        by,
        at
    ];
    let made: Option<(SealRequestId,)> = c.maybe(ADD, values).await?;
    Ok(made.map(|(id,)| id))
}

pub(in crate::contract::fulfilment) async fn find(
    c: &mut Conn<'_>,
    id: SealRequestId,
) -> Result<Option<SealRequest>, DbError> {
    c.maybe(FIND, params![id]).await
}

/// All of a document, the first first.
pub(in crate::contract::fulfilment) async fn of(c: &mut Conn<'_>, subject: &Ref) -> Result<Vec<SealRequest>, DbError> {
    c.all(OF, params![subject.kind, subject.id]).await
}

/// A line of the ledger.
pub(in crate::contract::fulfilment) struct LedgerEntry<'a> {
    pub(in crate::contract::fulfilment) number: &'a str,
    pub(in crate::contract::fulfilment) on: Date,
    pub(in crate::contract::fulfilment) by: UserId,
    pub(in crate::contract::fulfilment) at: Timestamp,
    pub(in crate::contract::fulfilment) photo: Option<PaperId>,
    pub(in crate::contract::fulfilment) note: &'a str,
    pub(in crate::contract::fulfilment) copies: u32,
}

/// Whether it was still open.
pub(in crate::contract::fulfilment) async fn sealed(
    c: &mut Conn<'_>,
    id: SealRequestId,
    entry: &LedgerEntry<'_>,
) -> Result<bool, DbError> {
    let LedgerEntry { number, on, by, at, photo, note, copies } = entry;
    Ok(c.exec(SEALED, params![*number, on, by, at, photo, *note, copies, id]).await? == 1)
}

/// Whether it was still open.
pub(in crate::contract::fulfilment) async fn cancel(
    c: &mut Conn<'_>,
    id: SealRequestId,
    why: &str,
    at: Timestamp,
) -> Result<bool, DbError> {
    Ok(c.exec(CANCEL, params![at, why, id]).await? == 1)
}

/// Takes back what is open for a document that is given up.
pub(in crate::contract) async fn cancel_of(
    c: &mut Conn<'_>,
    subject: &Ref,
    why: &str,
    at: Timestamp,
) -> Result<u64, DbError> {
    c.exec(CANCEL_OF, params![at, why, subject.kind, subject.id]).await
}

/// How many seals it still waits for.
pub(in crate::contract::fulfilment) async fn open(c: &mut Conn<'_>, subject: &Ref) -> Result<i64, DbError> {
    let (count,) = c.one(OPEN, params![subject.kind, subject.id]).await?;
    Ok(count)
}

/// What waits for a keeper.
pub(in crate::contract::fulfilment) async fn waiting(
    c: &mut Conn<'_>,
    keeper: UserId,
    after: Option<&Cursor>,
) -> Result<Page<SealRequest>, DbError> {
    let mut list = Query::new(COLUMNS, FROM);
    list.filter("r.state = 'requested'", params![]);
    list.filter("s.keeper = ?", params![keeper]);
    list.sort(SORTS, "waiting");
    list.page(c, 50, after).await
}

/// A page of the seal ledger, or of what was asked for, as far as the scope reaches.
pub(in crate::contract::fulfilment) async fn page(
    c: &mut Conn<'_>,
    scope: &Scope,
    filter: &LedgerOfSeals,
    after: Option<&Cursor>,
) -> Result<(Page<SealRequest>, Count), DbError> {
    let mut list = Query::new(COLUMNS, FROM);
    scope.narrow(&mut list, "k.owner", "k.department");
    list.filter("r.state = ?", params![filter.state.name()]);
    if let Some(contract) = filter.contract {
        list.filter("r.contract = ?", params![ContractId::new(contract.get())]);
    }
    let text = filter.text.trim();
    if !text.is_empty() {
        let pattern = format!("%{text}%");
        list.filter(
            "k.number LIKE ? OR g.number LIKE ? OR k.other_party LIKE ? OR r.ledger_number LIKE ?",
            params![pattern, pattern, pattern, pattern],
        );
    }
    list.sort(SORTS, if filter.state == SealState::Requested { "waiting" } else { "ledger" });
    Ok((list.page(c, 50, after).await?, list.count(c, 10_000).await?))
}
