//! The list of a kind.

use std::collections::BTreeMap;

use axum::extract::State;
use serde::Serialize;

use super::controls::{self, Control, Drawing};
use super::{Choice, Room};
use crate::db::Cursor;
use crate::i18n::{Message, msg};
use crate::org::Action;
use crate::record::behaviour::Tag;
use crate::record::dictionary::Dictionaries;
use crate::record::error::RecordError;
use crate::record::field::{Field, FieldKind};
use crate::record::kind::Kind;
use crate::record::queries::{Filter, Listing};
use crate::record::records::Records;
use crate::record::show::Eyes;
use crate::record::store::Record;
use crate::web::{self, FormState, LoggedIn, Page, Query};

/// Filters that stand in sight; the others open.
const IN_SIGHT: usize = 2;

#[derive(Clone, Serialize)]
struct ListPage {
    heading: Message,
    path: &'static str,
    kind_icon: &'static str,
    new: Option<String>,
    new_label: Message,
    empty_text: Message,
    filter: FormState,
    filters: Vec<Filtered>,
    more: Vec<Filtered>,
    more_open: bool,
    letters: Vec<Letter>,
    owners: Vec<Choice>,
    sorts: Vec<Choice>,
    may_see_deleted: bool,
    table: Table,
    count: String,
    next: String,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "record/list.html";
}

/// One filter: a field to choose or write, or the two ends between which it lies.
#[derive(Clone, Serialize)]
struct Filtered {
    name: String,
    label: Message,
    kind: &'static str,
    options: Vec<Choice>,
}

#[derive(Clone, Serialize)]
struct Letter {
    label: String,
    path: String,
    active: bool,
}

/// Rows of a kind, on its list and on the pages of others.
#[derive(Clone, Default, Serialize)]
pub(super) struct Table {
    title: Option<Message>,
    parent: Option<Message>,
    columns: Vec<Message>,
    rows: Vec<Line>,
}

#[derive(Clone, Serialize)]
struct Line {
    address: String,
    title: String,
    code: String,
    tags: Vec<Tag>,
    parent: String,
    parent_address: String,
    cells: Vec<Cell>,
    owner: String,
}

#[derive(Clone, Serialize)]
struct Cell {
    label: Message,
    text: String,
    number: bool,
}

pub(super) async fn list(
    visit: LoggedIn,
    State(room): State<Room>,
    Query(query): Query<Vec<(String, String)>>,
) -> web::Result {
    let Room { records, kind } = room;
    let typed: BTreeMap<String, String> = query.into_iter().collect();
    let filter = filter(kind, &records, &typed);
    let after = typed.get("after").and_then(|after| after.parse::<Cursor>().ok());
    let listing = records.list(visit.user(), kind, &filter, after).await?;
    let lists = records.dictionaries().await?;
    let mut state = FormState::empty();
    for (name, value) in &typed {
        state.put(name, value);
    }
    let drawing = Drawing { records: &records, visit: &visit, lists: &lists, values: &state };
    let mut filters = filters(&drawing, kind).await?;
    // What is chosen is quicker than what is written.
    filters.sort_by_key(|one| one.kind != "choice");
    let more = filters.split_off(IN_SIGHT.min(filters.len()));
    let more_open = ["owner", "sort", "deleted"].iter().any(|name| !state.value(name).is_empty())
        || more.iter().any(|one| {
            ["", "_from", "_until"].iter().any(|bound| !state.value(&format!("{}{bound}", one.name)).is_empty())
        });
    let owners = controls::owners(&records, visit.user(), kind, Action::Read);
    let sorts = kind.sorts.iter().map(|sort| Choice::new(sort.name, visit.text(&sort_label(kind, sort.name))));
    let next = listing.next.as_ref().map(|next| address(kind, &typed, &[("after", &next.to_string())]));
    let (count, may_see_deleted) = (listing.count.to_string(), records.may(visit.user(), kind, Action::Delete));
    visit.page(&ListPage {
        heading: kind.plural(),
        path: kind.path,
        kind_icon: kind.icon,
        new: records.may(visit.user(), kind, Action::Create).then(|| format!("{}/new", kind.path)),
        new_label: msg!("record.page.new", what = kind.singular()),
        empty_text: kind.sentence("empty_text"),
        filters,
        more,
        more_open,
        letters: letters(kind, &typed),
        owners,
        sorts: sorts.collect(),
        may_see_deleted,
        table: table(&visit, &records, kind, &lists, &listing, true),
        count,
        next: next.unwrap_or_default(),
        filter: state,
    })
}

/// The filter that an address stands for.
pub(in crate::record) fn filter(kind: &'static Kind, records: &Records, typed: &BTreeMap<String, String>) -> Filter {
    let text = |name: &str| typed.get(name).map(|value| value.trim().to_owned()).unwrap_or_default();
    let own = records.behaviour(kind);
    let is_filter = |name: &str| {
        own.filters().iter().any(|one| one.name == name)
            || kind
                .stored()
                .any(|field| name.strip_prefix(field.name).is_some_and(|end| matches!(end, "" | "_from" | "_until")))
    };
    Filter {
        words: text("words"),
        letter: text("letter"),
        owner: text("owner").parse().ok(),
        fields: typed
            .iter()
            .filter(|(name, _)| is_filter(name))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect(),
        sort: text("sort"),
        deleted: text("deleted") == "yes",
    }
}

async fn filters(drawing: &Drawing<'_>, kind: &'static Kind) -> Result<Vec<Filtered>, RecordError> {
    let mut found = Vec::new();
    for own in drawing.records.behaviour(kind).filters() {
        let label = |word: &str| drawing.visit.text(&kind.sentence(&format!("filter.{}.{word}", own.name)));
        found.push(Filtered {
            name: own.name.to_owned(),
            label: kind.sentence(&format!("filter.{}.label", own.name)),
            kind: "choice",
            options: own.words.iter().map(|word| Choice::new(word, label(word))).collect(),
        });
    }
    for field in kind.stored().filter(|field| field.is_filtered()) {
        let control: Control = drawing.control(kind, field).await?;
        let (drawn, options) = match field.kind {
            FieldKind::Choice(_) | FieldKind::Word(_) | FieldKind::User => ("choice", control.into_options()),
            FieldKind::YesNo => ("yes_no", Vec::new()),
            FieldKind::Date | FieldKind::Instant => ("dates", Vec::new()),
            FieldKind::Money | FieldKind::Number { .. } => ("numbers", Vec::new()),
            _ => ("text", Vec::new()),
        };
        found.push(Filtered { name: field.name.to_owned(), label: kind.label(field.name), kind: drawn, options });
    }
    Ok(found)
}

fn sort_label(kind: &Kind, name: &str) -> Message {
    kind.sentence_if(&format!("sort.{name}")).unwrap_or_else(|| match name {
        "changed" => msg!("record.sort.changed"),
        "title" => msg!("record.sort.title"),
        _ => msg!("record.sort.newest"),
    })
}

/// The list with the same filter but for what is said anew.
fn address(kind: &Kind, typed: &BTreeMap<String, String>, anew: &[(&str, &str)]) -> String {
    let kept = typed.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let kept =
        kept.filter(|(name, value)| *name != "after" && !value.is_empty() && anew.iter().all(|(new, _)| new != name));
    let pairs: Vec<(&str, &str)> = kept.chain(anew.iter().copied()).filter(|(_, value)| !value.is_empty()).collect();
    match serde_html_form::to_string(&pairs) {
        Ok(query) if !query.is_empty() => format!("{}?{query}", kind.path),
        _ => kind.path.to_owned(),
    }
}

fn letters(kind: &Kind, typed: &BTreeMap<String, String>) -> Vec<Letter> {
    let chosen = typed.get("letter").map(String::as_str).unwrap_or_default();
    let all = ('A'..='Z').map(String::from).chain([String::from("#")]);
    all.map(|label| {
        let active = label.eq_ignore_ascii_case(chosen);
        let path = address(kind, typed, &[("letter", if active { "" } else { &label }), ("sort", "title")]);
        Letter { label, path, active }
    })
    .collect()
}

/// Rows as a reader sees them.
pub(super) fn table(
    visit: &LoggedIn,
    records: &Records,
    kind: &'static Kind,
    lists: &Dictionaries,
    listing: &Listing,
    with_parent: bool,
) -> Table {
    let directory = records.0.org.directory();
    let zone = records.0.office.zone();
    let eyes = Eyes { lang: visit.lang(), zone, lists, names: &listing.names, directory: &directory };
    let columns: Vec<&'static Field> = kind.stored().filter(|field| field.is_listed()).collect();
    let behaviour = records.behaviour(kind);
    let parent = kind.parent.filter(|_| with_parent);
    let line = |row: &Record| Line {
        address: kind.page_of(row.id),
        title: row.title(kind).to_owned(),
        code: row.code.clone().unwrap_or_default(),
        tags: behaviour.tags(row, records.now()),
        parent: parent.map(|_| row.parent_title.clone()).unwrap_or_default(),
        parent_address: parent
            .and_then(|parent| Some(parent.page_of(row.values.record(parent.name)?)))
            .unwrap_or_default(),
        cells: columns.iter().map(|field| cell(&eyes, kind, field, row)).collect(),
        owner: row.owner.map(|owner| directory.name(owner)).unwrap_or_default(),
    };
    Table {
        title: Some(kind.label(kind.title().name)),
        parent: parent.map(|parent| kind.label(parent.name)),
        columns: columns.iter().map(|field| kind.label(field.name)).collect(),
        rows: listing.rows.iter().map(line).collect(),
    }
}

fn cell(eyes: &Eyes<'_>, kind: &Kind, field: &Field, row: &Record) -> Cell {
    let text = row.values.get(field.name).map(|value| eyes.text(kind, field, value)).unwrap_or_default();
    let number = matches!(field.kind, FieldKind::Money | FieldKind::Number { .. });
    Cell { label: kind.label(field.name), text, number }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::renders;

    #[tokio::test]
    async fn a_list_renders_with_rows_and_without() {
        let tag = Tag { label: msg!("record.yes"), tone: "bad" };
        let cell = Cell { label: msg!("record.no"), text: "12".into(), number: true };
        let line = Line {
            address: "/things/1".into(),
            title: "Acme".into(),
            code: "1-01".into(),
            tags: vec![tag],
            parent: "Group".into(),
            parent_address: "/groups/1".into(),
            cells: vec![cell],
            owner: "Li".into(),
        };
        for rows in [vec![line], Vec::new()] {
            let heading = msg!("record.kind.dictionary");
            let table = Table {
                title: Some(heading.clone()),
                parent: Some(heading.clone()),
                columns: vec![heading.clone()],
                rows,
            };
            let filtered = |kind: &'static str| Filtered {
                name: kind.to_owned(),
                label: msg!("record.yes"),
                kind,
                options: vec![Choice::new("a", "A")],
            };
            renders(ListPage {
                heading: heading.clone(),
                path: "/things",
                kind_icon: "list",
                new: Some("/things/new".into()),
                new_label: heading.clone(),
                empty_text: heading.clone(),
                filter: FormState::empty(),
                filters: vec![filtered("choice"), filtered("text"), filtered("yes_no")],
                more: vec![filtered("dates"), filtered("numbers")],
                more_open: true,
                letters: vec![Letter { label: "A".into(), path: "/things?letter=A".into(), active: true }],
                owners: vec![Choice::new(1, "Li")],
                sorts: vec![Choice::new("newest", "N")],
                may_see_deleted: true,
                table,
                count: "1".into(),
                next: "/things?after=x".into(),
            })
            .await;
        }
    }
}
