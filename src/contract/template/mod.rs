//! Templates: a folder that a lawyer can read becomes a checked, typed [`Template`]. Everything here is pure.
//!
//! A folder holds `template.toml` (title, parties, fields, clauses, payment plan, files), `body.md` (the text, clause by clause)
//! and `sample.toml` (values that fill every field).

mod body;
mod check;
mod explain;
mod expression;
mod fault;
mod field;
mod field_problem;
mod library;
mod load;
mod load_field;
mod names;
mod number;
pub mod plan;
mod source;
mod span;
mod tables;
mod text;
mod value;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::kernel::{Currency, Hash, Rate};

pub use body::Section;
pub use expression::{BadExpression, Expression, NoValue};
pub use fault::{Fault, Place, Problem};
pub use field::{Computed, Field, FieldKind, Limit};
pub(super) use field::{FRAME, printable};
pub use field_problem::FieldProblem;
pub use library::shipped;
pub use load::Folder;
pub use number::{NumberParts, NumberPattern};
pub use plan::{Due, Milestone, Part, PlanProblem, PlanRow, PlanRule};
pub(super) use tables::plan as plan_table;
pub(super) use text::{Blank, Content, PartyBlanks, escape, value_text, without_frames};
pub use value::{FieldValue, FileValue, Party, ProductLine, Reference, Totals, Values};

/// A checked template.
#[derive(Clone, Debug)]
pub struct Template {
    /// The name of its folder.
    pub name: String,
    /// The title of its contracts.
    pub title: String,
    /// One sentence about what it is for.
    pub summary: String,
    /// How its contracts are numbered.
    pub number: NumberPattern,
    /// The category, if it does not follow from our role.
    pub fixed_category: Option<String>,
    /// The currency of its amounts, if the drafter does not choose another.
    pub currency: Currency,
    /// The roles that our entity can have, the usual one first.
    pub our_roles: Vec<Role>,
    /// Where the terms that lists and workflows read stand.
    pub terms: Terms,
    /// Its parties in the order of the text.
    pub parties: Vec<PartySlot>,
    /// Its blanks in the order of the form.
    pub fields: Vec<Field>,
    /// Its clauses in the order of the text.
    pub clauses: Vec<Clause>,
    /// Its payment plan.
    pub plan: Vec<PlanRule>,
    /// The files that belong to its contracts.
    pub files: Vec<FileSlot>,
    /// What must lie in the archive box (归档清单).
    pub archive: Vec<String>,
    /// The hash of the folder's files: which version of the template this is.
    pub version: Hash,
    /// The texts of the clauses by their names.
    pub(super) sections: BTreeMap<String, Section>,
    /// The same, compiled.
    pub(super) texts: Arc<minijinja::Environment<'static>>,
}

/// What a party does in a contract, apart from what the text calls it. The direction of money follows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 出卖人.
    Seller,
    /// 买受人.
    Buyer,
    /// 服务方.
    Provider,
    /// 接受服务的客户.
    Client,
    /// 出租人.
    Lessor,
    /// 承租人.
    Lessee,
    /// 许可人.
    Licensor,
    /// 被许可人.
    Licensee,
    /// Any other party: guarantor, joint party.
    Other,
}

/// Where the terms stand that every contract has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The field with the gross total: money, or product lines. A contract without a price has none.
    pub total: Option<String>,
    /// The field with the tax rate; product lines carry their own.
    pub tax_rate: Option<String>,
    /// The date field with the first day.
    pub starts_on: Option<String>,
    /// The date field with the last day.
    pub ends_on: Option<String>,
    /// Who pays.
    pub payer: Role,
}

/// A party that the template provides for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PartySlot {
    /// What it does.
    pub role: Role,
    /// How the text calls it.
    pub label: String,
    /// Whether it can be a natural person.
    pub person: bool,
}

/// A clause of the template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// Its name.
    pub name: String,
    /// Whether it counts as 第…条.
    pub numbered: bool,
    /// What a drafter may do with it.
    pub kind: ClauseKind,
    /// The items of 民法典第四百七十条 that it covers.
    pub covers: Vec<Item>,
    /// Its name in the clause library, if it is a standard clause.
    pub standard: Option<String>,
}

/// What a drafter may do with a clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClauseKind {
    /// Only its blanks can be filled.
    Locked,
    /// One of several texts is chosen; the first unless someone chooses.
    Alternatives(Vec<Alternative>),
    /// Anything can be written in place of its standard text.
    Free,
}

/// One text of a clause with alternatives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Alternative {
    /// The section of `body.md`.
    pub section: String,
    /// What the drafter chooses by.
    pub label: String,
    /// Whether taking it makes the contract deviate from the standard.
    pub deviates: bool,
}

/// A place for a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileSlot {
    /// Its name.
    pub name: String,
    /// What people read, and what `needs` of a workflow names.
    pub label: String,
    /// Whether a contract cannot be submitted without.
    pub required: bool,
}

/// The items that a contract generally contains, 民法典第四百七十条.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Item {
    /// 当事人的姓名或者名称和住所.
    Parties,
    /// 标的.
    Subject,
    /// 数量.
    Quantity,
    /// 质量.
    Quality,
    /// 价款或者报酬.
    Price,
    /// 履行期限、地点和方式.
    Performance,
    /// 违约责任.
    Liability,
    /// 解决争议的方法.
    Disputes,
}

impl Template {
    /// The field of that name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The clause of that name.
    pub fn clause(&self, name: &str) -> Option<&Clause> {
        self.clauses.iter().find(|clause| clause.name == name)
    }

    /// The standard text under that name: a clause, or an alternative of one.
    pub fn section(&self, name: &str) -> Option<&Section> {
        self.sections.get(name)
    }

    /// The category of a contract in which our entity has that role.
    pub fn category(&self, ours: Role) -> &str {
        self.fixed_category.as_deref().unwrap_or_else(|| ours.category())
    }

    /// What a new draft holds: the defaults of the fields.
    pub fn defaults(&self) -> Values {
        let filled = self.fields.iter().filter_map(|field| Some((field.name.clone(), field.default.clone()?)));
        filled.collect()
    }

    /// The rates that the total is taxed at where the template has one field for it.
    pub(super) fn tax_rate(&self, values: &Values) -> Rate {
        match self.terms.tax_rate.as_ref().and_then(|field| values.get(field)) {
            Some(FieldValue::Percent(rate)) => *rate,
            _ => Rate::ZERO,
        }
    }
}

impl Clause {
    /// The section that is taken when `chosen` was chosen for it; the first where nothing or something unknown was chosen.
    pub fn section<'a>(&'a self, chosen: Option<&str>) -> &'a str {
        match &self.kind {
            ClauseKind::Locked | ClauseKind::Free => &self.name,
            ClauseKind::Alternatives(alternatives) => alternatives
                .iter()
                .find(|alternative| Some(alternative.section.as_str()) == chosen)
                .or(alternatives.first())
                .map_or(&self.name, |alternative| &alternative.section),
        }
    }
}
