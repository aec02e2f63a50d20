//! From a draft to a version: its author proposes it, a second person publishes or declines it.

use std::collections::BTreeSet;

use super::drafts::{found, one_each, own, retold, saved};
use super::model::{Draft, DraftId, DraftState, DraftText, Reviewer, file_of};
use super::telling::{self, Told};
use crate::approval::desk::publishable;
use crate::approval::store::publications::Through;
use crate::approval::{ApprovalError, Approvals, Desk, WORKFLOW, Workflow, WorkflowVersion, store, workflows};
use crate::db::{self, AuditEntry, Conn, DbError};
use crate::i18n::msg;
use crate::kernel::{Actor, Hash, Timestamp, UserId};
use crate::org::Org;
use crate::workflow::judge;

impl Desk {
    /// Freezes a draft under its hash and tells everybody who may publish it. A file with errors is refused with them.
    pub async fn propose(
        &self,
        by: Actor,
        (id, version): (DraftId, i64),
        text: DraftText,
    ) -> Result<Draft, ApprovalError> {
        let (author, proposal) = self.proposal(by, &text).await?;
        let unit = async move |c: &mut Conn<'_>| {
            let draft = own(c, id, author).await?;
            let draft = retold(c, draft, &text).await?;
            let draft = saved(c, &Draft { version, ..draft }, proposal.new.published_at).await?;
            proposal.store(c, draft).await
        };
        self.approvals().0.db.write(unit).await
    }

    /// The same for a file that was never a draft.
    pub async fn propose_file(&self, by: Actor, text: DraftText) -> Result<Draft, ApprovalError> {
        let (author, proposal) = self.proposal(by, &text).await?;
        let unit = async move |c: &mut Conn<'_>| {
            let (name, at) = (&proposal.new.name, proposal.new.published_at);
            let base = store::workflows::current_of_name(c, name).await?;
            let id = one_each(store::drafts::insert(c, name, author, base, &text, at).await, name)?;
            let draft = found(c, id).await?;
            proposal.store(c, draft).await
        };
        self.approvals().0.db.write(unit).await
    }

    /// Proposes a file and publishes it at once, where nobody else could.
    pub async fn publish_alone(&self, by: Actor, text: DraftText, because: &str) -> Result<Draft, ApprovalError> {
        let (author, proposal) = self.proposal(by, &text).await?;
        self.alone(author, &proposal.workflow, because).await?;
        let draft = self.propose_file(by, text).await?;
        self.publish_proposal(by, (draft.id, draft.version), because).await?;
        self.draft(by, draft.id).await
    }

    async fn proposal(&self, by: Actor, text: &DraftText) -> Result<(UserId, Proposal), ApprovalError> {
        let author = self.administrator(by)?;
        let directory = self.directory();
        let file = file_of(&text.source);
        let (workflow, new) = publishable(self.approvals(), &text.source, &file, &directory, Some(author)).await?;
        let others = self.administrators().into_iter().filter(|one| *one != author).collect();
        Ok((author, Proposal { by, name: directory.name(author), others, workflow, new }))
    }

    /// Its author takes a proposal back, to go on writing.
    pub async fn take_back(&self, by: Actor, (id, version): (DraftId, i64)) -> Result<Draft, ApprovalError> {
        let author = self.administrator(by)?;
        let at = self.approvals().now();
        let unit = async move |c: &mut Conn<'_>| {
            let draft = found(c, id).await?;
            if draft.author != author {
                return Err(ApprovalError::NoDraft);
            }
            let to = (DraftState::Proposed, DraftState::Writing);
            moved(store::drafts::go(c, (id, version), to, None, at).await?)?;
            record(c, by, &draft, ("workflow.taken_back", None), at).await?;
            found(c, id).await
        };
        self.approvals().0.db.write(unit).await
    }

    /// A second person does not publish a proposal: its author goes on writing, and reads why.
    pub async fn decline(
        &self,
        by: Actor,
        (id, version): (DraftId, i64),
        reason: &str,
    ) -> Result<Draft, ApprovalError> {
        let person = self.administrator(by)?;
        let (at, name) = (self.approvals().now(), self.directory().name(person));
        let reason = given(reason)?;
        let unit = async move |c: &mut Conn<'_>| {
            let draft = found(c, id).await?;
            if draft.author == person {
                return Err(ApprovalError::SecondPersonNeeded);
            }
            let to = (DraftState::Proposed, DraftState::Writing);
            moved(store::drafts::go(c, (id, version), to, None, at).await?)?;
            store::drafts::answer(c, id, Some(person), &reason).await?;
            record(c, by, &draft, ("workflow.declined", Some(&reason)), at).await?;
            let label = msg!("approval.tell.workflow_declined");
            let (title, kind) = (draft.workflow.as_str(), "workflow.declined");
            let told = Told { draft: &draft, title, kind, label, by: &name, at };
            telling::tell(c, &told, &[draft.author], telling::words(&reason)).await?;
            found(c, id).await
        };
        self.approvals().0.db.write(unit).await
    }

    /// Makes a proposal the version that new cases take. `version` is the one that the person saw, so that they publish what they read.
    /// Its author may only where nobody else could, with a reason, and while no case of theirs runs through it.
    pub async fn publish_proposal(
        &self,
        by: Actor,
        (id, version): (DraftId, i64),
        alone_because: &str,
    ) -> Result<Hash, ApprovalError> {
        let person = self.administrator(by)?;
        let draft = self.draft(by, id).await?;
        if (draft.state, draft.version) != (DraftState::Proposed, version) {
            return Err(ApprovalError::DraftChanged);
        }
        let directory = self.directory();
        let file = file_of(&draft.text.source);
        let (workflow, new) =
            publishable(self.approvals(), &draft.text.source, &file, &directory, Some(person)).await?;
        if draft.proposed != Some(new.version) {
            return Err(ApprovalError::ProposalOutdated);
        }
        let alone_because =
            if draft.author == person { Some(self.alone(person, &workflow, alone_because).await?) } else { None };
        let (at, name) = (new.published_at, directory.name(person));
        let action = if alone_because.is_some() { "workflow.published_alone" } else { "workflow.published" };
        let unit = async move |c: &mut Conn<'_>| {
            based_on(&draft, store::workflows::current_of_name(c, &new.name).await?)?;
            let to = (DraftState::Proposed, DraftState::Published);
            moved(store::drafts::go(c, (id, version), to, draft.proposed, at).await?)?;
            let through = Through { draft: Some(id), alone_because: alone_because.clone() };
            workflows::publish(c, &workflow.definition, &new, &through).await?;
            record(c, by, &draft, (action, alone_because.as_deref()), at).await?;
            let label = msg!("approval.tell.workflow_published");
            let told = Told { draft: &draft, title: &new.title, kind: "workflow.published", label, by: &name, at };
            let author: Vec<UserId> = (draft.author != person).then_some(draft.author).into_iter().collect();
            telling::tell(c, &told, &author, Vec::new()).await?;
            Ok(new.version)
        };
        self.approvals().0.db.write(unit).await
    }

    /// The reason with which an author publishes alone.
    async fn alone(&self, author: UserId, workflow: &Workflow, because: &str) -> Result<String, ApprovalError> {
        if self.reviewer(author, author) != Reviewer::AloneAuthor {
            return Err(ApprovalError::SecondPersonNeeded);
        }
        let reason = given(because)?;
        self.approvals().no_case_of(author, workflow).await?;
        Ok(reason)
    }

    /// As what somebody stands before a proposal.
    pub fn reviewer(&self, person: UserId, author: UserId) -> Reviewer {
        Reviewer::of(person, author, self.org().authority().second(author, &WORKFLOW, self.approvals().now()))
    }

    /// Everybody who may publish.
    fn administrators(&self) -> BTreeSet<UserId> {
        self.org().authority().administrators(&WORKFLOW)
    }
}

/// A file that can be published, about to be proposed.
struct Proposal {
    by: Actor,
    /// What its author is called.
    name: String,
    /// Who may publish it.
    others: Vec<UserId>,
    workflow: Workflow,
    new: WorkflowVersion,
}

impl Proposal {
    async fn store(&self, c: &mut Conn<'_>, draft: Draft) -> Result<Draft, ApprovalError> {
        let Self { by, name, others, workflow, new } = self;
        let at = new.published_at;
        let current = store::workflows::current_of_name(c, &new.name).await?;
        if current == Some(new.version) {
            return Err(ApprovalError::Unchanged { workflow: new.name.clone() });
        }
        based_on(&draft, current)?;
        workflows::apart_from_others(c, &workflow.definition, new).await?;
        let to = (DraftState::Writing, DraftState::Proposed);
        moved(store::drafts::go(c, (draft.id, draft.version), to, Some(new.version), at).await?)?;
        store::drafts::answer(c, draft.id, None, "").await?;
        let draft = found(c, draft.id).await?;
        record(c, *by, &draft, ("workflow.proposed", None), at).await?;
        let label = msg!("approval.tell.workflow_proposed");
        let told = Told { draft: &draft, title: &new.title, kind: "workflow.proposed", label, by: name, at };
        telling::tell(c, &told, others, telling::words(&draft.text.note)).await?;
        Ok(draft)
    }
}

impl Approvals {
    /// Refuses where a case that the person drafted or handed in runs through the workflow, or is one that it would take.
    async fn no_case_of(&self, person: UserId, workflow: &Workflow) -> Result<(), ApprovalError> {
        let inner = &self.0;
        let (registry, kind) = (inner.registry.clone(), workflow.definition.subject.clone());
        let read = async move |c: &mut Conn<'_>| {
            let mut running = Vec::new();
            for case in store::cases::running_of(c, &kind, person).await? {
                let subject = registry.subject(&kind).ok_or_else(|| ApprovalError::UnknownKind(kind.clone()))?;
                running.push((case.workflow, subject.facts(c, case.subject.id).await?));
            }
            Ok::<_, ApprovalError>((running, Org::directory_version(c).await?))
        };
        let (running, directory) = inner.db.read(read).await?;
        for (name, subject) in running {
            let takes = match (&workflow.definition.takes, subject) {
                (Some(condition), Some(subject)) if name != workflow.definition.name => {
                    let facts = inner.facts(inner.clock.now(), subject, directory).await?;
                    // What cannot be said may be so.
                    judge(condition, &workflow.script, &facts).holds.unwrap_or(true)
                }
                _ => true,
            };
            if takes {
                return Err(ApprovalError::OwnCaseRuns);
            }
        }
        Ok(())
    }
}

/// The draft is a change of what is current.
fn based_on(draft: &Draft, current: Option<Hash>) -> Result<(), ApprovalError> {
    if draft.base == current { Ok(()) } else { Err(ApprovalError::BaseMoved { workflow: draft.workflow.clone() }) }
}

fn moved(stood: bool) -> Result<(), ApprovalError> {
    if stood { Ok(()) } else { Err(ApprovalError::DraftChanged) }
}

fn given(reason: &str) -> Result<String, ApprovalError> {
    let reason = reason.trim();
    if reason.is_empty() { Err(ApprovalError::ReasonMissing) } else { Ok(reason.to_owned()) }
}

async fn record(
    c: &mut Conn<'_>,
    actor: Actor,
    draft: &Draft,
    (action, because): (&'static str, Option<&str>),
    at: Timestamp,
) -> Result<(), DbError> {
    let version = draft.proposed.map(|version| version.to_string());
    let new = Some(serde_json::json!({ "workflow": draft.workflow, "version": version, "because": because }));
    let subject = WORKFLOW.reference(draft.id.get());
    db::record(c, &AuditEntry { at, actor, subject, action, old: None, new }).await
}
