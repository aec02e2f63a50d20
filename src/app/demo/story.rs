//! What happens to a contract, by the word that the file uses.

use super::contracts::{Begun, Desk};
use super::{broken, paper};
use crate::app::StartError;
use crate::approval::Ask;
use crate::contract::fulfilment::{
    Archived, Capacity, ChangeKind, NewEvent, NewSigning, OriginalFilter, PartySigning, Purpose, Sealed,
};
use crate::kernel::{Actor, Channel, Hash, Money};
use crate::org::Action;
use crate::org::OrgError;
use crate::settlement::{Method, NewPayment, PAYMENT_PLAN};
use crate::workflow::{Act, ReturnTo, Task, TaskNumber, Verdict};

/// Who keeps seals and the archive, and who records money.
const KEEPER: &str = "xujing";
const FINANCE: &str = "wujie";

/// More decisions than any shipped workflow asks for.
const DECISIONS: usize = 20;

impl Desk<'_> {
    pub(super) async fn happens(&self, contract: &mut Begun<'_>, what: &str, more: &str) -> Result<(), StartError> {
        match what {
            "submit" => self.submit(contract).await,
            "approve" => self.approve(contract, more).await,
            "return" => self.send_back(contract, more).await,
            "seal" => self.seal(contract).await,
            "sign" => self.sign(contract).await,
            "original_back" => self.original_back(contract).await,
            "delivered" | "accepted" => self.performed(contract, what).await,
            "pay" => self.pay(contract, more).await,
            "archive" => self.archive(contract).await,
            "supplement" => self.change(contract, ChangeKind::Supplement, more).await,
            "terminate" => self.change(contract, ChangeKind::Termination, more).await,
            "abandon" => self.abandon(contract, more).await,
            other => Err(broken(&format!("a story says {other}"))),
        }
    }

    /// Everybody who is asked agrees: until the contract is approved, or only at one node.
    async fn approve(&self, contract: &Begun<'_>, node: &str) -> Result<(), StartError> {
        for _ in 0..DECISIONS {
            let Some((number, task, shown)) = self.asked(contract, node).await? else { return Ok(()) };
            let opinion =
                if task.opened.candidates.len() > 1 { "同意。" } else { "已核对条款与金额，同意。" };
            let verdict = Verdict { task: Some(number), opinion: opinion.to_owned(), shown, ..Verdict::default() };
            self.decide(contract, &task, Act::Approve(verdict)).await?;
        }
        Err(broken("a contract is approved again and again"))
    }

    async fn send_back(&self, contract: &Begun<'_>, reason: &str) -> Result<(), StartError> {
        let asked = self.asked(contract, "").await?;
        let (number, task, shown) = asked.ok_or_else(|| broken("nobody is asked who could return it"))?;
        let verdict = Verdict { task: Some(number), opinion: reason.to_owned(), shown, ..Verdict::default() };
        self.decide(contract, &task, Act::Return { verdict, to: ReturnTo::Drafter }).await
    }

    /// The first open task, of one node where one is named.
    async fn asked(
        &self,
        contract: &Begun<'_>,
        node: &str,
    ) -> Result<Option<(TaskNumber, Task, Option<Hash>)>, StartError> {
        let user = self.people.user(&contract.told.drafter)?;
        let case = match contract.change {
            Some(change) => self.app.fulfilment().change(user, change).await?.0.case,
            None => self.contracts().get(user, contract.id).await?.case,
        };
        let Some(case) = case else { return Ok(None) };
        let state = self.app.approvals().state(case).await?;
        let wanted = |task: &Task| task.open && (node.is_empty() || task.opened.node == node);
        let found = state.tasks.into_iter().find(|(_, task)| wanted(task));
        Ok(found.map(|(number, task)| (number, task, state.content)))
    }

    async fn decide(&self, contract: &Begun<'_>, task: &Task, act: Act) -> Result<(), StartError> {
        let first = task.opened.candidates.first().ok_or_else(|| broken("a task without people"))?;
        self.days.pass();
        let actor = Actor::person(first.person, Channel::Page);
        self.app.approvals().act(Ask::of_subject(contract.subject(), actor, act)).await?;
        self.days.pass();
        self.app.run_due().await;
        Ok(())
    }

    /// The keeper compares the code on the paper and seals what waits.
    async fn seal(&self, contract: &Begun<'_>) -> Result<(), StartError> {
        let (fulfilment, keeper) = (self.app.fulfilment(), self.people.actor(KEEPER)?);
        let waiting = fulfilment.seals_waiting(self.people.user(KEEPER)?, None).await?;
        let request = waiting.rows.into_iter().find(|one| one.contract == contract.id);
        let request = request.ok_or_else(|| broken("no seal was asked for"))?;
        let (code, copies, on) = (request.code(), request.copies, self.days.on_the_clock());
        let sealed = Sealed { code, on, copies, photo: None, note: String::new() };
        fulfilment.seal(keeper, request.id, sealed).await?;
        self.days.pass();
        Ok(())
    }

    /// Both sides have signed; the scan is filed.
    async fn sign(&self, contract: &mut Begun<'_>) -> Result<(), StartError> {
        let (fulfilment, subject, on) = (self.app.fulfilment(), contract.subject(), self.days.on_the_clock());
        let scan = ("双方签署版.pdf", &*paper::pdf(&contract.told.template, "signed"));
        let scan = fulfilment.keep_paper(contract.drafter, &subject, Purpose::Signed, scan).await?;
        let user = self.people.user(&contract.told.drafter)?;
        let known = self.contracts().get(user, contract.id).await?;
        let version = match contract.change {
            Some(change) => fulfilment.change(user, change).await?.0.version,
            None => known.version,
        };
        let parties = known.content.draft.parties.iter().map(|party| PartySigning {
            party: party.role.name().to_owned(),
            signatory: party
                .detail("legal_representative")
                .or_else(|| party.detail("contact"))
                .unwrap_or(party.name())
                .to_owned(),
            capacity: if party.person { Capacity::Oneself } else { Capacity::Representative },
            authorisation: None,
            signed_on: on,
        });
        let signing =
            NewSigning { parties: parties.collect(), scan: Some(scan), copies: 2, effective_on: None, version };
        fulfilment.sign(contract.drafter, &subject, signing).await?;
        contract.change = None;
        self.days.pass();
        Ok(())
    }

    async fn performed(&self, contract: &Begun<'_>, event: &str) -> Result<(), StartError> {
        let new = NewEvent { event: event.to_owned(), on: self.days.on_the_clock(), paper: None, note: String::new() };
        self.app.fulfilment().record_event(contract.drafter, contract.id, new).await?;
        self.days.pass();
        Ok(())
    }

    async fn original_back(&self, contract: &Begun<'_>) -> Result<(), StartError> {
        let fulfilment = self.app.fulfilment();
        let page = fulfilment.originals(self.people.user(KEEPER)?, OriginalFilter::default(), None).await?.0;
        let original = page.rows.into_iter().find(|one| one.contract == contract.id && one.back_on.is_none());
        let original = original.ok_or_else(|| broken("no original is expected"))?;
        let back = (self.days.on_the_clock(), 2);
        fulfilment.original_back(self.people.actor(KEEPER)?, original.id, back).await?;
        self.days.pass();
        Ok(())
    }

    /// Finance records that a milestone was paid in full.
    async fn pay(&self, contract: &Begun<'_>, milestone: &str) -> Result<(), StartError> {
        let (settlements, finance) = (self.app.settlements(), self.people.user(FINANCE)?);
        let overview =
            settlements.of(&contract.reference()).await?.ok_or_else(|| broken("a contract without a plan"))?;
        let found = overview.milestones.iter().find(|(one, _)| one.planned.name == milestone);
        let (found, _) = found.ok_or_else(|| broken(&format!("there is no milestone {milestone}")))?;
        let scope = self.app.org().scope_of(finance, &PAYMENT_PLAN, Action::Edit).map_err(OrgError::from)?;
        let payment = NewPayment {
            amount: Money::new(found.open(), overview.plan.currency),
            paid_on: self.days.on_the_clock(),
            method: Method::BankTransfer,
            milestone: Some(found.id),
            note: "网银回单".to_owned(),
            version: overview.plan.version,
        };
        settlements.pay(&scope, overview.plan.id, payment, self.people.actor(FINANCE)?).await?;
        self.days.pass();
        Ok(())
    }

    /// The folder goes into the archive, everything ticked.
    async fn archive(&self, contract: &Begun<'_>) -> Result<(), StartError> {
        let (fulfilment, keeper, user) = (self.app.fulfilment(), self.people.actor(KEEPER)?, self.people.user(KEEPER)?);
        let task = fulfilment.archive_tasks_of(user).await?.into_iter().find(|task| task.contract == contract.id);
        let task = task.ok_or_else(|| broken("nothing is to be archived"))?;
        fulfilment.claim_archive_task(keeper, task.id, true).await?;
        let items = fulfilment.archive_task(user, task.id).await?.items;
        for item in &items {
            self.days.pass();
            fulfilment.check_archive_item(keeper, (task.id, None), item.position, true).await?;
        }
        let version = fulfilment.archive_task(user, task.id).await?.version;
        let place = ("A-01".to_owned(), "1 排 3 层".to_owned());
        let archived = Archived { number: String::new(), box_name: place.0, shelf: place.1, copies: 2, version };
        fulfilment.archive(keeper, task.id, archived).await?;
        Ok(())
    }

    async fn abandon(&self, contract: &Begun<'_>, reason: &str) -> Result<(), StartError> {
        let user = self.people.user(&contract.told.drafter)?;
        let version = self.contracts().get(user, contract.id).await?.version;
        self.contracts().abandon(contract.drafter, contract.id, version, reason).await?;
        Ok(())
    }
}
