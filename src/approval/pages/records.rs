//! Before a record of any kind is handed in: who will be asked and why, what changed since the last time. And handing it in.

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use serde::{Deserialize, Serialize};

use super::case::actor;
use super::path::{self, StepShown};
use super::{Choice, HandInRecordPath};
use crate::approval::{ApprovalError, BeforeHandingIn, Part, RecordDesk};
use crate::i18n::{ErrorKind, Explain as _, Message, msg};
use crate::kernel::Money;
use crate::record::{Kind, RecordError, Value};
use crate::web::{self, Address as _, Form, LoggedIn, Note, Page};
use crate::workflow::Directory;

#[derive(Clone, Serialize)]
struct HandInRecordPage {
    title: String,
    crumbs: Vec<(String, String)>,
    path: String,
    amount: Option<Money>,
    version: i64,
    /// What keeps it from being handed in.
    stops: Vec<Message>,
    files: Vec<String>,
    workflow: Option<String>,
    it: Way,
    /// When it will probably be over.
    expected: Option<Message>,
    choosers: Vec<Choice>,
    people: Vec<Choice>,
    resubmitted: bool,
    changes: Vec<Changed>,
    ready: bool,
}

impl Page for HandInRecordPage {
    const TEMPLATE: &'static str = "approval/hand_in_record.html";
}

/// The nodes ahead, as `approval/path.html` draws them.
#[derive(Clone, Default, Serialize)]
struct Way {
    steps: Vec<StepShown>,
}

#[derive(Clone, Serialize)]
struct Changed {
    title: String,
    redline: String,
}

#[derive(Deserialize)]
struct HandInForm {
    #[serde(default)]
    version: i64,
}

pub(super) fn routes(desk: RecordDesk) -> Router {
    Router::new().route(HandInRecordPath::PATTERN, get(show).post(hand_in)).with_state(desk)
}

async fn show(visit: LoggedIn, path: HandInRecordPath, State(desk): State<RecordDesk>) -> web::Result {
    let kind = desk.kind(&path.kind)?;
    match page(&visit, &desk, kind, path.id, None).await {
        Ok(page) => visit.page(&page),
        Err(ApprovalError::Record(RecordError::InApproval { .. } | RecordError::NotNow { .. })) => {
            Ok(visit.go(kind.page_of(path.id)))
        }
        Err(error) => Err(error.into()),
    }
}

async fn hand_in(
    visit: LoggedIn,
    path: HandInRecordPath,
    State(desk): State<RecordDesk>,
    form: Form<HandInForm>,
) -> web::Result {
    let kind = desk.kind(&path.kind)?;
    let mut chosen = BTreeMap::new();
    for (name, person) in form.typed.iter() {
        if let (Some(node), Ok(person)) = (name.strip_prefix("chosen/"), person.parse()) {
            chosen.entry(node.to_owned()).or_insert_with(Vec::new).push(person);
        }
    }
    match desk.hand_in(actor(&visit), kind, (path.id, form.value.version), chosen).await {
        Ok(_) => {
            let note = Note::done(visit.text(&msg!("approval.records.handed_in")));
            Ok(visit.go_with(kind.page_of(path.id), &note))
        }
        Err(error) => {
            let status = match (error.kind(), &error) {
                (_, ApprovalError::Record(RecordError::InApproval { .. } | RecordError::Deleted)) => {
                    return Err(error.into());
                }
                (ErrorKind::Conflict, _) => StatusCode::CONFLICT,
                (ErrorKind::Invalid, _) => StatusCode::UNPROCESSABLE_ENTITY,
                _ => return Err(error.into()),
            };
            let page = page(&visit, &desk, kind, path.id, Some(&error)).await?;
            visit.page_as(status, &page)
        }
    }
}

async fn page(
    visit: &LoggedIn,
    desk: &RecordDesk,
    kind: &'static Kind,
    id: i64,
    refused: Option<&ApprovalError>,
) -> Result<HandInRecordPage, ApprovalError> {
    let before = desk.before(actor(visit), kind, id, visit.lang()).await?;
    let (stop, files) = before.stops();
    let (mut stops, files): (Vec<Message>, _) = (stop.iter().map(|stop| stop.message()).collect(), files.to_vec());
    let ready = before.is_ready();
    let BeforeHandingIn { record, hold, preview, changes } = before;
    let directory = desk.desk().org().directory();
    let (mut way, mut choosers) = (Way::default(), Vec::new());
    let (mut workflow, mut expected) = (None, None);
    if let Ok(preview) = &preview {
        workflow = Some(preview.workflow.definition.title.clone());
        expected = preview.expected.map(|one| one.said());
        way.steps = path::ahead(&preview.steps, &directory);
        let asks = preview.steps.iter().filter(|step| step.chosen_by_submitter && step.on_the_way());
        choosers = asks.map(|step| Choice::new(&step.node, step.title.clone())).collect();
    }
    if let Some(error) = refused.filter(|error| !stops.contains(&error.message())) {
        stops.insert(0, error.message());
    }
    let amount = kind.amount().and_then(|field| match record.values.get(field) {
        Some(Value::Money(money)) => Some(*money),
        _ => None,
    });
    let (path, title) = (kind.page_of(id), record.title(kind).to_owned());
    let list = (visit.text(&kind.plural()), kind.path().to_owned());
    Ok(HandInRecordPage {
        crumbs: vec![list, (title.clone(), path.clone())],
        title,
        path,
        amount,
        version: record.version,
        stops,
        files,
        workflow,
        it: way,
        expected,
        choosers,
        people: people(&directory),
        resubmitted: hold.is_some(),
        changes: changes.iter().map(changed).collect(),
        ready,
    })
}

fn changed(part: &Part) -> Changed {
    Changed { title: part.title.clone(), redline: part.redline.clone() }
}

/// Everybody active, by name.
fn people(directory: &Directory) -> Vec<Choice> {
    directory.by_name().into_iter().filter(|one| one.active).map(|one| Choice::new(one.id, one.label())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::renders;

    #[tokio::test]
    async fn the_page_before_a_record_is_handed_in_renders() {
        let page = HandInRecordPage {
            title: "Acme".into(),
            crumbs: vec![("Customers".into(), "/customers".into()), ("Acme".into(), "/customers/1".into())],
            path: "/customers/1".into(),
            amount: None,
            version: 3,
            stops: vec![msg!("approval.no_workflow")],
            files: vec!["Licence".into()],
            workflow: Some("Admission".into()),
            it: Way::default(),
            expected: Some(msg!("approval.expected.today")),
            choosers: vec![Choice::new("manager", "Manager")],
            people: vec![Choice::new(1, "Li")],
            resubmitted: true,
            changes: vec![Changed { title: "Name".into(), redline: "<ins>Acme</ins>".into() }],
            ready: false,
        };
        let ready =
            HandInRecordPage { stops: Vec::new(), files: Vec::new(), changes: Vec::new(), ready: true, ..page.clone() };
        renders(page).await;
        renders(ready).await;
    }
}
