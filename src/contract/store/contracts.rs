//! Contracts and their way through the states.

use crate::contract::{Content, Facts, Move, Snapshot, State};
use crate::db::{AuditEntry, Count};
use crate::db::{
    Cell, Conn, Cursor, DbError, FromColumn, FromRow, Key, Page, Query, Row, Sort, ToValue, Value, record,
};
use crate::kernel::{
    Actor, Amount, CaseId, ContractId, Currency, CustomerId, Date, DepartmentId, EntityId, Hash, Money, OpportunityId,
    Timestamp, UserId,
};
use crate::org::Scope;
use crate::params;

const ADD: &str = "
    INSERT INTO contract (number_pattern, title, template, template_version, category, entity, entity_code, our_role,
        other_party, customer, opportunity, currency, gross, net, tax, starts_on, expires_on, end_reason, state, owner,
        drafter, department, department_code, content, unread, manifest, content_hash, facts, clauses, last_version,
        created_at, updated_at, version)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, '', 'draft', $18, $18, $19, $20,
        $21, $22, $23, $24, $25, $26, 0, $27, $27, 1)
    RETURNING id";
const SAVE: &str = "
    UPDATE contract SET other_party = $1, currency = $2, gross = $3, net = $4, tax = $5, starts_on = $6,
        expires_on = $7, content = $8, unread = $9, manifest = $10, content_hash = $11, facts = $12, clauses = $13,
        updated_at = $14, version = version + 1
    WHERE id = $15 AND version = $16 AND state = $17";
const FIND: &str = "SELECT * FROM contract WHERE id = $1";
const VERSION: &str = "SELECT version FROM contract WHERE id = $1";
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

pub(super) const STATEMENTS: &[&str] =
    &[ADD, SAVE, FIND, VERSION, NUMBER, NEXT_VERSION, MOVE, IN_CASE, APPROVED, NOT_APPROVED];

/// A contract with its content as it is drafted now.
#[derive(Clone, Debug, PartialEq)]
pub struct Contract {
    /// Id.
    pub id: ContractId,
    /// Its number, given at the first submission.
    pub number: Option<String>,
    /// How it is numbered.
    pub number_pattern: String,
    /// What its text is called.
    pub title: String,
    /// The template's name.
    pub template: String,
    /// The template's version.
    pub template_version: Hash,
    /// `sales`, `purchase`, `other`.
    pub category: String,
    /// Our entity.
    pub entity: EntityId,
    /// Its short code at the time of drafting.
    pub entity_code: String,
    /// What our entity does in it.
    pub our_role: String,
    /// The name of the other party, empty while none was entered.
    pub other_party: String,
    /// The customer that it was drafted for.
    pub customer: Option<CustomerId>,
    /// The opportunity that it was drafted for.
    pub opportunity: Option<OpportunityId>,
    /// The currency of its amounts.
    pub currency: Currency,
    /// Gross total, once known.
    pub gross: Option<Amount>,
    /// The same without tax.
    pub net: Option<Amount>,
    /// The tax in it.
    pub tax: Option<Amount>,
    /// First day.
    pub starts_on: Option<Date>,
    /// Last day.
    pub expires_on: Option<Date>,
    /// When all had signed.
    pub signed_on: Option<Date>,
    /// When it took effect.
    pub effective_on: Option<Date>,
    /// When it was completed or terminated.
    pub ended_on: Option<Date>,
    /// Why it was terminated or given up.
    pub end_reason: String,
    /// Where it stands.
    pub state: State,
    /// Who looks after it.
    pub owner: UserId,
    /// Who wrote it.
    pub drafter: UserId,
    /// The department it belongs to.
    pub department: Option<DepartmentId>,
    /// Its short code at the time of drafting.
    pub department_code: String,
    /// What is written.
    pub content: Content,
    /// The lines that are hashed.
    pub manifest: String,
    /// Their hash.
    pub content_hash: Hash,
    /// What workflows read.
    pub facts: Facts,
    /// The newest version, 0 before the first submission.
    pub last_version: i64,
    /// The version that was approved.
    pub approved_version: Option<i64>,
    /// The approval case.
    pub case: Option<CaseId>,
    /// The number in the archive.
    pub archive_number: Option<String>,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it was changed.
    pub updated_at: Timestamp,
    /// Rises with every change.
    pub version: i64,
}

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

/// A line of the ledger (合同台账).
#[derive(Clone, Debug, PartialEq)]
pub struct ContractSummary {
    /// Id.
    pub id: ContractId,
    /// Its number.
    pub number: Option<String>,
    /// What its text is called.
    pub title: String,
    /// The other party.
    pub other_party: String,
    /// Our entity.
    pub entity: EntityId,
    /// Gross total.
    pub gross: Option<Money>,
    /// Where it stands.
    pub state: State,
    /// When all had signed.
    pub signed_on: Option<Date>,
    /// Last day.
    pub expires_on: Option<Date>,
    /// Who looks after it.
    pub owner: UserId,
    /// When it was changed.
    pub updated_at: Timestamp,
}

impl Contract {
    /// The gross total in its currency.
    pub fn total(&self) -> Option<Money> {
        self.gross.map(|amount| Money::new(amount, self.currency))
    }

    /// The code that is printed on every page of a version: whoever holds a sheet can tell which version it is.
    pub fn verification_code(number: &str, content: Hash) -> String {
        let hash = Hash::of_parts(&[b"qiyue.verify.1\n", number.as_bytes(), b"\n", content.as_bytes()]);
        let digits = hash.to_string().to_uppercase();
        format!("{}-{}-{}", &digits[..4], &digits[4..8], &digits[8..12])
    }
}

impl FromColumn for State {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        String::from_cell(cell)?.parse().map_err(|error: crate::contract::state::NoState| error.to_string())
    }
}

impl ToValue for State {
    const NULL: Value = Value::Text(None);

    fn to_value(&self) -> Value {
        Value::Text(Some(self.name().to_owned()))
    }
}

impl FromRow for Contract {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            number: row.get("number")?,
            number_pattern: row.get("number_pattern")?,
            title: row.get("title")?,
            template: row.get("template")?,
            template_version: row.get("template_version")?,
            category: row.get("category")?,
            entity: row.get("entity")?,
            entity_code: row.get("entity_code")?,
            our_role: row.get("our_role")?,
            other_party: row.get("other_party")?,
            customer: row.get("customer")?,
            opportunity: row.get("opportunity")?,
            currency: row.get("currency")?,
            gross: row.get("gross")?,
            net: row.get("net")?,
            tax: row.get("tax")?,
            starts_on: row.get("starts_on")?,
            expires_on: row.get("expires_on")?,
            signed_on: row.get("signed_on")?,
            effective_on: row.get("effective_on")?,
            ended_on: row.get("ended_on")?,
            end_reason: row.get("end_reason")?,
            state: row.get("state")?,
            owner: row.get("owner")?,
            drafter: row.get("drafter")?,
            department: row.get("department")?,
            department_code: row.get("department_code")?,
            content: Content { draft: row.json("content")?, unread: row.json("unread")? },
            manifest: row.get("manifest")?,
            content_hash: row.get("content_hash")?,
            facts: row.json("facts")?,
            last_version: row.get("last_version")?,
            approved_version: row.get("approved_version")?,
            case: row.get("approval_case")?,
            archive_number: row.get("archive_number")?,
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
            version: row.get("version")?,
        })
    }
}

impl FromRow for ContractSummary {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let currency = row.get("currency")?;
        let gross: Option<Amount> = row.get("gross")?;
        Ok(Self {
            id: row.get("id")?,
            number: row.get("number")?,
            title: row.get("title")?,
            other_party: row.get("other_party")?,
            entity: row.get("entity")?,
            gross: gross.map(|amount| Money::new(amount, currency)),
            state: row.get("state")?,
            signed_on: row.get("signed_on")?,
            expires_on: row.get("expires_on")?,
            owner: row.get("owner")?,
            updated_at: row.get("updated_at")?,
        })
    }
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
        k.content,
        k.unread,
        k.manifest,
        s.hash,
        k.facts,
        k.clauses,
        at
    ];
    let (id,) = c.one(ADD, values).await?;
    Ok(id)
}

/// Stores content over the contract as it was read; whether it was still like that.
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
        k.content,
        k.unread,
        k.manifest,
        snapshot.hash,
        k.facts,
        k.clauses,
        at,
        read.id,
        read.version,
        read.state
    ];
    Ok(c.exec(SAVE, values).await? == 1)
}

pub(in crate::contract) async fn find(c: &mut Conn<'_>, id: ContractId) -> Result<Option<Contract>, DbError> {
    c.maybe(FIND, params![id]).await
}

pub(in crate::contract) async fn version(c: &mut Conn<'_>, id: ContractId) -> Result<Option<i64>, DbError> {
    let found: Option<(i64,)> = c.maybe(VERSION, params![id]).await?;
    Ok(found.map(|(version,)| version))
}

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
    let subject = crate::contract::CONTRACT.reference(id.get());
    record(c, &AuditEntry { at, actor, subject, action: by.action(), old, new }).await?;
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

/// The orders of the ledger.
pub(in crate::contract) const SORTS: &[Sort] = &[
    Sort { name: "newest", keys: &[Key::falling("k.updated_at"), Key::falling("k.id")] },
    Sort { name: "number", keys: &[Key::rising("COALESCE(k.number, '~')"), Key::rising("k.id")] },
    Sort { name: "amount", keys: &[Key::falling("COALESCE(k.gross, -1)"), Key::falling("k.id")] },
    Sort { name: "expires", keys: &[Key::rising("COALESCE(k.expires_on, '9999-12-31')"), Key::rising("k.id")] },
];

/// What the ledger can be narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LedgerFilter {
    /// A part of the number, the title or the other party's name.
    pub text: String,
    /// Where they stand; none is everywhere.
    pub states: Vec<State>,
    /// For whom they were drafted.
    pub customer: Option<CustomerId>,
    /// The name of the order: `newest`, `number`, `amount`, `expires`.
    pub sort: String,
}

fn list(scope: &Scope, filter: &LedgerFilter) -> Query {
    let columns = "k.id, k.number, k.title, k.other_party, k.entity, k.currency, k.gross, k.state, k.signed_on, \
                   k.expires_on, k.owner, k.updated_at";
    let mut list = Query::new(columns, "contract AS k");
    scope.narrow(&mut list, "k.owner", "k.department");
    if !filter.states.is_empty() {
        list.one_of("k.state", &filter.states);
    }
    if let Some(customer) = filter.customer {
        list.filter("k.customer = ?", params![customer]);
    }
    let text = filter.text.trim();
    if !text.is_empty() {
        let pattern = format!("%{text}%");
        list.filter("k.number LIKE ? OR k.other_party LIKE ? OR k.title LIKE ?", params![pattern, pattern, pattern]);
    }
    list.sort(SORTS, &filter.sort);
    list
}

/// A page of the ledger, as far as the scope reaches.
pub(in crate::contract) async fn page(
    c: &mut Conn<'_>,
    scope: &Scope,
    filter: &LedgerFilter,
    size: u32,
    after: Option<&Cursor>,
) -> Result<(Page<ContractSummary>, Count), DbError> {
    let list = list(scope, filter);
    Ok((list.page(c, size, after).await?, list.count(c, 10_000).await?))
}
