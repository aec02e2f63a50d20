//! A template and a draft make a document.

use std::collections::BTreeMap;

use minijinja::value::Value;

use crate::contract::template::{
    Blank, Clause, ClauseKind, Content, Field, FieldKind, FieldValue, FileValue, Milestone, PartyBlanks, PlanRow,
    Template, Values, escape, plan, without_frames,
};
use crate::i18n::{ErrorKind, Explain, Message, msg};

use super::{Deviation, Document, DocumentClause, Draft, Origin};

/// A template that passed its check and still cannot be filled: a branch that the check did not take.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the clause {clause} of {template} cannot be filled: {detail}")]
pub struct FillError {
    /// The template.
    pub template: String,
    /// The clause.
    pub clause: String,
    /// What the template engine says.
    pub detail: String,
}

impl Explain for FillError {
    fn code(&self) -> &'static str {
        "template_cannot_be_filled"
    }

    fn kind(&self) -> ErrorKind {
        ErrorKind::Internal
    }

    fn message(&self) -> Message {
        msg!("contract.cannot_be_filled", template = &self.template, clause = &self.clause, detail = &self.detail)
    }
}

/// Fills the template. A draft is filled at any time, with blanks where something is missing: the page shows the document as
/// it grows. Whether it is complete says [`Draft::check`].
pub fn fill(template: &Template, draft: &Draft) -> Result<Document, FillError> {
    let values = draft.values(template);
    let rows = draft.plan(template, &values);
    let total = draft.total(template, &values);
    let milestones = total.and_then(|total| plan::milestones(&rows, total).ok()).unwrap_or_default();
    let context = context(template, draft, &values, &rows, &milestones);
    let mut number = 0;
    let clauses = template
        .clauses
        .iter()
        .map(|clause| {
            if clause.numbered {
                number += 1;
            }
            filled(template, draft, clause, clause.numbered.then_some(number), &context)
        })
        .collect::<Result<_, _>>()?;
    let files: Vec<FileValue> = draft.files.values().flatten().cloned().collect();
    let (title, parties) = (template.title.clone(), draft.parties.clone());
    Ok(Document { title, parties, clauses, plan: rows, milestones, values, files })
}

fn context(template: &Template, draft: &Draft, values: &Values, rows: &[PlanRow], milestones: &[Milestone]) -> Value {
    let fields = template.fields.iter().map(|field| {
        let content = content(field, draft, values, rows, milestones);
        (field.name.clone(), Value::from_object(Blank { name: field.name.clone(), content }))
    });
    let parties = template.parties.iter().map(|slot| {
        let party = draft.party(slot.role).cloned();
        (slot.role.name().to_owned(), Value::from_object(PartyBlanks { role: slot.role.name(), party }))
    });
    Value::from(fields.chain(parties).collect::<BTreeMap<String, Value>>())
}

fn content(field: &Field, draft: &Draft, values: &Values, rows: &[PlanRow], milestones: &[Milestone]) -> Content {
    match (&field.kind, values.get(&field.name)) {
        (FieldKind::Plan, _) if !rows.is_empty() => Content::Plan(rows.to_vec(), milestones.to_vec()),
        (_, Some(FieldValue::Lines(lines))) => Content::Lines(lines.clone(), draft.currency),
        (_, Some(value)) => Content::Value(value.clone()),
        (FieldKind::Computed { .. }, None) => Content::Missing,
        (_, None) if field.required => Content::Missing,
        (_, None) => Content::Nothing(field.empty.clone()),
    }
}

fn filled(
    template: &Template,
    draft: &Draft,
    clause: &Clause,
    number: Option<usize>,
    context: &Value,
) -> Result<DocumentClause, FillError> {
    let taken = draft.section(clause);
    let section = template.section(taken);
    let standard = template.texts.get_template(taken).and_then(|text| text.render(context)).map_err(|error| {
        FillError { template: template.name.clone(), clause: clause.name.clone(), detail: error.to_string() }
    })?;
    let written = draft.free.get(&clause.name).map(|text| escape(text)).filter(|text| !text.is_empty());
    let changed = draft.changed.get(&clause.name).filter(|text| **text != without_frames(&standard));
    let (framed, own) = match (&clause.kind, changed, written) {
        (_, Some(text), _) => (text.clone(), Some(Deviation::Changed)),
        (ClauseKind::Free, None, Some(text)) => (text, Some(Deviation::Written)),
        _ => (standard, None),
    };
    let (origin, marked) = origin(clause, taken);
    Ok(DocumentClause {
        name: clause.name.clone(),
        number,
        title: section.map(|section| section.title.clone()).unwrap_or_default(),
        framed,
        origin,
        deviation: own.or(marked.then_some(Deviation::Alternative)),
        standard: section.map_or_else(|| crate::kernel::Hash::of(b""), |section| section.standard),
    })
}

fn origin(clause: &Clause, taken: &str) -> (Origin, bool) {
    match &clause.kind {
        ClauseKind::Locked => (Origin::Locked, false),
        ClauseKind::Free => (Origin::Free, false),
        ClauseKind::Alternatives(alternatives) => {
            let place = alternatives.iter().position(|alternative| alternative.section == taken).unwrap_or(0);
            let taken = alternatives.get(place);
            let label = taken.map(|alternative| alternative.label.clone()).unwrap_or_default();
            let section = taken.map(|alternative| alternative.section.clone()).unwrap_or_default();
            let origin = Origin::Alternative { section, label, other_than_first: place > 0 };
            (origin, taken.is_some_and(|alternative| alternative.deviates))
        }
    }
}
