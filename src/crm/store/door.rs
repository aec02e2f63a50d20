//! What contracts ask for: choices, cards, marks.

use crate::crm::door::{ContactCard, CustomerCard, CustomerChoice, Marks, OpportunityCard};
use crate::db::{Conn, DbError, FromRow, Key, Query, Row, Sort};
use crate::kernel::{
    Amount, ContactId, Currency, CustomerId, DepartmentId, Money, OpportunityId, Timestamp, UserId, text,
};
use crate::org::Scope;
use crate::params;

const CUSTOMER: &str = "
    SELECT id, code, name, short_name, credit_code, province, city, address, legal_representative, phone, telephone, email, bank,
        bank_account, invoice_title, invoice_address, invoice_phone, related_party, related_party_reason, black_list_reason,
        black_listed_by, black_listed_at, red_list_reason, owner, department
    FROM customer WHERE id = $1 AND deleted_at IS NULL";
const CONTACTS: &str = "
    SELECT id, name, position, unit, COALESCE(mobile, telephone) AS phone, email, main FROM contact
    WHERE customer = $1 AND deleted_at IS NULL ORDER BY main DESC, id";
const OPPORTUNITY: &str = "
    SELECT o.id, o.title, o.customer, c.name AS customer_name, o.contact, o.stage, o.amount, o.amount_currency, o.product, o.outcome,
        o.owner, o.department
    FROM opportunity AS o JOIN customer AS c ON c.id = o.customer WHERE o.id = $1 AND o.deleted_at IS NULL";
const MARKS: &str = "
    SELECT related_party, related_party_reason, black_list_reason, black_listed_by, black_listed_at, red_list_reason
    FROM customer WHERE id = $1";
const WIN: &str = "
    UPDATE opportunity SET outcome = 'won', stage = $2, target_stage = NULL, close_reason = $3, closed_at = $4, updated_at = $4,
        version = version + 1
    WHERE id = $1 AND outcome = 'open'";
const STATUS: &str = "SELECT status FROM customer WHERE id = $1";
const SET_STATUS: &str = "UPDATE customer SET status = $2, updated_at = $3, version = version + 1 WHERE id = $1";

pub(super) const STATEMENTS: &[&str] = &[CUSTOMER, CONTACTS, OPPORTUNITY, MARKS, WIN, STATUS, SET_STATUS];

const CHOICES: &[Sort] = &[Sort { name: "name", keys: &[Key::rising("c.title_sort"), Key::rising("c.id")] }];

/// A card with whom it belongs to, which the door compares and does not give away.
pub(in crate::crm) struct Owned<T> {
    pub(in crate::crm) card: T,
    pub(in crate::crm) owner: Option<UserId>,
    pub(in crate::crm) department: Option<DepartmentId>,
}

impl FromRow for CustomerChoice {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            code: row.get("code")?,
            name: row.get("name")?,
            credit_code: row.get("credit_code")?,
            black_listed: row.get::<Option<Timestamp>>("black_listed_at")?.is_some(),
        })
    }
}

impl FromRow for Marks {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            related_party: row.get("related_party")?,
            related_party_reason: row.get("related_party_reason")?,
            black_list_reason: row.get("black_list_reason")?,
            black_listed_by: row.get("black_listed_by")?,
            black_listed_at: row.get("black_listed_at")?,
            red_list_reason: row.get("red_list_reason")?,
        })
    }
}

impl FromRow for ContactCard {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            name: row.get("name")?,
            position: row.get("position")?,
            unit: row.get("unit")?,
            phone: row.get("phone")?,
            email: row.get("email")?,
            main: row.get("main")?,
        })
    }
}

impl FromRow for Owned<CustomerCard> {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let (address, phone): (Option<String>, String) = (row.get("address")?, row.get("phone")?);
        let card = CustomerCard {
            id: row.get("id")?,
            code: row.get("code")?,
            name: row.get("name")?,
            short_name: row.get("short_name")?,
            credit_code: row.get("credit_code")?,
            address: whole_address(row.get("province")?, row.get("city")?, address),
            legal_representative: row.get("legal_representative")?,
            phone: row.get::<Option<String>>("telephone")?.or(Some(phone)),
            email: row.get("email")?,
            bank: row.get("bank")?,
            bank_account: row.get("bank_account")?,
            invoice_title: row.get("invoice_title")?,
            invoice_address: row.get("invoice_address")?,
            invoice_phone: row.get("invoice_phone")?,
            contact: None,
            marks: Marks::from_row(row)?,
        };
        Ok(Self { card, owner: row.get("owner")?, department: row.get("department")? })
    }
}

impl FromRow for Owned<OpportunityCard> {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let (amount, currency): (Option<Amount>, Option<Currency>) = (row.get("amount")?, row.get("amount_currency")?);
        let card = OpportunityCard {
            id: row.get("id")?,
            title: row.get("title")?,
            customer: row.get("customer")?,
            customer_name: row.get("customer_name")?,
            contact: row.get::<Option<ContactId>>("contact")?,
            stage: row.get("stage")?,
            amount: amount.zip(currency).map(|(amount, currency)| Money::new(amount, currency)),
            product: row.get("product")?,
            open: row.get::<String>("outcome")? == "open",
        };
        Ok(Self { card, owner: row.get("owner")?, department: row.get("department")? })
    }
}

/// An address as contracts write it: the province and the city in front, unless it names them already.
fn whole_address(province: Option<String>, city: Option<String>, address: Option<String>) -> Option<String> {
    let street = address.unwrap_or_default();
    let mut whole = String::new();
    for part in [province, city].into_iter().flatten() {
        if !street.contains(&part) && !whole.contains(&part) {
            whole.push_str(&part);
        }
    }
    whole.push_str(&street);
    (!whole.is_empty()).then_some(whole)
}

/// The list behind a picker.
pub(in crate::crm) fn choices(scope: &Scope, words: &str) -> Query {
    let mut list = Query::new("c.id, c.code, c.name, c.credit_code, c.black_listed_at", "customer AS c");
    list.filter("c.deleted_at IS NULL", params![]);
    scope.narrow(&mut list, "c.owner", "c.department");
    let words = text::fold(words);
    if !words.is_empty() {
        list.filter("c.search_text LIKE ? ESCAPE '\\'", params![crate::record::containing(&words)]);
    }
    list.sort(CHOICES, "name");
    list
}

pub(in crate::crm) async fn customer(c: &mut Conn<'_>, id: CustomerId) -> Result<Option<Owned<CustomerCard>>, DbError> {
    let Some(mut found) = c.maybe::<Owned<CustomerCard>>(CUSTOMER, params![id]).await? else { return Ok(None) };
    found.card.contact = contacts(c, id).await?.into_iter().next();
    Ok(Some(found))
}

/// The main one first.
pub(in crate::crm) async fn contacts(c: &mut Conn<'_>, of: CustomerId) -> Result<Vec<ContactCard>, DbError> {
    c.all(CONTACTS, params![of]).await
}

pub(in crate::crm) async fn opportunity(
    c: &mut Conn<'_>,
    id: OpportunityId,
) -> Result<Option<Owned<OpportunityCard>>, DbError> {
    c.maybe(OPPORTUNITY, params![id]).await
}

pub(in crate::crm) async fn marks(c: &mut Conn<'_>, of: CustomerId) -> Result<Option<Marks>, DbError> {
    c.maybe(MARKS, params![of]).await
}

/// False: it is closed already.
pub(in crate::crm) async fn win(
    c: &mut Conn<'_>,
    id: OpportunityId,
    (stage, reason): (&str, &str),
    now: Timestamp,
) -> Result<bool, DbError> {
    Ok(c.exec(WIN, params![id, stage, reason, now]).await? == 1)
}

/// The status of a customer.
pub(in crate::crm) async fn status(c: &mut Conn<'_>, id: CustomerId) -> Result<Option<String>, DbError> {
    Ok(c.maybe::<(String,)>(STATUS, params![id]).await?.map(|(status,)| status))
}

pub(in crate::crm) async fn set_status(
    c: &mut Conn<'_>,
    id: CustomerId,
    status: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    c.exec(SET_STATUS, params![id, status, now]).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_its_city_once() {
        let address = |province: &str, city: &str, street: &str| {
            whole_address(Some(province.into()), Some(city.into()), Some(street.into())).unwrap()
        };
        assert_eq!(address("浙江省", "杭州市", "文三路 1 号"), "浙江省杭州市文三路 1 号");
        assert_eq!(address("浙江省", "杭州市", "浙江省杭州市文三路 1 号"), "浙江省杭州市文三路 1 号");
        assert_eq!(address("上海市", "上海市", "南京路 2 号"), "上海市南京路 2 号");
        assert_eq!(whole_address(None, None, None), None);
    }
}
