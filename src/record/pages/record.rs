//! The page of one record: its fields, what can be done with it, what hangs on it, its timeline and its log.

use std::collections::BTreeSet;

use axum::extract::State;
use serde::{Deserialize, Serialize};

use super::controls::{self, Control, Drawing, heading};
use super::list::{self, Table};
use super::{Choice, Numbered, NumberedAct, Room, actor, crumb};
use crate::db::Audited;
use crate::i18n::{Message, msg};
use crate::kernel::{Timestamp, UserId};
use crate::org::Action;
use crate::record::approver::Beside;
use crate::record::behaviour::{Act, Tag};
use crate::record::dictionary::Dictionaries;
use crate::record::error::RecordError;
use crate::record::field::Use;
use crate::record::hold::Hold;
use crate::record::kind::Kind;
use crate::record::queries::Whole;
use crate::record::show::Eyes;
use crate::record::store::Record;
use crate::web::{self, Form, FormState, LoggedIn, Note, Page};

#[derive(Clone, Serialize)]
struct RecordPage {
    title: String,
    code: String,
    crumb: (Message, &'static str),
    parent: Option<(String, String)>,
    tags: Vec<Tag>,
    deleted: bool,
    /// What another room shows of its approval.
    approval: Option<Beside>,
    problems: FormState,
    edit: Option<String>,
    restore: Option<String>,
    delete: Option<String>,
    transfer: Option<Transfer>,
    version: i64,
    owner: String,
    made: (String, Timestamp),
    changed_at: Timestamp,
    sections: Vec<Facts>,
    acts: Vec<ActView>,
    children: Vec<Child>,
    timeline: Vec<Event>,
    changes: Vec<ChangeView>,
}

impl Page for RecordPage {
    const TEMPLATE: &'static str = "record/record.html";
}

#[derive(Clone, Serialize)]
struct Facts {
    heading: Option<Message>,
    facts: Vec<Fact>,
}

#[derive(Clone, Serialize)]
struct Fact {
    label: Message,
    text: String,
    address: Option<String>,
}

#[derive(Clone, Serialize)]
struct Transfer {
    path: String,
    people: Vec<Choice>,
}

/// Something that can be done, with its small form.
#[derive(Clone, Serialize)]
struct ActView {
    label: Message,
    text: Option<Message>,
    icon: &'static str,
    tone: &'static str,
    path: String,
    fields: Vec<Control>,
    form: FormState,
    open: bool,
}

/// Records of another kind that hang on this one.
#[derive(Clone, Serialize)]
struct Child {
    heading: Message,
    new: Option<String>,
    new_label: Message,
    all: String,
    count: String,
    table: Table,
}

#[derive(Clone, Serialize)]
struct Event {
    head: Message,
    who: String,
    at: Timestamp,
    text: String,
    path: String,
}

#[derive(Clone, Serialize)]
struct ChangeView {
    head: Message,
    who: String,
    at: Timestamp,
    lines: Vec<ChangedField>,
}

#[derive(Clone, Serialize)]
struct ChangedField {
    label: Message,
    old: String,
    new: String,
}

/// What the small forms of the page send beside the fields of an act.
#[derive(Deserialize)]
pub(super) struct Sent {
    #[serde(default)]
    version: i64,
    #[serde(default)]
    to: String,
}

/// What was refused, to be shown with the page.
#[derive(Default)]
struct Refused {
    act: Option<&'static str>,
    form: FormState,
}

pub(super) async fn show(visit: LoggedIn, path: Numbered, State(room): State<Room>) -> web::Result {
    visit.page(&page(&visit, &room, path.id, Refused::default()).await?)
}

pub(super) async fn act(visit: LoggedIn, path: NumberedAct, State(room): State<Room>, form: Form<Sent>) -> web::Result {
    let Room { records, kind } = &room;
    let act = records.act_named(kind, &path.act)?;
    let input = controls::input(act.fields.iter(), &form.typed);
    let done = records.act(kind, act, actor(&visit), (path.id, form.value.version), &input).await;
    answer(&visit, &room, path.id, done, |error| Ok(Refused { act: Some(act.name), form: form.typed.refused(error)? }))
        .await
}

pub(super) async fn transfer(
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

pub(super) async fn delete(visit: LoggedIn, path: Numbered, State(room): State<Room>, form: Form<Sent>) -> web::Result {
    let Room { records, kind } = &room;
    let done = records.delete(kind, actor(&visit), (path.id, form.value.version)).await;
    answer(&visit, &room, path.id, done, |error| Ok(Refused { act: None, form: form.typed.refused(error)? })).await
}

pub(super) async fn restore(
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

async fn page(visit: &LoggedIn, room: &Room, id: i64, refused: Refused) -> Result<RecordPage, web::Error> {
    let Room { records, kind } = room;
    let user = visit.user();
    let whole = records.whole(user, kind, id).await?;
    let lists = records.dictionaries().await?;
    let Whole { record, names, timeline, changes, hold } = &whole;
    let directory = records.0.org.directory();
    let eyes = Eyes { lang: visit.lang(), zone: records.0.office.zone(), lists: &lists, names, directory: &directory };
    let may =
        |action| records.scope_of(user, kind, action).is_ok_and(|scope| scope.covers(record.owner, record.department));
    let (here, deleted) = (kind.page_of(id), record.deleted_at.is_some());
    let free = !deleted && !hold.as_ref().is_some_and(Hold::locks);
    let approval = match records.approver() {
        Some(approver) => approver.beside(visit, kind, record).await?,
        None => None,
    };
    let mut tags = records.behaviour(kind).tags(record, records.now());
    tags.extend(hold.as_ref().map(|hold| Tag { label: hold.state.label(), tone: hold.state.tone() }));
    let name = |user: Option<UserId>| user.map(|user| directory.name(user)).unwrap_or_default();
    let transfer = (!kind.shares_owner && free && may(Action::Transfer))
        .then(|| Transfer { path: format!("{here}/transfer"), people: controls::people(records, None) });
    let parent = kind
        .parent
        .and_then(|parent| Some((record.parent_title.clone(), parent.page_of(record.values.record(parent.name)?))));
    let events = timeline.iter().map(|entry| Event {
        head: entry.head.clone(),
        who: name(entry.actor),
        at: entry.at,
        text: entry.text.clone(),
        path: if entry.path == here { String::new() } else { entry.path.clone() },
    });
    let acts = if deleted { Vec::new() } else { acts(visit, room, (record, free), &lists, &refused).await? };
    // What is wrong stands in the form of the act, where it is offered still.
    let problems = if acts.iter().any(|act| act.open) { FormState::empty() } else { refused.form.without_fields() };
    Ok(RecordPage {
        title: record.title(kind).to_owned(),
        code: record.code.clone().unwrap_or_default(),
        crumb: crumb(kind),
        parent,
        tags,
        deleted,
        approval,
        edit: (free && may(Action::Edit)).then(|| format!("{here}/edit")),
        delete: (free && may(Action::Delete)).then(|| format!("{here}/delete")),
        restore: (deleted && may(Action::Delete)).then(|| format!("{here}/restore")),
        transfer,
        version: record.version,
        owner: name(record.owner),
        made: (name(record.created_by), record.created_at),
        changed_at: record.updated_at,
        sections: facts(kind, record, &eyes),
        acts,
        children: if deleted { Vec::new() } else { children(visit, room, record, &lists).await? },
        timeline: events.collect(),
        // What was done in its approval stands with its case, and in the timeline.
        changes: changes
            .iter()
            .filter(|one| !one.action.starts_with("approval."))
            .map(|one| change(kind, one, &eyes))
            .collect(),
        problems,
    })
}

/// The fields that hold something, by their sections.
fn facts(kind: &'static Kind, record: &Record, eyes: &Eyes<'_>) -> Vec<Facts> {
    let mut sections: Vec<(&'static str, Facts)> = Vec::new();
    let title = kind.title().name;
    for field in kind.stored().filter(|field| field.name != title && kind.parent.is_none_or(|it| it.name != field.name))
    {
        let Some(value) = record.values.get(field.name) else { continue };
        if field.use_ == Use::Act && matches!(value, crate::record::Value::YesNo(false)) {
            continue;
        }
        let address = match (field.kind, value) {
            (crate::record::FieldKind::Record(of), crate::record::Value::Record(id)) => Some(of.page_of(*id)),
            _ => None,
        };
        let fact = Fact { label: kind.label(field.name), text: eyes.text(kind, field, value), address };
        if let Some((_, section)) = sections.iter_mut().find(|(name, _)| *name == field.section) {
            section.facts.push(fact);
        } else {
            sections.push((field.section, Facts { heading: heading(kind, field.section), facts: vec![fact] }));
        }
    }
    sections.into_iter().map(|(_, section)| section).collect()
}

async fn acts(
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

async fn children(
    visit: &LoggedIn,
    room: &Room,
    record: &Record,
    lists: &Dictionaries,
) -> Result<Vec<Child>, web::Error> {
    let Room { records, kind } = room;
    let mut found = Vec::new();
    for (child, field) in naming(room) {
        let Some(listing) = records.naming(visit.user(), child, field, record.id).await? else { continue };
        let mut query = vec![(field, record.id)];
        let common = kind.parent.filter(|parent| child.parent.is_some_and(|other| other.name == parent.name));
        query.extend(common.and_then(|parent| Some((parent.name, record.values.record(parent.name)?))));
        let query = serde_html_form::to_string(&query).map_err(web::Error::internal)?;
        found.push(Child {
            heading: child.plural(),
            new: records.may(visit.user(), child, Action::Create).then(|| format!("{}/new?{query}", child.path)),
            new_label: msg!("record.page.new", what = child.singular()),
            all: format!("{}?{field}={}", child.path, record.id),
            count: listing.count.to_string(),
            table: list::table(visit, records, child, lists, &listing, false),
        });
    }
    Ok(found)
}

/// The kinds with a field that names this kind, and that field.
fn naming(room: &Room) -> Vec<(&'static Kind, &'static str)> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for kind in room.records.kinds() {
        for field in kind.stored() {
            if let crate::record::FieldKind::Record(of) = field.kind
                && of.name == room.kind.name
                && seen.insert(kind.name)
            {
                found.push((kind, field.name));
            }
        }
    }
    found
}

/// A line of the log: what was changed from what to what.
fn change(kind: &'static Kind, entry: &Audited, eyes: &Eyes<'_>) -> ChangeView {
    let side = |json: &Option<serde_json::Value>, name: &str| json.as_ref().and_then(|json| json.get(name)).cloned();
    let mut lines = Vec::new();
    for field in kind.stored() {
        let (old, new) = (side(&entry.old, field.name), side(&entry.new, field.name));
        if old.is_none() && new.is_none() {
            continue;
        }
        let text =
            |json: Option<serde_json::Value>| json.map(|json| eyes.logged(kind, field, &json)).unwrap_or_default();
        lines.push(ChangedField { label: kind.label(field.name), old: text(old), new: text(new) });
    }
    let owner = |json| side(json, "owner").and_then(|id| id.as_i64()).map(|id| eyes.directory.name(UserId::new(id)));
    if let (old, Some(new)) = (owner(&entry.old), owner(&entry.new)) {
        lines.push(ChangedField { label: msg!("record.owner"), old: old.unwrap_or_default(), new });
    }
    let head = match entry.action.split_once('.') {
        Some(("record", "created")) => msg!("record.log.created"),
        Some(("record", "transferred")) => msg!("record.log.transferred"),
        Some(("record", "deleted")) => msg!("record.log.deleted"),
        Some(("record", "restored")) => msg!("record.log.restored"),
        Some(("record", _)) => msg!("record.log.changed"),
        Some((_, act)) => kind.sentence(&format!("act.{act}")),
        None => kind.plural(),
    };
    ChangeView {
        head,
        who: entry.actor.user.map(|user| eyes.directory.name(user)).unwrap_or_default(),
        at: entry.at,
        lines,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::renders;

    fn sample(deleted: bool) -> RecordPage {
        let (label, at) = (msg!("record.yes"), Timestamp::from_micros(0));
        let fact = |address: Option<&str>| Fact {
            label: label.clone(),
            text: "Acme".into(),
            address: address.map(str::to_owned),
        };
        let act = |open| ActView {
            label: label.clone(),
            text: Some(label.clone()),
            icon: "ban",
            tone: "bad",
            path: "/things/1/acts/close".into(),
            fields: if open { controls::sample_fields() } else { Vec::new() },
            form: FormState::empty(),
            open,
        };
        let line = ChangedField { label: label.clone(), old: "a".into(), new: "b".into() };
        RecordPage {
            title: "Acme".into(),
            code: "1-01".into(),
            crumb: (label.clone(), "/things"),
            parent: Some(("Group".into(), "/groups/1".into())),
            tags: vec![Tag { label: label.clone(), tone: "warn" }],
            deleted,
            approval: None,
            problems: FormState::empty(),
            edit: Some("/things/1/edit".into()),
            restore: deleted.then(|| "/things/1/restore".into()),
            delete: Some("/things/1/delete".into()),
            transfer: Some(Transfer { path: "/things/1/transfer".into(), people: vec![Choice::new(1, "Li")] }),
            version: 3,
            owner: "Li".into(),
            made: ("Li".into(), at),
            changed_at: at,
            sections: vec![Facts { heading: Some(label.clone()), facts: vec![fact(None), fact(Some("/groups/1"))] }],
            acts: vec![act(false), act(true)],
            children: vec![Child {
                heading: label.clone(),
                new: Some("/parts/new?thing=1".into()),
                new_label: label.clone(),
                all: "/parts?thing=1".into(),
                count: "0".into(),
                table: Table::default(),
            }],
            timeline: vec![Event {
                head: label.clone(),
                who: "Li".into(),
                at,
                text: "Said".into(),
                path: "/parts/1".into(),
            }],
            changes: vec![ChangeView { head: label.clone(), who: "Li".into(), at, lines: vec![line] }],
        }
    }

    #[tokio::test]
    async fn the_page_of_a_record_renders() {
        renders(sample(false)).await;
        renders(sample(true)).await;
    }
}
