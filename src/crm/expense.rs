//! Expenses (费用报销): what somebody spent for the company.

use super::customer;
use crate::record::{Field, Kind, date, long_text, money, number, record, text, word};

const CATEGORIES: &[&str] = &["travel", "meals", "transport", "office", "other"];

const FIELDS: &[Field] = &[
    text("title", 100).required().searched().filtered(),
    word("category", CATEGORIES).required().listed().filtered(),
    money("amount").required().listed().filtered(),
    date("spent_on").required().listed().filtered(),
    record("customer", &customer::KIND),
    number("receipts", 0, 999),
    long_text("note"),
];

/// Expenses (费用报销).
pub(super) static KIND: Kind =
    Kind::new("expense", "crm", "/expenses", FIELDS).icon("receipt").coded("FY-{year}-{seq:4}").weighed_by("amount");
