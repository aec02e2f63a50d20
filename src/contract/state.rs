//! Where a contract stands, and which moves there are. The migration holds the same table, and a trigger refuses what is not in it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::ContractError;
use crate::i18n::{Message, msg};

/// Where a contract stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Being written, or sent back to be written again.
    Draft,
    /// Somebody decides.
    InApproval,
    /// Approved, not yet sealed.
    Approved,
    /// The keeper of the seal has it.
    Sealing,
    /// Sealed by us, waiting for the other side.
    Waiting,
    /// Signed by all, not yet in force.
    Signed,
    /// In force.
    InForce,
    /// Everything was performed.
    Completed,
    /// Its last day has passed.
    Expired,
    /// Ended before its time.
    Terminated,
    /// Given up before it was signed; it keeps its number.
    Void,
}

/// What moves a contract from one state to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Move {
    /// Handed in for approval.
    Submit,
    /// Approval has passed.
    Approve,
    /// An approval, return or rejection was undone in time.
    Reopen,
    /// Sent back, taken back or rejected.
    Return,
    /// A seal is asked for.
    RequestSeal,
    /// Every seal that was asked for is on it.
    Seal,
    /// All parties have signed.
    Sign,
    /// Its first day has come.
    TakeEffect,
    /// Everything was performed.
    Complete,
    /// Its last day has passed.
    Expire,
    /// Ended before its time.
    Terminate,
    /// Given up before it was signed.
    Abandon,
}

impl State {
    /// All of them, in the order of a contract's life.
    pub const ALL: [Self; 11] = [
        Self::Draft,
        Self::InApproval,
        Self::Approved,
        Self::Sealing,
        Self::Waiting,
        Self::Signed,
        Self::InForce,
        Self::Completed,
        Self::Expired,
        Self::Terminated,
        Self::Void,
    ];

    /// Its name in tables, addresses and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::InApproval => "in_approval",
            Self::Approved => "approved",
            Self::Sealing => "sealing",
            Self::Waiting => "waiting",
            Self::Signed => "signed",
            Self::InForce => "in_force",
            Self::Completed => "completed",
            Self::Expired => "expired",
            Self::Terminated => "terminated",
            Self::Void => "void",
        }
    }

    /// What people read.
    pub fn label(self) -> Message {
        match self {
            Self::Draft => msg!("contract.state.draft"),
            Self::InApproval => msg!("contract.state.in_approval"),
            Self::Approved => msg!("contract.state.approved"),
            Self::Sealing => msg!("contract.state.sealing"),
            Self::Waiting => msg!("contract.state.waiting"),
            Self::Signed => msg!("contract.state.signed"),
            Self::InForce => msg!("contract.state.in_force"),
            Self::Completed => msg!("contract.state.completed"),
            Self::Expired => msg!("contract.state.expired"),
            Self::Terminated => msg!("contract.state.terminated"),
            Self::Void => msg!("contract.state.void"),
        }
    }

    /// The tone in which lists show it.
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Draft | Self::Completed => "",
            Self::InApproval | Self::Approved | Self::Sealing | Self::Waiting => "info",
            Self::Signed | Self::InForce => "good",
            Self::Expired => "warn",
            Self::Terminated | Self::Void => "bad",
        }
    }

    /// Where a move leads from here, or that there is no such move.
    pub fn after(self, by: Move) -> Result<Self, ContractError> {
        Ok(match (self, by) {
            (Self::Draft | Self::Approved, Move::Reopen) | (Self::Draft, Move::Submit) => Self::InApproval,
            (Self::InApproval, Move::Approve) => Self::Approved,
            (Self::InApproval | Self::Approved, Move::Return) => Self::Draft,
            (Self::Approved | Self::Sealing, Move::RequestSeal) => Self::Sealing,
            (Self::Sealing, Move::Seal) => Self::Waiting,
            (Self::Waiting, Move::Sign) => Self::Signed,
            (Self::Signed, Move::TakeEffect) => Self::InForce,
            (Self::InForce | Self::Expired, Move::Complete) => Self::Completed,
            (Self::InForce, Move::Expire) => Self::Expired,
            (Self::Signed | Self::InForce, Move::Terminate) => Self::Terminated,
            (Self::Draft | Self::Approved | Self::Sealing | Self::Waiting, Move::Abandon) => Self::Void,
            (from, by) => return Err(ContractError::NoSuchMove { from, by }),
        })
    }

    /// Whether a move is possible here, for what a page offers.
    pub fn allows(self, by: Move) -> bool {
        self.after(by).is_ok()
    }

    /// Whether all parties have signed.
    pub const fn is_signed(self) -> bool {
        matches!(self, Self::Signed | Self::InForce | Self::Completed | Self::Expired | Self::Terminated)
    }
}

impl Move {
    /// All of them, in the order of a contract's life.
    pub const ALL: [Self; 12] = [
        Self::Submit,
        Self::Approve,
        Self::Reopen,
        Self::Return,
        Self::RequestSeal,
        Self::Seal,
        Self::Sign,
        Self::TakeEffect,
        Self::Complete,
        Self::Expire,
        Self::Terminate,
        Self::Abandon,
    ];

    /// Its code in the audit log.
    pub const fn action(self) -> &'static str {
        match self {
            Self::Submit => "contract.submitted",
            Self::Approve => "contract.approved",
            Self::Reopen => "contract.reopened",
            Self::Return => "contract.returned",
            Self::RequestSeal => "contract.seal_requested",
            Self::Seal => "contract.sealed",
            Self::Sign => "contract.signed",
            Self::TakeEffect => "contract.in_force",
            Self::Complete => "contract.completed",
            Self::Expire => "contract.expired",
            Self::Terminate => "contract.terminated",
            Self::Abandon => "contract.void",
        }
    }

    /// What people call it.
    pub fn label(self) -> Message {
        match self {
            Self::Submit => msg!("contract.done.submitted"),
            Self::Approve => msg!("contract.done.approved"),
            Self::Reopen => msg!("contract.done.reopened"),
            Self::Return => msg!("contract.done.returned"),
            Self::RequestSeal => msg!("contract.done.seal_requested"),
            Self::Seal => msg!("contract.done.sealed"),
            Self::Sign => msg!("contract.done.signed"),
            Self::TakeEffect => msg!("contract.done.in_force"),
            Self::Complete => msg!("contract.done.completed"),
            Self::Expire => msg!("contract.done.expired"),
            Self::Terminate => msg!("contract.done.terminated"),
            Self::Abandon => msg!("contract.done.void"),
        }
    }
}

/// A text that names no state.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a state of a contract")]
pub struct NoState(String);

impl FromStr for State {
    type Err = NoState;

    fn from_str(name: &str) -> Result<Self, NoState> {
        Self::ALL.into_iter().find(|state| state.name() == name).ok_or_else(|| NoState(name.to_owned()))
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contract_lives_from_draft_to_completed() {
        let life = [Move::Submit, Move::Approve, Move::RequestSeal, Move::Seal, Move::Sign, Move::TakeEffect];
        let state = life.into_iter().try_fold(State::Draft, State::after).unwrap();
        assert_eq!(state.after(Move::Complete).unwrap(), State::Completed);
    }

    #[test]
    fn what_was_signed_cannot_become_void() {
        for state in State::ALL.into_iter().filter(|state| state.is_signed()) {
            assert!(!state.allows(Move::Abandon), "{state}");
            assert!(!state.allows(Move::Return), "{state}");
        }
    }

    #[test]
    fn the_migrations_know_the_same_moves() {
        for text in [
            include_str!("../../migrations/sqlite/0011_contract.sql"),
            include_str!("../../migrations/postgres/0011_contract.sql"),
        ] {
            let table = text.split_once("INSERT INTO contract_move").unwrap().1.split_once(';').unwrap().0;
            for from in State::ALL {
                for to in State::ALL.into_iter().filter(|to| *to != from) {
                    let here = Move::ALL.into_iter().any(|by| from.after(by).is_ok_and(|state| state == to));
                    assert_eq!(table.contains(&format!("('{from}', '{to}')")), here, "{from} to {to}");
                }
            }
        }
    }
}
