//! The form of a new record, and of one that is changed.

use axum::extract::State;
use serde::{Deserialize, Serialize};

use super::controls::{self, Drawing, Section};
use super::{Choice, Numbered, Room, actor, crumb};
use crate::i18n::{Message, msg};
use crate::kernel::UserId;
use crate::org::Action;
use crate::record::Wish;
use crate::record::error::{RecordError, Twin};
use crate::record::hold::Hold;
use crate::record::kind::Kind;
use crate::record::store::Record;
use crate::record::value::Values;
use crate::web::{self, Form, FormState, LoggedIn, Note, Page, Query, Typed};

#[derive(Clone, Serialize)]
struct FormPage {
    heading: Message,
    crumb: (Message, &'static str),
    action: String,
    back: String,
    form: FormState,
    version: i64,
    sections: Vec<Section>,
    owners: Vec<Choice>,
    twins: Vec<TwinView>,
}

impl Page for FormPage {
    const TEMPLATE: &'static str = "record/form.html";
}

/// A record that may be the same.
#[derive(Clone, Serialize)]
struct TwinView {
    title: String,
    field: Message,
    owner: String,
    address: Option<String>,
}

/// What a form sends beside the fields of its kind.
#[derive(Deserialize)]
pub(super) struct Sent {
    #[serde(default)]
    owner: String,
    #[serde(default)]
    version: i64,
    #[serde(default)]
    anyway: String,
}

impl Sent {
    fn wish(&self) -> Wish {
        let owner = self.owner.parse().ok().map(UserId::new);
        Wish { owner, anyway: !self.anyway.is_empty(), strict: false }
    }
}

pub(super) async fn blank(
    visit: LoggedIn,
    State(room): State<Room>,
    Query(query): Query<Vec<(String, String)>>,
) -> web::Result {
    let Room { records, kind } = &room;
    records.scope_of(visit.user(), kind, Action::Create)?;
    let mut values = Values::default();
    records.behaviour(kind).starts_with(&mut values, records.now());
    let mut form = controls::filled(kind, &values, records.0.office.zone());
    for field in kind.in_form(true).filter(|field| !field.default.is_empty()) {
        form.put(field.name, field.default);
    }
    for (name, value) in query.iter().filter(|(name, _)| kind.field(name).is_some()) {
        form.put(name, value);
    }
    form.put("owner", &visit.user().to_string());
    visit.page(&page(&visit, &room, None, form, &[]).await?)
}

pub(super) async fn create(visit: LoggedIn, State(room): State<Room>, form: Form<Sent>) -> web::Result {
    let Room { records, kind } = &room;
    let input = controls::input(kind.in_form(true), &form.typed);
    match records.create(kind, actor(&visit), &input, form.value.wish()).await {
        Ok(id) => {
            let note = visit.text(&msg!("record.page.created", what = kind.singular()));
            Ok(visit.go_with(kind.page_of(id), &Note::done(note)))
        }
        Err(error) => again(&visit, &room, None, &form.typed, error).await,
    }
}

pub(super) async fn edit(visit: LoggedIn, path: Numbered, State(room): State<Room>) -> web::Result {
    let Room { records, kind } = &room;
    let record = records.get(visit.user(), kind, path.id).await?;
    records.scope_of(visit.user(), kind, Action::Edit)?.demand(record.owner, record.department)?;
    if record.deleted_at.is_some() {
        return Err(RecordError::Deleted.into());
    }
    if let Some(hold) = records.hold(kind, path.id).await?.filter(Hold::locks) {
        return Err(RecordError::InApproval { case: hold.case }.into());
    }
    let form = controls::filled(kind, &record.values, records.0.office.zone());
    visit.page(&page(&visit, &room, Some(&record), form, &[]).await?)
}

pub(super) async fn save(visit: LoggedIn, path: Numbered, State(room): State<Room>, form: Form<Sent>) -> web::Result {
    let Room { records, kind } = &room;
    let input = controls::input(kind.in_form(false), &form.typed);
    let read = (path.id, form.value.version);
    match records.change(kind, actor(&visit), read, &input, form.value.wish()).await {
        Ok(_) => {
            let note = Note::done(visit.text(&msg!("record.page.saved")));
            Ok(visit.go_with(kind.page_of(path.id), &note))
        }
        Err(error) => {
            let mut record = records.get(visit.user(), kind, path.id).await?;
            // The version that was shown, not the one of now: what somebody else changed meanwhile must be looked at first.
            record.version = form.value.version;
            again(&visit, &room, Some(&record), &form.typed, error).await
        }
    }
}

/// The form as it was typed, with what is wrong beside its fields.
async fn again(
    visit: &LoggedIn,
    room: &Room,
    record: Option<&Record>,
    typed: &Typed,
    error: RecordError,
) -> web::Result {
    let (form, twins) = match error {
        RecordError::Duplicates(twins) => (typed.state(), twins),
        error => (typed.refused(error)?, Vec::new()),
    };
    visit.page_again(&page(visit, room, record, form, &twins).await?)
}

async fn page(
    visit: &LoggedIn,
    room: &Room,
    record: Option<&Record>,
    form: FormState,
    twins: &[Twin],
) -> Result<FormPage, web::Error> {
    let Room { records, kind } = room;
    let lists = records.dictionaries().await?;
    let drawing = Drawing { records, visit, lists: &lists, values: &form };
    let sections = drawing.sections(kind, in_order(kind, record.is_none())).await?;
    let (heading, action, back) = match record {
        None => (msg!("record.page.new", what = kind.singular()), format!("{}/new", kind.path), kind.path.to_owned()),
        Some(record) => {
            let page = kind.page_of(record.id);
            (msg!("record.page.edit", title = record.title(kind)), format!("{page}/edit"), page)
        }
    };
    let owners = match record {
        None if !kind.shares_owner => controls::owners(records, visit.user(), kind, Action::Create),
        _ => Vec::new(),
    };
    let twin = |twin: &Twin| TwinView {
        title: twin.title.clone(),
        field: kind.label(twin.field),
        owner: twin.owner.clone(),
        address: twin.visible.then(|| kind.page_of(twin.id)),
    };
    Ok(FormPage {
        heading,
        crumb: crumb(kind),
        action,
        back,
        version: record.map_or(0, |record| record.version),
        sections,
        owners,
        twins: twins.iter().map(twin).collect(),
        form,
    })
}

/// What a record hangs on comes first.
fn in_order(kind: &'static Kind, new: bool) -> impl Iterator<Item = &'static crate::record::Field> {
    let is_parent = |name: &str| kind.parent.is_some_and(|parent| parent.name == name);
    let first = kind.in_form(new).filter(move |field| is_parent(field.name));
    first.chain(kind.in_form(new).filter(move |field| !is_parent(field.name)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::renders;

    #[tokio::test]
    async fn a_form_renders_with_its_twins() {
        let heading = msg!("record.kind.dictionary");
        let twin = |address: Option<&str>| TwinView {
            title: "Acme".into(),
            field: heading.clone(),
            owner: "Li".into(),
            address: address.map(str::to_owned),
        };
        renders(FormPage {
            heading: heading.clone(),
            crumb: (heading.clone(), "/things"),
            action: "/things/new".into(),
            back: "/things".into(),
            form: FormState::empty(),
            version: 1,
            sections: controls::samples(),
            owners: vec![Choice::new(1, "Li")],
            twins: vec![twin(Some("/things/2")), twin(None)],
        })
        .await;
    }
}
