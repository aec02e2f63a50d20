//! Files that came after approval.

use crate::contract::fulfilment::{Deed, Paper, PaperId, Purpose};
use crate::db::{Conn, DbError, FromRow, Row};
use crate::files::StoredFile;
use crate::kernel::{ContractId, Ref, Timestamp, UserId};
use crate::params;

const ADD: &str = "
    INSERT INTO contract_paper (contract, subject_kind, subject_id, purpose, hash, name, media_type, added_by, added_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id";
const FIND: &str = "
    SELECT id, contract, subject_kind, subject_id, purpose, hash, name, media_type, added_by, added_at
    FROM contract_paper WHERE id = $1";
const OF: &str = "
    SELECT id, contract, subject_kind, subject_id, purpose, hash, name, media_type, added_by, added_at
    FROM contract_paper WHERE contract = $1 ORDER BY id";

pub(super) const STATEMENTS: &[&str] = &[ADD, FIND, OF];

impl FromRow for Paper {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let purpose: String = row.get("purpose")?;
        Ok(Self {
            id: row.get("id")?,
            contract: row.get("contract")?,
            subject: Ref { kind: row.get("subject_kind")?, id: row.get("subject_id")? },
            purpose: Purpose::named(&purpose)
                .ok_or(DbError::Column { column: "purpose".to_owned(), problem: purpose })?,
            hash: row.get("hash")?,
            name: row.get("name")?,
            media_type: row.get("media_type")?,
            added_by: row.get("added_by")?,
            added_at: row.get("added_at")?,
        })
    }
}

pub(in crate::contract::fulfilment) async fn add(
    c: &mut Conn<'_>,
    deed: &Deed,
    purpose: Purpose,
    file: &StoredFile,
    (by, at): (UserId, Timestamp),
) -> Result<PaperId, DbError> {
    let (kind, id) = (&deed.subject.kind, deed.subject.id);
    let values = params![deed.contract, kind, id, purpose.name(), file.hash, file.name, file.media_type, by, at];
    let (id,) = c.one(ADD, values).await?;
    Ok(id)
}

pub(in crate::contract::fulfilment) async fn find(c: &mut Conn<'_>, id: PaperId) -> Result<Option<Paper>, DbError> {
    c.maybe(FIND, params![id]).await
}

/// All of a contract and its changes, the first first.
pub(in crate::contract::fulfilment) async fn of(c: &mut Conn<'_>, contract: ContractId) -> Result<Vec<Paper>, DbError> {
    c.all(OF, params![contract]).await
}
