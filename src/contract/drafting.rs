//! What a drafter may write: blanks, choices between clauses, free clauses. Everything else is refused.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::document::FieldError;
use super::template::{Clause, ClauseKind, Field, FieldKind, FieldValue, Party, Template};
use super::{Content, ContractError, rows};

/// Fields of the form that are not content.
const NOT_CONTENT: [&str; 3] = ["version", "editor", "do"];

/// What a program writes into a draft; what is not named stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftEdit {
    /// Blanks by the name of their field, in the plain JSON of their type; `null` empties one.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, Object>)]
    pub fields: BTreeMap<String, Json>,
    /// Details of the parties, by role and name.
    #[serde(default)]
    pub parties: BTreeMap<String, BTreeMap<String, String>>,
    /// The section taken for each clause with alternatives.
    #[serde(default)]
    pub choices: BTreeMap<String, String>,
    /// What stands in free clauses.
    #[serde(default)]
    pub free: BTreeMap<String, String>,
}

/// The content with what the drafting form sent; the form always sends all of its fields.
pub(super) fn read_form(
    template: &Template,
    before: &Content,
    sent: &[(String, String)],
) -> Result<Content, ContractError> {
    let mut content = before.clone();
    content.unread.clear();
    let mut texts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, text) in sent {
        texts.entry(name).or_default().push(text);
    }
    for field in &template.fields {
        match &field.kind {
            FieldKind::Computed { .. } => {}
            FieldKind::Lines | FieldKind::Plan => rows::read(field, &texts, before, &mut content),
            _ => read_field(field, texts.get(field.name.as_str()).map_or(&[][..], Vec::as_slice), &mut content),
        }
    }
    for (name, sent) in &texts {
        let text = sent.last().copied().unwrap_or_default();
        if let Some(clause) = name.strip_prefix("clauses/") {
            write_clause(template, &mut content, clause, text)?;
        } else if let Some((role, detail)) = name.split_once('.')
            && let Some(party) = content.draft.parties.iter_mut().find(|party| party.role.name() == role)
        {
            write_detail(template, party, detail, text)?;
        } else if !is_of_form(template, name) {
            return Err(ContractError::LockedClause((*name).to_owned()));
        }
    }
    Ok(content)
}

/// The content with what a program sent, or everything that is wrong with that.
pub(super) fn read_edit(template: &Template, before: &Content, edit: &DraftEdit) -> Result<Content, ContractError> {
    let mut content = before.clone();
    let mut problems = Vec::new();
    for (name, json) in &edit.fields {
        let read = match template.field(name) {
            Some(field) => field.kind.read_json(json, content.draft.currency),
            None => Err(super::template::FieldProblem::NoSuchField),
        };
        match read {
            Ok(value) => {
                content.unread.remove(name);
                put(&mut content, name, value);
            }
            Err(problem) => problems.push(FieldError { field: name.clone(), problem }),
        }
    }
    for (role, details) in &edit.parties {
        let party = content.draft.parties.iter_mut().find(|party| party.role.name() == role);
        let party = party.ok_or_else(|| ContractError::LockedClause(role.clone()))?;
        for (detail, text) in details {
            write_detail(template, party, detail, text)?;
        }
    }
    for (clause, text) in edit.choices.iter().chain(&edit.free) {
        write_clause(template, &mut content, clause, text)?;
    }
    if problems.is_empty() { Ok(content) } else { Err(ContractError::Incomplete(problems)) }
}

fn is_of_form(template: &Template, name: &str) -> bool {
    let is_cell = |name: &str| {
        let (field, cell) = name.split_once('.')?;
        rows::cells(&template.field(field)?.kind).contains(&cell).then_some(())
    };
    NOT_CONTENT.contains(&name) || template.field(name).is_some() || is_cell(name).is_some()
}

fn read_field(field: &Field, texts: &[&str], content: &mut Content) {
    if let Ok(value) = field.kind.read_form(texts, content.draft.currency) {
        put(content, &field.name, value);
    } else {
        content.draft.values.remove(&field.name);
        content.unread.insert(field.name.clone(), texts.first().copied().unwrap_or_default().to_owned());
    }
}

fn put(content: &mut Content, name: &str, value: Option<FieldValue>) {
    match value {
        Some(value) => content.draft.values.insert(name.to_owned(), value),
        None => content.draft.values.remove(name),
    };
}

/// Puts the rows of the plan as they stand into the contract's own field, or lets the template's rule again.
pub(super) fn own_plan(template: &Template, content: &mut Content, own: bool) {
    let Some(field) = template.fields.iter().find(|field| field.kind == FieldKind::Plan) else { return };
    content.unread.remove(&field.name);
    if own {
        let rows = content.draft.plan(template, &content.draft.values(template));
        content.draft.values.insert(field.name.clone(), FieldValue::Plan(rows));
    } else {
        content.draft.values.remove(&field.name);
    }
}

/// What was typed and cannot be read, with the reason, in the order of the form.
pub(super) fn unread_problems(template: &Template, content: &Content) -> Vec<FieldError> {
    let currency = content.draft.currency;
    let problem = |field: &Field, typed: &String| match field.kind {
        FieldKind::Lines | FieldKind::Plan => rows::problem(field, typed, currency),
        _ => field.kind.read_form(&[typed], currency).err(),
    };
    let unread = template.fields.iter().filter_map(|field| Some((field, content.unread.get(&field.name)?)));
    unread
        .filter_map(|(field, typed)| Some(FieldError { field: field.name.clone(), problem: problem(field, typed)? }))
        .collect()
}

/// Writes into a clause that is open to the drafter; every other is locked.
fn write_clause(template: &Template, content: &mut Content, name: &str, text: &str) -> Result<(), ContractError> {
    let locked = || ContractError::LockedClause(name.to_owned());
    let clause: &Clause = template.clause(name).ok_or_else(locked)?;
    match &clause.kind {
        ClauseKind::Locked => return Err(locked()),
        ClauseKind::Alternatives(alternatives) => {
            if !alternatives.iter().any(|one| one.section == text) {
                return Err(locked());
            }
            content.draft.choices.insert(name.to_owned(), text.to_owned());
        }
        ClauseKind::Free if text.trim().is_empty() => drop(content.draft.free.remove(name)),
        ClauseKind::Free => drop(content.draft.free.insert(name.to_owned(), text.trim().replace("\r\n", "\n"))),
    }
    Ok(())
}

fn write_detail(template: &Template, party: &mut Party, detail: &str, text: &str) -> Result<(), ContractError> {
    let slot = template.parties.iter().find(|slot| slot.role == party.role);
    if detail == "person" && slot.is_some_and(|slot| slot.person) && !party.ours {
        party.person = text == "yes";
        return Ok(());
    }
    // Our own name, address and code come from the entity, which the administrator keeps.
    let own = party.ours && ["name", "credit_code", "address", "legal_representative"].contains(&detail);
    if own || !Party::BLANKS.iter().any(|(known, _)| *known == detail) {
        return Err(ContractError::LockedClause(format!("{}.{detail}", party.role.name())));
    }
    match text.trim() {
        "" => party.details.remove(detail),
        text => party.details.insert(detail.to_owned(), text.to_owned()),
    };
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::document::Draft;
    use crate::contract::template::{Role, shipped};

    fn template(name: &str) -> Template {
        shipped().into_iter().find(|folder| folder.name == name).unwrap().load().unwrap()
    }

    fn blank(template: &Template) -> Content {
        Content::of(Draft::new(template, template.our_roles[0]))
    }

    fn form(template: &Template, sent: &[(&str, &str)]) -> Result<Content, ContractError> {
        let sent: Vec<_> = sent.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        read_form(template, &blank(template), &sent)
    }

    #[test]
    fn a_locked_clause_cannot_be_sent() {
        let template = template("software-service");
        for name in ["clauses/confidentiality", "clauses/nothing", "scope", "provider.name", "client.title"] {
            let refused = form(&template, &[(name, "改过的条款")]);
            assert!(matches!(refused, Err(ContractError::LockedClause(_))), "{name}: {refused:?}");
        }
    }

    #[test]
    fn only_a_listed_alternative_can_be_taken() {
        let template = template("software-service");
        assert!(form(&template, &[("clauses/liability", "liability-none")]).is_err());
        let taken = form(&template, &[("clauses/liability", "liability-capped")]).unwrap();
        assert_eq!(taken.draft.choices["liability"], "liability-capped");
    }

    #[test]
    fn what_cannot_be_read_is_kept_as_it_was_typed() {
        let template = template("software-service");
        let content = form(&template, &[("service_fee", "十二万元整"), ("software_name", "启约 3.0")]).unwrap();
        assert_eq!(content.unread["service_fee"], "十二万元整");
        assert!(!content.draft.values.contains_key("service_fee"));
        assert!(content.draft.values.contains_key("software_name"));
    }

    #[test]
    fn a_product_list_is_a_value_once_every_row_is_complete() {
        let template = template("product-sale");
        let row = [("goods.name", "伺服电机"), ("goods.unit", "台"), ("goods.quantity", "2"), ("goods.tax_rate", "13")];
        let open = form(&template, &row).unwrap();
        assert!(!open.draft.values.contains_key("goods") && open.unread["goods"].contains("伺服电机"));
        let mut row = row.to_vec();
        row.push(("goods.price", "1500.50"));
        let complete = form(&template, &row).unwrap();
        assert!(matches!(&complete.draft.values["goods"], FieldValue::Lines(lines) if lines.len() == 1));
        assert_eq!(complete.unread.get("goods"), None);
    }

    #[test]
    fn a_program_hears_of_every_wrong_field_at_once() {
        let template = template("software-service");
        let edit: DraftEdit =
            serde_json::from_str(r#"{"fields":{"service_fee":"x","starts_on":"2026-02-30","nothing":1}}"#).unwrap();
        let Err(ContractError::Incomplete(problems)) = read_edit(&template, &blank(&template), &edit) else { panic!() };
        assert_eq!(problems.len(), 3);
    }

    #[test]
    fn our_role_decides_the_category() {
        let template = template("product-sale");
        assert_eq!(template.category(Role::Seller), "sales");
        assert_eq!(template.category(Role::Buyer), "purchase");
    }
}
