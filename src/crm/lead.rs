//! Leads (线索): somebody who may become a customer.

use crate::record::{Field, Kind, choice, email, long_text, mobile, text, word};

const STATES: &[&str] = &["new", "contacted", "qualified", "unfit"];

const FIELDS: &[Field] = &[
    text("name", 50).required().duplicate_hint().searched().filtered(),
    text("company", 100).searched().listed(),
    mobile("phone").duplicate_hint().searched().listed(),
    email("email").searched(),
    choice("source", "source").required().listed().filtered(),
    word("status", STATES).required().listed().filtered().starts_with("new"),
    long_text("need"),
    long_text("next_step"),
    long_text("note"),
];

/// Leads (线索).
pub(super) static KIND: Kind = Kind::new("lead", "crm", "/leads", FIELDS).icon("bulb");
