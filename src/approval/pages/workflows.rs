//! Published workflows: their versions, source, sentences and table; and publishing a file.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use serde::{Deserialize, Serialize};

use super::{PublishPath, WorkflowPath, WorkflowsPath};
use crate::approval::{ApprovalError, Desk, WORKFLOW, WorkflowVersion};
use crate::i18n::{ErrorKind, Explain as _, Message, msg};
use crate::kernel::Timestamp;
use crate::org::Action;
use crate::org::pages::Permission;
use crate::web::{self, Address as _, FormState, Note, Page, Query, UploadForm};
use crate::workflow::explain::{Matrix, Names, matrix, sentences};
use crate::workflow::language::{Fault, Severity};

crate::permits! {
    /// Reading workflows.
    pub(in crate::approval) ReadWorkflows = WORKFLOW, Read;
    /// Publishing workflows.
    pub(in crate::approval) AdministerWorkflows = WORKFLOW, Administer;
}

#[derive(Clone, Serialize)]
struct WorkflowsPage {
    workflows: Vec<VersionShown>,
    publish: Option<String>,
}

impl Page for WorkflowsPage {
    const TEMPLATE: &'static str = "approval/workflows.html";
}

#[derive(Clone, Serialize)]
struct VersionShown {
    name: String,
    title: String,
    version: String,
    path: String,
    at: Timestamp,
    by: Option<String>,
    shown: bool,
    current: bool,
}

#[derive(Clone, Serialize)]
struct WorkflowPage {
    title: String,
    name: String,
    version: String,
    versions: Vec<VersionShown>,
    sentences: Vec<Message>,
    table: Option<TableShown>,
    lines: Vec<String>,
    publish: Option<String>,
}

impl Page for WorkflowPage {
    const TEMPLATE: &'static str = "approval/workflow.html";
}

/// Who decides, as rows of cells.
#[derive(Clone, Serialize)]
struct TableShown {
    heads: Vec<Message>,
    rows: Vec<Vec<Message>>,
    shortened: bool,
}

#[derive(Clone, Serialize)]
struct PublishPage {
    form: FormState,
    lines: Vec<LineShown>,
    whole: Vec<FaultShown>,
    errors: usize,
    warnings: usize,
}

impl Page for PublishPage {
    const TEMPLATE: &'static str = "approval/publish.html";
}

/// A line of the file with what is wrong in it.
#[derive(Clone, Serialize)]
struct LineShown {
    number: usize,
    text: String,
    faults: Vec<FaultShown>,
}

#[derive(Clone, Serialize)]
struct FaultShown {
    tone: &'static str,
    column: u32,
    message: Message,
    hint: Option<Message>,
}

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct VersionQuery {
    version: String,
}

#[derive(Deserialize)]
struct PublishForm {
    #[serde(default)]
    source: String,
    /// `check` looks only; anything else publishes.
    #[serde(default)]
    act: String,
}

pub(super) fn routes() -> Router<Desk> {
    Router::new()
        .route(WorkflowsPath::PATTERN, get(list))
        .route(PublishPath::PATTERN, get(blank).post(publish))
        .route(WorkflowPath::PATTERN, get(show))
}

async fn list(user: Permission<ReadWorkflows>, State(desk): State<Desk>) -> web::Result {
    let current = desk.approvals().current_workflows().await?;
    let workflows = current.into_iter().map(|version| shown(&desk, version, true, false)).collect();
    user.page(&WorkflowsPage { workflows, publish: publish_path(&user) })
}

fn publish_path(user: &crate::org::pages::CurrentUser) -> Option<String> {
    user.session().may(&WORKFLOW, Action::Administer).then(|| PublishPath {}.to_string())
}

fn shown(desk: &Desk, version: WorkflowVersion, current: bool, shown: bool) -> VersionShown {
    let query = VersionQuery { version: version.version.to_string() };
    let page = WorkflowPath { name: version.name.clone() };
    VersionShown {
        path: page.with_query(&query).unwrap_or_else(|_| page.to_string()),
        version: version.version.short(),
        at: version.published_at,
        by: version.published_by.map(|person| desk.directory().name(person)),
        name: version.name,
        title: version.title,
        shown,
        current,
    }
}

async fn show(
    user: Permission<ReadWorkflows>,
    WorkflowPath { name }: WorkflowPath,
    State(desk): State<Desk>,
    Query(query): Query<VersionQuery>,
) -> web::Result {
    let current = desk.approvals().current_workflows().await?;
    let current = current.into_iter().find(|one| one.name == name).map(|one| one.version);
    let versions = desk.approvals().workflow_versions(&name).await?;
    let wanted = query.version.parse().ok().or(current);
    let Some(version) = versions.iter().find(|one| Some(one.version) == wanted).cloned() else {
        return Err(web::Error::not_found());
    };
    let workflow = desk.approvals().workflow(version.version).await?;
    let (directory, schemas) = (desk.directory(), desk.schemas());
    let schema = schemas.iter().find(|schema| schema.kind == workflow.definition.subject);
    let names = Names { directory: Some(&directory), schema, lang: user.lang(), script: None };
    let number = version.version;
    let versions = versions.into_iter().map(|one| {
        let (is_current, is_shown) = (Some(one.version) == current, one.version == number);
        shown(&desk, one, is_current, is_shown)
    });
    let page = WorkflowPage {
        title: version.title.clone(),
        name,
        version: number.short(),
        versions: versions.collect(),
        sentences: sentences(&workflow.definition, names),
        table: matrix(&workflow.definition, names).map(|matrix| table(&matrix)),
        lines: version.source.lines().map(str::to_owned).collect(),
        publish: publish_path(&user).map(|page| format!("{page}?version={number}")),
    };
    user.page(&page)
}

fn table(matrix: &Matrix) -> TableShown {
    let mut heads = vec![msg!("workflow.say.column_amount")];
    heads.extend(matrix.questions.iter().cloned());
    heads.push(msg!("workflow.say.column_way"));
    let rows = matrix.rows.iter().map(|row| {
        let mut cells = vec![row.band()];
        cells.extend(row.answers.iter().map(|answer| match answer {
            None => msg!("approval.either"),
            Some(true) => msg!("workflow.say.yes"),
            Some(false) => msg!("workflow.say.no"),
        }));
        let way = row.steps.iter().cloned().reduce(|one, next| msg!("approval.way", one = one, next = next));
        cells.push(way.unwrap_or_else(|| msg!("approval.either")));
        cells
    });
    TableShown { heads, rows: rows.collect(), shortened: matrix.shortened }
}

async fn blank(
    user: Permission<AdministerWorkflows>,
    State(desk): State<Desk>,
    Query(query): Query<VersionQuery>,
) -> web::Result {
    let mut form = FormState::empty();
    if let Ok(version) = query.version.parse()
        && let Some(stored) = desk.approvals().workflow_version(version).await?
    {
        form.put("source", &stored.source);
    }
    user.page(&PublishPage { form, lines: Vec::new(), whole: Vec::new(), errors: 0, warnings: 0 })
}

async fn publish(
    user: Permission<AdministerWorkflows>,
    State(desk): State<Desk>,
    form: UploadForm<PublishForm>,
) -> web::Result {
    let upload = form.files.first();
    let source = match upload {
        Some(upload) => match String::from_utf8(upload.bytes.to_vec()) {
            Ok(text) => text,
            Err(_) => return refused(&user, &form.value.source, &msg!("approval.not_text")),
        },
        None => form.value.source.clone(),
    };
    let file = file_of(&source);
    let faults = desk.check(&source, &file);
    let errors = faults.iter().any(|fault| fault.severity == Severity::Error);
    if errors || form.value.act == "check" {
        let page = faulty(&source, &faults);
        return if errors { user.page_again(&page) } else { user.page(&page) };
    }
    match desk.publish(&source, &file, user.user.user()).await {
        Ok(version) => {
            let stored = desk.approvals().workflow_version(version).await?;
            let name = stored.map(|stored| stored.name).unwrap_or_default();
            let note = Note::done(user.text(&msg!("approval.published", version = version.short())));
            Ok(user.go_with(WorkflowPath { name }, &note))
        }
        Err(ApprovalError::Faults { faults, .. }) => user.page_again(&faulty(&source, &faults)),
        Err(error) if error.kind() == ErrorKind::Invalid => refused(&user, &source, &error.message()),
        Err(error) => Err(error.into()),
    }
}

fn refused(user: &Permission<AdministerWorkflows>, source: &str, message: &Message) -> web::Result {
    let mut form = FormState::empty();
    form.put("source", source);
    form.problem(message.clone());
    user.page_again(&PublishPage { form, lines: Vec::new(), whole: Vec::new(), errors: 1, warnings: 0 })
}

/// The file line by line, each fault below its own.
fn faulty(source: &str, faults: &[Fault]) -> PublishPage {
    let mut form = FormState::empty();
    form.put("source", source);
    let of_line = |line: usize| -> Vec<FaultShown> {
        let here = faults.iter().filter(|fault| usize::try_from(fault.line) == Ok(line));
        here.map(fault_shown).collect()
    };
    let count = |severity| faults.iter().filter(|fault| fault.severity == severity).count();
    let lines = (1..).zip(source.lines());
    PublishPage {
        form,
        lines: lines
            .map(|(number, text)| LineShown { number, text: text.to_owned(), faults: of_line(number) })
            .collect(),
        whole: of_line(0),
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
    }
}

fn fault_shown(fault: &Fault) -> FaultShown {
    FaultShown {
        tone: match fault.severity {
            Severity::Error => "bad",
            Severity::Warning => "warn",
            Severity::Note => "info",
        },
        column: fault.column,
        message: fault.message.clone(),
        hint: fault.hint.clone(),
    }
}

/// The file that reasons will name, by the name that `workflow("…")` gives.
pub(in crate::approval) fn file_of(source: &str) -> String {
    let name = source.split_once("workflow(").and_then(|(_, rest)| {
        let rest = rest.trim_start().strip_prefix('"')?;
        rest.split('"').next()
    });
    let fits = |name: &&str| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    format!("workflows/{}.rhai", name.filter(fits).unwrap_or("new"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::renders;

    fn version() -> VersionShown {
        VersionShown {
            name: "sales-contract".into(),
            title: "Sales contracts".into(),
            version: "0a1b2c3d".into(),
            path: "/admin/workflows/sales-contract".into(),
            at: Timestamp::from_micros(0),
            by: Some("Zhang".into()),
            shown: true,
            current: true,
        }
    }

    #[tokio::test]
    async fn workflows_render() {
        let publish = Some("/admin/workflows/publish".to_owned());
        renders(WorkflowsPage { workflows: vec![version()], publish: publish.clone() }).await;
        renders(WorkflowsPage { workflows: Vec::new(), publish: None }).await;
        let table = TableShown {
            heads: vec![msg!("workflow.say.column_amount"), msg!("workflow.say.column_way")],
            rows: vec![vec![msg!("workflow.say.any_amount"), msg!("approval.either")]],
            shortened: true,
        };
        renders(WorkflowPage {
            title: "Sales contracts".into(),
            name: "sales-contract".into(),
            version: "0a1b2c3d".into(),
            versions: vec![version()],
            sentences: vec![msg!("workflow.say.drafter")],
            table: Some(table),
            lines: vec!["workflow(\"sales-contract\", #{".into()],
            publish,
        })
        .await;
    }

    #[tokio::test]
    async fn publishing_renders_with_faults_in_their_lines() {
        let fault = FaultShown {
            tone: "bad",
            column: 3,
            message: msg!("approval.no_case"),
            hint: Some(msg!("approval.no_case")),
        };
        let line = LineShown { number: 1, text: "workflow(".into(), faults: vec![fault.clone()] };
        let (form, lines) = (FormState::empty(), vec![line]);
        renders(PublishPage { form, lines, whole: vec![fault], errors: 1, warnings: 0 }).await;
        let form = FormState::empty();
        renders(PublishPage { form, lines: Vec::new(), whole: Vec::new(), errors: 0, warnings: 0 }).await;
    }

    #[test]
    fn a_file_is_called_after_its_workflow() {
        assert_eq!(file_of("// x\nworkflow(\"sales-contract\", #{"), "workflows/sales-contract.rhai");
        assert_eq!(file_of("workflow( \"a/../b\", #{"), "workflows/new.rhai");
        assert_eq!(file_of(""), "workflows/new.rhai");
    }
}
