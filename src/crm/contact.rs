//! People at customers (联系人). They belong to whoever owns the customer (R16).

use async_trait::async_trait;

use super::{customer, store};
use crate::db::Conn;
use crate::i18n::msg;
use crate::kernel::Timestamp;
use crate::org::Action;
use crate::record::{
    Act, Asked, BY_TITLE, Behaviour, CHANGED, Done, Field, Kind, NEWEST, Record, RecordError, Stored, Tag, Value,
    choice, date, email, long_text, mobile, record, telephone, text, yes_no,
};

const FIELDS: &[Field] = &[
    text("name", 50).required().searched().filtered(),
    record("customer", &customer::KIND).required(),
    text("position", 50).listed(),
    text("unit", 50),
    mobile("mobile").duplicate_hint().searched().listed(),
    telephone("telephone").searched(),
    email("email").searched().listed(),
    text("wechat", 50).searched(),
    text("qq", 20),
    choice("gender", "gender").filtered(),
    text("address", 120).filtered(),
    text("hobby", 200).filtered(),
    date("birthday"),
    text("login", 50),
    long_text("note"),
    yes_no("main").by_act(),
];

/// People at customers.
pub(super) static KIND: Kind = Kind::new("contact", "crm", "/contacts", FIELDS)
    .icon("address-book")
    .belongs_to(&customer::KIND)
    .shares_owner()
    .sorted(&[BY_TITLE, NEWEST, CHANGED]);

const ACTS: &[Act] = &[Act {
    name: "make_main",
    action: Action::Edit,
    fields: &[],
    icon: "star",
    tone: "plain",
    code: "contact.make_main",
}];

/// What is special about contacts.
pub(super) struct Contacts;

#[async_trait(?Send)]
impl Behaviour for Contacts {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    /// A customer has one main contact.
    async fn stored(&self, c: &mut Conn<'_>, stored: &Stored<'_>) -> Result<(), RecordError> {
        let was = stored.old.is_some_and(|old| old.values.yes("main"));
        if let Some(customer) = stored.new.values.record("customer").filter(|_| stored.new.values.yes("main") && !was) {
            store::only_main(c, customer, stored.new.id).await?;
        }
        Ok(())
    }

    fn tags(&self, record: &Record, _now: Timestamp) -> Vec<Tag> {
        let main = Tag { label: msg!("crm.mark.main"), tone: "info" };
        record.values.yes("main").then_some(main).into_iter().collect()
    }

    fn acts(&self) -> &'static [Act] {
        ACTS
    }

    fn offers(&self, _act: &Act, record: &Record, _now: Timestamp) -> bool {
        !record.values.yes("main")
    }

    fn act(&self, asked: &Asked<'_>) -> Result<Done, RecordError> {
        let mut values = asked.record.values.clone();
        values.set("main", Value::YesNo(true));
        let head = msg!("crm.timeline.main", name = asked.record.title(&KIND));
        Ok(Done { values, head, text: String::new() })
    }
}
