//! Invoice requests (开票申请): an invoice that finance is to make out to a customer.

use super::customer;
use crate::record::{Field, Kind, credit_code, long_text, money, record, text, word};

const INVOICE_KINDS: &[&str] = &["special", "ordinary"];

const FIELDS: &[Field] = &[
    text("title", 100).required().searched().filtered(),
    record("customer", &customer::KIND).required(),
    money("amount").required().listed().filtered(),
    word("invoice_kind", INVOICE_KINDS).required().listed().filtered().starts_with("special"),
    text("invoice_title", 100).required(),
    credit_code("tax_number"),
    text("contract_number", 60).searched(),
    long_text("note"),
];

/// Invoice requests (开票申请).
pub(super) static KIND: Kind = Kind::new("invoice_request", "crm", "/invoice-requests", FIELDS)
    .icon("receipt-tax")
    .belongs_to(&customer::KIND)
    .coded("KP-{year}-{seq:4}")
    .weighed_by("amount");
