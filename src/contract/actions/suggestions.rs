//! What approvers suggest: taken into the content, or declined with a reason.

use super::person;
use crate::approval::{ApprovalError, Ask, Ready};
use crate::contract::store::{contracts, drafts, states, versions};
use crate::contract::template::Template;
use crate::contract::{Content, Contract, ContractError, Contracts, Snapshot, State};
use crate::db::Conn;
use crate::kernel::{Actor, CaseId, ContractId};
use crate::org::Action;
use crate::workflow::{Act, Suggestion, SuggestionNumber, SuggestionOutcome};

/// How often an edit is decided anew after others were faster.
const RACES: usize = 5;

impl Contracts {
    /// Takes a suggestion: what it proposes goes into the content, in the running case or in the draft. Taking it again after half of
    /// it was done does the other half.
    pub async fn take_suggestion(
        &self,
        actor: Actor,
        id: ContractId,
        number: SuggestionNumber,
    ) -> Result<Contract, ContractError> {
        let (contract, case, suggestion) = self.suggestion(actor, id, number).await?;
        let template = self.template_of(&contract).await?;
        // Refuses what cannot go in before the case hears of it.
        taken(&template, &contract.content, &suggestion)?.snapshot(&template)?;
        if suggestion.outcome == SuggestionOutcome::Open {
            self.0.approvals.act(Ask::of_case(case, actor, Act::TakeSuggestion { suggestion: number })).await?;
        }
        if contract.state == State::Draft {
            let write = |template: &Template, contract: &mut Contract| {
                contract.content = taken(template, &contract.content, &suggestion)?;
                Ok(())
            };
            return self.rewrite(actor, id, &super::Seen::Anything, write).await;
        }
        self.edit_in_case(actor, (id, case), &template, &suggestion).await
    }

    /// Declines a suggestion; whoever made it reads why.
    pub async fn decline_suggestion(
        &self,
        actor: Actor,
        id: ContractId,
        number: SuggestionNumber,
        reason: &str,
    ) -> Result<(), ContractError> {
        let (_, case, _) = self.suggestion(actor, id, number).await?;
        let act = Act::DeclineSuggestion { suggestion: number, reason: reason.trim().to_owned() };
        self.0.approvals.act(Ask::of_case(case, actor, act)).await?;
        Ok(())
    }

    async fn suggestion(
        &self,
        actor: Actor,
        id: ContractId,
        number: SuggestionNumber,
    ) -> Result<(Contract, CaseId, Suggestion), ContractError> {
        let contract = self.demanded(person(actor)?, id, Action::Edit).await?;
        let case = contract.case.ok_or(ContractError::NotFound)?;
        let mut state = self.0.approvals.state(case).await?;
        let found = state.suggestions.remove(&number).ok_or(crate::workflow::Refusal::NoSuchSuggestion);
        Ok((contract, case, found.map_err(ApprovalError::from)?))
    }

    /// Changes the content while it is under approval: the case voids what the change touches, and the contract keeps a new version.
    async fn edit_in_case(
        &self,
        actor: Actor,
        (id, case): (ContractId, CaseId),
        template: &Template,
        suggestion: &Suggestion,
    ) -> Result<Contract, ContractError> {
        for _ in 0..RACES {
            let contract = self.find(id).await?;
            let content = taken(template, &contract.content, suggestion)?;
            if content == contract.content {
                return Ok(contract);
            }
            let snapshot = content.clone().snapshot(template)?;
            let facts = self.facts(id).await?;
            if facts.version != contract.version {
                continue;
            }
            let facts = snapshot.facts_over(facts);
            let act = Act::ContentEdited { paths: vec![suggestion.path.clone()] };
            let Ready::ToStore(prepared) = self.0.approvals.prepare(&Ask::of_case(case, actor, act).on(facts)).await?
            else {
                return Ok(contract);
            };
            let (written, at) = (Contract { content, ..contract }, self.now());
            let unit = async move |c: &mut Conn<'_>| {
                prepared.store(c).await?;
                put(c, &written, &snapshot, (actor, at)).await
            };
            match self.0.db.write(unit).await {
                Err(ContractError::Approval(ApprovalError::LostRace)) => {}
                stored => return stored,
            }
        }
        Err(ApprovalError::LostRace.into())
    }
}

/// Stores the content over whatever the case made of the contract in this unit, as a version of its own.
async fn put(
    c: &mut Conn<'_>,
    written: &Contract,
    snapshot: &Snapshot,
    (actor, at): (Actor, crate::kernel::Timestamp),
) -> Result<Contract, ContractError> {
    let now = contracts::find(c, written.id).await?.ok_or(ContractError::NotFound)?;
    let over = Contract { version: now.version, state: now.state, ..written.clone() };
    if !drafts::save(c, &over, snapshot, at).await? {
        return Err(ContractError::Changed);
    }
    if states::next_version(c, over.id).await? {
        versions::freeze(c, over.id, actor.in_the_name_of(), at, "suggestion").await?;
    }
    if now.approved_version.is_some() {
        states::set_approved(c, over.id, true).await?;
    }
    c.notify("contracts");
    contracts::find(c, over.id).await?.ok_or(ContractError::NotFound)
}

/// The content with what is suggested in its place.
fn taken(template: &Template, content: &Content, suggestion: &Suggestion) -> Result<Content, ContractError> {
    let unknown = || ContractError::LockedClause(suggestion.path.clone());
    let mut content = content.clone();
    let text = suggestion.text.trim().replace("\r\n", "\n");
    match suggestion.path.split_once('/') {
        Some(("clauses", name)) if template.clause(name).is_some() => {
            content.draft.free.remove(name);
            content.draft.changed.insert(name.to_owned(), text);
        }
        Some(("fields", name)) => {
            let field = template.field(name).ok_or_else(unknown)?;
            let value = field.kind.read_form(&[&text], content.draft.currency).map_err(|problem| {
                ContractError::Incomplete(vec![crate::contract::document::FieldError {
                    field: name.to_owned(),
                    problem,
                }])
            })?;
            match value {
                Some(value) => drop(content.draft.values.insert(name.to_owned(), value)),
                None => drop(content.draft.values.remove(name)),
            }
            content.unread.remove(name);
        }
        _ => return Err(unknown()),
    }
    Ok(content)
}
