//! Our entities and their seals.

use crate::contract::{EntityFields, OurEntity, Seal, SealFields, SealId, SealKind};
use crate::db::{Cell, Conn, DbError, FromColumn, FromRow, Row, ToValue, Value};
use crate::kernel::{EntityId, Timestamp};
use crate::params;

const ADD: &str = "
    INSERT INTO our_entity (code, name, credit_code, address, legal_representative, contact, phone, email, bank,
        bank_account, department, active, version, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, TRUE, 1, $12, $12) RETURNING id";
const CHANGE: &str = "
    UPDATE our_entity SET code = $1, name = $2, credit_code = $3, address = $4, legal_representative = $5, contact = $6,
        phone = $7, email = $8, bank = $9, bank_account = $10, department = $11, active = $12, updated_at = $13,
        version = version + 1
    WHERE id = $14 AND version = $15";
const ALL: &str = "SELECT * FROM our_entity ORDER BY id";
const FIND: &str = "SELECT * FROM our_entity WHERE id = $1";
const ADD_SEAL: &str = "
    INSERT INTO seal (entity, kind, keeper, active, version, created_at, updated_at)
    VALUES ($1, $2, $3, $4, 1, $5, $5) RETURNING id";
const CHANGE_SEAL: &str = "
    UPDATE seal SET keeper = $1, active = $2, updated_at = $3, version = version + 1 WHERE id = $4 AND version = $5";
const SEALS: &str = "SELECT id, entity, kind, keeper, active, version FROM seal ORDER BY entity, id";

pub(super) const STATEMENTS: &[&str] = &[ADD, CHANGE, ALL, FIND, ADD_SEAL, CHANGE_SEAL, SEALS];

impl FromRow for OurEntity {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let fields = EntityFields {
            code: row.get("code")?,
            name: row.get("name")?,
            credit_code: row.get("credit_code")?,
            address: row.get("address")?,
            legal_representative: row.get("legal_representative")?,
            contact: row.get("contact")?,
            phone: row.get("phone")?,
            email: row.get("email")?,
            bank: row.get("bank")?,
            bank_account: row.get("bank_account")?,
            department: row.get("department")?,
        };
        Ok(Self { id: row.get("id")?, fields, active: row.get("active")?, version: row.get("version")? })
    }
}

impl FromColumn for SealKind {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        let name = String::from_cell(cell)?;
        Self::named(&name).ok_or_else(|| format!("{name:?} is no kind of seal"))
    }
}

impl ToValue for SealKind {
    const NULL: Value = Value::Text(None);

    fn to_value(&self) -> Value {
        Value::Text(Some(self.name().to_owned()))
    }
}

impl FromRow for Seal {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            entity: row.get("entity")?,
            kind: row.get("kind")?,
            keeper: row.get("keeper")?,
            active: row.get("active")?,
            version: row.get("version")?,
        })
    }
}

/// The columns that both statements take first, in their order.
fn columns(fields: &EntityFields) -> Vec<Value> {
    let f = fields;
    params![
        f.code,
        f.name,
        f.credit_code,
        f.address,
        f.legal_representative,
        f.contact,
        f.phone,
        f.email,
        f.bank,
        f.bank_account,
        f.department
    ]
    .to_vec()
}

pub(in crate::contract) async fn add(
    c: &mut Conn<'_>,
    fields: &EntityFields,
    at: Timestamp,
) -> Result<EntityId, DbError> {
    let values = [columns(fields), params![at].to_vec()].concat();
    let (id,) = c.one(ADD, &values).await?;
    Ok(id)
}

/// Whether it was still at that version.
pub(in crate::contract) async fn change(c: &mut Conn<'_>, one: &OurEntity, at: Timestamp) -> Result<bool, DbError> {
    let values = [columns(&one.fields), params![one.active, at, one.id, one.version].to_vec()].concat();
    Ok(c.exec(CHANGE, &values).await? == 1)
}

pub(in crate::contract) async fn all(c: &mut Conn<'_>) -> Result<Vec<OurEntity>, DbError> {
    c.all(ALL, &[]).await
}

pub(in crate::contract) async fn find(c: &mut Conn<'_>, id: EntityId) -> Result<Option<OurEntity>, DbError> {
    c.maybe(FIND, params![id]).await
}

pub(in crate::contract) async fn add_seal(
    c: &mut Conn<'_>,
    entity: EntityId,
    seal: SealFields,
    at: Timestamp,
) -> Result<SealId, DbError> {
    let (id,) = c.one(ADD_SEAL, params![entity, seal.kind, seal.keeper, seal.active, at]).await?;
    Ok(id)
}

/// Whether it was still at that version.
pub(in crate::contract) async fn change_seal(c: &mut Conn<'_>, seal: &Seal, at: Timestamp) -> Result<bool, DbError> {
    Ok(c.exec(CHANGE_SEAL, params![seal.keeper, seal.active, at, seal.id, seal.version]).await? == 1)
}

pub(in crate::contract) async fn seals(c: &mut Conn<'_>) -> Result<Vec<Seal>, DbError> {
    c.all(SEALS, &[]).await
}
