//! What can still be true of a record on a way: enough to see ways that none can take.

use std::collections::BTreeMap;

use crate::kernel::Amount;
use crate::workflow::{Condition, Value};

/// More than this many cases are not told apart; what is not told apart is held possible.
const MOST: usize = 256;

/// One case: an interval of the approval amount, and what is known of everything else that conditions ask.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Possible {
    /// Included.
    pub from: Option<Amount>,
    /// Excluded.
    pub below: Option<Amount>,
    /// Answers of conditions that only say yes or no, by their words.
    pub answers: BTreeMap<String, (Condition, bool)>,
    /// What is known of fields.
    pub fields: BTreeMap<String, Known>,
}

/// What is known of a field.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Known {
    /// It has this value.
    Is(Value),
    /// It has none of these.
    IsNot(Vec<Value>),
}

/// The cases of `cases` in which the condition has this answer.
pub(super) fn assume(condition: &Condition, answer: bool, cases: Vec<Possible>) -> Vec<Possible> {
    let mut found: Vec<Possible> = Vec::new();
    for case in cases {
        for refined in one(condition, answer, case) {
            if found.len() < MOST && !found.contains(&refined) {
                found.push(refined);
            }
        }
    }
    found
}

fn one(condition: &Condition, answer: bool, case: Possible) -> Vec<Possible> {
    match condition {
        Condition::AmountFrom { amount } => case.amount(*amount, answer).into_iter().collect(),
        Condition::AmountBelow { amount } => case.amount(*amount, !answer).into_iter().collect(),
        Condition::AllOf { parts } if answer => parts.iter().fold(vec![case], |cases, part| assume(part, true, cases)),
        Condition::AnyOf { parts } if !answer => {
            parts.iter().fold(vec![case], |cases, part| assume(part, false, cases))
        }
        Condition::AllOf { parts } => first_of(parts, false, case),
        Condition::AnyOf { parts } => first_of(parts, true, case),
        Condition::Not { part } => one(part, !answer, case),
        Condition::CategoryIs { categories } => {
            let parts: Vec<Condition> = categories
                .iter()
                .map(|category| Condition::FieldIs {
                    field: "category".to_owned(),
                    value: Value::Text(category.clone()),
                })
                .collect();
            one(&Condition::AnyOf { parts }, answer, case)
        }
        Condition::FieldIs { field, value } => case.field(field, value, answer).into_iter().collect(),
        Condition::Deviates | Condition::OtherPartyIs { .. } | Condition::Has { .. } | Condition::Expert { .. } => {
            case.answer(condition, answer).into_iter().collect()
        }
    }
}

/// The cases in which some part has the answer: the first that does, so that they do not overlap.
fn first_of(parts: &[Condition], answer: bool, case: Possible) -> Vec<Possible> {
    let mut found = Vec::new();
    let mut rest = vec![case];
    for part in parts {
        found.extend(assume(part, answer, rest.clone()));
        rest = assume(part, !answer, rest);
        if found.len() > MOST {
            break;
        }
    }
    found
}

impl Possible {
    fn amount(mut self, limit: Amount, at_least: bool) -> Option<Self> {
        if at_least {
            self.from = Some(self.from.map_or(limit, |from| from.max(limit)));
        } else {
            self.below = Some(self.below.map_or(limit, |below| below.min(limit)));
        }
        match (self.from, self.below) {
            (Some(from), Some(below)) if from >= below => None,
            // Amounts are not negative.
            (None, Some(below)) if below <= Amount::ZERO => None,
            _ => Some(self),
        }
    }

    fn field(mut self, field: &str, value: &Value, is: bool) -> Option<Self> {
        let known = self.fields.get(field).cloned();
        let now = match (known, is) {
            (Some(Known::Is(known)), _) => return ((known == *value) == is).then_some(self),
            (Some(Known::IsNot(not)), true) if not.contains(value) => return None,
            (_, true) => Known::Is(value.clone()),
            (Some(Known::IsNot(mut not)), false) => {
                if !not.contains(value) {
                    not.push(value.clone());
                }
                Known::IsNot(not)
            }
            (None, false) => Known::IsNot(vec![value.clone()]),
        };
        self.fields.insert(field.to_owned(), now);
        Some(self)
    }

    fn answer(mut self, condition: &Condition, answer: bool) -> Option<Self> {
        let words = format!("{condition:?}");
        if let Some((_, known)) = self.answers.get(&words) {
            return (*known == answer).then_some(self);
        }
        self.answers.insert(words, (condition.clone(), answer));
        Some(self)
    }

    /// Whether nothing but the amount is known.
    pub(super) fn only_amount(&self) -> bool {
        self.answers.is_empty() && self.fields.is_empty()
    }

    /// What is known, as conditions that can be said.
    pub(super) fn conditions(&self) -> Vec<Condition> {
        let mut said = Vec::new();
        said.extend(self.from.map(|amount| Condition::AmountFrom { amount }));
        said.extend(self.below.map(|amount| Condition::AmountBelow { amount }));
        for (condition, holds) in self.answers.values() {
            said.push(if *holds { condition.clone() } else { Condition::Not { part: Box::new(condition.clone()) } });
        }
        for (field, known) in &self.fields {
            match known {
                Known::Is(value) => said.push(Condition::FieldIs { field: field.clone(), value: value.clone() }),
                Known::IsNot(values) => said.extend(values.iter().map(|value| Condition::Not {
                    part: Box::new(Condition::FieldIs { field: field.clone(), value: value.clone() }),
                })),
            }
        }
        said
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(units: i64) -> Condition {
        Condition::AmountFrom { amount: Amount::from_units(units) }
    }

    #[test]
    fn amounts_meet_or_do_not() {
        let cases = assume(&from(100), false, vec![Possible::default()]);
        assert!(assume(&from(500), true, cases.clone()).is_empty());
        assert_eq!(assume(&from(50), true, cases).len(), 1);
    }

    #[test]
    fn an_answer_given_once_is_not_given_differently_later() {
        let either = Condition::AnyOf { parts: vec![Condition::Deviates, from(100)] };
        let cases = assume(&either, false, vec![Possible::default()]);
        assert!(assume(&Condition::Deviates, true, cases).is_empty());
    }

    #[test]
    fn a_record_has_one_category() {
        let sales = Condition::CategoryIs { categories: vec!["sales".into()] };
        let purchase = Condition::CategoryIs { categories: vec!["purchase".into()] };
        let cases = assume(&sales, true, vec![Possible::default()]);
        assert!(assume(&purchase, true, cases).is_empty());
    }
}
