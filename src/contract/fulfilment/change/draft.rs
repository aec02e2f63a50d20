//! Beginning a change, writing it, handing it in.

use std::collections::BTreeMap;

use super::subject::facts;
use super::{ChangeContent, ChangeEdit, ChangeFilter, ChangeId, ChangeKind, ChangeRow, ContractChange, Terms, TermsOn};
use crate::approval::{ApprovalError, Ask};
use crate::contract::document::Document;
use crate::contract::fulfilment::store::changes;
use crate::contract::fulfilment::{
    CONTRACT_CHANGE, Fulfilment, FulfilmentError, deed, given_up, log, not_found, person,
};
use crate::contract::template::FileValue;
use crate::contract::{CONTRACT, Contract, ContractError, Move, State};
use crate::db::{Conn, Count, Cursor, Page};
use crate::i18n::{Lang, msg, text};
use crate::kernel::{Actor, Amount, ContractId, Currency, Date, Hash, UserId};
use crate::org::Action;
use crate::settlement::{self, Milestone};
use crate::workflow::Act;

/// What an edit does with the files that a change rests on.
#[derive(Clone, Debug, Default)]
pub struct ChangedFiles<'a> {
    /// Name and bytes of those that come with it.
    pub added: Vec<(&'a str, &'a [u8])>,
    /// Those that are taken out.
    pub removed: Vec<Hash>,
}

impl Fulfilment {
    /// Begins a change of a signed contract.
    pub async fn begin_change(
        &self,
        actor: Actor,
        id: ContractId,
        kind: ChangeKind,
    ) -> Result<ChangeId, FulfilmentError> {
        let user = person(actor)?;
        let contract = self.contracts().demanded(user, id, Action::Edit).await?;
        changeable(&contract)?;
        let at = self.now();
        // The title is part of the document, which is in the language of the contract.
        let title = match kind {
            ChangeKind::Supplement => text(Lang::Zh, &msg!("contract.after.title_supplement", title = &contract.title)),
            ChangeKind::Termination => {
                text(Lang::Zh, &msg!("contract.after.title_termination", title = &contract.title))
            }
        };
        let change = with_content(
            ContractChange {
                id: ChangeId::new(0),
                contract: id,
                kind,
                number: None,
                title,
                content: ChangeContent::default(),
                manifest: String::new(),
                content_hash: Hash::of(b""),
                approval_amount: None,
                state: State::Draft,
                replaced: None,
                signed_on: None,
                effective_on: None,
                case: None,
                drafter: user,
                created_at: at,
                updated_at: at,
                version: 1,
            },
            ChangeContent::default(),
            &contract,
        )?;
        let unit = async move |c: &mut Conn<'_>| {
            let id = changes::add(c, &change).await?;
            let subject = CONTRACT_CHANGE.reference(id.get());
            let new = serde_json::json!({ "contract": change.contract, "kind": change.kind.name() });
            log(c, (actor, at), &subject, "contract.change_begun", new).await?;
            c.notify("contracts");
            Ok(id)
        };
        self.db().write(unit).await
    }

    /// Keeps what was written into a draft.
    pub async fn save_change(&self, actor: Actor, id: ChangeId, edit: ChangeEdit) -> Result<(), FulfilmentError> {
        self.save_change_with(actor, id, edit, &ChangedFiles::default()).await
    }

    /// The same, with the files that came with it: all of it is kept, or nothing.
    pub async fn save_change_with(
        &self,
        actor: Actor,
        id: ChangeId,
        edit: ChangeEdit,
        files: &ChangedFiles<'_>,
    ) -> Result<(), FulfilmentError> {
        let (change, contract) = self.change_draft(actor, id).await?;
        if change.version != edit.version {
            return Err(ContractError::Changed.into());
        }
        let milestones = self.milestones_of(change.contract).await?;
        let mut content = edit.read(change.kind, &contract, &milestones, &change.content)?;
        content.evidence.retain(|file| !files.removed.contains(&file.hash));
        for file in &files.added {
            self.attach_evidence(actor, &mut content, *file).await?;
        }
        self.store_change(actor, change, content, &contract).await
    }

    /// Adds a file to what the change rests on, over the version that was read.
    pub async fn add_evidence(
        &self,
        actor: Actor,
        (id, version): (ChangeId, i64),
        file: (&str, &[u8]),
    ) -> Result<(), FulfilmentError> {
        let (change, contract) = self.change_draft(actor, id).await?;
        if change.version != version {
            return Err(ContractError::Changed.into());
        }
        let mut content = change.content.clone();
        self.attach_evidence(actor, &mut content, file).await?;
        self.store_change(actor, change, content, &contract).await
    }

    async fn attach_evidence(
        &self,
        actor: Actor,
        content: &mut ChangeContent,
        (name, bytes): (&str, &[u8]),
    ) -> Result<(), FulfilmentError> {
        let stored = self.contracts().0.files.keep_bytes(name, bytes, actor.user).await?;
        if content.evidence.iter().any(|file| file.name == stored.name) {
            return Err(ContractError::FileNameTaken(stored.name).into());
        }
        content.evidence.push(FileValue { name: stored.name, hash: stored.hash });
        Ok(())
    }

    /// A file of its evidence with its name.
    pub async fn evidence(&self, user: UserId, id: ChangeId, file: Hash) -> Result<(String, Vec<u8>), FulfilmentError> {
        let (change, _) = self.change(user, id).await?;
        let found = change.content.evidence.iter().find(|one| one.hash == file).ok_or(FulfilmentError::NoPaper)?;
        Ok((found.name.clone(), self.contracts().0.files.read(file).await?))
    }

    /// Hands it in: from here on its workflow has it. `seen` is the version that was read.
    pub async fn submit_change(&self, actor: Actor, id: ChangeId, seen: Option<i64>) -> Result<(), FulfilmentError> {
        let (change, contract) = self.change_draft(actor, id).await?;
        if seen.is_some_and(|version| version != change.version) {
            return Err(ContractError::Changed.into());
        }
        changeable(&contract)?;
        let milestones = self.milestones_of(change.contract).await?;
        change.content.problem(change.kind, &contract, &milestones)?;
        let parent = change.contract;
        let read = async move |c: &mut Conn<'_>| Ok::<_, FulfilmentError>(changes::under_way(c, parent).await?);
        if let Some(other) = self.db().read(read).await? {
            return Err(FulfilmentError::ChangeUnderWay(other.title));
        }
        let act = Act::Submit { chosen: BTreeMap::new() };
        let ask = Ask::of_subject(CONTRACT_CHANGE.reference(id.get()), actor, act);
        // What is handed in is what was read above: it is refused where the change was saved meanwhile.
        match self.0.approvals.act(ask.on(facts(&change, &contract)?)).await {
            Err(ApprovalError::LostRace) => Err(ContractError::Changed.into()),
            done => Ok(done.map(drop)?),
        }
    }

    /// Takes a submitted change back.
    pub async fn withdraw_change(&self, actor: Actor, id: ChangeId, reason: &str) -> Result<(), FulfilmentError> {
        let user = person(actor)?;
        self.deed(user, &CONTRACT_CHANGE.reference(id.get()), Action::Edit).await?;
        let act = Act::Withdraw { reason: reason.trim().to_owned() };
        self.0.approvals.act(Ask::of_subject(CONTRACT_CHANGE.reference(id.get()), actor, act)).await?;
        Ok(())
    }

    /// Gives a change up before it is signed; one that has a number keeps it.
    pub async fn abandon_change(&self, actor: Actor, id: ChangeId, version: i64) -> Result<(), FulfilmentError> {
        let user = person(actor)?;
        let subject = CONTRACT_CHANGE.reference(id.get());
        let deed = self.deed(user, &subject, Action::Edit).await?;
        if deed.version != version {
            return Err(ContractError::Changed.into());
        }
        let at = self.now();
        let unit = async move |c: &mut Conn<'_>| {
            let deed = deed::find(c, &subject).await?.ok_or_else(not_found)?;
            deed::go(c, &deed, Move::Abandon, actor, at).await?;
            given_up(c, &subject, at).await?;
            Ok(())
        };
        self.db().write(unit).await
    }

    /// A change with its contract, if the person may read that.
    pub async fn change(&self, user: UserId, id: ChangeId) -> Result<(ContractChange, Contract), FulfilmentError> {
        let read = async move |c: &mut Conn<'_>| changes::find(c, id).await?.ok_or_else(not_found);
        let change: ContractChange = self.db().read(read).await?;
        let contract = self.contracts().get(user, change.contract).await?;
        Ok((change, contract))
    }

    /// The change as a document.
    pub fn change_document(&self, change: &ContractChange, contract: &Contract) -> Result<Document, FulfilmentError> {
        super::document::document(change, contract)
    }

    /// All changes of a contract, the first first.
    pub async fn changes_of(&self, user: UserId, id: ContractId) -> Result<Vec<ContractChange>, FulfilmentError> {
        self.contracts().get(user, id).await?;
        let read = async move |c: &mut Conn<'_>| Ok::<_, FulfilmentError>(changes::of(c, id).await?);
        self.db().read(read).await
    }

    /// A page of the changes of the contracts that the person may read.
    pub async fn change_page(
        &self,
        user: UserId,
        filter: ChangeFilter,
        after: Option<Cursor>,
    ) -> Result<(Page<ChangeRow>, Count), FulfilmentError> {
        let scope = self.contracts().scope(user, Action::Read)?;
        let read = async move |c: &mut Conn<'_>| {
            Ok::<_, FulfilmentError>(changes::page(c, &scope, &filter, after.as_ref()).await?)
        };
        self.db().read(read).await
    }

    /// The terms of a contract that were in force on a day.
    pub async fn terms_on(&self, user: UserId, id: ContractId, day: Date) -> Result<TermsOn, FulfilmentError> {
        let contract = self.contracts().get(user, id).await?;
        let read = async move |c: &mut Conn<'_>| Ok::<_, FulfilmentError>(changes::in_force(c, id).await?);
        let changes = self.db().read(read).await?;
        Ok(Terms::on(day, Terms::of(&contract), &changes))
    }

    /// The milestones of a contract's plan as they are now.
    pub async fn milestones_of(&self, id: ContractId) -> Result<Vec<Milestone>, FulfilmentError> {
        let subject = CONTRACT.reference(id.get());
        let read = async move |c: &mut Conn<'_>| {
            Ok::<_, FulfilmentError>(settlement::milestones_of(c, &subject).await?.unwrap_or_default())
        };
        self.db().read(read).await
    }

    /// The draft with its contract, if the person may write in it.
    pub(in crate::contract::fulfilment) async fn change_draft(
        &self,
        actor: Actor,
        id: ChangeId,
    ) -> Result<(ContractChange, Contract), FulfilmentError> {
        let user = person(actor)?;
        self.deed(user, &CONTRACT_CHANGE.reference(id.get()), Action::Edit).await?;
        let (change, contract) = self.change(user, id).await?;
        match change.state {
            State::Draft => Ok((change, contract)),
            state => Err(ContractError::Locked(state).into()),
        }
    }

    async fn store_change(
        &self,
        actor: Actor,
        change: ContractChange,
        content: ChangeContent,
        contract: &Contract,
    ) -> Result<(), FulfilmentError> {
        let (change, at) = (with_content(change, content, contract)?, self.now());
        let unit = async move |c: &mut Conn<'_>| {
            if !changes::save(c, &change, at).await? {
                return Err(ContractError::Changed.into());
            }
            let subject = CONTRACT_CHANGE.reference(change.id.get());
            let new = serde_json::json!({ "content": change.content_hash });
            log(c, (actor, at), &subject, "contract.change_saved", new).await?;
            c.notify("contracts");
            Ok(())
        };
        self.db().write(unit).await
    }
}

/// Only what is signed and still runs can be changed.
pub(super) fn changeable(contract: &Contract) -> Result<(), FulfilmentError> {
    if matches!(contract.state, State::Signed | State::InForce) { Ok(()) } else { Err(FulfilmentError::NotChangeable) }
}

/// The change with other content and all that is computed from it.
fn with_content(
    change: ContractChange,
    content: ChangeContent,
    contract: &Contract,
) -> Result<ContractChange, FulfilmentError> {
    let manifest = content.manifest(change.kind, contract)?;
    Ok(ContractChange {
        manifest: manifest.to_string(),
        content_hash: manifest.hash(),
        approval_amount: approval_amount(&content, contract),
        content,
        ..change
    })
}

/// The total with the change: the contract and all its supplements, this one included. In another currency it is not known.
fn approval_amount(content: &ChangeContent, contract: &Contract) -> Option<Amount> {
    match Terms::of(contract).after(content).gross {
        Some(gross) if gross.currency == Currency::CNY => Some(gross.amount),
        Some(_) => None,
        None => Some(Amount::ZERO),
    }
}
