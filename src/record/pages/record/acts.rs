//! What can be done with a record, each with its small form, and what becomes of what was sent.

use axum::extract::State;
use serde::{Deserialize, Serialize};

use super::page;
use crate::i18n::{Message, msg};
use crate::kernel::UserId;
use crate::record::behaviour::Act;
use crate::record::dictionary::Dictionaries;
use crate::record::error::RecordError;
use crate::record::pages::controls::{self, Control, Drawing};
use crate::record::pages::{Numbered, NumberedAct, Room, actor};
use crate::record::store::Record;
use crate::web::{self, Form, FormState, LoggedIn, Note};

/// Something that can be done, with its small form.
#[derive(Clone, Serialize)]
pub(super) struct ActView {
    label: Message,
    text: Option<Message>,
    icon: &'static str,
    tone: &'static str,
    path: String,
    fields: Vec<Control>,
    form: FormState,
    pub(super) open: bool,
}

/// What the small forms of the page send beside the fields of an act.
#[derive(Deserialize)]
pub(in crate::record::pages) struct Sent {
    #[serde(default)]
    version: i64,
    #[serde(default)]
    to: String,
}

/// What was refused, to be shown with the page.
#[derive(Default)]
pub(super) struct Refused {
    act: Option<&'static str>,
    pub(super) form: FormState,
}

pub(in crate::record::pages) async fn act(
    visit: LoggedIn,
    path: NumberedAct,
    State(room): State<Room>,
    form: Form<Sent>,
) -> web::Result {
    let Room { records, kind } = &room;
    let act = records.act_named(kind, &path.act)?;
    let input = controls::input(act.fields.iter(), &form.typed);
    let done = records.act(kind, act, actor(&visit), (path.id, form.value.version), &input).await;
    answer(&visit, &room, path.id, done, |error| Ok(Refused { act: Some(act.name), form: form.typed.refused(error)? }))
        .await
}

pub(in crate::record::pages) async fn transfer(
    visit: LoggedIn,
    path: Numbered,
    State(room): State<Room>,
    form: Form<Sent>,
) -> web::Result {
    let Room { records, kind } = &room;
    let read = (path.id, form.value.version);
    let done = match form.value.to.parse().map(UserId::new) {
        Ok(to) => records.transfer(kind, actor(&visit), read, to).await,
        Err(_) => Err(RecordError::NoOwner),
    };
    answer(&visit, &room, path.id, done, |error| Ok(Refused { act: None, form: form.typed.refused(error)? })).await
}

pub(in crate::record::pages) async fn delete(
    visit: LoggedIn,
    path: Numbered,
    State(room): State<Room>,
    form: Form<Sent>,
) -> web::Result {
    let Room { records, kind } = &room;
    let done = records.delete(kind, actor(&visit), (path.id, form.value.version)).await;
    answer(&visit, &room, path.id, done, |error| Ok(Refused { act: None, form: form.typed.refused(error)? })).await
}

pub(in crate::record::pages) async fn restore(
    visit: LoggedIn,
    path: Numbered,
    State(room): State<Room>,
    form: Form<Sent>,
) -> web::Result {
    let Room { records, kind } = &room;
    let done = records.restore(kind, actor(&visit), (path.id, form.value.version)).await;
    answer(&visit, &room, path.id, done, |error| Ok(Refused { act: None, form: form.typed.refused(error)? })).await
}

/// The page with what was done, or again with what was refused. Whoever gave it away may not see it any more.
async fn answer(
    visit: &LoggedIn,
    room: &Room,
    id: i64,
    done: Result<i64, RecordError>,
    refused: impl FnOnce(RecordError) -> Result<Refused, web::Error>,
) -> web::Result {
    let Room { records, kind } = room;
    match done {
        Ok(_) => {
            let still = records.get(visit.user(), kind, id).await.is_ok();
            let to = if still { kind.page_of(id) } else { kind.path.to_owned() };
            Ok(visit.go_with(to, &Note::done(visit.text(&msg!("record.page.saved")))))
        }
        Err(error) => visit.page_again(&page(visit, room, id, refused(error)?).await?),
    }
}

pub(super) async fn acts(
    visit: &LoggedIn,
    room: &Room,
    (record, free): (&Record, bool),
    lists: &Dictionaries,
    refused: &Refused,
) -> Result<Vec<ActView>, web::Error> {
    let Room { records, kind } = room;
    let behaviour = records.behaviour(kind);
    let mut found = Vec::new();
    let granted = |act: &Act| {
        records
            .scope_of(visit.user(), kind, act.action)
            .is_ok_and(|scope| scope.covers(record.owner, record.department))
    };
    let possible = |act: &&Act| (free || behaviour.only_marks(act)) && behaviour.offers(act, record, records.now());
    for act in behaviour.acts().iter().filter(|act| granted(act)).filter(possible) {
        let open = refused.act == Some(act.name);
        let form =
            if open { refused.form.clone() } else { controls::filled(kind, &record.values, records.0.office.zone()) };
        let drawing = Drawing { records, visit, lists, values: &form };
        let mut fields = Vec::new();
        for field in act.fields {
            fields.push(drawing.control(kind, field).await?);
        }
        found.push(ActView {
            label: kind.sentence(&format!("act.{}", act.name)),
            text: kind.sentence_if(&format!("act.{}_text", act.name)),
            icon: act.icon,
            tone: act.tone,
            path: format!("{}/acts/{}", kind.page_of(record.id), act.name),
            fields,
            form,
            open,
        });
    }
    Ok(found)
}

#[cfg(test)]
pub(super) fn sample(label: &Message, open: bool) -> ActView {
    ActView {
        label: label.clone(),
        text: Some(label.clone()),
        icon: "ban",
        tone: "bad",
        path: "/things/1/acts/close".into(),
        fields: if open { controls::sample_fields() } else { Vec::new() },
        form: FormState::empty(),
        open,
    }
}
