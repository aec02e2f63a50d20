//! Quotes (报价): what a customer is offered, until when.

use super::{customer, opportunity};
use crate::record::{Field, Kind, date, long_text, money, number, record, text};

const FIELDS: &[Field] = &[
    text("title", 100).required().searched().filtered(),
    record("customer", &customer::KIND).required(),
    record("opportunity", &opportunity::KIND),
    money("amount").required().listed().filtered(),
    number("discount", 0, 100).listed(),
    date("valid_until").required().listed().filtered(),
    long_text("products").required(),
    text("payment_terms", 200),
    long_text("note"),
];

/// Quotes (报价).
pub(super) static KIND: Kind = Kind::new("quote", "crm", "/quotes", FIELDS)
    .icon("report-money")
    .belongs_to(&customer::KIND)
    .coded("BJ-{year}-{seq:4}")
    .weighed_by("amount");
