//! The page of one record: its fields, what can be done with it, what hangs on it, its timeline and its log.

mod acts;
mod children;
mod log;

use axum::extract::State;
use serde::Serialize;

use self::acts::{ActView, Refused};
use self::children::Child;
use self::log::ChangeView;
use super::controls::{self, heading};
use super::{Choice, Numbered, Room, crumb};
use crate::i18n::Message;
use crate::kernel::{Timestamp, UserId};
use crate::org::Action;
use crate::record::approver::Beside;
use crate::record::behaviour::Tag;
use crate::record::field::Use;
use crate::record::hold::Hold;
use crate::record::kind::Kind;
use crate::record::queries::Whole;
use crate::record::show::Eyes;
use crate::record::store::Record;
use crate::record::{FieldKind, Value};
use crate::web::{self, FormState, LoggedIn, Page};

pub(super) use self::acts::{act, delete, restore, transfer};

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

#[derive(Clone, Serialize)]
struct Event {
    head: Message,
    who: String,
    at: Timestamp,
    text: String,
    path: String,
}

pub(super) async fn show(visit: LoggedIn, path: Numbered, State(room): State<Room>) -> web::Result {
    visit.page(&page(&visit, &room, path.id, Refused::default()).await?)
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
    let acts = if deleted { Vec::new() } else { acts::acts(visit, room, (record, free), &lists, &refused).await? };
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
        children: if deleted { Vec::new() } else { children::children(visit, room, record, &lists).await? },
        timeline: events.collect(),
        // What was done in its approval stands with its case, and in the timeline.
        changes: changes
            .iter()
            .filter(|one| !one.action.starts_with("approval."))
            .map(|one| log::change(kind, one, &eyes))
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
        if field.use_ == Use::Act && matches!(value, Value::YesNo(false)) {
            continue;
        }
        let address = match (field.kind, value) {
            (FieldKind::Record(of), Value::Record(id)) => Some(of.page_of(*id)),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::msg;
    use crate::web::testing::renders;

    fn sample(deleted: bool) -> RecordPage {
        let (label, at) = (msg!("record.yes"), Timestamp::from_micros(0));
        let fact = |address: Option<&str>| Fact {
            label: label.clone(),
            text: "Acme".into(),
            address: address.map(str::to_owned),
        };
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
            acts: vec![acts::sample(&label, false), acts::sample(&label, true)],
            children: vec![children::sample(&label)],
            timeline: vec![Event {
                head: label.clone(),
                who: "Li".into(),
                at,
                text: "Said".into(),
                path: "/parts/1".into(),
            }],
            changes: vec![log::sample(&label, at)],
        }
    }

    #[tokio::test]
    async fn the_page_of_a_record_renders() {
        renders(sample(false)).await;
        renders(sample(true)).await;
    }
}
