//! A contract with another text in one part, under approval or sent back: what taking a suggestion does to it.

use super::document::FieldError;
use super::store::contracts::{self, Contract};
use super::store::{drafts, states, versions};
use super::template::Template;
use super::{Content, ContractError, State};
use crate::approval::{CaseAt, Rewrite, SubjectRefusal};
use crate::db::{Conn, DbError};
use crate::kernel::ContractId;
use crate::workflow::SubjectFacts;

/// Why there is another version.
const REASON: &str = "suggestion";

/// Whether no text says this part: a suggestion about it is noted, and the drafter does it by hand.
pub(super) fn by_hand(path: &str) -> bool {
    matches!(path.split('/').next(), Some("lines" | "plan" | "parties" | "files"))
}

/// The content with `text` in the part at `path`.
pub(super) fn content(
    template: &Template,
    content: &Content,
    path: &str,
    text: &str,
) -> Result<Content, ContractError> {
    let unknown = || ContractError::LockedClause(path.to_owned());
    let mut content = content.clone();
    let text = text.trim().replace("\r\n", "\n");
    match path.split_once('/') {
        Some(("clauses", name)) if template.clause(name).is_some() => {
            content.draft.free.remove(name);
            content.draft.changed.insert(name.to_owned(), text);
        }
        Some(("fields", name)) => {
            let field = template.field(name).ok_or_else(unknown)?;
            let wrong = |problem| ContractError::Incomplete(vec![FieldError { field: name.to_owned(), problem }]);
            match field.kind.read_form(&[&text], content.draft.currency).map_err(wrong)? {
                Some(value) => drop(content.draft.values.insert(name.to_owned(), value)),
                None => drop(content.draft.values.remove(name)),
            }
            content.unread.remove(name);
        }
        _ => return Err(unknown()),
    }
    Ok(content)
}

/// What the engine will see, and what is to be stored; `facts` are those of the contract as it is. Nothing where it stays as it is.
pub(super) fn rewritten(
    template: &Template,
    contract: &Contract,
    facts: SubjectFacts,
    (path, text): (&str, &str),
) -> Result<Option<Rewrite>, ContractError> {
    if by_hand(path) {
        return Ok(None);
    }
    let content = content(template, &contract.content, path, text)?;
    let kept = serde_json::to_value(&content).map_err(|error| DbError::Check(error.to_string()))?;
    let snapshot = content.snapshot(template)?;
    let paths: Vec<String> = facts.content.changes(&snapshot.manifest).into_iter().map(|(path, _)| path).collect();
    if paths.is_empty() {
        return Ok(None);
    }
    Ok(Some(Rewrite { id: contract.id.get(), facts: snapshot.facts_over(facts), paths, content: kept }))
}

/// Stores it over the version that was read; under approval it is frozen for those who look at what changed.
pub(super) async fn store(
    c: &mut Conn<'_>,
    template: &Template,
    rewrite: &Rewrite,
    at: &CaseAt,
) -> Result<(), SubjectRefusal> {
    let id = ContractId::new(rewrite.id);
    let contract = contracts::find(c, id).await?.ok_or(SubjectRefusal::LostRace)?;
    let content: Content =
        serde_json::from_value(rewrite.content.clone()).map_err(|error| DbError::Check(error.to_string()))?;
    let snapshot = content.snapshot(template).map_err(super::subject::unreadable)?;
    if !drafts::save(c, &contract, &snapshot, at.at).await? {
        return Err(SubjectRefusal::LostRace);
    }
    if contract.state == State::InApproval && states::next_version(c, id).await? {
        versions::freeze(c, id, at.actor.in_the_name_of(), at.at, REASON).await?;
    }
    c.notify("contracts");
    Ok(())
}
