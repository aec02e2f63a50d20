//! What happened to a document, and who signed it.

use crate::contract::fulfilment::{Capacity, PaperId, PartySigning, RecordedEvent, Signature};
use crate::contract::template::plan::EVENTS;
use crate::db::{Conn, DbError, FromRow, Row};
use crate::kernel::{ContractId, Date, Ref, Timestamp, UserId};
use crate::params;

const PUT: &str = "
    INSERT INTO contract_event (subject_kind, subject_id, name, happened_on, paper, copies, note, recorded_by, recorded_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT (subject_kind, subject_id, name) DO UPDATE SET happened_on = excluded.happened_on,
        paper = COALESCE(excluded.paper, contract_event.paper), note = excluded.note,
        recorded_by = excluded.recorded_by, recorded_at = excluded.recorded_at";
const OF: &str = "
    SELECT name, happened_on, paper, copies, note, recorded_by, recorded_at FROM contract_event
    WHERE subject_kind = $1 AND subject_id = $2 ORDER BY happened_on, recorded_at, name";
const SIGN: &str = "
    INSERT INTO contract_signature (subject_kind, subject_id, party, party_name, signatory, capacity, authorisation,
        signed_on, recorded_by, recorded_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
const SIGNATURES: &str = "
    SELECT party, party_name, signatory, capacity, authorisation, signed_on FROM contract_signature
    WHERE subject_kind = $1 AND subject_id = $2 ORDER BY id";
const SET_START: &str = "
    INSERT INTO contract_plan_start (contract, event) VALUES ($1, $2)
    ON CONFLICT (contract) DO UPDATE SET event = excluded.event";
const START: &str = "SELECT event FROM contract_plan_start WHERE contract = $1";

pub(super) const STATEMENTS: &[&str] = &[PUT, OF, SIGN, SIGNATURES, SET_START, START];

impl FromRow for RecordedEvent {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            name: row.get("name")?,
            on: row.get("happened_on")?,
            paper: row.get("paper")?,
            copies: row.get("copies")?,
            note: row.get("note")?,
            recorded_by: row.get("recorded_by")?,
            recorded_at: row.get("recorded_at")?,
        })
    }
}

impl FromRow for Signature {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let capacity: String = row.get("capacity")?;
        Ok(Self {
            party: row.get("party")?,
            party_name: row.get("party_name")?,
            signatory: row.get("signatory")?,
            capacity: Capacity::named(&capacity)
                .ok_or(DbError::Column { column: "capacity".to_owned(), problem: capacity })?,
            authorisation: row.get("authorisation")?,
            signed_on: row.get("signed_on")?,
        })
    }
}

/// An event as it is stored.
pub(in crate::contract::fulfilment) struct EventEntry<'a> {
    pub(in crate::contract::fulfilment) name: &'a str,
    pub(in crate::contract::fulfilment) on: Date,
    pub(in crate::contract::fulfilment) paper: Option<PaperId>,
    pub(in crate::contract::fulfilment) copies: Option<u32>,
    pub(in crate::contract::fulfilment) note: &'a str,
}

/// Writes it down; the same event again corrects its date.
pub(in crate::contract::fulfilment) async fn put(
    c: &mut Conn<'_>,
    subject: &Ref,
    entry: &EventEntry<'_>,
    (by, at): (Option<UserId>, Timestamp),
) -> Result<(), DbError> {
    let EventEntry { name, on, paper, copies, note } = entry;
    let values = params![subject.kind, subject.id, *name, on, paper, copies, *note, by, at];
    c.exec(PUT, values).await.map(drop)
}

pub(in crate::contract::fulfilment) async fn of(
    c: &mut Conn<'_>,
    subject: &Ref,
) -> Result<Vec<RecordedEvent>, DbError> {
    let mut events: Vec<RecordedEvent> = c.all(OF, params![subject.kind, subject.id]).await?;
    // Of one moment they stand in the order of a contract's life.
    let place = |name: &str| EVENTS.iter().position(|known| *known == name);
    events.sort_by_key(|event| (event.on, event.recorded_at, place(&event.name)));
    Ok(events)
}

pub(in crate::contract::fulfilment) async fn sign(
    c: &mut Conn<'_>,
    subject: &Ref,
    (name, signing): (&str, &PartySigning),
    (by, at): (Option<UserId>, Timestamp),
) -> Result<(), DbError> {
    let PartySigning { party, signatory, capacity, authorisation, signed_on } = signing;
    let signatory = signatory.trim();
    let (kind, id) = (&subject.kind, subject.id);
    let values = params![kind, id, party, name, signatory, capacity.name(), authorisation, signed_on, by, at];
    c.exec(SIGN, values).await.map(drop)
}

pub(in crate::contract::fulfilment) async fn signatures(
    c: &mut Conn<'_>,
    subject: &Ref,
) -> Result<Vec<Signature>, DbError> {
    c.all(SIGNATURES, params![subject.kind, subject.id]).await
}

/// Names another event than the signing for the start of the payment plan.
pub(in crate::contract::fulfilment) async fn set_start(
    c: &mut Conn<'_>,
    contract: ContractId,
    event: &str,
) -> Result<(), DbError> {
    c.exec(SET_START, params![contract, event]).await.map(drop)
}

/// The event at which the plan starts.
pub(in crate::contract::fulfilment) async fn start(c: &mut Conn<'_>, contract: ContractId) -> Result<String, DbError> {
    let found: Option<(String,)> = c.maybe(START, params![contract]).await?;
    Ok(found.map_or_else(|| "signed".to_owned(), |(event,)| event))
}
