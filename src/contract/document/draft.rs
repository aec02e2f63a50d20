//! What a person fills in: the parties, the blanks, the choices between clauses, the files. A version stores exactly this.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};

use crate::contract::template::plan::{self, EVENTS};
use crate::contract::template::{
    Clause, ClauseKind, Computed, Expression, Field, FieldKind, FieldProblem, FieldValue, FileValue, Milestone, Part,
    Party, PlanProblem, PlanRow, Role, Template, Totals, Values,
};
use crate::kernel::{Amount, Currency, Money, Quantity, Rate, Taxed};

use super::Document;

/// The content of a contract while it is written, and of each version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// The currency of its amounts.
    pub currency: Currency,
    /// The parties; the one with `ours` is our entity.
    pub parties: Vec<Party>,
    /// The filled blanks.
    #[serde(default)]
    pub values: Values,
    /// The section taken for each clause with alternatives.
    #[serde(default)]
    pub choices: BTreeMap<String, String>,
    /// What was written into free clauses, as plain text.
    #[serde(default)]
    pub free: BTreeMap<String, String>,
    /// Clauses whose text was changed, by an accepted suggestion say: the whole text, in Markdown.
    #[serde(default)]
    pub changed: BTreeMap<String, String>,
    /// The files by the names of their slots.
    #[serde(default)]
    pub files: BTreeMap<String, Vec<FileValue>>,
}

/// What is wrong with one field of a draft.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {problem}")]
pub struct FieldError {
    /// The field, or `party.detail`, or `files/slot`.
    pub field: String,
    /// What is wrong.
    #[source]
    pub problem: FieldProblem,
}

impl crate::i18n::Explain for FieldError {
    fn code(&self) -> &'static str {
        self.problem.code()
    }

    fn kind(&self) -> crate::i18n::ErrorKind {
        self.problem.kind()
    }

    fn message(&self) -> crate::i18n::Message {
        self.problem.message()
    }

    fn field(&self) -> Option<&str> {
        Some(&self.field)
    }
}

impl Draft {
    /// A new draft of a template: its defaults, and the parties with nothing but their roles.
    pub fn new(template: &Template, ours: Role) -> Self {
        let party = |slot: &crate::contract::template::PartySlot| Party {
            role: slot.role,
            label: slot.label.clone(),
            ours: slot.role == ours,
            person: false,
            record: None,
            details: BTreeMap::new(),
        };
        Self {
            currency: template.currency,
            parties: template.parties.iter().map(party).collect(),
            values: template.defaults(),
            choices: BTreeMap::new(),
            free: BTreeMap::new(),
            changed: BTreeMap::new(),
            files: BTreeMap::new(),
        }
    }

    /// The party in that role.
    pub fn party(&self, role: Role) -> Option<&Party> {
        self.parties.iter().find(|party| party.role == role)
    }

    /// Our entity's role.
    pub fn our_role(&self) -> Option<Role> {
        self.parties.iter().find(|party| party.ours).map(|party| party.role)
    }

    /// The section taken for a clause.
    pub fn section<'a>(&self, clause: &'a Clause) -> &'a str {
        clause.section(self.choices.get(&clause.name).map(String::as_str))
    }

    /// The values with those of the computed fields, which follow from the others and are never stored.
    pub fn values(&self, template: &Template) -> Values {
        let mut values = self.values.clone();
        // A computed field may use one that stands after it: as many rounds as there are computed fields settle all of them.
        let computed: Vec<&Field> =
            template.fields.iter().filter(|field| matches!(field.kind, FieldKind::Computed { .. })).collect();
        for field in &computed {
            values.remove(&field.name);
        }
        for _ in 0..computed.len() {
            let before = values.len();
            for field in &computed {
                if let FieldKind::Computed { expression, result } = &field.kind
                    && let Some(value) =
                        self.evaluate(expression, &values).and_then(|value| self.result(*result, value))
                {
                    values.insert(field.name.clone(), value);
                }
            }
            if values.len() == before {
                break;
            }
        }
        values
    }

    fn evaluate(&self, expression: &Expression, values: &Values) -> Option<Decimal> {
        expression.evaluate(&|name| self.number(name, values)).ok()
    }

    /// A field as a number: percentages as people write them (6 % is 6), amounts in units of their currency.
    fn number(&self, name: &str, values: &Values) -> Option<Decimal> {
        let (name, attribute) = name.split_once('.').map_or((name, "total"), |(name, attribute)| (name, attribute));
        Some(match values.get(name)? {
            FieldValue::Number(number) => Decimal::new(number.millionths(), 6),
            FieldValue::Percent(rate) => Decimal::new(rate.millionths(), 4),
            FieldValue::Money(money) => decimal(*money)?,
            FieldValue::Choice(text) => text.parse().ok()?,
            FieldValue::Lines(lines) => {
                let totals = Totals::of(lines, self.currency).ok()?;
                decimal(match attribute {
                    "net" => totals.net,
                    "tax" => totals.tax,
                    _ => totals.gross,
                })?
            }
            _ => return None,
        })
    }

    fn result(&self, kind: Computed, value: Decimal) -> Option<FieldValue> {
        Some(match kind {
            Computed::Money => FieldValue::Money(money(value, self.currency)?),
            Computed::Number(decimals) => {
                FieldValue::Number(Quantity::from_millionths(scaled(value, u32::from(decimals), 1_000_000)?))
            }
            Computed::Percent => FieldValue::Percent(Rate::from_millionths(scaled(value, 4, 10_000)?)),
        })
    }

    /// The gross total with its tax; nothing while the field of the total is empty.
    pub fn total(&self, template: &Template, values: &Values) -> Option<Taxed> {
        match values.get(template.terms.total.as_ref()?)? {
            FieldValue::Money(money) => Taxed::from_gross(*money, template.tax_rate(values)).ok(),
            FieldValue::Lines(lines) => {
                let Totals { net, tax, gross } = Totals::of(lines, self.currency).ok()?;
                let rate = Rate::of(tax.amount, net.amount);
                Some(Taxed { net, tax, gross, rate })
            }
            _ => None,
        }
    }

    /// The rows of the payment plan: the contract's own where the drafter changed them, else the template's.
    pub fn plan(&self, template: &Template, values: &Values) -> Vec<PlanRow> {
        let own = values.values().find_map(|value| match value {
            FieldValue::Plan(rows) => Some(rows.clone()),
            _ => None,
        });
        own.unwrap_or_else(|| {
            let taken: Vec<&str> = template.clauses.iter().map(|clause| self.section(clause)).collect();
            let amount = |field: &str| match values.get(field) {
                Some(FieldValue::Money(money)) => Some(*money),
                _ => None,
            };
            let date = |field: &str| match values.get(field) {
                Some(FieldValue::Date(date)) => Some(*date),
                _ => None,
            };
            let rules = template.plan.iter();
            let rules = rules.filter(|rule| rule.with.as_deref().is_none_or(|with| taken.contains(&with)));
            rules.filter_map(|rule| rule.row(amount, date)).collect()
        })
    }

    /// The milestones with their amounts.
    pub fn milestones(&self, template: &Template) -> Result<Vec<Milestone>, PlanProblem> {
        let values = self.values(template);
        match self.total(template, &values) {
            Some(total) => plan::milestones(&self.plan(template, &values), total),
            None => Ok(Vec::new()),
        }
    }

    /// Everything that keeps the draft from being submitted, in the order of the form: what does not fit, and which blanks of
    /// the clauses taken are still empty. `document` is this draft, filled.
    pub fn check(&self, template: &Template, document: &Document) -> Vec<FieldError> {
        let values = self.values(template);
        let mut errors: Vec<FieldError> = Vec::new();
        let mut error = |field: &str, problem| errors.push(FieldError { field: field.to_owned(), problem });
        for party in &self.parties {
            for (detail, text) in &party.details {
                if let Err(problem) = crate::contract::template::printable(text, 200, false) {
                    error(&format!("{}.{detail}", party.role.name()), problem);
                }
            }
        }
        for name in self.values.keys().filter(|name| template.field(name).is_none()) {
            error(name, FieldProblem::NoSuchField);
        }
        for field in &template.fields {
            if let Some(value) = self.values.get(&field.name)
                && let Err(problem) =
                    field.kind.check(value).and_then(|()| self.check_beside(field, value, template, &values))
            {
                error(&field.name, problem);
            }
        }
        if let Some(problem) = self.check_plan(template, &values) {
            let field = template.fields.iter().find(|field| field.kind == FieldKind::Plan);
            error(field.map_or("plan", |field| &field.name), problem);
        }
        for (clause, text) in self.free.iter().chain(&self.changed) {
            let known = template
                .clause(clause)
                .is_some_and(|clause| self.changed.contains_key(&clause.name) || clause.kind == ClauseKind::Free);
            let problem = if known {
                crate::contract::template::printable(text, 20_000, true).err()
            } else {
                Some(FieldProblem::NoSuchField)
            };
            if let Some(problem) = problem {
                error(&format!("clauses/{clause}"), problem);
            }
        }
        for slot in template.files.iter().filter(|slot| slot.required && !self.files.contains_key(&slot.name)) {
            error(&format!("files/{}", slot.name), FieldProblem::Missing);
        }
        let missing = document.blanks().into_iter().filter(|blank| !errors.iter().any(|error| error.field == *blank));
        let missing: Vec<FieldError> =
            missing.map(|field| FieldError { field, problem: FieldProblem::Missing }).collect();
        errors.extend(missing);
        errors
    }

    fn check_beside(
        &self,
        field: &Field,
        value: &FieldValue,
        template: &Template,
        values: &Values,
    ) -> Result<(), FieldProblem> {
        if let (FieldValue::Date(date), Some(other)) = (value, &field.not_before)
            && let Some(FieldValue::Date(earliest)) = values.get(other)
            && date < earliest
        {
            let other = template.field(other).map_or(other, |field| &field.label);
            return Err(FieldProblem::TooEarly { other: other.clone() });
        }
        if let Some(limit) = &field.at_most
            && let Some(most) = self.evaluate(&limit.expression, values)
            && self.number(&field.name, values).is_some_and(|value| value > most)
        {
            let most = match value {
                FieldValue::Money(_) => {
                    money(most, self.currency).map_or_else(|| most.to_string(), |money| money.to_string())
                }
                _ => most.normalize().to_string(),
            };
            return Err(FieldProblem::AboveMaximum(most));
        }
        Ok(())
    }

    fn check_plan(&self, template: &Template, values: &Values) -> Option<FieldProblem> {
        let rows = self.plan(template, values);
        for row in &rows {
            let crate::contract::template::Due::After { event, .. } = &row.due else { continue };
            let known = EVENTS.contains(&event.as_str())
                || rows.iter().any(|other| other.name == *event && other.name != row.name);
            if !known {
                return Some(FieldProblem::UnknownEvent(event.clone()));
            }
        }
        if rows.iter().any(|row| matches!(row.part, Part::Amount(money) if money.currency != self.currency)) {
            return Some(FieldProblem::PlanNotWhole);
        }
        let total = self.total(template, values)?;
        plan::milestones(&rows, total).err().map(|_| FieldProblem::PlanNotWhole)
    }
}

fn decimal(money: Money) -> Option<Decimal> {
    Decimal::try_from_i128_with_scale(money.amount.ten_thousandths(), 4).ok()
}

fn money(value: Decimal, currency: Currency) -> Option<Money> {
    let value = rounded(value, u32::from(currency.decimals()));
    let count = value.checked_mul(Decimal::from(10_000))?.to_i128()?;
    Some(Money::new(Amount::from_ten_thousandths(count).ok()?, currency))
}

fn scaled(value: Decimal, decimals: u32, scale: i64) -> Option<i64> {
    rounded(value, decimals).checked_mul(Decimal::from(scale))?.to_i64()
}

/// Half away from zero, as everywhere with money.
fn rounded(value: Decimal, decimals: u32) -> Decimal {
    value.round_dp_with_strategy(decimals, rust_decimal::RoundingStrategy::MidpointAwayFromZero)
}
