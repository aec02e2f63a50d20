//! Approval as the records' own room asks for it: stage gates, and what the page of a record shows.

use std::sync::Arc;

use async_trait::async_trait;
use serde::Serialize;

use super::RecordSubject;
use crate::approval::pages::{CasePath, HandInRecordPath, StepShown, steps};
use crate::approval::{ApprovalError, Desk, store};
use crate::db::Conn;
use crate::i18n::Message;
use crate::kernel::Channel;
use crate::org::{Action, Org};
use crate::record::{self, Approver, Beside, Gate, Hold, Kind, Record, RecordError};
use crate::web::{self, LoggedIn};
use crate::workflow::SubjectFacts;

/// Has records approved.
pub struct RecordApprover {
    desk: Desk,
    subjects: Vec<Arc<RecordSubject>>,
}

/// What the page of a record shows; `it` in the template.
#[derive(Serialize)]
struct Panel {
    /// Where it stands, once it was handed in.
    state: Option<(Message, &'static str)>,
    /// The page of its case.
    case: Option<String>,
    /// Nobody may change it.
    locked: bool,
    steps: Vec<StepShown>,
    /// Where it can be handed in.
    hand_in: Option<String>,
}

impl RecordApprover {
    /// Over the same subjects as the registry.
    pub fn new(desk: Desk, subjects: Vec<Arc<RecordSubject>>) -> Self {
        Self { desk, subjects }
    }

    fn subject(&self, kind: &Kind) -> Result<Arc<RecordSubject>, ApprovalError> {
        let found = self.subjects.iter().find(|one| one.kind().name() == kind.name());
        found.cloned().ok_or_else(|| ApprovalError::UnknownKind(kind.protected()))
    }

    /// Which published workflows take each of these records as they may become, in one order for all. `None`: that cannot be said.
    async fn taken(
        &self,
        kind: &'static Kind,
        records: Vec<Record>,
        proposed: bool,
    ) -> Result<Vec<Vec<Option<bool>>>, ApprovalError> {
        let (subject, inner) = (self.subject(kind)?, &self.desk.approvals().0);
        let read = async move |c: &mut Conn<'_>| {
            let mut all: Vec<Option<SubjectFacts>> = Vec::new();
            for record in &records {
                let values = if proposed { subject.behaviour().proposed(record) } else { record.values.clone() };
                let seen = record::around(c, kind, record.clone()).await?;
                all.push(subject.facts_with(&seen, &values)?);
            }
            let current = store::workflows::current_of(c, &kind.protected()).await?;
            Ok::<_, ApprovalError>((all, current, Org::directory_version(c).await?))
        };
        let (all, current, directory) = inner.db.read(read).await?;
        let mut taken = Vec::new();
        for facts in all {
            let Some(facts) = facts.filter(|_| !current.is_empty()) else {
                taken.push(vec![Some(false); current.len()]);
                continue;
            };
            let facts = inner.facts(inner.clock.now(), facts, directory).await?;
            let mut by_workflow = Vec::new();
            for version in current.iter().copied() {
                by_workflow.push(match inner.workflows.choose(&inner.db, &[version], &facts, Channel::Page).await {
                    Ok(_) => Some(true),
                    Err(ApprovalError::NoWorkflow { .. }) => Some(false),
                    Err(ApprovalError::CannotChoose { .. }) => None,
                    Err(error) => return Err(error),
                });
            }
            taken.push(by_workflow);
        }
        Ok(taken)
    }

    /// Whether the reader may hand it in.
    async fn may_hand_in(
        &self,
        visit: &LoggedIn,
        kind: &'static Kind,
        record: &Record,
        hold: Option<&Hold>,
    ) -> Result<bool, ApprovalError> {
        if record::free(self.subject(kind)?.behaviour(), record, hold).is_err() {
            return Ok(false);
        }
        let scope = self.desk.org().scope_of(visit.user(), &kind.protected(), Action::Edit);
        if !scope.is_ok_and(|scope| scope.covers(record.owner, record.department)) {
            return Ok(false);
        }
        // Where that cannot be said, the page before handing in says why.
        let taken = self.taken(kind, vec![record.clone()], true).await?;
        Ok(taken.into_iter().flatten().any(|taken| taken != Some(false)))
    }
}

#[async_trait]
impl Approver for RecordApprover {
    async fn gate(&self, kind: &'static Kind, now: &Record, then: &Record) -> Result<Gate, RecordError> {
        let taken = self.taken(kind, vec![now.clone(), then.clone()], false).await;
        let taken = taken.map_err(|error| match error {
            ApprovalError::Db(error) => RecordError::Db(error),
            other => RecordError::Db(crate::db::DbError::Check(other.to_string())),
        })?;
        let [now, then] = taken.as_slice() else { return Ok(Gate::Open) };
        // Each gate for itself: who passed one has not passed the next. What cannot be said of what would be does not pass.
        let gates = now.iter().zip(then).map(|pair| match pair {
            (Some(true), _) | (_, Some(false)) => Gate::Open,
            (None, None) => Gate::Unsaid,
            _ => Gate::Shut,
        });
        Ok(gates.max().unwrap_or(Gate::Open))
    }

    async fn beside(
        &self,
        visit: &LoggedIn,
        kind: &'static Kind,
        record: &Record,
    ) -> Result<Option<Beside>, web::Error> {
        let approvals = self.desk.approvals();
        let subject = kind.reference(record.id);
        let read = async move |c: &mut Conn<'_>| record::hold_of(c, &subject).await;
        let hold = approvals.0.db.read(read).await.map_err(ApprovalError::Db)?;
        let may = self.may_hand_in(visit, kind, record, hold.as_ref()).await?;
        if hold.is_none() && !may {
            return Ok(None);
        }
        let look = match &hold {
            Some(hold) => Some(self.desk.look(hold.case, visit.user(), visit.lang()).await?),
            None => None,
        };
        let panel = Panel {
            state: hold.as_ref().map(|hold| (hold.state.label(), hold.state.tone())),
            case: hold.as_ref().map(|hold| CasePath { case: hold.case }.to_string()),
            locked: hold.as_ref().is_some_and(Hold::locks),
            steps: look.as_ref().map(steps).unwrap_or_default(),
            hand_in: may.then(|| HandInRecordPath { kind: kind.name().to_owned(), id: record.id }.to_string()),
        };
        let it = serde_json::to_value(&panel).map_err(web::Error::internal)?;
        let first = panel.state.is_some();
        Ok(Some(Beside { first, template: "approval/record_part.html", it }))
    }
}
