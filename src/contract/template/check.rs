//! What `template.toml` and `body.md` must agree on.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::value::Value;
use toml::Spanned;

use crate::kernel::Rate;

use super::body::{Placeholder, placeholders};
use super::fault::Problem;
use super::field::{Computed, FieldKind};
use super::load::Faults;
use super::names::nearest;
use super::plan::{EVENTS, share_sums};
use super::source::Source;
use super::text::{self, Blank, Content, FILTERS, PartyBlanks};
use super::value::Party;
use super::{Item, Role, Template};

/// Checks everything that two places must agree on.
pub(super) fn check(template: &Template, source: &Source, toml: &mut Faults<'_>, body: &mut Faults<'_>) {
    let mut used = BTreeSet::new();
    roles(template, source, toml);
    clauses(template, source, toml, body);
    items(template, source, toml);
    plan(template, source, &mut used, toml);
    references(template, source, &mut used, toml);
    for section in template.sections.values() {
        for placeholder in placeholders(section) {
            used.insert(placeholder.name.clone());
            self::placeholder(template, &placeholder, body);
        }
    }
    renders(template, body);
    for field in &source.field {
        if !used.contains(field.name.get_ref()) {
            toml.add(field.name.span().start, Problem::UnusedField(field.name.get_ref().clone()));
        }
    }
}

fn roles(template: &Template, source: &Source, toml: &mut Faults<'_>) {
    let known = || template.parties.iter().map(|party| party.role.name());
    if source.our_roles.is_empty() {
        let problem = Problem::KeyNeeded { kind: "template".to_owned(), key: "our_roles".to_owned() };
        toml.add(source.number.span().start, problem);
    }
    for name in source.our_roles.iter().chain([&source.terms.payer]) {
        let is_role = Role::from_name(name.get_ref()).is_some();
        if is_role && !known().any(|role| role == name.get_ref()) {
            let nearest = nearest(name.get_ref(), known());
            toml.add(name.span().start, Problem::UnknownRole { found: name.get_ref().clone(), nearest });
        }
    }
}

fn clauses(template: &Template, source: &Source, toml: &mut Faults<'_>, body: &mut Faults<'_>) {
    let mut listed = BTreeSet::new();
    for clause in &source.clause {
        let names: Vec<_> =
            if clause.alternatives.is_empty() { vec![&clause.name] } else { clause.alternatives.iter().collect() };
        for name in names {
            listed.insert(name.get_ref().as_str());
            if !template.sections.contains_key(name.get_ref()) {
                let nearest = nearest(name.get_ref(), template.sections.keys().map(String::as_str));
                toml.add(name.span().start, Problem::UnknownClause { found: name.get_ref().clone(), nearest });
            }
        }
    }
    for section in template.sections.values().filter(|section| !listed.contains(section.name.as_str())) {
        body.add(section.heading, Problem::UnlistedClause(section.name.clone()));
    }
}

fn items(template: &Template, source: &Source, toml: &mut Faults<'_>) {
    for item in Item::ALL {
        if !template.clauses.iter().any(|clause| clause.covers.contains(&item)) {
            let first = source.clause.first().map_or(0, |clause| clause.name.span().start);
            toml.add(first, Problem::ItemMissing(item));
        }
    }
}

fn plan(template: &Template, source: &Source, used: &mut BTreeSet<String>, toml: &mut Faults<'_>) {
    let Some(first) = source.plan.first() else { return };
    let sections = template.sections.keys().map(String::as_str);
    for row in &source.plan {
        if let Some(with) = &row.with
            && !template.sections.contains_key(with.get_ref())
        {
            let nearest = nearest(with.get_ref(), sections.clone());
            toml.add(with.span().start, Problem::UnknownClause { found: with.get_ref().clone(), nearest });
        }
        let due = row.due.get_ref();
        if let Some(field) = &row.amount {
            reference(template, field, is_money, used, toml);
        }
        if let Some(field) = &due.date {
            reference(template, field, is_date, used, toml);
        }
        if let Some(event) = &due.event {
            let events = || EVENTS.into_iter().chain(source.plan.iter().map(|row| row.name.get_ref().as_str()));
            if !events().any(|known| known == event.get_ref()) || event.get_ref() == row.name.get_ref() {
                let nearest = nearest(event.get_ref(), events());
                toml.add(event.span().start, Problem::UnknownEvent { found: event.get_ref().clone(), nearest });
            }
        }
    }
    if template.plan.len() < source.plan.len() {
        return; // a row that could not be read has its own fault
    }
    for (way, (sum, open)) in share_sums(&template.plan) {
        if (open && sum > Rate::ONE) || (!open && sum != Rate::ONE) {
            let of_way = |with: &Option<Spanned<String>>| with.as_ref().map(Spanned::get_ref) == way.as_ref();
            let row = source.plan.iter().find(|row| of_way(&row.with)).unwrap_or(first);
            toml.add(row.name.span().start, Problem::SharesNotWhole { sum: sum.in_percent() });
        }
    }
}

fn references(template: &Template, source: &Source, used: &mut BTreeSet<String>, toml: &mut Faults<'_>) {
    let terms = &source.terms;
    for (field, fits) in [
        (&terms.total, is_total as fn(&Template, &str) -> bool),
        (&terms.tax_rate, is_percent),
        (&terms.starts_on, is_date),
        (&terms.ends_on, is_date),
    ] {
        if let Some(field) = field {
            reference(template, field, fits, used, toml);
        }
    }
    for field in &source.field {
        if let Some(other) = &field.not_before {
            reference(template, other, is_date, used, toml);
        }
        for text in [&field.at_most, &field.expression].into_iter().flatten() {
            let Ok(expression) = super::Expression::parse(text.get_ref()) else { continue };
            for name in expression.names() {
                let root = name.split('.').next().unwrap_or(name);
                used.insert(root.to_owned());
                if template.field(root).is_none() || root == field.name.get_ref().as_str() && field.expression.is_some()
                {
                    let nearest = nearest(root, template.fields.iter().map(|field| field.name.as_str()));
                    toml.add(text.span().start, Problem::UnknownField { found: name.to_owned(), nearest });
                }
            }
        }
    }
}

/// A field named from another place of the file: it must exist and fit.
fn reference(
    template: &Template,
    field: &Spanned<String>,
    fits: fn(&Template, &str) -> bool,
    used: &mut BTreeSet<String>,
    toml: &mut Faults<'_>,
) {
    used.insert(field.get_ref().clone());
    if !fits(template, field.get_ref()) {
        let fitting = template.fields.iter().map(|field| field.name.as_str()).filter(|name| fits(template, name));
        let nearest = nearest(field.get_ref(), fitting);
        toml.add(field.span().start, Problem::UnknownField { found: field.get_ref().clone(), nearest });
    }
}

fn kind_of<'a>(template: &'a Template, name: &str) -> Option<&'a FieldKind> {
    template.field(name).map(|field| &field.kind)
}

fn is_money(template: &Template, name: &str) -> bool {
    matches!(
        kind_of(template, name),
        Some(FieldKind::Money { .. } | FieldKind::Computed { result: Computed::Money, .. })
    )
}

fn is_total(template: &Template, name: &str) -> bool {
    is_money(template, name) || matches!(kind_of(template, name), Some(FieldKind::Lines))
}

fn is_percent(template: &Template, name: &str) -> bool {
    matches!(kind_of(template, name), Some(FieldKind::Percent { .. }))
}

fn is_date(template: &Template, name: &str) -> bool {
    matches!(kind_of(template, name), Some(FieldKind::Date))
}

fn placeholder(template: &Template, placeholder: &Placeholder, body: &mut Faults<'_>) {
    let is_party = template.parties.iter().any(|party| party.role.name() == placeholder.name);
    if !is_party && template.field(&placeholder.name).is_none() {
        let names = template.fields.iter().map(|field| field.name.as_str());
        let nearest = nearest(&placeholder.name, names.chain(template.parties.iter().map(|party| party.role.name())));
        body.add(placeholder.at, Problem::UnknownField { found: placeholder.name.clone(), nearest });
        return;
    }
    let attributes: Vec<&str> = match kind_of(template, &placeholder.name) {
        None => Party::BLANKS.iter().map(|(name, _)| *name).chain(PartyBlanks::COMPUTED).collect(),
        Some(FieldKind::Lines) => vec!["total", "net", "tax"],
        Some(_) => vec![],
    };
    let missing = match &placeholder.attribute {
        Some(attribute) => !attributes.contains(&attribute.as_str()) && attribute != "value",
        None => is_party,
    };
    if missing {
        let found = placeholder.attribute.clone().unwrap_or_default();
        let nearest = nearest(&found, attributes.iter().copied());
        body.add(placeholder.at, Problem::UnknownAttribute { of: placeholder.name.clone(), found, nearest });
    }
    filters(template, placeholder, body);
}

fn filters(template: &Template, placeholder: &Placeholder, body: &mut Faults<'_>) {
    let kind = match (kind_of(template, &placeholder.name), &placeholder.attribute) {
        (Some(FieldKind::Computed { result: Computed::Money, .. }), _) | (Some(FieldKind::Lines), Some(_)) => "money",
        (Some(kind), _) => kind.name(),
        (None, _) => "text",
    };
    for filter in &placeholder.filters {
        match FILTERS.iter().find(|(name, _)| name == filter) {
            None => {
                let nearest = nearest(filter, FILTERS.iter().map(|(name, _)| *name));
                body.add(placeholder.at, Problem::UnknownFilter { found: filter.clone(), nearest });
            }
            Some((_, kinds)) if !kinds.contains(&kind) => {
                let problem = Problem::WrongFilter { filter: filter.clone(), kind: kind.to_owned() };
                body.add(placeholder.at, problem);
            }
            Some(_) => {}
        }
    }
}

/// Renders every section with all blanks empty: the engine finds what the plain placeholders do not show.
fn renders(template: &Template, body: &mut Faults<'_>) {
    if body.any() {
        return;
    }
    let fields = template.fields.iter().map(|field| {
        (field.name.clone(), Value::from_object(Blank { name: field.name.clone(), content: Content::Missing }))
    });
    let parties = template.parties.iter().map(|party| {
        (party.role.name().to_owned(), Value::from_object(PartyBlanks { role: party.role.name(), party: None }))
    });
    let context = Value::from(fields.chain(parties).collect::<BTreeMap<String, Value>>());
    for section in template.sections.values() {
        let rendered = template.texts.get_template(&section.name).and_then(|text| text.render(&context));
        if let Err(error) = rendered {
            body.add(text::place(section, &error), text::problem(&error));
        }
    }
}
