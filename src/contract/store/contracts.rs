//! Contracts as they are read.

use std::time::Duration;

use crate::contract::{Content, Facts, State};
use crate::db::{Cell, Conn, DbError, FromColumn, FromRow, Row, ToValue, Value};
use crate::kernel::{
    Amount, CaseId, ContractId, Currency, CustomerId, Date, DepartmentId, EntityId, Hash, Money, OpportunityId,
    Timestamp, UserId,
};
use crate::params;

const FIND: &str = "SELECT * FROM contract JOIN contract_content ON contract = id WHERE id = $1";
const STANDING: &str = "
    SELECT id, state, number, number_pattern, entity_code, department_code, last_version FROM contract WHERE id = $1";
const OF_CUSTOMER: &str = "SELECT id FROM contract WHERE customer = $1 ORDER BY id";
const SEEN: &str = "
    SELECT id, title, owner, drafter, department, manifest, facts, version
    FROM contract JOIN contract_content ON contract = id WHERE id = $1";
const BESIDE: &str = "
    SELECT other.number, content.facts
    FROM contract AS own
    JOIN contract AS other ON other.department IS NOT DISTINCT FROM own.department AND other.id <> own.id AND other.parent IS NULL
        AND (other.customer = own.customer
            OR (own.customer IS NULL AND other.customer IS NULL AND other.other_party = own.other_party))
        AND other.created_at BETWEEN own.created_at - $2 AND own.created_at + $2
    JOIN contract_content AS content ON content.contract = other.id
    WHERE own.id = $1 AND own.other_party <> '' AND other.number IS NOT NULL AND other.state NOT IN ('draft', 'void')
    ORDER BY other.number";
const TOLD_APART: &str = "SELECT version, content_hash, customer FROM contract WHERE id = $1";
const VERSION: &str = "SELECT version FROM contract WHERE id = $1";

pub(super) const STATEMENTS: &[&str] = &[FIND, STANDING, OF_CUSTOMER, SEEN, BESIDE, TOLD_APART, VERSION];

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
    /// The page that saved it last.
    pub editor: String,
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
            editor: row.get("editor")?,
            content_hash: row.get("content_hash")?,
            last_version: row.get("last_version")?,
            approved_version: row.get("approved_version")?,
            case: row.get("approval_case")?,
            archive_number: row.get("archive_number")?,
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
            version: row.get("version")?,
            content: Content { draft: row.json("content")?, unread: row.json("unread")? },
            manifest: row.get("manifest")?,
            facts: row.json("facts")?,
        })
    }
}

/// Where a contract stands and how it is numbered: what a move needs to know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::contract) struct Standing {
    pub(in crate::contract) id: ContractId,
    pub(in crate::contract) state: State,
    pub(in crate::contract) number: Option<String>,
    pub(in crate::contract) number_pattern: String,
    pub(in crate::contract) entity_code: String,
    pub(in crate::contract) department_code: String,
    pub(in crate::contract) last_version: i64,
}

impl FromRow for Standing {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            state: row.get("state")?,
            number: row.get("number")?,
            number_pattern: row.get("number_pattern")?,
            entity_code: row.get("entity_code")?,
            department_code: row.get("department_code")?,
            last_version: row.get("last_version")?,
        })
    }
}

pub(in crate::contract) async fn standing(c: &mut Conn<'_>, id: ContractId) -> Result<Option<Standing>, DbError> {
    c.maybe(STANDING, params![id]).await
}

pub(in crate::contract) async fn find(c: &mut Conn<'_>, id: ContractId) -> Result<Option<Contract>, DbError> {
    c.maybe(FIND, params![id]).await
}

/// What workflows read of a contract, without what is written in it.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::contract) struct SeenContract {
    pub(in crate::contract) id: ContractId,
    pub(in crate::contract) title: String,
    pub(in crate::contract) owner: UserId,
    pub(in crate::contract) drafter: UserId,
    pub(in crate::contract) department: Option<DepartmentId>,
    pub(in crate::contract) manifest: String,
    pub(in crate::contract) facts: Facts,
    pub(in crate::contract) version: i64,
}

impl FromRow for SeenContract {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            title: row.get("title")?,
            owner: row.get("owner")?,
            drafter: row.get("drafter")?,
            department: row.get("department")?,
            manifest: row.get("manifest")?,
            facts: row.json("facts")?,
            version: row.get("version")?,
        })
    }
}

pub(in crate::contract) async fn seen(c: &mut Conn<'_>, id: ContractId) -> Result<Option<SeenContract>, DbError> {
    c.maybe(SEEN, params![id]).await
}

/// A contract that may be a part of one deal with another.
pub(in crate::contract) struct BesideIt {
    pub(in crate::contract) number: String,
    pub(in crate::contract) facts: Facts,
}

impl FromRow for BesideIt {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self { number: row.get("number")?, facts: row.json("facts")? })
    }
}

/// The contracts that may be parts of one deal with this one.
pub(in crate::contract) async fn beside(
    c: &mut Conn<'_>,
    id: ContractId,
    within: Duration,
) -> Result<Vec<BesideIt>, DbError> {
    let within = i64::try_from(within.as_micros()).unwrap_or(i64::MAX);
    c.all(BESIDE, params![id, within]).await
}

/// What tells what is seen of it apart from any other time, and the customer that it is drafted for. The version alone would not do:
/// a write that fails may have used it before.
pub(in crate::contract) async fn told_apart(
    c: &mut Conn<'_>,
    id: ContractId,
) -> Result<Option<((ContractId, i64, Hash), Option<CustomerId>)>, DbError> {
    let found: Option<(i64, Hash, Option<CustomerId>)> = c.maybe(TOLD_APART, params![id]).await?;
    Ok(found.map(|(version, content, customer)| ((id, version, content), customer)))
}

pub(in crate::contract) async fn version(c: &mut Conn<'_>, id: ContractId) -> Result<Option<i64>, DbError> {
    let found: Option<(i64,)> = c.maybe(VERSION, params![id]).await?;
    Ok(found.map(|(version,)| version))
}

/// The contracts that were drafted for a customer.
pub(in crate::contract) async fn of_customer(c: &mut Conn<'_>, customer: CustomerId) -> Result<Vec<i64>, DbError> {
    let found: Vec<(i64,)> = c.all(OF_CUSTOMER, params![customer]).await?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}
