//! The seam to the room above that has records approved.

use async_trait::async_trait;
use serde_json::Value as Json;

use super::error::RecordError;
use super::kind::Kind;
use super::store::Record;
use crate::web::{self, LoggedIn};

/// Who has records approved.
#[async_trait]
pub trait Approver: Send + Sync + 'static {
    /// Whether approval stands before a change of a record (阶段门): a published workflow takes it as it will be, and not as it is.
    async fn gate(&self, kind: &'static Kind, now: &Record, then: &Record) -> Result<Gate, RecordError>;

    /// What the page of a record shows of its approval; nothing where no workflow takes it and none ever did.
    async fn beside(
        &self,
        visit: &LoggedIn,
        kind: &'static Kind,
        record: &Record,
    ) -> Result<Option<Beside>, web::Error>;
}

/// Whether approval stands before a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gate {
    /// It does not.
    Open,
    /// Whether a workflow takes the record can be said neither as it is nor as it will be.
    Unsaid,
    /// It does.
    Shut,
}

/// A part of a record's page that another room draws.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Beside {
    /// Whether it stands above everything else: somebody waits for it.
    pub first: bool,
    /// Its template.
    pub template: &'static str,
    /// What the template calls `it`.
    pub it: Json,
}
