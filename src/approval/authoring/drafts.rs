//! What an author does with a draft before anybody else sees it.

use super::model::{Draft, DraftId, DraftState, DraftText, name_of};
use crate::approval::store::drafts::{self, ONE_OPEN_DRAFT};
use crate::approval::{ApprovalError, Desk, WORKFLOW, store};
use crate::db::{Conn, DbError};
use crate::kernel::{Actor, Hash, Timestamp, UserId};
use crate::org::{Action, Forbidden};
use crate::workflow::shipped_scenarios;

impl Desk {
    /// A draft from a file that somebody hands in, over the version that is current now.
    pub async fn begin_draft(&self, by: Actor, text: DraftText) -> Result<DraftId, ApprovalError> {
        let author = self.administrator(by)?;
        let name = name_of(&text.source).ok_or(ApprovalError::Unnamed)?.to_owned();
        let at = self.approvals().now();
        let unit = async move |c: &mut Conn<'_>| {
            let base = store::workflows::current_of_name(c, &name).await?;
            one_each(drafts::insert(c, &name, author, base, &text, at).await, &name)
        };
        self.approvals().0.db.write(unit).await
    }

    /// A draft that begins with the text of a version; an older one is what a return to it is proposed with. Its scenarios are those
    /// that it was proposed with, or that came with the program.
    pub async fn draft_from(&self, by: Actor, version: Hash, note: &str) -> Result<DraftId, ApprovalError> {
        self.administrator(by)?;
        let read = async move |c: &mut Conn<'_>| {
            let stored = store::workflows::by_version(c, version).await?;
            Ok::<_, ApprovalError>((stored, drafts::of_version(c, version).await?))
        };
        let (stored, proposal) = self.approvals().0.db.read(read).await?;
        let stored = stored.ok_or(ApprovalError::NoDraft)?;
        let scenarios = match proposal {
            Some(draft) => draft.text.scenarios,
            None => shipped_scenarios(&stored.name).unwrap_or_default(),
        };
        let text = DraftText { source: stored.source, scenarios, note: note.to_owned() };
        self.begin_draft(by, text).await
    }

    /// A draft of their own, or what somebody proposed.
    pub async fn draft(&self, by: Actor, id: DraftId) -> Result<Draft, ApprovalError> {
        let person = self.administrator(by)?;
        let draft = self.approvals().0.db.read(async move |c: &mut Conn<'_>| found(c, id).await).await?;
        let theirs = draft.author == person || draft.state != DraftState::Writing;
        if theirs { Ok(draft) } else { Err(ApprovalError::NoDraft) }
    }

    /// What is not published yet, everybody's, the last changed first. The texts that others still write on are nobody else's.
    pub async fn open_drafts(&self, by: Actor) -> Result<Vec<Draft>, ApprovalError> {
        let person = self.administrator(by)?;
        let mut open = self.approvals().0.db.read(async |c: &mut Conn<'_>| drafts::open(c).await).await?;
        for draft in open.iter_mut().filter(|draft| draft.author != person && draft.state == DraftState::Writing) {
            draft.text = DraftText::default();
        }
        Ok(open)
    }

    /// Stores what its author typed over what they saw, faults or not.
    pub async fn save_draft(
        &self,
        by: Actor,
        (id, version): (DraftId, i64),
        text: DraftText,
    ) -> Result<Draft, ApprovalError> {
        let author = self.administrator(by)?;
        let at = self.approvals().now();
        let unit = async move |c: &mut Conn<'_>| {
            let draft = own(c, id, author).await?;
            let draft = retold(c, draft, &text).await?;
            saved(c, &Draft { version, ..draft }, at).await
        };
        self.approvals().0.db.write(unit).await
    }

    /// Its author has looked at what was published meanwhile: the draft counts as a change of that.
    pub async fn build_on_current(&self, by: Actor, (id, version): (DraftId, i64)) -> Result<Draft, ApprovalError> {
        let author = self.administrator(by)?;
        let at = self.approvals().now();
        let unit = async move |c: &mut Conn<'_>| {
            let draft = own(c, id, author).await?;
            let base = store::workflows::current_of_name(c, &draft.workflow).await?;
            saved(c, &Draft { base, version, ..draft }, at).await
        };
        self.approvals().0.db.write(unit).await
    }

    /// Throws a draft away.
    pub async fn discard_draft(&self, by: Actor, (id, version): (DraftId, i64)) -> Result<(), ApprovalError> {
        let author = self.administrator(by)?;
        let unit = async move |c: &mut Conn<'_>| {
            own(c, id, author).await?;
            if drafts::delete(c, id, version).await? { Ok(()) } else { Err(ApprovalError::DraftChanged) }
        };
        self.approvals().0.db.write(unit).await
    }

    /// Somebody who may publish workflows.
    pub(super) fn administrator(&self, by: Actor) -> Result<UserId, ApprovalError> {
        let person = by.user.ok_or(Forbidden { kind: WORKFLOW, action: Action::Administer })?;
        self.org().scope_of(person, &WORKFLOW, Action::Administer)?;
        Ok(person)
    }
}

pub(super) async fn found(c: &mut Conn<'_>, id: DraftId) -> Result<Draft, ApprovalError> {
    drafts::by_id(c, id).await?.ok_or(ApprovalError::NoDraft)
}

/// A draft that its author still writes on.
pub(super) async fn own(c: &mut Conn<'_>, id: DraftId, author: UserId) -> Result<Draft, ApprovalError> {
    let draft = found(c, id).await?;
    match draft.state {
        _ if draft.author != author => Err(ApprovalError::NoDraft),
        DraftState::Writing => Ok(draft),
        DraftState::Proposed | DraftState::Published => Err(ApprovalError::DraftChanged),
    }
}

/// The draft with another text. Under another name it is a change of what is current under that name.
pub(super) async fn retold(c: &mut Conn<'_>, draft: Draft, text: &DraftText) -> Result<Draft, ApprovalError> {
    let draft = Draft { text: text.clone(), ..draft };
    match name_of(&text.source).filter(|name| *name != draft.workflow) {
        Some(name) => {
            let base = store::workflows::current_of_name(c, name).await?;
            Ok(Draft { workflow: name.to_owned(), base, ..draft })
        }
        None => Ok(draft),
    }
}

/// Stores the draft over its version, and gives it back as it stands then.
pub(super) async fn saved(c: &mut Conn<'_>, draft: &Draft, at: Timestamp) -> Result<Draft, ApprovalError> {
    if !one_each(drafts::save(c, draft, at).await, &draft.workflow)? {
        return Err(ApprovalError::DraftChanged);
    }
    found(c, draft.id).await
}

/// An author has one open draft of a workflow.
pub(super) fn one_each<T>(stored: Result<T, DbError>, workflow: &str) -> Result<T, ApprovalError> {
    stored.map_err(|error| match error {
        taken if taken.is_unique(ONE_OPEN_DRAFT) => ApprovalError::DraftTaken { workflow: workflow.to_owned() },
        other => other.into(),
    })
}
