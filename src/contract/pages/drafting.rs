//! What the buttons of the drafting form do to its tables before it is saved: rows that come and go work without JavaScript.

use crate::contract::rows;
use crate::contract::template::{FieldKind, Template};

/// What a button of the drafting form asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// Only to save.
    Save,
    /// To go on to handing in.
    Submit,
    /// To pick the customer.
    Pick,
    /// Another row in a table.
    Add(String),
    /// One row less.
    Remove(String, usize),
    /// A payment plan of the contract's own, or the template's again.
    OwnPlan(bool),
}

impl Wish {
    /// `add:goods`, `remove:goods:2`, `plan:own`, `plan:template`, `submit`, `pick`.
    pub(super) fn of(text: &str) -> Self {
        let mut parts = text.split(':');
        match (parts.next(), parts.next(), parts.next().and_then(|at| at.parse().ok())) {
            (Some("add"), Some(field), None) => Self::Add(field.to_owned()),
            (Some("remove"), Some(field), Some(at)) => Self::Remove(field.to_owned(), at),
            (Some("plan"), Some(whose), None) => Self::OwnPlan(whose == "own"),
            (Some("submit"), None, None) => Self::Submit,
            (Some("pick"), None, None) => Self::Pick,
            _ => Self::Save,
        }
    }

    /// The table that it changes, to come back to.
    pub(super) fn table(&self, template: &Template) -> Option<String> {
        match self {
            Self::Add(field) | Self::Remove(field, _) => Some(field.clone()),
            Self::OwnPlan(_) => {
                template.fields.iter().find(|one| one.kind == FieldKind::Plan).map(|one| one.name.clone())
            }
            Self::Save | Self::Submit | Self::Pick => None,
        }
    }

    /// The form as it would have been sent after the wish.
    pub(super) fn apply(&self, template: &Template, sent: &mut Vec<(String, String)>) {
        match self {
            Self::Add(name) => add(template, name, sent),
            Self::Remove(name, at) => remove(template, name, *at, sent),
            // The rows of the plan are not the template's: without them it rules again.
            Self::OwnPlan(false) => {
                let plans = template.fields.iter().filter(|field| field.kind == FieldKind::Plan);
                let prefixes: Vec<String> = plans.map(|field| format!("{}.", field.name)).collect();
                sent.retain(|(name, _)| !prefixes.iter().any(|prefix| name.starts_with(prefix)));
            }
            Self::Save | Self::Submit | Self::Pick | Self::OwnPlan(true) => {}
        }
    }
}

fn add(template: &Template, name: &str, sent: &mut Vec<(String, String)>) {
    let Some(field) = template.field(name) else { return };
    let cells = rows::cells(&field.kind);
    let column = |cell: &str| {
        let wanted = format!("{name}.{cell}");
        sent.iter().filter(move |(name, _)| *name == wanted).map(|(_, text)| text.clone())
    };
    let Some(first) = cells.first() else { return };
    let known: Vec<rows::Cells> = (0..column(first).count())
        .map(|at| cells.iter().map(|cell| ((*cell).to_owned(), column(cell).nth(at).unwrap_or_default())).collect())
        .collect();
    let new = rows::blank(&field.kind, &known);
    sent.extend(new.into_iter().map(|(cell, text)| (format!("{name}.{cell}"), text)));
}

fn remove(template: &Template, name: &str, at: usize, sent: &mut Vec<(String, String)>) {
    let Some(field) = template.field(name) else { return };
    for cell in rows::cells(&field.kind) {
        let wanted = format!("{name}.{cell}");
        let place = sent.iter().enumerate().filter(|(_, (name, _))| *name == wanted).nth(at).map(|(place, _)| place);
        if let Some(place) = place {
            sent.remove(place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::template::shipped;

    fn sent(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    fn names(sent: &[(String, String)]) -> Vec<&str> {
        sent.iter().filter(|(name, _)| name == "goods.name").map(|(_, text)| text.as_str()).collect()
    }

    #[test]
    fn rows_come_and_go() {
        let template = shipped().into_iter().find(|one| one.name == "product-sale").unwrap().load().unwrap();
        let mut form = sent(&[("goods.name", "a"), ("goods.unit", "台"), ("goods.name", "b"), ("goods.unit", "箱")]);
        Wish::of("add:goods").apply(&template, &mut form);
        assert_eq!(names(&form), ["a", "b", ""]);
        Wish::of("remove:goods:0").apply(&template, &mut form);
        assert_eq!(names(&form), ["b", ""]);
        let unit = form.iter().filter(|(name, _)| name == "goods.unit").nth(1).unwrap();
        assert_eq!(unit.1, "箱", "a new row has the unit of the last one");
    }
}
