//! Writing on a draft: the file with its faults as one types, the picture and the sentences beside it, a real record on its way, the
//! scenarios with their results.
//!
//! The form is kept a moment after each keystroke (`POST …/keep`), and the answer holds what follows from the text. Without JavaScript
//! the same form is sent whole: whatever button is pressed, what was typed is kept first.

use std::collections::BTreeSet;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};

use super::foreseen::{ForeseenShown, foreseen, record_said};
use super::list::{self, DraftShown};
use super::procedure::{Procedure, procedure};
use super::shown::{DiffShown, ReadingShown, TestedShown};
use super::weighing::{self, ImpactShown};
use super::{AdministerWorkflows, DiscardPath, DraftPath, KeepPath, ProposalPath, WorkflowPath, WorkflowsPath, actor};
use crate::approval::{ApprovalError, Desk, Draft, DraftId, DraftState, DraftText, hunks};
use crate::i18n::{Explain as _, msg};
use crate::kernel::Hash;
use crate::org::pages::Permission;
use crate::web::{self, Address as _, Form, FormState, Note, Page, Query};
use crate::workflow::language::mended;

#[derive(Clone, Serialize)]
struct DraftPage {
    id: DraftId,
    workflow: String,
    version: i64,
    base: Option<String>,
    /// The page of the workflow; nothing for a new one.
    current: Option<String>,
    keep: String,
    discard: String,
    form: FormState,
    reading: ReadingShown,
    procedure: Option<Procedure>,
    results: Option<TestedShown>,
    impact: Option<ImpactShown>,
    foreseen: Option<ForeseenShown>,
    /// What can be written into the field for a record.
    records: Vec<String>,
    conflict: Option<Conflict>,
    declined: Option<Declined>,
    /// What others write or propose of the same workflow.
    others: Vec<DraftShown>,
}

impl Page for DraftPage {
    const TEMPLATE: &'static str = "approval/draft.html";
}

/// What follows from the text, after it was kept.
#[derive(Clone, Serialize)]
struct KeptPart(DraftPage);

impl Page for KeptPart {
    const TEMPLATE: &'static str = "approval/draft_kept.html";
}

/// Says that the draft was changed in another window.
#[derive(Clone, Serialize)]
struct ConflictPart {
    id: DraftId,
}

impl Page for ConflictPart {
    const TEMPLATE: &'static str = "approval/draft_conflict.html";
}

/// Two texts that do not know of each other.
#[derive(Clone, Serialize)]
struct Conflict {
    /// `draft`: what was kept from another window; `base`: what was published meanwhile.
    with: &'static str,
    diff: DiffShown,
}

#[derive(Clone, Serialize)]
struct Declined {
    by: String,
    reason: String,
}

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Wish {
    /// `scenarios` runs them, `impact` tries the file on every newest record.
    #[serde(skip_serializing_if = "String::is_empty")]
    run: String,
    /// The record whose way is shown, as it stands in the field.
    #[serde(skip_serializing_if = "String::is_empty")]
    record: String,
}

#[derive(Deserialize)]
struct DraftForm {
    version: i64,
    #[serde(default)]
    source: String,
    #[serde(default)]
    scenarios: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    record: String,
    #[serde(default)]
    act: String,
}

#[derive(Deserialize)]
struct Seen {
    version: i64,
}

pub(super) fn routes() -> Router<Desk> {
    Router::new()
        .route(DraftPath::PATTERN, get(show).post(send))
        .route(KeepPath::PATTERN, post(keep))
        .route(DiscardPath::PATTERN, post(discard))
}

async fn show(
    user: Permission<AdministerWorkflows>,
    DraftPath { draft: id }: DraftPath,
    State(desk): State<Desk>,
    Query(wish): Query<Wish>,
) -> web::Result {
    let draft = desk.draft(actor(&user), id).await?;
    if draft.state != DraftState::Writing {
        return Ok(user.go(ProposalPath { draft: id }));
    }
    user.page(&page(&user, &desk, draft, &wish).await?)
}

/// Keeps what was typed so far; the answer holds the parts of the page that follow from it.
async fn keep(
    user: Permission<AdministerWorkflows>,
    KeepPath { draft: id }: KeepPath,
    State(desk): State<Desk>,
    form: Form<DraftForm>,
) -> web::Result {
    match desk.save_draft(actor(&user), (id, form.value.version), text(&form.value)).await {
        Ok(draft) => user.page(&KeptPart(page(&user, &desk, draft, &Wish::default()).await?)),
        Err(ApprovalError::DraftChanged) => user.page_as(StatusCode::CONFLICT, &ConflictPart { id }),
        Err(error) => Err(error.into()),
    }
}

/// The whole form, sent by one of its buttons.
async fn send(
    user: Permission<AdministerWorkflows>,
    DraftPath { draft: id }: DraftPath,
    State(desk): State<Desk>,
    form: Form<DraftForm>,
) -> web::Result {
    let (by, seen, typed) = (actor(&user), (id, form.value.version), text(&form.value));
    let done = match form.value.act.as_str() {
        "propose" => desk.propose(by, seen, typed).await.map(|_| (ProposalPath { draft: id }.to_string(), true)),
        "rebase" => rebase(&desk, &user, seen, typed).await.map(|()| (DraftPath { draft: id }.to_string(), false)),
        act => {
            let source = if act == "mend" { mended(&typed.source) } else { typed.source.clone() };
            let saved = desk.save_draft(by, seen, DraftText { source, ..typed }).await;
            saved.map(|_| (shows(id, act, &form.value.record), false))
        }
    };
    match done {
        Ok((path, true)) => Ok(user.go_with(path, &Note::done(user.text(&msg!("approval.proposed"))))),
        Ok((path, false)) => Ok(user.go(path)),
        Err(error) => again(&user, &desk, id, &form, error).await,
    }
}

async fn rebase(
    desk: &Desk,
    user: &Permission<AdministerWorkflows>,
    (id, version): (DraftId, i64),
    typed: DraftText,
) -> Result<(), ApprovalError> {
    let saved = desk.save_draft(actor(user), (id, version), typed).await?;
    desk.build_on_current(actor(user), (id, saved.version)).await.map(drop)
}

/// Where a button leads once the text is kept.
fn shows(id: DraftId, act: &str, record: &str) -> String {
    let page = DraftPath { draft: id };
    let (wish, place) = match act {
        "test" => (Wish { run: "scenarios".to_owned(), ..Wish::default() }, "#scenarios"),
        "impact" => (Wish { run: "impact".to_owned(), ..Wish::default() }, "#impact"),
        "simulate" => (Wish { record: record.to_owned(), ..Wish::default() }, "#simulation"),
        _ => (Wish::default(), ""),
    };
    format!("{}{place}", page.with_query(&wish).unwrap_or_else(|_| page.to_string()))
}

async fn discard(
    user: Permission<AdministerWorkflows>,
    DiscardPath { draft: id }: DiscardPath,
    State(desk): State<Desk>,
    form: Form<Seen>,
) -> web::Result {
    desk.discard_draft(actor(&user), (id, form.value.version)).await?;
    Ok(user.go_with(WorkflowsPath {}, &Note::done(user.text(&msg!("approval.discarded")))))
}

/// The page with what was typed and why it was not taken; where another text is in the way, what differs.
async fn again(
    user: &Permission<AdministerWorkflows>,
    desk: &Desk,
    id: DraftId,
    form: &Form<DraftForm>,
    error: ApprovalError,
) -> web::Result {
    let stored = desk.draft(actor(user), id).await?;
    if stored.state != DraftState::Writing {
        return Err(error.into());
    }
    let (typed, before) = (text(&form.value), stored.text.source.clone());
    let conflict = match &error {
        ApprovalError::DraftChanged => Some(Conflict { with: "draft", diff: diff(&before, &typed.source) }),
        ApprovalError::BaseMoved { workflow } => {
            let current = desk.approvals().current_workflows().await?.into_iter().find(|one| one.name == *workflow);
            let current = current.map(|one| one.source).unwrap_or_default();
            Some(Conflict { with: "base", diff: diff(&current, &typed.source) })
        }
        _ => None,
    };
    // Its faults stand beside their lines.
    let problem =
        if matches!(error, ApprovalError::Faults { .. }) { msg!("approval.has_errors") } else { error.message() };
    let mut page = page(user, desk, Draft { text: typed, ..stored }, &Wish::default()).await?;
    let is_conflict = conflict.is_some();
    form.typed.refused(error)?;
    page.form.problem(problem);
    page.conflict = conflict;
    if is_conflict { user.page_as(StatusCode::CONFLICT, &page) } else { user.page_again(&page) }
}

fn text(form: &DraftForm) -> DraftText {
    DraftText { source: form.source.clone(), scenarios: form.scenarios.clone(), note: form.note.clone() }
}

fn diff(old: &str, new: &str) -> DiffShown {
    DiffShown { hunks: hunks(old, new) }
}

async fn page(
    user: &Permission<AdministerWorkflows>,
    desk: &Desk,
    draft: Draft,
    wish: &Wish,
) -> Result<DraftPage, ApprovalError> {
    let person = user.user.user();
    let reading = desk.reading(&draft.text.source).await?;
    let kind = reading.loaded.as_ref().map(|loaded| loaded.definition.subject.clone());
    let foreseen = match &reading.loaded {
        Some(loaded) if !wish.record.trim().is_empty() => foreseen(user, desk, loaded, wish.record.trim()).await?,
        _ => None,
    };
    let way: BTreeSet<String> = foreseen.iter().flat_map(|(_, way)| way.iter().cloned()).collect();
    let tested = match &reading.loaded {
        Some(loaded) if wish.run == "scenarios" => desk.tested(loaded, &draft.text.scenarios, user.lang()).await?,
        _ => crate::approval::Tested::default(),
    };
    let records = match &kind {
        Some(kind) => desk.records(kind, "", person).await?.iter().map(record_said).collect(),
        None => Vec::new(),
    };
    let open = desk.open_drafts(actor(user)).await?;
    let others: Vec<Draft> =
        open.into_iter().filter(|one| one.workflow == draft.workflow && one.id != draft.id).collect();
    let mut form = FormState::empty();
    let typed = [("source", &draft.text.source), ("scenarios", &draft.text.scenarios), ("note", &draft.text.note)];
    typed.into_iter().chain([("record", &wish.record)]).for_each(|(name, text)| form.put(name, text));
    Ok(DraftPage {
        id: draft.id,
        current: draft.base.map(|_| WorkflowPath { name: draft.workflow.clone() }.to_string()),
        version: draft.version,
        base: draft.base.as_ref().map(Hash::short),
        keep: KeepPath { draft: draft.id }.to_string(),
        discard: DiscardPath { draft: draft.id }.to_string(),
        form,
        procedure: reading.loaded.as_ref().map(|it| procedure(desk, user.lang(), &it.definition, &way)),
        reading: ReadingShown::of(&reading),
        results: TestedShown::of(&tested),
        impact: if wish.run == "impact" { weighing::impact(desk, &draft.text.source, person).await? } else { None },
        foreseen: foreseen.map(|(shown, _)| shown),
        records,
        conflict: None,
        declined: draft.answered_by.map(|by| Declined { by: desk.directory().name(by), reason: draft.answer.clone() }),
        others: list::drafts(desk, &others, person),
        workflow: draft.workflow,
    })
}

#[cfg(test)]
mod tests {
    use super::super::shown::samples;
    use super::*;
    use crate::approval::pages::workflows::procedure;
    use crate::web::testing::renders;

    fn page() -> DraftPage {
        let mut form = FormState::empty();
        form.put("source", "workflow(\"sales-contract\", #{");
        form.put("record", "Maintenance #1");
        form.problem(msg!("approval.has_errors"));
        DraftPage {
            id: DraftId::new(1),
            workflow: "sales-contract".into(),
            version: 3,
            base: Some("0a1b2c3d".into()),
            current: Some("/admin/workflows/sales-contract".into()),
            keep: "/admin/workflow-drafts/1/keep".into(),
            discard: "/admin/workflow-drafts/1/discard".into(),
            form,
            reading: samples::reading(),
            procedure: Some(procedure::sample()),
            results: Some(samples::tested()),
            impact: Some(weighing::sample()),
            foreseen: Some(ForeseenShown {
                title: "Maintenance".into(),
                refusal: Some(msg!("approval.no_case")),
                steps: Vec::new(),
            }),
            records: vec!["Maintenance #1".into()],
            conflict: Some(Conflict { with: "base", diff: samples::diff() }),
            declined: Some(Declined { by: "Li".into(), reason: "Too low".into() }),
            others: vec![list::sample()],
        }
    }

    #[tokio::test]
    async fn a_draft_renders_with_everything_that_can_stand_beside_it() {
        renders(page()).await;
        let conflict = Some(Conflict { with: "draft", diff: samples::diff() });
        renders(DraftPage { conflict, foreseen: None, current: None, base: None, ..page() }).await;
        let (procedure, reading) = (None, ReadingShown::default());
        renders(DraftPage { form: FormState::empty(), procedure, reading, ..page() }).await;
    }

    #[tokio::test]
    async fn what_follows_from_the_text_renders_alone() {
        renders(KeptPart(page())).await;
        renders(ConflictPart { id: DraftId::new(1) }).await;
    }

    #[test]
    fn a_button_leads_to_what_it_shows() {
        let draft = DraftId::new(7);
        assert_eq!(shows(draft, "save", "x"), "/admin/workflow-drafts/7");
        assert_eq!(shows(draft, "test", ""), "/admin/workflow-drafts/7?run=scenarios#scenarios");
        assert_eq!(shows(draft, "simulate", "A #1"), "/admin/workflow-drafts/7?record=A+%231#simulation");
    }
}
