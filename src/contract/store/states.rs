//! A contract's way through its states, with its number and its versions counted.

use crate::contract::{CONTRACT, Move, State};
use crate::db::{AuditEntry, Conn, DbError, record};
use crate::kernel::{Actor, CaseId, ContractId, Date, Timestamp};
use crate::params;

const NUMBER: &str = "UPDATE contract SET number = $1 WHERE id = $2 AND number IS NULL";
const NEXT_VERSION: &str = "
    UPDATE contract SET last_version = last_version + 1 WHERE id = $1 AND NOT EXISTS (
        SELECT 1 FROM contract_version AS v
        WHERE v.contract = contract.id AND v.no = contract.last_version AND v.content_hash = contract.content_hash)";
const MOVE: &str = "
    UPDATE contract SET state = $1, updated_at = $2, version = version + 1 WHERE id = $3 AND state = $4";
const IN_CASE: &str = "UPDATE contract SET approval_case = $1 WHERE id = $2";
const APPROVED: &str = "UPDATE contract SET approved_version = last_version WHERE id = $1";
const NOT_APPROVED: &str = "UPDATE contract SET approved_version = NULL WHERE id = $1";

const END: &str = "UPDATE contract SET end_reason = $1, ended_on = $2 WHERE id = $3";

pub(super) const STATEMENTS: &[&str] = &[NUMBER, NEXT_VERSION, MOVE, IN_CASE, APPROVED, NOT_APPROVED, END];

/// Gives it its number; it keeps the one that it has.
pub(in crate::contract) async fn give_number(c: &mut Conn<'_>, id: ContractId, number: &str) -> Result<(), DbError> {
    c.exec(NUMBER, params![number, id]).await.map(drop)
}

/// Counts a version further unless the newest one has the same content; whether it did.
pub(in crate::contract) async fn next_version(c: &mut Conn<'_>, id: ContractId) -> Result<bool, DbError> {
    Ok(c.exec(NEXT_VERSION, params![id]).await? == 1)
}

/// Moves it on from where it stood when it was read, with a line in the log; whether it was still there.
pub(in crate::contract) async fn go(
    c: &mut Conn<'_>,
    (id, from): (ContractId, State),
    (by, to): (Move, State),
    actor: Actor,
    at: Timestamp,
) -> Result<bool, DbError> {
    if c.exec(MOVE, params![to, at, id, from]).await? != 1 {
        return Ok(false);
    }
    let (old, new) = (Some(serde_json::json!({ "state": from })), Some(serde_json::json!({ "state": to })));
    let subject = CONTRACT.reference(id.get());
    record(c, &AuditEntry { at, actor, subject: subject.clone(), action: by.action(), old, new }).await?;
    if to == State::Void {
        crate::contract::fulfilment::given_up(c, &subject, at).await?;
    }
    c.notify("contracts");
    Ok(true)
}

pub(in crate::contract) async fn set_case(c: &mut Conn<'_>, id: ContractId, case: CaseId) -> Result<(), DbError> {
    c.exec(IN_CASE, params![case, id]).await.map(drop)
}

/// Remembers that the newest version is the approved one, or that none is.
pub(in crate::contract) async fn set_approved(c: &mut Conn<'_>, id: ContractId, approved: bool) -> Result<(), DbError> {
    c.exec(if approved { APPROVED } else { NOT_APPROVED }, params![id]).await.map(drop)
}

/// Writes down why and when it ended; the move beside it says how.
pub(in crate::contract) async fn end(c: &mut Conn<'_>, id: ContractId, reason: &str, on: Date) -> Result<(), DbError> {
    c.exec(END, params![reason, on, id]).await.map(drop)
}
