//! Handing a draft in, taking it back, giving it up.

use std::collections::BTreeMap;

use super::person;
use crate::approval::{ApprovalError, Ask, Preview, Ready};
use crate::contract::document::FieldError;
use crate::contract::store::{contracts, states};
use crate::contract::template::Template;
use crate::contract::{CONTRACT, Contract, ContractError, Contracts, Move, drafting, subject};
use crate::crm::{Crm, NewEntry};
use crate::db::{Conn, number_lock};
use crate::i18n::msg;
use crate::kernel::{Actor, ContractId, Timestamp, UserId};
use crate::org::Action;
use crate::workflow::{Act, NodeName, SubjectFacts};

/// How often a submission is decided anew after others were faster.
const RACES: usize = 5;

/// What a draft still needs, and what would become of it.
pub struct BeforeSubmission {
    /// As it stands.
    pub contract: Contract,
    /// Blanks and values that keep it from being handed in.
    pub problems: Vec<FieldError>,
    /// Who will be asked and why, or why nobody can be.
    pub preview: Result<Preview, ApprovalError>,
    /// Why it must not be handed in, whatever is written: the other party.
    pub stopped: Option<ContractError>,
}

/// Handing in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Submission {
    /// The version that the submitter saw.
    pub version: i64,
    /// People for the nodes that let the submitter choose.
    pub chosen: BTreeMap<NodeName, Vec<UserId>>,
}

impl Contracts {
    /// What a draft still needs before it can be handed in, and who will be asked.
    pub async fn before_submission(&self, actor: Actor, id: ContractId) -> Result<BeforeSubmission, ContractError> {
        let contract = self.draft_of(actor, id).await?;
        let template = self.template_of(&contract).await?;
        let problems = problems(&contract, &template)?;
        let facts = self.facts(id).await?;
        let preview = self.0.approvals.preview(actor, facts).await;
        let stopped = match self.stop_the_black_listed(&contract).await {
            Err(stopped @ ContractError::BlackListed { .. }) => Some(stopped),
            other => other.map(|()| None)?,
        };
        Ok(BeforeSubmission { contract, problems, preview, stopped })
    }

    /// Hands the draft in: number at the first time, version, and the case with everybody who is asked, in one write.
    pub async fn submit(
        &self,
        actor: Actor,
        id: ContractId,
        submission: &Submission,
    ) -> Result<Contract, ContractError> {
        for _ in 0..RACES {
            let contract = self.draft_of(actor, id).await?;
            if contract.version != submission.version {
                return Err(ContractError::Changed);
            }
            let template = self.template_of(&contract).await?;
            let problems = problems(&contract, &template)?;
            if !problems.is_empty() {
                return Err(ContractError::Incomplete(problems));
            }
            self.stop_the_black_listed(&contract).await?;
            let facts = self.facts(id).await?;
            if facts.version != contract.version {
                return Err(ContractError::Changed);
            }
            let act = Act::Submit { chosen: submission.chosen.clone() };
            let ask = Ask::of_subject(CONTRACT.reference(id.get()), actor, act).on(facts);
            let Ready::ToStore(prepared) = self.0.approvals.prepare(&ask).await? else {
                return self.find(id).await;
            };
            let (number, at) = (contract.number.clone(), self.now());
            let unit = async move |c: &mut Conn<'_>| {
                prepared.store(c).await?;
                tell_the_customer(c, id, number.is_none(), (actor, at)).await
            };
            let stored = if contract.number.is_none() {
                let codes = (contract.entity_code.as_str(), contract.department_code.as_str());
                let (_, series) = subject::series(&contract.number_pattern, codes, self.now())?;
                self.0.db.write_locked(number_lock(&series), unit).await
            } else {
                self.0.db.write(unit).await
            };
            match stored {
                Err(ApprovalError::LostRace) => {}
                Err(error) => return Err(error.into()),
                Ok(()) => return self.find(id).await,
            }
        }
        Err(ApprovalError::LostRace.into())
    }

    async fn stop_the_black_listed(&self, contract: &Contract) -> Result<(), ContractError> {
        let Some(customer) = contract.customer else { return Ok(()) };
        let read = async move |c: &mut Conn<'_>| Ok::<_, ContractError>(Crm::marks_of(c, customer).await?);
        let marks = self.0.db.read(read).await?;
        let Some(reason) = marks.black_list_reason else { return Ok(()) };
        let by = marks.black_listed_by.map(|user| self.0.org.directory().name(user)).unwrap_or_default();
        Err(ContractError::BlackListed { reason, by, at: marks.black_listed_at })
    }

    /// Takes a submitted contract back, so that it can be changed.
    pub async fn withdraw(&self, actor: Actor, id: ContractId, reason: &str) -> Result<Contract, ContractError> {
        let contract = self.demanded(person(actor)?, id, Action::Edit).await?;
        let case = contract.case.ok_or(ContractError::NoSuchMove { from: contract.state, by: Move::Return })?;
        let act = Act::Withdraw { reason: reason.trim().to_owned() };
        self.0.approvals.act(Ask::of_case(case, actor, act)).await?;
        self.find(id).await
    }

    /// Gives a contract up before it is signed. It keeps its number and stays listed.
    pub async fn abandon(
        &self,
        actor: Actor,
        id: ContractId,
        version: i64,
        reason: &str,
    ) -> Result<Contract, ContractError> {
        let contract = self.demanded(person(actor)?, id, Action::Edit).await?;
        let to = contract.state.after(Move::Abandon)?;
        let reason = reason.trim().to_owned();
        if reason.is_empty() || reason.chars().count() > 200 {
            return Err(ContractError::Required { field: "reason" });
        }
        let (at, today) = (self.now(), self.today());
        let unit = async move |c: &mut Conn<'_>| {
            let found = contracts::find(c, id).await?.ok_or(ContractError::NotFound)?;
            if found.version != version {
                return Err(ContractError::Changed);
            }
            states::end(c, id, &reason, today).await?;
            if !states::go(c, (id, found.state), (Move::Abandon, to), actor, at).await? {
                return Err(ContractError::Changed);
            }
            contracts::find(c, id).await?.ok_or(ContractError::NotFound)
        };
        self.0.db.write(unit).await
    }

    /// Everything that keeps the contract's draft from being handed in, in the order of the form.
    pub fn problems(&self, contract: &Contract, template: &Template) -> Result<Vec<FieldError>, ContractError> {
        problems(contract, template)
    }

    /// What the engine sees of the contract, the marks of its other party among it.
    pub(in crate::contract) async fn facts(&self, id: ContractId) -> Result<SubjectFacts, ContractError> {
        let subject = self.0.approvals.registry().subject(&CONTRACT).cloned().ok_or(ContractError::NotFound)?;
        let read = async move |c: &mut Conn<'_>| Ok::<_, ContractError>(subject.facts(c, id.get()).await?);
        self.0.db.read(read).await?.ok_or(ContractError::NotFound)
    }
}

/// Writes onto the timeline of the customer that the contract was handed in, for the first time or again.
async fn tell_the_customer(
    c: &mut Conn<'_>,
    id: ContractId,
    first: bool,
    (actor, at): (Actor, Timestamp),
) -> Result<(), ApprovalError> {
    let Some(contract) = contracts::find(c, id).await? else { return Ok(()) };
    let Some(customer) = contract.customer else { return Ok(()) };
    let (number, title) = (contract.number.unwrap_or_default(), &contract.title);
    let head = if first {
        msg!("contract.timeline.submitted", title = title, number = &number)
    } else {
        msg!("contract.timeline.resubmitted", title = title, number = &number)
    };
    let path = format!("/contracts/{id}");
    Crm::timeline_entry(c, NewEntry { customer, head, text: "", path: &path, actor: &actor, at }).await?;
    Ok(())
}

fn problems(contract: &Contract, template: &Template) -> Result<Vec<FieldError>, ContractError> {
    let mut problems = drafting::unread_problems(template, &contract.content);
    let snapshot = contract.content.clone().snapshot(template)?;
    for problem in snapshot.problems(template) {
        if problems.iter().all(|known| known.field != problem.field) {
            problems.push(problem);
        }
    }
    Ok(problems)
}
