//! Discounts (折扣申请): a price below the list, for a customer and a reason.

use super::{customer, opportunity};
use crate::record::{Field, Kind, date, long_text, money, number, record, text};

const FIELDS: &[Field] = &[
    text("title", 100).required().searched().filtered(),
    record("customer", &customer::KIND).required(),
    record("opportunity", &opportunity::KIND),
    money("list_price").required(),
    money("amount").required().listed().filtered(),
    number("percent", 1, 100).required().listed(),
    long_text("reason").required(),
    date("valid_until"),
];

/// Discounts (折扣申请).
pub(super) static KIND: Kind = Kind::new("discount", "crm", "/discounts", FIELDS)
    .icon("discount")
    .belongs_to(&customer::KIND)
    .coded("ZK-{year}-{seq:4}")
    .weighed_by("amount");
