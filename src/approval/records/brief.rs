//! A record as an approver meets it.

use super::RecordSubject;
use crate::approval::{Brief, Part, Reader};
use crate::db::{Conn, DbError};
use crate::i18n::{self, Message};
use crate::kernel::OfficeHours;
use crate::record::{self, Eyes, Kind, Record, Seen, Value, Values};
use crate::workflow::Sight;

pub(super) async fn of(
    subject: &RecordSubject,
    c: &mut Conn<'_>,
    id: i64,
    reader: &Reader,
) -> Result<Option<Brief>, DbError> {
    let (lang, since) = (reader.lang, reader.since);
    let kind = subject.kind();
    let Some(seen) = record::seen(c, kind, id).await? else { return Ok(None) };
    let (lists, directory, office) = (record::load_dictionaries(c).await?, subject.directory(), OfficeHours::default());
    let Seen { record, parent, names } = &seen;
    let eyes = Eyes { lang, zone: office.zone(), lists: &lists, names, directory: &directory };
    let proposed = subject.behaviour().proposed(record);
    let earlier = match since {
        Some(since) => record::submitted(c, &kind.reference(id), since).await?,
        None => None,
    };
    let since_seen = earlier.is_some();
    let changes = match earlier {
        Some(earlier) => {
            let old = |name: &str| earlier.get(name).cloned();
            changed(kind, &eyes, &proposed, old)
        }
        None => changed(kind, &eyes, &proposed, |name| record.values.get(name).map(Value::json)),
    };
    let amount = kind.amount().and_then(|field| match proposed.get(field) {
        Some(Value::Money(money)) => Some(*money),
        _ => None,
    });
    let label = |name: &str| i18n::text(lang, &kind.label(name));
    Ok(Some(Brief {
        title: record.title(kind).to_owned(),
        number: record.code.clone(),
        other_party: Some(record.parent_title.clone()).filter(|name| !name.is_empty()),
        our_entity: None,
        kind_label: i18n::text(lang, &kind.singular()),
        amount,
        deviations: None,
        since_seen,
        changes,
        red_facts: red_facts(subject, record, parent.as_ref()),
        payment: None,
        term: None,
        document: document(kind, &eyes, &proposed, &reader.sight),
        path: kind.page_of(id),
        files: Vec::new(),
        parts: kind.content().map(|field| (format!("fields/{}", field.name()), label(field.name()))).collect(),
    }))
}

/// What is marked about the record, and about what it hangs on.
fn red_facts(subject: &RecordSubject, record: &Record, parent: Option<&Record>) -> Vec<Message> {
    let (own, of) = (subject.behaviour(), subject.kind().parent());
    let mut tags = own.tags(record, record.updated_at);
    if let Some((parent, special)) = parent.zip(of.and_then(|kind| subject.special(kind))) {
        tags.extend(special.tags(parent, parent.updated_at));
    }
    tags.into_iter().filter(|tag| matches!(tag.tone, "bad" | "warn")).map(|tag| tag.label).collect()
}

/// The fields whose values differ from what `old` says, each with the old value struck out.
fn changed(
    kind: &'static Kind,
    eyes: &Eyes<'_>,
    values: &Values,
    old: impl Fn(&str) -> Option<serde_json::Value>,
) -> Vec<Part> {
    let mut parts = Vec::new();
    for field in kind.content() {
        let (before, now) = (old(field.name()), values.get(field.name()));
        if before == now.map(Value::json) {
            continue;
        }
        let before = before.map(|json| eyes.logged(kind, field, &json)).unwrap_or_default();
        let now = now.map(|value| eyes.text(kind, field, value)).unwrap_or_default();
        parts.push(Part {
            path: format!("fields/{}", field.name()),
            title: i18n::text(eyes.lang, &kind.label(field.name())),
            redline: redline(&before, &now),
        });
    }
    parts
}

/// The record as far as it is seen: its fields with what stands in them.
fn document(kind: &'static Kind, eyes: &Eyes<'_>, values: &Values, sight: &Sight) -> String {
    let line = |field: &record::Field| {
        let value = values.get(field.name())?;
        let (label, text) = (i18n::text(eyes.lang, &kind.label(field.name())), eyes.text(kind, field, value));
        Some(format!("<div><dt>{}</dt><dd class=\"pre\">{}</dd></div>", safe(&label), safe(&text)))
    };
    let seen = kind.content().filter(|field| sight.covers(&format!("fields/{}", field.name())));
    let lines = seen.filter_map(line).collect::<Vec<_>>().concat();
    format!("<article><dl class=\"facts\">{lines}</dl></article>")
}

fn redline(old: &str, new: &str) -> String {
    let marked = |tag: &str, text: &str| {
        if text.is_empty() { String::new() } else { format!("<{tag}>{}</{tag}>", safe(text).replace('\n', "<br>")) }
    };
    format!("{} {}", marked("del", old), marked("ins", new)).trim().to_owned()
}

fn safe(text: &str) -> String {
    minijinja::HtmlEscape(text).to_string()
}
