//! Customers (客户), and what is marked about them: related party (关联方), black list, red list.

use async_trait::async_trait;

use super::{contact, mark};
use crate::db::{Conn, Query};
use crate::i18n::msg;
use crate::kernel::Timestamp;
use crate::org::Action;
use crate::params;
use crate::record::{
    Act, Asked, Behaviour, Done, Field, Kind, OwnFilter, Record, RecordError, Stored, Tag, Value, Values, choice,
    credit_code, email, instant, long_text, mobile, money, number, telephone, text, user, yes_no,
};

const FIELDS: &[Field] = &[
    text("name", 50).required().duplicate_hint().searched().filtered(),
    text("short_name", 30).searched(),
    choice("category", "customer_category").required().filtered().starts_with("class-1"),
    text("contact_name", 50).required().only_new(),
    mobile("phone").required().duplicate_hint().searched().listed(),
    telephone("telephone").searched(),
    email("email").searched(),
    choice("industry", "industry").required().listed().filtered(),
    choice("source", "source").required().filtered(),
    choice("status", "customer_status").required().listed().filtered().starts_with("potential").beside_approval(),
    choice("level", "customer_level").listed().filtered(),
    text("province", 20).required().filtered(),
    text("city", 20).required().listed().filtered(),
    text("address", 120).filtered(),
    long_text("need"),
    credit_code("credit_code").duplicate_hint().searched().section("company"),
    text("legal_representative", 50).section("company"),
    choice("ownership", "ownership").filtered().section("company"),
    choice("sales_mode", "sales_mode").filtered().section("company"),
    money("annual_revenue").filtered().section("company"),
    number("staff", 0, 10_000_000).section("company"),
    long_text("description").filtered().section("company"),
    text("bank", 100).section("invoice"),
    text("bank_account", 40).section("invoice"),
    choice("taxpayer", "taxpayer").section("invoice"),
    text("invoice_title", 100).section("invoice"),
    text("invoice_address", 120).section("invoice"),
    telephone("invoice_phone").section("invoice"),
    long_text("note").section("more"),
    yes_no("related_party").by_act().section("marks"),
    text("related_party_reason", 200).by_act().section("marks"),
    text("black_list_reason", 200).by_act().section("marks"),
    user("black_listed_by").by_act().section("marks"),
    instant("black_listed_at").by_act().section("marks"),
    text("red_list_reason", 200).by_act().section("marks"),
    user("red_listed_by").by_act().section("marks"),
    instant("red_listed_at").by_act().section("marks"),
];

/// Customers and suppliers.
pub(super) static KIND: Kind =
    Kind::new("customer", "crm", "/customers", FIELDS).icon("building").coded("{category}-{seq:2}");

const REASON: &[Field] = &[text("reason", 200).required()];

const ACTS: &[Act] = &[
    marking("relate", "link", "customer.relate", "plain"),
    marking("unrelate", "x", "customer.unrelate", "plain"),
    marking("black_list", "ban", "customer.black_list", "bad"),
    marking("off_black_list", "circle-check", "customer.off_black_list", "plain"),
    marking("red_list", "heart-handshake", "customer.red_list", "plain"),
    marking("off_red_list", "x", "customer.off_red_list", "plain"),
];

const fn marking(name: &'static str, icon: &'static str, code: &'static str, tone: &'static str) -> Act {
    Act { name, action: Action::Approve, fields: REASON, icon, tone, code }
}

/// What is special about customers.
pub(super) struct Customers;

#[async_trait(?Send)]
impl Behaviour for Customers {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    /// The first contact is entered with the customer and is a record of its own (K3).
    async fn stored(&self, c: &mut Conn<'_>, stored: &Stored<'_>) -> Result<(), RecordError> {
        if stored.old.is_some() {
            return Ok(());
        }
        let mut first = Values::default();
        first.set("customer", Value::Record(stored.new.id));
        first.set("name", stored.asked.get("contact_name").cloned());
        first.set("mobile", stored.new.values.get("phone").cloned());
        first.set("email", stored.new.values.get("email").cloned());
        first.set("main", Value::YesNo(true));
        stored.also_make(c, &contact::KIND, &first).await.map(drop)
    }

    fn filters(&self) -> &'static [OwnFilter] {
        &[OwnFilter { name: "mark", words: &["related_party", "black_list", "red_list"] }]
    }

    fn narrow(&self, list: &mut Query, _filter: &str, value: &str, _now: Timestamp) {
        match value {
            "related_party" => list.filter("r.related_party = ?", params![true]),
            "black_list" => list.filter("r.black_listed_at IS NOT NULL", params![]),
            "red_list" => list.filter("r.red_listed_at IS NOT NULL", params![]),
            _ => list.filter("1 = 0", params![]),
        }
    }

    fn tags(&self, record: &Record, _now: Timestamp) -> Vec<Tag> {
        let values = &record.values;
        let all = [
            (is_black_listed(values), Tag { label: msg!("crm.mark.black_list"), tone: "bad" }),
            (values.yes("related_party"), Tag { label: msg!("crm.mark.related_party"), tone: "warn" }),
            (is_red_listed(values), Tag { label: msg!("crm.mark.red_list"), tone: "info" }),
        ];
        all.into_iter().filter(|(is, _)| *is).map(|(_, tag)| tag).collect()
    }

    fn acts(&self) -> &'static [Act] {
        ACTS
    }

    fn marks(&self, record: &Record) -> Vec<&'static str> {
        let values = &record.values;
        let all = [
            (mark::RELATED_PARTY, values.yes("related_party")),
            (mark::BLACK_LIST, is_black_listed(values)),
            (mark::RED_LIST, is_red_listed(values)),
        ];
        all.into_iter().filter(|(_, is)| *is).map(|(name, _)| name).collect()
    }

    /// A warning about a party cannot wait until an approval is over.
    fn only_marks(&self, _act: &Act) -> bool {
        true
    }

    fn offers(&self, act: &Act, record: &Record, _now: Timestamp) -> bool {
        let values = &record.values;
        match act.name {
            "relate" => !values.yes("related_party"),
            "unrelate" => values.yes("related_party"),
            "black_list" => !is_black_listed(values),
            "off_black_list" => is_black_listed(values),
            "red_list" => !is_red_listed(values),
            _ => is_red_listed(values),
        }
    }

    fn act(&self, asked: &Asked<'_>) -> Result<Done, RecordError> {
        let mut values = asked.record.values.clone();
        let text = asked.filled.text("reason").to_owned();
        let (reason, by, at) = (Value::Text(text.clone()), asked.by.user.map(Value::User), Value::At(asked.now));
        let head = match asked.act.name {
            "relate" => {
                values.set("related_party", Value::YesNo(true));
                values.set("related_party_reason", reason);
                msg!("crm.timeline.related")
            }
            "unrelate" => {
                values.set("related_party", Value::YesNo(false));
                values.set("related_party_reason", None);
                msg!("crm.timeline.unrelated")
            }
            "black_list" => {
                set_list(&mut values, BLACK, Some((reason, by, at)));
                msg!("crm.timeline.black_listed")
            }
            "off_black_list" => {
                set_list(&mut values, BLACK, None);
                msg!("crm.timeline.off_black_list")
            }
            "red_list" => {
                set_list(&mut values, RED, Some((reason, by, at)));
                msg!("crm.timeline.red_listed")
            }
            _ => {
                set_list(&mut values, RED, None);
                msg!("crm.timeline.off_red_list")
            }
        };
        Ok(Done { values, head, text })
    }
}

const BLACK: [&str; 3] = ["black_list_reason", "black_listed_by", "black_listed_at"];
const RED: [&str; 3] = ["red_list_reason", "red_listed_by", "red_listed_at"];

/// Puts a customer on a list with reason, person and instant, or takes it off.
fn set_list(values: &mut Values, [reason, by, at]: [&'static str; 3], entry: Option<(Value, Option<Value>, Value)>) {
    let (why, who, when) = entry.map_or((None, None, None), |(why, who, when)| (Some(why), who, Some(when)));
    values.set(reason, why);
    values.set(by, who);
    values.set(at, when);
}

fn is_black_listed(values: &Values) -> bool {
    values.instant("black_listed_at").is_some()
}

fn is_red_listed(values: &Values) -> bool {
    values.instant("red_listed_at").is_some()
}
