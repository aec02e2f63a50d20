//! What somebody proposed: the second person reads what differs, what it says and what its scenarios gave, and publishes it or does not.

use std::collections::BTreeSet;

use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};

use super::procedure::{Procedure, procedure};
use super::shown::{DiffShown, ReadingShown, TestedShown};
use super::weighing::{self, ImpactShown, Text};
use super::{
    AdministerWorkflows, DeclinePath, DraftPath, ProposalPath, PublishPath, TakeBackPath, WorkflowPath, WorkflowsPath,
    actor,
};
use crate::approval::{ApprovalError, Desk, DraftId, DraftState, Reviewer, hunks};
use crate::i18n::{Message, msg};
use crate::kernel::{Hash, Timestamp};
use crate::org::pages::Permission;
use crate::web::{self, Address as _, Form, FormState, Note, Page};

#[derive(Clone, Serialize)]
struct ProposalPage {
    workflow: String,
    author: String,
    note: String,
    at: Timestamp,
    hash: Option<String>,
    base: Option<String>,
    version: i64,
    /// `proposed` or `published`.
    state: &'static str,
    /// Another version was published since it was begun.
    moved: bool,
    /// As what the reader stands before it: `second`, `author`, `alone`.
    reviewer: &'static str,
    reading: ReadingShown,
    procedure: Option<Procedure>,
    results: Option<TestedShown>,
    /// Node by node.
    changes: Vec<Message>,
    difference: DiffShown,
    impact: Option<ImpactShown>,
    form: FormState,
    publish: String,
    decline: String,
    take_back: String,
}

impl Page for ProposalPage {
    const TEMPLATE: &'static str = "approval/proposal.html";
}

#[derive(Deserialize)]
struct Answer {
    /// The one that was shown.
    version: i64,
    /// Why it is not published, or why without a second person.
    #[serde(default)]
    reason: String,
}

pub(super) fn routes() -> Router<Desk> {
    Router::new()
        .route(ProposalPath::PATTERN, get(show))
        .route(PublishPath::PATTERN, post(publish))
        .route(DeclinePath::PATTERN, post(decline))
        .route(TakeBackPath::PATTERN, post(take_back))
}

async fn show(
    user: Permission<AdministerWorkflows>,
    ProposalPath { draft: id }: ProposalPath,
    State(desk): State<Desk>,
) -> web::Result {
    match page(&user, &desk, id, FormState::empty()).await? {
        Some(page) => user.page(&page),
        None => Ok(user.go(DraftPath { draft: id })),
    }
}

async fn publish(
    user: Permission<AdministerWorkflows>,
    PublishPath { draft: id }: PublishPath,
    State(desk): State<Desk>,
    form: Form<Answer>,
) -> web::Result {
    let Answer { version, reason } = &form.value;
    match desk.publish_proposal(actor(&user), (id, *version), reason).await {
        Ok(hash) => {
            let name = desk.draft(actor(&user), id).await?.workflow;
            let note = Note::done(user.text(&msg!("approval.published", version = hash.short())));
            Ok(user.go_with(WorkflowPath { name }, &note))
        }
        Err(error) => again(&user, &desk, id, &form, error).await,
    }
}

async fn decline(
    user: Permission<AdministerWorkflows>,
    DeclinePath { draft: id }: DeclinePath,
    State(desk): State<Desk>,
    form: Form<Answer>,
) -> web::Result {
    let Answer { version, reason } = &form.value;
    match desk.decline(actor(&user), (id, *version), reason).await {
        Ok(_) => Ok(user.go_with(WorkflowsPath {}, &Note::done(user.text(&msg!("approval.declined"))))),
        Err(error) => again(&user, &desk, id, &form, error).await,
    }
}

async fn take_back(
    user: Permission<AdministerWorkflows>,
    TakeBackPath { draft: id }: TakeBackPath,
    State(desk): State<Desk>,
    form: Form<Answer>,
) -> web::Result {
    desk.take_back(actor(&user), (id, form.value.version)).await?;
    Ok(user.go(DraftPath { draft: id }))
}

/// The page with why it was refused.
async fn again(
    user: &Permission<AdministerWorkflows>,
    desk: &Desk,
    id: DraftId,
    form: &Form<Answer>,
    error: ApprovalError,
) -> web::Result {
    let refused = form.typed.refused(error)?;
    match page(user, desk, id, refused).await? {
        Some(page) => user.page_again(&page),
        None => Ok(user.go(DraftPath { draft: id })),
    }
}

/// The page of a proposal; nothing where its author writes on it again.
async fn page(
    user: &Permission<AdministerWorkflows>,
    desk: &Desk,
    id: DraftId,
    form: FormState,
) -> Result<Option<ProposalPage>, ApprovalError> {
    let draft = desk.draft(actor(user), id).await?;
    if draft.state == DraftState::Writing {
        return Ok(None);
    }
    let base = match draft.base {
        Some(version) => desk.approvals().workflow_version(version).await?,
        None => None,
    };
    let current = desk.approvals().current_workflows().await?.into_iter().find(|one| one.name == draft.workflow);
    let reading = desk.reading(&draft.text.source).await?;
    let tested = match &reading.loaded {
        Some(loaded) => desk.tested(loaded, &draft.text.scenarios, user.lang()).await?,
        None => crate::approval::Tested::default(),
    };
    let impact = match draft.state {
        DraftState::Proposed => weighing::impact(desk, &draft.text.source, user.user.user()).await?,
        DraftState::Writing | DraftState::Published => None,
    };
    let before = base.map(|one| one.source).unwrap_or_default();
    let unmarked = BTreeSet::new();
    let changes = match draft.base {
        Some(base) => {
            let texts = (Text::Published(base), Text::Drafted(&draft.text.source));
            weighing::changes(desk, user.lang(), texts).await?
        }
        None => Vec::new(),
    };
    Ok(Some(ProposalPage {
        author: desk.directory().name(draft.author),
        note: draft.text.note,
        at: draft.updated_at,
        hash: draft.proposed.as_ref().map(Hash::short),
        base: draft.base.as_ref().map(Hash::short),
        version: draft.version,
        state: draft.state.word(),
        moved: draft.state == DraftState::Proposed && current.map(|one| one.version) != draft.base,
        reviewer: match desk.reviewer(user.user.user(), draft.author) {
            Reviewer::Second => "second",
            Reviewer::Author => "author",
            Reviewer::AloneAuthor => "alone",
        },
        procedure: reading.loaded.as_ref().map(|it| procedure(desk, user.lang(), &it.definition, &unmarked)),
        reading: ReadingShown::of(&reading),
        results: TestedShown::of(&tested),
        changes,
        difference: DiffShown { hunks: hunks(&before, &draft.text.source) },
        impact,
        form,
        publish: PublishPath { draft: id }.to_string(),
        decline: DeclinePath { draft: id }.to_string(),
        take_back: TakeBackPath { draft: id }.to_string(),
        workflow: draft.workflow,
    }))
}

#[cfg(test)]
mod tests {
    use super::super::shown::samples;
    use super::*;
    use crate::approval::pages::workflows::procedure;
    use crate::web::testing::renders;

    #[tokio::test]
    async fn a_proposal_renders_for_everybody_who_may_stand_before_it() {
        let mut form = FormState::empty();
        form.problem(msg!("approval.reason_missing"));
        let page = ProposalPage {
            workflow: "sales-contract".into(),
            author: "Zhang".into(),
            note: "The band".into(),
            at: Timestamp::from_micros(0),
            hash: Some("0a1b2c3d".into()),
            base: Some("0a1b2c3e".into()),
            version: 3,
            state: "proposed",
            moved: true,
            reviewer: "second",
            reading: samples::reading(),
            procedure: Some(procedure::sample()),
            results: Some(samples::tested()),
            changes: vec![msg!("approval.no_case")],
            difference: samples::diff(),
            impact: Some(weighing::sample()),
            form,
            publish: "/admin/workflow-proposals/1/publish".into(),
            decline: "/admin/workflow-proposals/1/decline".into(),
            take_back: "/admin/workflow-proposals/1/take-back".into(),
        };
        for reviewer in ["second", "author", "alone"] {
            renders(ProposalPage { reviewer, moved: false, ..page.clone() }).await;
        }
        renders(ProposalPage { state: "published", base: None, ..page.clone() }).await;
        renders(page).await;
    }
}
