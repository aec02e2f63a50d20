//! What approvers suggest: taken into the content, or declined with a reason.

use super::person;
use crate::approval::{ApprovalError, Ask};
use crate::contract::template::Template;
use crate::contract::{Content, Contract, ContractError, Contracts, State, rewrite};
use crate::kernel::{Actor, CaseId, ContractId};
use crate::org::Action;
use crate::workflow::{Act, Suggestion, SuggestionNumber, SuggestionOutcome};

impl Contracts {
    /// Takes a suggestion: what it proposes goes into the content, in the running case or in the draft. In a draft, taking it again
    /// after half of it was done does the other half.
    pub async fn take_suggestion(
        &self,
        actor: Actor,
        id: ContractId,
        number: SuggestionNumber,
    ) -> Result<Contract, ContractError> {
        let (contract, case, suggestion) = self.suggestion(actor, id, number).await?;
        let ask = Ask::of_case(case, actor, Act::TakeSuggestion { suggestion: number, edited: Vec::new() });
        if rewrite::by_hand(&suggestion.path) {
            self.0.approvals.act(ask).await?;
            return self.find(id).await;
        }
        let template = self.template_of(&contract).await?;
        // Refuses what cannot go in before the case hears of it.
        taken(&template, &contract.content, &suggestion)?.snapshot(&template)?;
        if contract.state != State::Draft {
            self.0.approvals.take_suggestion(case, number, &ask).await?;
            return self.find(id).await;
        }
        if suggestion.outcome == SuggestionOutcome::Open {
            self.0.approvals.act(ask).await?;
        }
        let write = |template: &Template, contract: &mut Contract| {
            contract.content = taken(template, &contract.content, &suggestion)?;
            Ok(())
        };
        self.rewrite(actor, id, &super::Seen::Anything, write).await
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
}

/// The content with what is suggested in its place.
fn taken(template: &Template, content: &Content, suggestion: &Suggestion) -> Result<Content, ContractError> {
    rewrite::content(template, content, &suggestion.path, &suggestion.text)
}
