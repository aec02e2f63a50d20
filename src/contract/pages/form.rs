//! The drafting form as a page shows it: every blank with its control, what stands in it, and what is wrong with it.

use super::choices::{self, Choice};
use super::controls::{ClausePart, Control, DraftForm, Group, PartyPart, Row, Slot, SlotFile, TotalsPart};
use crate::contract::document::{Document, FieldError};
use crate::contract::rows::{self, Cells, UNITS};
use crate::contract::template::plan::EVENTS;
use crate::contract::template::{
    ClauseKind, Computed, Field, FieldKind, FieldValue, Party, PartySlot, Template, Totals, value_text,
};
use crate::contract::words::event_said;
use crate::contract::{Content, Contract};
use crate::i18n::{Explain as _, msg};
use crate::web::{FormState, LoggedIn};
use crate::workflow::Directory;

/// What the form is made of.
pub(super) struct Source<'a> {
    pub(super) visit: &'a LoggedIn,
    pub(super) directory: &'a Directory,
    pub(super) template: &'a Template,
    pub(super) contract: &'a Contract,
    pub(super) document: &'a Document,
    /// What is shown as wrong.
    pub(super) problems: &'a [FieldError],
}

impl Source<'_> {
    fn content(&self) -> &Content {
        &self.contract.content
    }

    /// The form with everything in it.
    pub(super) fn form(&self) -> DraftForm {
        let mut form = FormState::empty();
        for problem in self.problems {
            form.error(&problem.field, problem.message());
        }
        let parties = self.parties(&mut form);
        let groups = self.groups(&mut form);
        let clauses = self.clauses(&mut form);
        DraftForm { form, parties, groups, clauses, slots: self.slots() }
    }

    fn parties(&self, form: &mut FormState) -> Vec<PartyPart> {
        let slots = &self.template.parties;
        let found = slots.iter().filter_map(|slot| Some((slot, self.content().draft.party(slot.role)?)));
        found.map(|(slot, party)| party_part(slot, party, form)).collect()
    }

    fn groups(&self, form: &mut FormState) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for field in &self.template.fields {
            let control = self.control(field, form);
            match groups.iter_mut().find(|group| group.title == field.group) {
                Some(group) => group.fields.push(control),
                None => groups.push(Group { title: field.group.clone(), fields: vec![control] }),
            }
        }
        groups
    }

    fn control(&self, field: &Field, form: &mut FormState) -> Control {
        let content = self.content();
        put(form, field, content);
        let mut control = Control {
            name: field.name.clone(),
            label: field.label.clone(),
            kind: kind_of(&field.kind),
            required: field.required && self.document.mentions(&field.name),
            hint: field.hint.clone().unwrap_or_default(),
            currency: content.draft.currency.code().to_owned(),
            options: self.options(&field.kind),
            ..Control::default()
        };
        // Somebody who left meanwhile stays chosen.
        if let Some(FieldValue::Record(record)) = content.draft.values.get(&field.name) {
            let chosen = reference(record.id, &record.name);
            if !control.options.contains(&chosen) {
                control.options.push(chosen);
            }
        }
        match &field.kind {
            FieldKind::Text { max, .. } | FieldKind::LongText { max } => control.max = *max,
            FieldKind::Computed { result, .. } => {
                control.text =
                    self.document.values.get(&field.name).map(|value| computed(value, *result)).unwrap_or_default();
            }
            FieldKind::Lines => self.lines(field, &mut control),
            FieldKind::Plan => self.plan(field, &mut control),
            FieldKind::Customer | FieldKind::Contact | FieldKind::File => {
                control.text = content.draft.values.get(&field.name).map(value_text).unwrap_or_default();
            }
            _ => {}
        }
        control
    }

    fn options(&self, kind: &FieldKind) -> Vec<Choice> {
        match kind {
            FieldKind::Choice(options) | FieldKind::Choices(options) => {
                options.iter().map(|one| Choice::word(one)).collect()
            }
            FieldKind::User => {
                let people = self.directory.by_name().into_iter().filter(|one| one.active);
                people.map(|one| reference(one.id.get(), &one.name)).collect()
            }
            FieldKind::Department => {
                self.directory.departments.values().map(|one| reference(one.id.get(), &one.name)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn lines(&self, field: &Field, control: &mut Control) {
        let currency = self.content().draft.currency;
        let mut shown = rows::shown(field, self.content());
        if shown.is_empty() {
            shown.push(rows::blank(&field.kind, &[]));
        }
        let amount = |cells: &Cells| rows::line(cells).and_then(|line| line.amount(currency).ok());
        control.rows = shown.into_iter().map(|cells| Row { amount: amount(&cells), cells }).collect();
        if let Some(FieldValue::Lines(lines)) = self.content().draft.values.get(&field.name)
            && let Ok(Totals { net, tax, gross }) = Totals::of(lines, currency)
        {
            control.totals = Some(TotalsPart { net, tax, gross });
        }
    }

    fn plan(&self, field: &Field, control: &mut Control) {
        let content = self.content();
        control.own = content.unread.contains_key(&field.name) || content.draft.values.contains_key(&field.name);
        let shown = if control.own {
            rows::shown(field, content)
        } else {
            rows::of_plan(&content.draft.plan(self.template, &self.document.values))
        };
        let amounts = &self.document.milestones;
        let amount = |cells: &Cells| {
            let name = cells.get("name")?;
            amounts.iter().find(|one| one.row.name == *name).map(|one| one.amount.gross)
        };
        control.options = self.events(&shown);
        control.rows = shown.into_iter().map(|cells| Row { amount: amount(&cells), cells }).collect();
    }

    /// What a milestone can wait for: the contract's events, a date, another milestone.
    fn events(&self, rows: &[Cells]) -> Vec<Choice> {
        let own = EVENTS.map(|event| Choice::new(event, self.visit.text(&event_said(event))));
        let date = Choice::new("date", self.visit.text(&msg!("contract.plan.on_date")));
        let others = rows.iter().filter_map(|row| {
            let (name, title) = (row.get("name")?, row.get("title")?);
            let paid = self.visit.text(&msg!("contract.plan.paid", title = title));
            (!title.is_empty()).then(|| Choice::new(name, paid))
        });
        own.into_iter().chain([date]).chain(others).collect()
    }

    fn clauses(&self, form: &mut FormState) -> Vec<ClausePart> {
        let draft = &self.content().draft;
        let open = self.template.clauses.iter().filter(|clause| clause.kind != ClauseKind::Locked);
        open.map(|clause| {
            let name = format!("clauses/{}", clause.name);
            let shown = self.document.clause(&clause.name);
            let (alternatives, free) = if let ClauseKind::Alternatives(alternatives) = &clause.kind {
                form.put(&name, draft.section(clause));
                (alternatives.iter().map(|one| Choice::new(&one.section, &one.label)).collect(), false)
            } else {
                form.put(&name, draft.free.get(&clause.name).map_or("", String::as_str));
                (Vec::new(), true)
            };
            let standard = self.template.section(&clause.name).map(|section| section.source.trim().to_owned());
            ClausePart {
                name,
                title: shown.map(|clause| clause.title.clone()).unwrap_or_default(),
                alternatives,
                free,
                standard: standard.unwrap_or_default(),
                deviates: shown.is_some_and(|clause| clause.deviation.is_some()),
            }
        })
        .collect()
    }

    fn slots(&self) -> Vec<Slot> {
        let id = self.contract.id;
        let file = |slot: &str, file: &crate::contract::template::FileValue| SlotFile {
            name: file.name.clone(),
            path: super::FilePath { id, hash: file.hash }.to_string(),
            remove: super::DetachPath { id, slot: slot.to_owned(), hash: file.hash }.to_string(),
        };
        let slot = |slot: &crate::contract::template::FileSlot| {
            let files = self.content().draft.files.get(&slot.name);
            let wrong = self.problems.iter().filter(|one| one.field.strip_prefix("files/") == Some(&slot.name));
            Slot {
                name: slot.name.clone(),
                label: slot.label.clone(),
                required: slot.required,
                files: files.into_iter().flatten().map(|one| file(&slot.name, one)).collect(),
                errors: wrong.map(FieldError::message).collect(),
            }
        };
        self.template.files.iter().map(slot).collect()
    }
}

fn party_part(slot: &PartySlot, party: &Party, form: &mut FormState) -> PartyPart {
    // Our own name, address and code come from the entity, which the administrator keeps.
    let kept = ["name", "credit_code", "address", "legal_representative"];
    let details = Party::BLANKS.into_iter().filter(|(detail, _)| match *detail {
        "id_number" => slot.person && party.person,
        "credit_code" | "legal_representative" => !party.person,
        _ => true,
    });
    let details = details.map(|(detail, required)| {
        let name = format!("{}.{detail}", slot.role.name());
        let text = party.details.get(detail).map(String::as_str).unwrap_or_default();
        form.put(&name, text);
        let fixed = party.ours && kept.contains(&detail);
        Control {
            label: String::new(),
            kind: if fixed { "fixed" } else { "text" },
            required,
            max: 200,
            text: text.to_owned(),
            options: vec![Choice::word(detail)],
            name,
            ..Control::default()
        }
    });
    let details = details.collect();
    if party.person {
        form.put(&format!("{}.person", slot.role.name()), "yes");
    }
    PartyPart {
        role: slot.role.name(),
        label: slot.label.clone(),
        does: choices::role(slot.role),
        ours: party.ours,
        may_be_person: slot.person && !party.ours,
        name: party.name().to_owned(),
        details,
    }
}

/// What was typed, or the value as it is typed.
fn put(form: &mut FormState, field: &Field, content: &Content) {
    let name = &field.name;
    if let Some(typed) = content.unread.get(name) {
        return form.put(name, typed);
    }
    match content.draft.values.get(name) {
        None | Some(FieldValue::Lines(_) | FieldValue::Plan(_)) => {}
        Some(value @ FieldValue::File(_)) => form.put(name, &value.to_json().to_string()),
        Some(FieldValue::Choices(chosen)) => chosen.iter().for_each(|one| form.put(name, one)),
        Some(FieldValue::Text(text) | FieldValue::Choice(text)) => form.put(name, text),
        Some(FieldValue::Number(number)) => form.put(name, &number.to_string()),
        Some(FieldValue::Percent(rate)) => form.put(name, &rate.in_percent()),
        Some(FieldValue::Money(money)) => form.put(name, &money.amount.to_string()),
        Some(FieldValue::Date(date)) => form.put(name, &date.to_string()),
        Some(FieldValue::YesNo(yes)) => form.put(name, if *yes { "yes" } else { "no" }),
        Some(FieldValue::Record(record)) => form.put(name, &reference(record.id, &record.name).value),
    }
}

/// A record as the form sends it.
fn reference(id: i64, name: &str) -> Choice {
    Choice::new(serde_json::json!({ "id": id, "name": name }), name)
}

fn kind_of(kind: &FieldKind) -> &'static str {
    match kind {
        FieldKind::Text { .. } => "text",
        FieldKind::LongText { .. } => "long",
        FieldKind::Number { .. } => "number",
        FieldKind::Percent { .. } => "percent",
        FieldKind::Money { .. } => "money",
        FieldKind::Date => "date",
        FieldKind::Choice(_) | FieldKind::User | FieldKind::Department => "choice",
        FieldKind::Choices(_) => "choices",
        FieldKind::YesNo => "yes_no",
        FieldKind::Lines => "lines",
        FieldKind::Plan => "plan",
        FieldKind::Computed { .. } => "computed",
        FieldKind::Customer | FieldKind::Contact | FieldKind::File => "kept",
    }
}

/// A computed value in figures; its words stand in the document.
fn computed(value: &FieldValue, kind: Computed) -> String {
    match (value, kind) {
        (FieldValue::Money(money), Computed::Money) => money.to_string(),
        (value, _) => value_text(value),
    }
}

/// The units of a milestone's span, for its list.
pub(super) fn units(visit: &LoggedIn) -> Vec<Choice> {
    let said = |unit: &str| match unit {
        "working_days" => msg!("contract.plan.working_days"),
        "days" => msg!("contract.plan.days"),
        "months" => msg!("contract.plan.months"),
        "years" => msg!("contract.plan.years"),
        _ => msg!("contract.plan.end_of_month"),
    };
    UNITS.map(|unit| Choice::new(unit, visit.text(&said(unit)))).to_vec()
}
