//! What stands around every part of a contract's page: head, next step, tabs.

use serde::Serialize;

use super::next::{self, NextStep};
use super::{ContractPath, FilesPath, LogPath, MoneyPath, VersionsPath, WayPath};
use crate::contract::fulfilment::pages::FulfilmentPath;
use crate::contract::words::category_said;
use crate::contract::{Contract, Contracts, State};
use crate::i18n::{Message, msg};
use crate::kernel::{ContractId, Date, Money};
use crate::org::Action;
use crate::web::LoggedIn;

/// The parts of a contract's page, in the order of the tabs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::contract) enum Part {
    /// The document, with what approvers suggest.
    Document,
    /// Who was asked and will be.
    Way,
    /// What was submitted, and redlines.
    Versions,
    /// Milestones and payments.
    Money,
    /// Seals, signatures, performance, changes, the archive.
    Fulfilment,
    /// Its files.
    Files,
    /// What was done to it.
    Log,
}

impl Part {
    const ALL: [Self; 7] =
        [Self::Document, Self::Way, Self::Versions, Self::Money, Self::Fulfilment, Self::Files, Self::Log];

    fn label(self) -> Message {
        match self {
            Self::Document => msg!("contract.part.document"),
            Self::Way => msg!("contract.part.way"),
            Self::Versions => msg!("contract.part.versions"),
            Self::Money => msg!("contract.part.money"),
            Self::Fulfilment => msg!("contract.performing.part"),
            Self::Files => msg!("contract.part.files"),
            Self::Log => msg!("contract.part.log"),
        }
    }

    fn path(self, id: ContractId) -> String {
        match self {
            Self::Document => ContractPath { id }.to_string(),
            Self::Way => WayPath { id }.to_string(),
            Self::Versions => VersionsPath { id }.to_string(),
            Self::Money => MoneyPath { id }.to_string(),
            Self::Fulfilment => FulfilmentPath { id }.to_string(),
            Self::Files => FilesPath { id }.to_string(),
            Self::Log => LogPath { id }.to_string(),
        }
    }

    /// What there is to count in it.
    fn count(self, contract: &Contract) -> i64 {
        match self {
            Self::Versions => contract.last_version,
            Self::Files => {
                contract.content.draft.files.values().map(|files| i64::try_from(files.len()).unwrap_or(0)).sum()
            }
            _ => 0,
        }
    }
}

/// The head of a contract's page; `frame` in templates that extend `contract/frame.html`.
#[derive(Clone, Debug, Serialize)]
pub(in crate::contract) struct Frame {
    id: ContractId,
    title: String,
    number: Option<String>,
    state: Message,
    tone: &'static str,
    category: Message,
    other_party: String,
    our_entity: String,
    amount: Option<Money>,
    net: Option<Money>,
    starts_on: Option<Date>,
    expires_on: Option<Date>,
    signed_on: Option<Date>,
    effective_on: Option<Date>,
    ended_on: Option<Date>,
    end_reason: String,
    owner: String,
    department: String,
    archive_number: Option<String>,
    next: NextStep,
    tabs: Vec<Tab>,
}

#[derive(Clone, Debug, Serialize)]
struct Tab {
    label: String,
    path: String,
    active: bool,
    count: i64,
}

impl Frame {
    /// The frame around a part, for a reader who may read the contract.
    pub(in crate::contract) fn of(contracts: &Contracts, visit: &LoggedIn, contract: &Contract, part: Part) -> Self {
        let directory = contracts.org().directory();
        let id = contract.id;
        let shown = Part::ALL.into_iter().filter(|one| match one {
            Part::Way => contract.case.is_some(),
            Part::Fulfilment => !matches!(contract.state, State::Draft | State::InApproval),
            _ => true,
        });
        let tabs = shown.map(|one| Tab {
            label: visit.text(&one.label()),
            path: one.path(id),
            active: one == part,
            count: one.count(contract),
        });
        let ours = contract.content.draft.parties.iter().find(|party| party.ours);
        let department = contract.department.and_then(|id| directory.departments.get(&id));
        let may_edit = may_edit(contracts, visit, contract);
        Self {
            id,
            title: contract.title.clone(),
            number: contract.number.clone(),
            state: contract.state.label(),
            tone: contract.state.tone(),
            category: category_said(&contract.category),
            other_party: contract.other_party.clone(),
            our_entity: ours.map(|party| party.name().to_owned()).unwrap_or_default(),
            amount: contract.total(),
            net: contract.net.map(|amount| Money::new(amount, contract.currency)),
            starts_on: contract.starts_on,
            expires_on: contract.expires_on,
            signed_on: contract.signed_on,
            effective_on: contract.effective_on,
            ended_on: contract.ended_on,
            end_reason: contract.end_reason.clone(),
            owner: directory.name(contract.owner),
            department: department.map(|one| one.name.clone()).unwrap_or_default(),
            archive_number: contract.archive_number.clone(),
            next: next::step(contract, may_edit),
            tabs: tabs.collect(),
        }
    }
}

/// Whether the reader may change the contract, its state apart.
pub(in crate::contract) fn may_edit(contracts: &Contracts, visit: &LoggedIn, contract: &Contract) -> bool {
    let scope = contracts.scope(visit.user(), Action::Edit);
    scope.is_ok_and(|scope| scope.covers(Some(contract.owner), contract.department))
}

#[cfg(test)]
impl Frame {
    /// A frame for the tests of pages.
    pub(in crate::contract) fn sample() -> Self {
        let tab =
            |part: Part| Tab { label: "Part".into(), path: part.path(ContractId::new(7)), active: false, count: 2 };
        Self {
            id: ContractId::new(7),
            title: "Service".into(),
            number: Some("HT-KS-2026-0001".into()),
            state: State::Draft.label(),
            tone: "",
            category: category_said("sales"),
            other_party: "Acme".into(),
            our_entity: "Kaisi".into(),
            amount: None,
            net: None,
            starts_on: None,
            expires_on: "2027-03-01".parse().ok(),
            signed_on: None,
            effective_on: None,
            ended_on: None,
            end_reason: String::new(),
            owner: "Zhang".into(),
            department: "Sales".into(),
            archive_number: None,
            next: next::sample(),
            tabs: Part::ALL.map(tab).to_vec(),
        }
    }
}
