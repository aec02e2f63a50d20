//! Payment requests (付款申请): money that is to leave, to whom and what for.

use crate::record::{Field, Kind, date, long_text, money, text};

const FIELDS: &[Field] = &[
    text("title", 100).required().searched().filtered(),
    text("payee", 100).required().searched().listed(),
    text("bank", 100).required(),
    text("bank_account", 40).required(),
    money("amount").required().listed().filtered(),
    date("needed_on").required().listed().filtered(),
    text("contract_number", 60).searched(),
    long_text("note"),
];

/// Payment requests (付款申请).
pub(super) static KIND: Kind = Kind::new("payment_request", "crm", "/payment-requests", FIELDS)
    .icon("cash-banknote")
    .coded("FK-{year}-{seq:4}")
    .weighed_by("amount");
