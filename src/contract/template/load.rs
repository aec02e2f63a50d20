//! A folder's files become a [`Template`], or the list of everything that is wrong with them.

use std::collections::BTreeSet;

use toml::Spanned;

use crate::kernel::{Currency, Hash, Rate};

use super::body::{self, Section, is_name};
use super::fault::{Fault, Place, Problem};
use super::names::nearest;
use super::number::{BadPattern, NumberPattern};
use super::plan::{DueRule, PartRule, PlanRule};
use super::source::{ClauseSource, DueSource, PlanSource, SampleSource, Source};
use super::value::FieldValue;
use super::{
    Alternative, Clause, ClauseKind, FileSlot, Item, PartySlot, Role, Template, Terms, check, load_field, span, text,
};

/// The files of a template's folder, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// The name of the folder.
    pub name: String,
    /// `template.toml`.
    pub template: String,
    /// `body.md`.
    pub body: String,
    /// `sample.toml`, if there is one.
    pub sample: Option<String>,
}

/// Collects what is wrong with one file.
pub(super) struct Faults<'a> {
    file: String,
    text: &'a str,
    found: Vec<Fault>,
}

impl<'a> Faults<'a> {
    pub(super) fn of(file: String, text: &'a str) -> Self {
        Self { file, text, found: Vec::new() }
    }

    /// Something is wrong at that byte.
    pub(super) fn add(&mut self, at: usize, problem: Problem) {
        self.found.push(Fault { place: Place::of(&self.file, self.text, at), problem });
    }

    /// Whether anything is wrong so far.
    pub(super) fn any(&self) -> bool {
        !self.found.is_empty()
    }

    pub(super) fn into_vec(self) -> Vec<Fault> {
        self.found
    }
}

impl Folder {
    /// The folder with line ends as LF and without a byte order mark.
    pub fn new(name: &str, template: &str, body: &str, sample: Option<&str>) -> Self {
        let text = |text: &str| text.trim_start_matches('\u{FEFF}').replace("\r\n", "\n");
        Self { name: name.to_owned(), template: text(template), body: text(body), sample: sample.map(text) }
    }

    /// The checked template. A template with faults cannot be used; all of them are told at once, in the order of the files.
    pub fn load(&self) -> Result<Template, Vec<Fault>> {
        let mut toml = Faults::of(format!("{}/template.toml", self.name), &self.template);
        let source: Source = match toml::from_str(&self.template) {
            Ok(source) => source,
            Err(error) => {
                toml.add(error.span().map_or(0, |span| span.start), syntax(error.message()));
                return Err(toml.into_vec());
            }
        };
        let body_file = format!("{}/body.md", self.name);
        let (sections, mut body_faults) = body::sections(&body_file, &self.body);
        let mut body = Faults::of(body_file, &self.body);
        let template = self.build(&source, sections, &mut toml, &mut body);
        if let Some(template) = &template {
            check::check(template, &source, &mut toml, &mut body);
        }
        let mut found = toml.into_vec();
        body_faults.extend(body.into_vec());
        body_faults.sort_by_key(|fault| (fault.place.line, fault.place.column));
        found.sort_by_key(|fault| (fault.place.line, fault.place.column));
        found.extend(body_faults);
        match template {
            Some(template) if found.is_empty() => Ok(template),
            _ => Err(found),
        }
    }

    fn build(
        &self,
        source: &Source,
        sections: Vec<Section>,
        toml: &mut Faults<'_>,
        body: &mut Faults<'_>,
    ) -> Option<Template> {
        let currency = currency(source, toml);
        let fields = source.field.iter().filter_map(|field| load_field::field(field, currency, toml)).collect();
        let texts = text::compile(&sections, body);
        let terms = &source.terms;
        let name_of = |name: &Option<Spanned<String>>| name.as_ref().map(|name| name.get_ref().clone());
        let template = Template {
            name: self.name.clone(),
            title: source.title.clone(),
            summary: source.summary.clone(),
            number: number(source, toml),
            fixed_category: source.category.clone(),
            currency,
            our_roles: source.our_roles.iter().filter_map(|name| role(name, toml)).collect(),
            terms: Terms {
                total: name_of(&terms.total),
                tax_rate: name_of(&terms.tax_rate),
                starts_on: name_of(&terms.starts_on),
                ends_on: name_of(&terms.ends_on),
                payer: role(&terms.payer, toml)?,
            },
            parties: source
                .party
                .iter()
                .filter_map(|party| {
                    Some(PartySlot { role: role(&party.role, toml)?, label: party.label.clone(), person: party.person })
                })
                .collect(),
            fields,
            clauses: source.clause.iter().map(|source| clause(source, toml)).collect(),
            plan: source.plan.iter().filter_map(|row| plan_rule(row, toml)).collect(),
            files: source
                .file
                .iter()
                .map(|slot| FileSlot {
                    name: slot.name.get_ref().clone(),
                    label: slot.label.clone(),
                    required: slot.required,
                })
                .collect(),
            archive: source.archive.clone(),
            version: Hash::of_parts(&[
                b"qiyue.template.1\n",
                &(self.template.len() as u64).to_be_bytes(),
                self.template.as_bytes(),
                self.body.as_bytes(),
            ]),
            sections: sections.into_iter().map(|section| (section.name.clone(), section)).collect(),
            texts,
        };
        names_are_unique(source, toml);
        Some(template)
    }
}

/// What the TOML reader says, with the unknown key set apart, because that is what people mistype.
fn syntax(message: &str) -> Problem {
    let unknown = message.strip_prefix("unknown field `").and_then(|rest| rest.split_once("`, expected "));
    match unknown {
        Some((found, expected)) => {
            let nearest = nearest(found, expected.split('`').skip(1).step_by(2));
            Problem::UnknownKey { found: found.to_owned(), nearest }
        }
        None => Problem::Toml(message.trim_end().to_owned()),
    }
}

fn currency(source: &Source, faults: &mut Faults<'_>) -> Currency {
    let Some(code) = &source.currency else { return Currency::CNY };
    Currency::from_code(code.get_ref()).unwrap_or_else(|_| {
        faults.add(code.span().start, Problem::BadValue { text: code.get_ref().clone() });
        Currency::CNY
    })
}

/// The number pattern; a bad one is told and replaced, so that the rest is checked too.
fn number(source: &Source, faults: &mut Faults<'_>) -> NumberPattern {
    source.number.get_ref().parse().unwrap_or_else(|bad: BadPattern| {
        faults.add(source.number.span().start, Problem::BadNumberPattern(bad.0));
        NumberPattern::default()
    })
}

fn role(name: &Spanned<String>, faults: &mut Faults<'_>) -> Option<Role> {
    let found = Role::from_name(name.get_ref());
    if found.is_none() {
        let nearest = nearest(name.get_ref(), Role::ALL.map(Role::name));
        faults.add(name.span().start, Problem::UnknownRole { found: name.get_ref().clone(), nearest });
    }
    found
}

fn clause(source: &ClauseSource, faults: &mut Faults<'_>) -> Clause {
    let covers = source.covers.iter().filter_map(|name| {
        let found = Item::from_name(name.get_ref());
        if found.is_none() {
            let nearest = nearest(name.get_ref(), Item::ALL.map(Item::name));
            faults.add(name.span().start, Problem::UnknownItem { found: name.get_ref().clone(), nearest });
        }
        found
    });
    let covers = covers.collect();
    for deviating in &source.deviates {
        if !source.alternatives.iter().any(|alternative| alternative.get_ref() == deviating.get_ref()) {
            let nearest = nearest(deviating.get_ref(), source.alternatives.iter().map(|name| name.get_ref().as_str()));
            faults.add(deviating.span().start, Problem::UnknownClause { found: deviating.get_ref().clone(), nearest });
        }
    }
    if !source.alternatives.is_empty() && source.labels.len() != source.alternatives.len() {
        let problem = Problem::KeyNeeded { kind: "alternatives".to_owned(), key: "labels".to_owned() };
        faults.add(source.name.span().start, problem);
    }
    let alternative = |(place, section): (usize, &Spanned<String>)| Alternative {
        section: section.get_ref().clone(),
        label: source.labels.get(place).cloned().unwrap_or_default(),
        deviates: source.deviates.iter().any(|deviating| deviating.get_ref() == section.get_ref()),
    };
    let kind = match (source.free, source.alternatives.is_empty()) {
        (true, _) => ClauseKind::Free,
        (false, true) => ClauseKind::Locked,
        (false, false) => ClauseKind::Alternatives(source.alternatives.iter().enumerate().map(alternative).collect()),
    };
    let name = source.name.get_ref().clone();
    Clause { name, numbered: source.numbered.unwrap_or(true), kind, covers, standard: source.standard.clone() }
}

fn plan_rule(source: &PlanSource, faults: &mut Faults<'_>) -> Option<PlanRule> {
    let part = match (&source.share, &source.amount, source.rest) {
        (Some(share), None, false) => match Rate::parse(share.get_ref()) {
            Ok(rate) if rate >= Rate::ZERO => PartRule::Share(rate),
            _ => {
                faults.add(share.span().start, Problem::BadValue { text: share.get_ref().clone() });
                return None;
            }
        },
        (None, Some(field), false) => PartRule::AmountOf(field.get_ref().clone()),
        (None, None, true) => PartRule::Rest,
        _ => {
            faults.add(source.name.span().start, Problem::ExactlyOne("share, amount, rest".to_owned()));
            return None;
        }
    };
    Some(PlanRule {
        name: source.name.get_ref().clone(),
        title: source.title.clone(),
        part,
        due: due(&source.due, faults)?,
        retention: source.retention,
        with: source.with.as_ref().map(|name| name.get_ref().clone()),
    })
}

fn due(source: &Spanned<DueSource>, faults: &mut Faults<'_>) -> Option<DueRule> {
    match source.get_ref() {
        DueSource { date: Some(field), event: None, after: None } => Some(DueRule::DateIn(field.get_ref().clone())),
        DueSource { date: None, event: Some(event), after } => {
            let span = match after {
                None => None,
                Some(text) => {
                    let span = span::parse(text.get_ref());
                    if span.is_none() {
                        faults.add(text.span().start, Problem::BadSpan(text.get_ref().clone()));
                        return None;
                    }
                    span
                }
            };
            Some(DueRule::After(event.get_ref().clone(), span))
        }
        _ => {
            faults.add(source.span().start, Problem::ExactlyOne("date, event".to_owned()));
            None
        }
    }
}

fn names_are_unique(source: &Source, faults: &mut Faults<'_>) {
    let groups: [Vec<&Spanned<String>>; 4] = [
        source.party.iter().map(|party| &party.role).chain(source.field.iter().map(|field| &field.name)).collect(),
        source.clause.iter().map(|clause| &clause.name).collect(),
        source.plan.iter().map(|row| &row.name).collect(),
        source.file.iter().map(|slot| &slot.name).collect(),
    ];
    for (place, names) in groups.into_iter().enumerate() {
        let mut seen = BTreeSet::new();
        for name in names {
            // A placeholder cannot have a hyphen; only fields and parties stand in placeholders.
            let in_text = place == 0;
            if !is_name(name.get_ref()) || (in_text && name.get_ref().contains('-')) {
                faults.add(name.span().start, Problem::BadName(name.get_ref().clone()));
            } else if !seen.insert(name.get_ref()) {
                faults.add(name.span().start, Problem::Twice(name.get_ref().clone()));
            }
        }
    }
}

impl Folder {
    /// `sample.toml` as it is written.
    pub(in crate::contract) fn read_sample(&self) -> Result<SampleSource, Vec<Fault>> {
        let text = self.sample.as_deref().unwrap_or_default();
        let mut faults = Faults::of(format!("{}/sample.toml", self.name), text);
        if self.sample.is_none() {
            faults.add(0, Problem::FileMissing("sample.toml".to_owned()));
            return Err(faults.into_vec());
        }
        toml::from_str(text).map_err(|error| {
            faults.add(error.span().map_or(0, |span| span.start), syntax(error.message()));
            faults.into_vec()
        })
    }

    /// One value of the sample.
    pub(in crate::contract) fn read_sample_value(
        &self,
        template: &Template,
        name: &str,
        value: &Spanned<toml::Value>,
    ) -> Result<Option<FieldValue>, Vec<Fault>> {
        let text = self.sample.as_deref().unwrap_or_default();
        let mut faults = Faults::of(format!("{}/sample.toml", self.name), text);
        let at = value.span().start;
        let Some(field) = template.field(name) else {
            let nearest = nearest(name, template.fields.iter().map(|field| field.name.as_str()));
            faults.add(at, Problem::UnknownField { found: name.to_owned(), nearest });
            return Err(faults.into_vec());
        };
        let json = serde_json::to_value(value.get_ref()).unwrap_or_default();
        field.kind.read_json(&json, template.currency).map_err(|_| {
            faults.add(at, Problem::BadValue { text: load_field::written(value.get_ref()) });
            faults.into_vec()
        })
    }
}
