//! A workflow as it stands, its history, and what differs between two of its versions.

use std::collections::BTreeSet;

use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};

use super::export::{ExportQuery, Format};
use super::procedure::{Procedure, procedure};
use super::shown::DiffShown;
use super::weighing::{self, Text};
use super::{
    AdministerWorkflows, BeginPath, ChangesPath, DraftPath, ExportPath, ProposalPath, ReadWorkflows, WorkflowPath,
    actor,
};
use crate::approval::pages::Choice;
use crate::approval::{ApprovalError, Desk, DraftState, OutdatedRun, Publication, WORKFLOW, WorkflowVersion, hunks};
use crate::i18n::{Message, msg};
use crate::kernel::{Hash, Timestamp};
use crate::org::Action;
use crate::org::pages::Permission;
use crate::web::{self, Address as _, Form, FormState, Note, Page, Query};

#[derive(Clone, Serialize)]
struct WorkflowPage {
    title: String,
    name: String,
    version: String,
    /// The whole hash of the version that is shown.
    hash: String,
    is_current: bool,
    /// Sub-workflows that it runs although there is a newer version, one sentence each.
    outdated: Vec<Message>,
    publications: Vec<PublicationShown>,
    procedure: Procedure,
    lines: Vec<String>,
    changes: String,
    /// Where a draft of a version is begun.
    begin: Option<String>,
    /// Where the version is fetched for other tools.
    bpmn: String,
    mermaid: String,
}

impl Page for WorkflowPage {
    const TEMPLATE: &'static str = "approval/workflow.html";
}

/// A time that a version became the current one.
#[derive(Clone, Serialize)]
struct PublicationShown {
    version: String,
    hash: String,
    /// The page of that version.
    path: String,
    /// What differs from the one before.
    changes: Option<String>,
    proposal: Option<String>,
    author: Option<String>,
    by: Option<String>,
    note: String,
    alone_because: Option<String>,
    at: Timestamp,
    shown: bool,
    current: bool,
}

#[derive(Clone, Serialize)]
struct ChangesPage {
    title: String,
    name: String,
    form: FormState,
    versions: Vec<Choice>,
    /// Node by node.
    changes: Vec<Message>,
    difference: DiffShown,
}

impl Page for ChangesPage {
    const TEMPLATE: &'static str = "approval/workflow_changes.html";
}

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct VersionQuery {
    version: String,
}

/// Two versions by their hashes; the last two where none are named.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct BetweenQuery {
    from: String,
    to: String,
}

#[derive(Deserialize)]
struct BeginForm {
    version: String,
}

pub(super) fn routes() -> Router<Desk> {
    Router::new()
        .route(WorkflowPath::PATTERN, get(show))
        .route(ChangesPath::PATTERN, get(changes))
        .route(BeginPath::PATTERN, post(begin))
}

async fn show(
    user: Permission<ReadWorkflows>,
    WorkflowPath { name }: WorkflowPath,
    State(desk): State<Desk>,
    Query(query): Query<VersionQuery>,
) -> web::Result {
    let publications = desk.approvals().publications(&name).await?;
    let current = publications.first().map(|one| one.version);
    let wanted = query.version.parse().ok().or(current);
    let Some(version) = versions(&desk, &name).await?.into_iter().find(|one| Some(one.version) == wanted) else {
        return Err(web::Error::not_found());
    };
    let workflow = desk.approvals().workflow(version.version).await?;
    let may_write = user.session().may(&WORKFLOW, Action::Administer);
    let outdated = desk.approvals().outdated_runs(&version).await?;
    let export = |format: Format| {
        let page = ExportPath { name: name.clone() };
        page.with_query(&ExportQuery { format, version: version.version }).unwrap_or_else(|_| page.to_string())
    };
    let page = WorkflowPage {
        bpmn: export(Format::Bpmn),
        mermaid: export(Format::Mermaid),
        outdated: outdated.iter().map(outdated_said).collect(),
        title: version.title,
        version: version.version.short(),
        hash: version.version.to_string(),
        is_current: Some(version.version) == current,
        publications: shown(&desk, &name, &publications, version.version, may_write),
        procedure: procedure(&desk, user.lang(), &workflow.definition, &BTreeSet::new()),
        lines: version.source.lines().map(str::to_owned).collect(),
        changes: ChangesPath { name: name.clone() }.to_string(),
        begin: may_write.then(|| BeginPath { name: name.clone() }.to_string()),
        name,
    };
    user.page(&page)
}

fn outdated_said(one: &OutdatedRun) -> Message {
    let (runs, newest) = (one.runs.short(), one.newest.short());
    msg!("approval.outdated_run", title = &one.title, name = &one.name, runs = runs, newest = newest)
}

async fn versions(desk: &Desk, name: &str) -> Result<Vec<WorkflowVersion>, ApprovalError> {
    desk.approvals().workflow_versions(name).await
}

/// The history, the newest first; proposals open only to those who write.
fn shown(
    desk: &Desk,
    name: &str,
    publications: &[Publication],
    version: Hash,
    may_write: bool,
) -> Vec<PublicationShown> {
    let directory = desk.directory();
    let before = publications.iter().skip(1).map(Some).chain([None]);
    let with_query = |query: &VersionQuery| {
        let page = WorkflowPath { name: name.to_owned() };
        page.with_query(query).unwrap_or_else(|_| page.to_string())
    };
    let between = |from: Hash, to: Hash| {
        let page = ChangesPath { name: name.to_owned() };
        let query = BetweenQuery { from: from.to_string(), to: to.to_string() };
        page.with_query(&query).unwrap_or_else(|_| page.to_string())
    };
    let rows = publications.iter().zip(before).enumerate().map(|(number, (one, before))| PublicationShown {
        version: one.version.short(),
        hash: one.version.to_string(),
        path: with_query(&VersionQuery { version: one.version.to_string() }),
        changes: before.map(|before| between(before.version, one.version)),
        proposal: one.draft.filter(|_| may_write).map(|draft| ProposalPath { draft }.to_string()),
        author: one.author.map(|author| directory.name(author)),
        by: one.published_by.map(|by| directory.name(by)),
        note: one.note.clone(),
        alone_because: one.alone_because.clone(),
        at: one.published_at,
        shown: one.version == version,
        current: number == 0,
    });
    rows.collect()
}

async fn changes(
    user: Permission<ReadWorkflows>,
    ChangesPath { name }: ChangesPath,
    State(desk): State<Desk>,
    Query(query): Query<BetweenQuery>,
) -> web::Result {
    let publications = desk.approvals().publications(&name).await?;
    let versions = versions(&desk, &name).await?;
    let Some(last) = publications.first() else { return Err(web::Error::not_found()) };
    let before = publications.get(1).unwrap_or(last);
    let chosen = |text: &str, usual: Hash| {
        let wanted: Hash = if text.is_empty() { usual } else { text.parse().ok()? };
        versions.iter().find(|one| one.version == wanted)
    };
    let (Some(from), Some(to)) = (chosen(&query.from, before.version), chosen(&query.to, last.version)) else {
        return Err(web::Error::not_found());
    };
    let mut form = FormState::empty();
    form.put("from", &from.version.to_string());
    form.put("to", &to.version.to_string());
    let mut listed = BTreeSet::new();
    let offered = publications.iter().filter(|one| listed.insert(one.version));
    let offered = offered.map(|one| {
        let at = crate::i18n::timestamp(user.lang(), one.published_at);
        Choice::new(one.version, format!("{} · {at}", one.version.short()))
    });
    let versions = offered.collect();
    let texts = (Text::Published(from.version), Text::Published(to.version));
    let changes = weighing::changes(&desk, user.lang(), texts).await?;
    let difference = DiffShown { hunks: hunks(&from.source, &to.source) };
    user.page(&ChangesPage { title: to.title.clone(), name, form, versions, changes, difference })
}

/// A draft of a version: of the current one to change it, of an older one to return to it. Whoever has a draft already goes on with that.
async fn begin(
    user: Permission<AdministerWorkflows>,
    BeginPath { name }: BeginPath,
    State(desk): State<Desk>,
    form: Form<BeginForm>,
) -> web::Result {
    let version: Hash = form.value.version.parse().map_err(|_| web::Error::not_found())?;
    let (person, by) = (user.user.user(), actor(&user));
    let open = desk.open_drafts(by).await?;
    if let Some(own) = open.iter().find(|draft| draft.workflow == name && draft.author == person) {
        let note = Note::failed(user.text(&msg!("approval.draft_taken", workflow = name)));
        return Ok(match own.state {
            DraftState::Writing => user.go_with(DraftPath { draft: own.id }, &note),
            DraftState::Proposed | DraftState::Published => user.go_with(ProposalPath { draft: own.id }, &note),
        });
    }
    let publications = desk.approvals().publications(&name).await?;
    let is_current = publications.first().is_some_and(|one| one.version == version);
    let known = publications.iter().any(|one| one.version == version);
    if !known {
        return Err(web::Error::not_found());
    }
    let note = if is_current {
        String::new()
    } else {
        user.text(&msg!("approval.back_to_version", version = version.short()))
    };
    let draft = desk.draft_from(by, version, &note).await?;
    Ok(user.go(DraftPath { draft }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::approval::pages::workflows::{procedure, shown::samples};
    use crate::web::testing::renders;

    #[tokio::test]
    async fn a_workflow_renders_with_its_history() {
        let publication = PublicationShown {
            version: "0a1b2c3d".into(),
            hash: "0a".into(),
            path: "/admin/workflows/sales-contract?version=0a".into(),
            changes: Some("/admin/workflows/sales-contract/changes".into()),
            proposal: Some("/admin/workflow-proposals/1".into()),
            author: Some("Li".into()),
            by: Some("Zhang".into()),
            note: "The band".into(),
            alone_because: Some("Nobody else".into()),
            at: Timestamp::from_micros(0),
            shown: true,
            current: true,
        };
        let shipped = PublicationShown {
            changes: None,
            proposal: None,
            author: None,
            by: None,
            note: String::new(),
            alone_because: None,
            shown: false,
            current: false,
            ..publication.clone()
        };
        let page = WorkflowPage {
            title: "Sales contracts".into(),
            name: "sales-contract".into(),
            version: "0a1b2c3d".into(),
            hash: "0a".into(),
            is_current: false,
            outdated: vec![msg!("approval.no_case")],
            publications: vec![publication, shipped],
            procedure: procedure::sample(),
            lines: vec!["workflow(\"sales-contract\", #{".into()],
            changes: "/admin/workflows/sales-contract/changes".into(),
            begin: Some("/admin/workflows/sales-contract/draft".into()),
            bpmn: "/admin/workflows/sales-contract/export?format=bpmn".into(),
            mermaid: "/admin/workflows/sales-contract/export?format=mermaid".into(),
        };
        renders(WorkflowPage { begin: None, is_current: true, outdated: Vec::new(), ..page.clone() }).await;
        renders(page).await;
    }

    #[tokio::test]
    async fn what_differs_renders() {
        let versions = vec![Choice::new("0a", "0a1b2c3d")];
        let (title, name) = ("Sales contracts".to_owned(), "sales-contract".to_owned());
        let page = ChangesPage {
            title,
            name,
            form: FormState::empty(),
            versions,
            changes: vec![msg!("approval.no_case")],
            difference: samples::diff(),
        };
        renders(ChangesPage { changes: Vec::new(), difference: DiffShown { hunks: Vec::new() }, ..page.clone() }).await;
        renders(page).await;
    }
}
