//! Beginning a contract, and writing over its content.

use super::contracts::Contract;
use crate::contract::Snapshot;
use crate::db::{Conn, DbError};
use crate::kernel::{Amount, ContractId, CustomerId, DepartmentId, EntityId, Hash, OpportunityId, Timestamp, UserId};
use crate::params;

const ADD: &str = "
    INSERT INTO contract (number_pattern, title, template, template_version, category, entity, entity_code, our_role,
        other_party, customer, opportunity, currency, gross, net, tax, starts_on, expires_on, end_reason, state, owner,
        drafter, department, department_code, editor, content_hash, last_version, created_at, updated_at, version)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, '', 'draft', $18, $18, $19, $20,
        '', $21, 0, $22, $22, 1)
    RETURNING id";
const ADD_CONTENT: &str = "
    INSERT INTO contract_content (contract, content, unread, manifest, facts, clauses) VALUES ($1, $2, $3, $4, $5, $6)";
const SAVE: &str = "
    UPDATE contract SET other_party = $1, currency = $2, gross = $3, net = $4, tax = $5, starts_on = $6,
        expires_on = $7, content_hash = $8, updated_at = $9, customer = $10, opportunity = $11, editor = $12,
        version = version + 1
    WHERE id = $13 AND version = $14 AND state = $15";
const SAVE_CONTENT: &str = "
    UPDATE contract_content SET content = $2, unread = $3, manifest = $4, facts = $5, clauses = $6 WHERE contract = $1";

pub(super) const STATEMENTS: &[&str] = &[ADD, ADD_CONTENT, SAVE, SAVE_CONTENT];

/// A new contract as it is stored.
#[derive(Clone, Debug)]
pub(in crate::contract) struct ContractRow {
    /// How it will be numbered.
    pub(in crate::contract) number_pattern: String,
    /// What its text is called.
    pub(in crate::contract) title: String,
    /// The template's name.
    pub(in crate::contract) template: String,
    /// The template's version.
    pub(in crate::contract) template_version: Hash,
    /// `sales`, `purchase`, `other`.
    pub(in crate::contract) category: String,
    /// Our entity.
    pub(in crate::contract) entity: EntityId,
    /// Its short code.
    pub(in crate::contract) entity_code: String,
    /// What our entity does in it.
    pub(in crate::contract) our_role: String,
    /// The customer that it is drafted for.
    pub(in crate::contract) customer: Option<CustomerId>,
    /// The opportunity that it is drafted for.
    pub(in crate::contract) opportunity: Option<OpportunityId>,
    /// Who writes it.
    pub(in crate::contract) drafter: UserId,
    /// Their department.
    pub(in crate::contract) department: Option<DepartmentId>,
    /// Its short code.
    pub(in crate::contract) department_code: String,
    /// What is written.
    pub(in crate::contract) snapshot: Snapshot,
}

/// Content and what follows from it, as columns.
struct Columns {
    content: String,
    unread: String,
    manifest: String,
    facts: String,
    clauses: String,
    gross: Option<Amount>,
    net: Option<Amount>,
    tax: Option<Amount>,
}

fn columns(snapshot: &Snapshot) -> Result<Columns, DbError> {
    let unwritable = |error: serde_json::Error| DbError::Check(error.to_string());
    Ok(Columns {
        content: serde_json::to_string(&snapshot.content.draft).map_err(unwritable)?,
        unread: serde_json::to_string(&snapshot.content.unread).map_err(unwritable)?,
        manifest: snapshot.manifest.to_string(),
        facts: serde_json::to_string(&snapshot.facts).map_err(unwritable)?,
        clauses: serde_json::to_string(&snapshot.document.texts()).map_err(unwritable)?,
        gross: snapshot.total.map(|total| total.gross.amount),
        net: snapshot.total.map(|total| total.net.amount),
        tax: snapshot.total.map(|total| total.tax.amount),
    })
}

/// Every contract has its content; a row without it was touched by another hand.
pub(super) fn without_content(id: ContractId) -> DbError {
    DbError::Check(format!("contract {id} has no row in contract_content"))
}

pub(in crate::contract) async fn add(
    c: &mut Conn<'_>,
    row: &ContractRow,
    at: Timestamp,
) -> Result<ContractId, DbError> {
    let (s, k) = (&row.snapshot, columns(&row.snapshot)?);
    let values = params![
        row.number_pattern,
        row.title,
        row.template,
        row.template_version,
        row.category,
        row.entity,
        row.entity_code,
        row.our_role,
        s.other_party,
        row.customer,
        row.opportunity,
        s.content.draft.currency,
        k.gross,
        k.net,
        k.tax,
        s.starts_on,
        s.expires_on,
        row.drafter,
        row.department,
        row.department_code,
        s.hash,
        at
    ];
    let (id,): (ContractId,) = c.one(ADD, values).await?;
    c.exec(ADD_CONTENT, params![id, k.content, k.unread, k.manifest, k.facts, k.clauses]).await?;
    Ok(id)
}

/// Stores content over the contract as it was read, with the customer and the editor that stand in `read` now; whether it was still
/// like that.
pub(in crate::contract) async fn save(
    c: &mut Conn<'_>,
    read: &Contract,
    snapshot: &Snapshot,
    at: Timestamp,
) -> Result<bool, DbError> {
    let k = columns(snapshot)?;
    let values = params![
        snapshot.other_party,
        snapshot.content.draft.currency,
        k.gross,
        k.net,
        k.tax,
        snapshot.starts_on,
        snapshot.expires_on,
        snapshot.hash,
        at,
        read.customer,
        read.opportunity,
        read.editor,
        read.id,
        read.version,
        read.state
    ];
    if c.exec(SAVE, values).await? != 1 {
        return Ok(false);
    }
    let stored = c.exec(SAVE_CONTENT, params![read.id, k.content, k.unread, k.manifest, k.facts, k.clauses]).await?;
    if stored == 1 { Ok(true) } else { Err(without_content(read.id)) }
}
