//! The next step of a contract: one sentence that says where it stands, and what the reader can do about it.

use serde::Serialize;

use super::{AbandonPath, ContractPath, EditPath, SubmitPath, WayPath, WithdrawPath};
use crate::contract::fulfilment::pages::{FulfilmentPath, SigningPath};
use crate::contract::{Contract, Move, State};
use crate::i18n::{Message, msg};

/// What stands in the bar above the parts.
#[derive(Clone, Debug, Serialize)]
pub(in crate::contract) struct NextStep {
    sentence: Message,
    links: Vec<Link>,
    /// Where the form that takes it back goes.
    withdraw: Option<String>,
    /// Where the form that gives it up goes.
    abandon: Option<String>,
    version: i64,
}

/// Something that the reader can do.
#[derive(Clone, Debug, Serialize)]
struct Link {
    label: Message,
    path: String,
    icon: &'static str,
    primary: bool,
}

impl Link {
    fn new(label: Message, path: &impl ToString, icon: &'static str, primary: bool) -> Self {
        Self { label, path: path.to_string(), icon, primary }
    }
}

/// The next step of a contract for a reader who may change it, or may only read.
pub(super) fn step(contract: &Contract, may_edit: bool) -> NextStep {
    let id = contract.id;
    let links = if may_edit { links(contract) } else { readers_links(contract) };
    let withdraw = may_edit && contract.state == State::InApproval;
    let abandon = may_edit && contract.state.allows(Move::Abandon);
    NextStep {
        sentence: sentence(contract),
        links,
        withdraw: withdraw.then(|| WithdrawPath { id }.to_string()),
        abandon: abandon.then(|| AbandonPath { id }.to_string()),
        version: contract.version,
    }
}

fn sentence(contract: &Contract) -> Message {
    match contract.state {
        State::Draft if contract.last_version == 0 => msg!("contract.next.draft"),
        State::Draft => msg!("contract.next.returned"),
        State::InApproval => msg!("contract.next.in_approval"),
        State::Approved => msg!("contract.next.approved"),
        State::Sealing => msg!("contract.next.sealing"),
        State::Waiting => msg!("contract.next.waiting"),
        State::Signed => msg!("contract.next.signed"),
        State::InForce => msg!("contract.next.in_force"),
        State::Completed => msg!("contract.next.completed"),
        State::Expired => msg!("contract.next.expired"),
        State::Terminated => msg!("contract.next.terminated", reason = &contract.end_reason),
        State::Void => msg!("contract.next.void", reason = &contract.end_reason),
    }
}

fn links(contract: &Contract) -> Vec<Link> {
    let id = contract.id;
    match contract.state {
        State::Draft => vec![
            Link::new(msg!("contract.go_on_drafting"), &EditPath { id }, "pencil", false),
            Link::new(msg!("contract.to_submission"), &SubmitPath { id }, "send", true),
        ],
        State::InApproval => readers_links(contract),
        _ => after_approval(contract),
    }
}

/// What is to be done after approval is done on the part that shows it.
fn after_approval(contract: &Contract) -> Vec<Link> {
    let path = FulfilmentPath { id: contract.id };
    match contract.state {
        State::Waiting => {
            let signing = SigningPath { id: contract.id };
            vec![Link::new(msg!("contract.signing.record"), &signing, "signature", true)]
        }
        State::Approved => vec![Link::new(msg!("contract.sealing.ask"), &path, "rubber-stamp", true)],
        State::Sealing | State::Signed | State::InForce | State::Expired => {
            vec![Link::new(msg!("contract.performing.part"), &path, "checks", false)]
        }
        _ => Vec::new(),
    }
}

fn readers_links(contract: &Contract) -> Vec<Link> {
    let id = contract.id;
    match (contract.state, contract.case) {
        (State::InApproval, Some(_)) => vec![Link::new(msg!("contract.to_way"), &WayPath { id }, "route", true)],
        (State::Draft, Some(_)) => vec![Link::new(msg!("contract.to_way"), &WayPath { id }, "route", false)],
        (State::Draft, None) => vec![Link::new(msg!("contract.to_document"), &ContractPath { id }, "file-text", false)],
        _ => Vec::new(),
    }
}

#[cfg(test)]
pub(super) fn sample() -> NextStep {
    NextStep {
        sentence: msg!("contract.next.draft"),
        links: vec![Link::new(msg!("contract.to_submission"), &"/contracts/7/submit", "send", true)],
        withdraw: Some("/contracts/7/withdraw".into()),
        abandon: Some("/contracts/7/abandon".into()),
        version: 1,
    }
}
