//! The door for contracts: whom a contract is with, what the CRM knows of them, and what is marked about them.

use std::sync::Arc;

use serde::Serialize;

use super::store::door as store;
use super::{CONTACT, CUSTOMER, CrmError, OPPORTUNITY, opportunity};
use crate::db::{self, AuditEntry, Conn, Db, DbError};
use crate::i18n::{Message, msg};
use crate::kernel::{Actor, Clock, ContactId, CustomerId, Kind, Money, OpportunityId, Timestamp, UserId};
use crate::notify::{self, Fact, Headline, Link, NewMessage, Urgency};
use crate::org::{Action, Forbidden, Org, Scope};
use crate::record::{self, Records, TimelineEntry, add_to_timeline};

/// The handle of this room; cheap to clone.
#[derive(Clone)]
pub struct Crm(Arc<Inner>);

struct Inner {
    db: Db,
    org: Org,
    records: Records,
}

/// The stage of an opportunity that was won (成交维护).
pub(super) const WON_STAGE: &str = "won";
/// The status of a customer with whom a deal was closed (成交客户).
const CLOSED_DEAL: &str = "closed_deal";

/// A customer in a list to pick from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CustomerChoice {
    /// Its id.
    pub id: CustomerId,
    /// `1类-01`.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// Unified social credit code.
    pub credit_code: Option<String>,
    /// Whether it stands on the black list.
    pub black_listed: bool,
}

/// What a contract takes over from a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CustomerCard {
    /// Its id.
    pub id: CustomerId,
    /// `1类-01`.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// Its short name.
    pub short_name: Option<String>,
    /// Unified social credit code, which is the tax number too.
    pub credit_code: Option<String>,
    /// With province and city.
    pub address: Option<String>,
    /// Legal representative.
    pub legal_representative: Option<String>,
    /// The land line, or the mobile number where there is none.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Its bank with branch.
    pub bank: Option<String>,
    /// Its account there.
    pub bank_account: Option<String>,
    /// The name that invoices are made out to.
    pub invoice_title: Option<String>,
    /// The address on invoices.
    pub invoice_address: Option<String>,
    /// The phone number on invoices.
    pub invoice_phone: Option<String>,
    /// The main contact, or the first one.
    pub contact: Option<ContactCard>,
    /// What is marked about it.
    pub marks: Marks,
}

/// A person at a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ContactCard {
    /// Their id.
    pub id: ContactId,
    /// Their name.
    pub name: String,
    /// What they are there.
    pub position: Option<String>,
    /// Their department there.
    pub unit: Option<String>,
    /// Their mobile number, or their land line.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Whether contracts name them first.
    pub main: bool,
}

/// What a contract takes over from an opportunity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OpportunityCard {
    /// Its id.
    pub id: OpportunityId,
    /// What it is about.
    pub title: String,
    /// With whom.
    pub customer: CustomerId,
    /// What they are called.
    pub customer_name: String,
    /// The person there.
    pub contact: Option<ContactId>,
    /// The name of its stage.
    pub stage: String,
    /// What it may bring.
    pub amount: Option<Money>,
    /// The products, in words.
    pub product: Option<String>,
    /// Whether it is neither won nor lost.
    pub open: bool,
}

/// What is marked about a customer, for guards and red facts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Marks {
    /// Whether it is a related party (关联方).
    pub related_party: bool,
    /// How it is related.
    pub related_party_reason: Option<String>,
    /// Why it stands on the black list; without a reason it does not.
    pub black_list_reason: Option<String>,
    /// Who put it there.
    pub black_listed_by: Option<UserId>,
    /// When.
    pub black_listed_at: Option<Timestamp>,
    /// Why it stands on the red list of those to be protected.
    pub red_list_reason: Option<String>,
}

/// What another room writes on the timeline of a customer.
#[derive(Clone, Debug)]
pub struct NewEntry<'a> {
    /// Whose timeline.
    pub customer: CustomerId,
    /// What happened, as a heading.
    pub head: Message,
    /// More of it; may be empty.
    pub text: &'a str,
    /// Where it is shown whole; may be empty.
    pub path: &'a str,
    /// Who did it.
    pub actor: &'a Actor,
    /// When.
    pub at: Timestamp,
}

/// An opportunity that a contract won.
#[derive(Clone, Debug)]
pub struct Won<'a> {
    /// Which.
    pub opportunity: OpportunityId,
    /// By what: number and title of the contract.
    pub reason: &'a str,
    /// Where the contract is.
    pub path: &'a str,
    /// Who did it.
    pub actor: &'a Actor,
    /// When.
    pub at: Timestamp,
}

impl Marks {
    /// Whether it stands on the black list.
    pub fn is_black_listed(&self) -> bool {
        self.black_list_reason.is_some()
    }
}

impl Crm {
    /// The room over its database.
    pub fn new(db: Db, clock: Arc<dyn Clock>, org: Org) -> Self {
        let records = Records::new(db.clone(), clock, org.clone(), super::kinds());
        Self(Arc::new(Inner { db, org, records }))
    }

    /// Customers that the person may see, whose name, short name, code or phone number has these words; by name.
    pub async fn customers(&self, user: UserId, words: &str, limit: u32) -> Result<Vec<CustomerChoice>, CrmError> {
        let list = store::choices(&self.scope(user, &CUSTOMER, Action::Read)?, words);
        let unit = async move |c: &mut Conn<'_>| list.page(c, limit, None).await;
        Ok(self.0.db.read(unit).await.map_err(|error: DbError| error)?.rows)
    }

    /// What a contract takes over from a customer; nothing where there is none that the person may see.
    pub async fn customer(&self, user: UserId, id: CustomerId) -> Result<Option<CustomerCard>, CrmError> {
        let Ok(scope) = self.scope(user, &CUSTOMER, Action::Read) else { return Ok(None) };
        let found = self.0.db.read(async move |c: &mut Conn<'_>| store::customer(c, id).await).await?;
        Ok(found.filter(|one| scope.covers(one.owner, one.department)).map(|one| one.card))
    }

    /// The people at a customer that the person may see, the main one first.
    pub async fn contacts(&self, user: UserId, of: CustomerId) -> Result<Vec<ContactCard>, CrmError> {
        let readable = self.scope(user, &CONTACT, Action::Read).is_ok() && self.customer(user, of).await?.is_some();
        if !readable {
            return Ok(Vec::new());
        }
        Ok(self.0.db.read(async move |c: &mut Conn<'_>| store::contacts(c, of).await).await?)
    }

    /// What a contract takes over from an opportunity; nothing where there is none that the person may see.
    pub async fn opportunity(&self, user: UserId, id: OpportunityId) -> Result<Option<OpportunityCard>, CrmError> {
        let Ok(scope) = self.scope(user, &OPPORTUNITY, Action::Read) else { return Ok(None) };
        let found = self.0.db.read(async move |c: &mut Conn<'_>| store::opportunity(c, id).await).await?;
        Ok(found.filter(|one| scope.covers(one.owner, one.department)).map(|one| one.card))
    }

    /// What is marked about a customer, within a unit; nothing is marked about one that does not exist.
    pub async fn marks_of(c: &mut Conn<'_>, customer: CustomerId) -> Result<Marks, DbError> {
        Ok(store::marks(c, customer).await?.unwrap_or_default())
    }

    /// Writes onto the timeline of a customer, within the unit of the room that did something.
    pub async fn timeline_entry(c: &mut Conn<'_>, new: NewEntry<'_>) -> Result<(), DbError> {
        let NewEntry { customer, head, text, path, actor, at } = new;
        let entry = TimelineEntry { at, actor: actor.user, head, text: text.to_owned(), path: path.to_owned() };
        add_to_timeline(c, &[CUSTOMER.reference(customer.get())], &entry).await
    }

    /// Closes an opportunity as won, within the unit that signs its contract, and makes its customer one with whom a deal was closed.
    /// False: it was closed before, and nothing changes; or approval holds it, and timelines say that the deal has still to be recorded.
    pub async fn win(c: &mut Conn<'_>, won: &Won<'_>) -> Result<bool, DbError> {
        let Some(found) = store::opportunity(c, won.opportunity).await? else { return Ok(false) };
        let card = found.card;
        let subject = OPPORTUNITY.reference(won.opportunity.get());
        let customer = CUSTOMER.reference(card.customer.get());
        let head = msg!("crm.timeline.won", title = &card.title);
        let entry = TimelineEntry {
            at: won.at,
            actor: won.actor.user,
            head,
            text: won.reason.to_owned(),
            path: won.path.to_owned(),
        };
        if card.open && record::hold_of(c, &subject).await?.is_some_and(|hold| hold.locks()) {
            deal_closed(c, card.customer.get(), won.actor, won.at).await?;
            let head = msg!("crm.timeline.won_in_approval", title = &card.title);
            add_to_timeline(c, &[subject, customer], &TimelineEntry { head, ..entry }).await?;
            tell_of_signing(c, &card, found.owner, won).await?;
            return Ok(false);
        }
        if !store::win(c, won.opportunity, (WON_STAGE, won.reason), won.at).await? {
            return Ok(false);
        }
        record::moved_elsewhere(c, &opportunity::Opportunities, won.opportunity.get()).await?;
        let change = (
            serde_json::json!({ "outcome": "open", "stage": card.stage }),
            serde_json::json!({ "outcome": "won", "stage": WON_STAGE, "close_reason": won.reason }),
        );
        let new = AuditEntry {
            at: won.at,
            actor: *won.actor,
            subject: subject.clone(),
            action: "opportunity.win",
            old: Some(change.0),
            new: Some(change.1),
        };
        db::record(c, &new).await?;
        deal_closed(c, card.customer.get(), won.actor, won.at).await?;
        add_to_timeline(c, &[subject, customer], &entry).await?;
        Ok(true)
    }

    /// The records of this room: forms, lists, logs.
    pub fn records(&self) -> &Records {
        &self.0.records
    }

    fn scope(&self, user: UserId, kind: &Kind, action: Action) -> Result<Scope, Forbidden> {
        self.0.org.scope_of(user, kind, action)
    }
}

/// Asks whoever owns an opportunity in approval to record the deal afterwards.
async fn tell_of_signing(
    c: &mut Conn<'_>,
    card: &OpportunityCard,
    owner: Option<UserId>,
    won: &Won<'_>,
) -> Result<(), DbError> {
    let Some(to) = owner else { return Ok(()) };
    let headline = Headline {
        label: msg!("crm.tell.won_in_approval"),
        title: card.title.clone(),
        amount: None,
        facts: vec![Fact::Text(won.reason.to_owned())],
    };
    let message = NewMessage {
        key: format!("opportunity/{}/signed{}", card.id, won.path),
        to,
        kind: "opportunity.signed",
        about: Some(OPPORTUNITY.reference(card.id.get())),
        headline,
        lines: Vec::new(),
        link: Link::Page(opportunity::KIND.page_of(card.id.get())),
        urgency: Urgency::Normal,
        not_before: won.at,
    };
    notify::post(c, &message).await.map(drop)
}

/// From now on the customer is one with whom a deal was closed, and the log says so.
pub(super) async fn deal_closed(c: &mut Conn<'_>, customer: i64, by: &Actor, at: Timestamp) -> Result<(), DbError> {
    let id = CustomerId::new(customer);
    let Some(before) = store::status(c, id).await?.filter(|status| status != CLOSED_DEAL) else { return Ok(()) };
    store::set_status(c, id, CLOSED_DEAL, at).await?;
    let entry = AuditEntry {
        at,
        actor: *by,
        subject: CUSTOMER.reference(customer),
        action: "record.changed",
        old: Some(serde_json::json!({ "status": before })),
        new: Some(serde_json::json!({ "status": CLOSED_DEAL })),
    };
    db::record(c, &entry).await
}
