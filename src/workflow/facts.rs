//! What a decision is computed from: a frozen snapshot of the subject, the people, the calendar and now.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::Directory;
use crate::kernel::{Amount, Date, DepartmentId, Manifest, Money, OfficeHours, Ref, Timestamp, UserId, WorkCalendar};

/// Everything the engine may look at.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The instant of the command.
    pub now: Timestamp,
    /// The record under approval.
    pub subject: SubjectFacts,
    /// The people.
    pub directory: Arc<Directory>,
    /// Working days.
    pub calendar: Arc<WorkCalendar>,
    /// Office hours.
    pub office: OfficeHours,
    /// How long a decision can be undone, in seconds.
    pub undo_seconds: i64,
}

/// What the subject's room says of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct SubjectFacts {
    /// Which record.
    pub reference: Ref,
    /// What people call it.
    pub title: String,
    /// Who drafted it.
    pub drafter: UserId,
    /// Who wrote it down for the drafter, who answers for it.
    pub writer: Option<UserId>,
    /// Who owns it; the drafter where nobody else does.
    pub owner: UserId,
    /// The department it belongs to.
    pub department: Option<DepartmentId>,
    /// Fields by name; an absent name is a field that the kind does not have.
    pub fields: BTreeMap<String, Value>,
    /// The approval amount in the base currency; `None` where it cannot be known yet (no amount, no rate).
    pub approval_amount: Option<Amount>,
    /// No ceiling: counts as the highest band.
    pub without_ceiling: bool,
    /// Marks of the other party: facts, not content.
    pub marks: BTreeSet<String>,
    /// Labels of the file slots that are filled.
    pub files: BTreeSet<String>,
    /// What would be decided on.
    pub content: Manifest,
    /// The version that the write compares.
    pub version: i64,
}

/// A typed value of a field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", content = "value", rename_all = "snake_case")]
pub enum Value {
    /// The field exists and is empty.
    Empty,
    /// Text.
    Text(String),
    /// A number without a unit.
    Number(Decimal),
    /// An amount with its currency.
    Money(Money),
    /// An amount in the base currency.
    Amount(Amount),
    /// A calendar date.
    Date(Date),
    /// An instant.
    Timestamp(Timestamp),
    /// Yes or no.
    Bool(bool),
    /// A person.
    User(UserId),
    /// A department.
    Department(DepartmentId),
    /// Several.
    List(Vec<Value>),
    /// Named parts, such as a product line.
    Record(BTreeMap<String, Value>),
}
