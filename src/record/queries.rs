//! What pages and the API read of records.

use std::collections::BTreeMap;

use super::error::RecordError;
use super::field::{Field, FieldKind};
use super::hold::{self, Hold};
use super::kind::Kind;
use super::records::Records;
use super::store::{self, Cells, Record, Titled};
use super::timeline::{self, TimelineEntry};
use super::{containing, texts};
use crate::db::{self, Audited, Conn, Count, Cursor, DbError, Key, Page, Query, Sort};
use crate::kernel::{Amount, Date, Timestamp, UserId, text};
use crate::org::{Action, Scope};
use crate::params;

/// Records on a page of a list.
const A_PAGE: u32 = 50;
/// Rows of another kind on the page of a record.
const CHILDREN: u32 = 20;
/// Choices that a picker offers at once.
const PICKS: u32 = 20;
/// Entries of a timeline or a log on the page of a record.
const ENTRIES: u32 = 100;
/// Counts are exact up to here.
const COUNTED: u32 = 10_000;

const PICK_SORTS: &[Sort] = &[Sort { name: "recent", keys: &[Key::falling("r.updated_at"), Key::falling("r.id")] }];
const TITLE_SORTS: &[Sort] = &[Sort { name: "id", keys: &[Key::rising("r.id")] }];

/// Which records of a kind a list shows; as it stands in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Words in the fields that are searched.
    pub words: String,
    /// The first letter of the title's pinyin; `#` is what begins with none.
    pub letter: String,
    /// Of one owner.
    pub owner: Option<UserId>,
    /// By field: `industry`, or `amount_from` and `amount_until`; and by the kind's own filters.
    pub fields: BTreeMap<String, String>,
    /// The name of the order.
    pub sort: String,
    /// Deleted ones instead of the others.
    pub deleted: bool,
}

/// What other records are called that a page names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names(BTreeMap<(&'static str, i64), String>);

/// A page of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Listing {
    /// The records.
    pub rows: Vec<Record>,
    /// Where the next page starts.
    pub next: Option<Cursor>,
    /// How many there are.
    pub count: Count,
    /// What the records are called that they name.
    pub names: Names,
}

/// Everything about a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Whole {
    /// The record.
    pub record: Record,
    /// What the records are called that it names.
    pub names: Names,
    /// What happened to it, the latest first.
    pub timeline: Vec<TimelineEntry>,
    /// What was changed in it, the latest first.
    pub changes: Vec<Audited>,
    /// What approval knows of it.
    pub hold: Option<Hold>,
}

impl Names {
    /// What a record is called; its number where nobody knows.
    pub fn of(&self, kind: &Kind, id: i64) -> String {
        self.0.get(&(kind.name, id)).cloned().unwrap_or_else(|| format!("#{id}"))
    }
}

impl Records {
    /// The records of a kind that a person may see and that the filter lets through.
    pub async fn list(
        &self,
        user: UserId,
        kind: &'static Kind,
        filter: &Filter,
        after: Option<Cursor>,
    ) -> Result<Listing, RecordError> {
        let action = if filter.deleted { Action::Delete } else { Action::Read };
        let list = self.query(&self.scope_of(user, kind, action)?, kind, filter);
        self.page(kind, list, A_PAGE, after).await
    }

    /// The list as the test prepares it too.
    pub(super) fn query(&self, scope: &Scope, kind: &'static Kind, filter: &Filter) -> Query {
        let mut list = base(scope, kind, filter.deleted);
        let words = text::fold(&filter.words);
        if !words.is_empty() {
            let pattern = containing(&words);
            let one = params![pattern].to_vec();
            let all = if kind.parent.is_some() { [one.clone(), one].concat() } else { one };
            list.filter(texts::of(kind).words, &all);
        }
        narrow_to_letter(&mut list, &filter.letter);
        if let Some(owner) = filter.owner {
            list.filter("r.owner = ?", params![owner]);
        }
        let behaviour = self.behaviour(kind);
        for (name, value) in filter.fields.iter().filter(|(_, value)| !value.trim().is_empty()) {
            if let Some((field, bound)) = filtered(kind, name) {
                narrow(&mut list, kind, field, bound, value.trim());
            } else if behaviour.filters().iter().any(|own| own.name == name) {
                behaviour.narrow(&mut list, name, value.trim(), self.now());
            }
        }
        list.sort(kind.sorts, &filter.sort);
        list
    }

    /// The record with its names, timeline and log, if the person may see it.
    pub async fn whole(&self, user: UserId, kind: &'static Kind, id: i64) -> Result<Whole, RecordError> {
        let scope = self.scope_of(user, kind, Action::Read)?;
        let unit = async move |c: &mut Conn<'_>| {
            let found = store::find(c, kind, id).await?.filter(|one| scope.covers(one.owner, one.department));
            let record = found.ok_or(RecordError::NotFound)?;
            let subject = kind.reference(id);
            let timeline = timeline::timeline_of(c, &subject, ENTRIES).await?;
            let changes = db::audit_of(c, &subject, None, ENTRIES).await?;
            let mut wanted = wanted(kind, std::slice::from_ref(&record));
            wanted_by_log(kind, &changes, &mut wanted);
            let names = names(c, wanted).await?;
            let hold = hold::hold_of(c, &subject).await?;
            Ok(Whole { record, names, timeline, changes, hold })
        };
        self.0.db.read(unit).await
    }

    /// The record, if the person may see it.
    pub async fn get(&self, user: UserId, kind: &'static Kind, id: i64) -> Result<Record, RecordError> {
        let scope = self.scope_of(user, kind, Action::Read)?;
        let found = self.0.db.read(async move |c: &mut Conn<'_>| store::find(c, kind, id).await).await;
        let found = found.map_err(|error: DbError| error)?;
        found.filter(|one| scope.covers(one.owner, one.department)).ok_or(RecordError::NotFound)
    }

    /// The first records of another kind that name this one and that the person may see; nothing where they may see none of the kind.
    pub async fn naming(
        &self,
        user: UserId,
        kind: &'static Kind,
        field: &'static str,
        id: i64,
    ) -> Result<Option<Listing>, RecordError> {
        let Ok(scope) = self.scope_of(user, kind, Action::Read) else { return Ok(None) };
        let mut list = base(&scope, kind, false);
        let Some(filter) = texts::of(kind).filters.get(field) else { return Ok(None) };
        list.filter(filter.is, params![id]);
        list.sort(kind.sorts, "");
        self.page(kind, list, CHILDREN, None).await.map(Some)
    }

    /// What a picker offers of a kind: those with these words, or the ones that were changed last; of one parent where that is said.
    pub async fn pick(
        &self,
        user: UserId,
        kind: &'static Kind,
        words: &str,
        parent: Option<i64>,
    ) -> Result<Vec<Titled>, RecordError> {
        let Ok(scope) = self.scope_of(user, kind, Action::Read) else { return Ok(Vec::new()) };
        let list = picks(&scope, kind, words, parent);
        let page: Result<Page<Titled>, DbError> =
            self.0.db.read(async move |c: &mut Conn<'_>| list.page(c, PICKS, None).await).await;
        Ok(page?.rows)
    }

    /// What records are called, whatever somebody may see of them: for what a page names already.
    pub async fn names(&self, wanted: Vec<(&'static Kind, i64)>) -> Result<Names, RecordError> {
        let unit = async move |c: &mut Conn<'_>| names(c, by_kind(wanted.iter().copied())).await;
        Ok(self.0.db.read(unit).await?)
    }

    async fn page(
        &self,
        kind: &'static Kind,
        list: Query,
        size: u32,
        after: Option<Cursor>,
    ) -> Result<Listing, RecordError> {
        let unit = async move |c: &mut Conn<'_>| {
            let page: Page<Cells> = list.page(c, size, after.as_ref()).await?;
            let count = list.count(c, COUNTED).await?;
            let rows = page.rows.into_iter().map(|cells| Record::read(kind, cells)).collect::<Result<Vec<_>, _>>()?;
            let names = names(c, wanted(kind, &rows)).await?;
            Ok::<_, RecordError>(Listing { rows, next: page.next, count, names })
        };
        self.0.db.read(unit).await
    }

    /// Every list of a kind: each filter in each order. Only for the test that asks both engines whether they understand them.
    pub fn every_list(&self, kind: &'static Kind) -> Vec<Query> {
        let program = self.0.org.scope_of_the_program(&kind.protected(), Action::Read);
        let mut all = vec![picks(&program, kind, "a", kind.parent.map(|_| 1))];
        let named = kind
            .stored()
            .flat_map(|field| bounds(field.kind).iter().map(move |bound| format!("{}{bound}", field.name)));
        let own = self.behaviour(kind);
        let own =
            own.filters().iter().flat_map(|own| own.words.iter().map(|word| (own.name.to_owned(), (*word).to_owned())));
        let fields: Vec<(String, String)> = named.map(|name| (name, "1".to_owned())).chain(own).collect();
        for sort in kind.sorts {
            for field in &fields {
                let filter = Filter {
                    words: "a".into(),
                    letter: "a".into(),
                    owner: Some(UserId::new(1)),
                    fields: BTreeMap::from([field.clone()]),
                    sort: sort.name.into(),
                    deleted: false,
                };
                all.push(self.query(&program, kind, &filter));
            }
        }
        all
    }
}

fn base(scope: &Scope, kind: &'static Kind, deleted: bool) -> Query {
    let texts = texts::of(kind);
    let mut list = Query::new(texts.columns, texts.from);
    list.filter(if deleted { "r.deleted_at IS NOT NULL" } else { "r.deleted_at IS NULL" }, params![]);
    scope.narrow(&mut list, "r.owner", "r.department");
    list
}

pub(super) fn picks(scope: &Scope, kind: &'static Kind, words: &str, parent: Option<i64>) -> Query {
    let texts = texts::of(kind);
    let mut list = Query::new(texts.titles, texts.from);
    list.filter("r.deleted_at IS NULL", params![]);
    scope.narrow(&mut list, "r.owner", "r.department");
    let words = text::fold(words);
    if !words.is_empty() {
        list.filter("r.search_text LIKE ? ESCAPE '\\'", params![containing(&words)]);
    }
    if let Some((parent, filter)) = parent.zip(kind.parent.and_then(|parent| texts.filters.get(parent.name))) {
        list.filter(filter.is, params![parent]);
    }
    list.sort(PICK_SORTS, "");
    list
}

/// Titles sort by their pinyin, so that those of one letter stand together.
fn narrow_to_letter(list: &mut Query, letter: &str) {
    match letter.chars().next().map(|letter| letter.to_ascii_lowercase()) {
        Some(letter @ 'a'..='z') => {
            let next = char::from_u32(u32::from(letter) + 1).unwrap_or('{');
            let (from, until) = (letter.to_string(), next.to_string());
            list.filter("r.title_sort >= ? AND r.title_sort < ?", params![from, until]);
        }
        Some('#') => list.filter("r.title_sort < 'a' OR r.title_sort >= '{'", params![]),
        _ => {}
    }
}

/// What can be asked of a field: to be that, or to lie between.
const fn bounds(kind: FieldKind) -> &'static [&'static str] {
    match kind {
        FieldKind::Money | FieldKind::Number { .. } | FieldKind::Date | FieldKind::Instant => &["_from", "_until"],
        _ => &[""],
    }
}

/// The field and the bound that a name in the address stands for.
fn filtered<'a>(kind: &'static Kind, name: &'a str) -> Option<(&'static Field, &'a str)> {
    kind.stored().find_map(|field| {
        let bound = name.strip_prefix(field.name)?;
        bounds(field.kind).contains(&bound).then_some((field, bound))
    })
}

fn narrow(list: &mut Query, kind: &'static Kind, field: &Field, bound: &str, value: &str) {
    let Some(texts) = texts::of(kind).filters.get(field.name) else { return };
    let limit = if bound == "_until" { texts.until } else { texts.from };
    // What does not parse finds nothing: a filter that is left out would show more than was asked for.
    let nothing = "1 = 0";
    match field.kind {
        FieldKind::Choice(_) | FieldKind::Word(_) => {
            list.one_of(texts.column, &value.split(',').collect::<Vec<_>>());
        }
        FieldKind::YesNo => list.filter(texts.is, params![value == "yes"]),
        FieldKind::Record(_) | FieldKind::User => match value.parse::<i64>() {
            Ok(id) => list.filter(texts.is, params![id]),
            Err(_) => list.filter(nothing, params![]),
        },
        FieldKind::Number { .. } => match value.parse::<i64>() {
            Ok(number) => list.filter(limit, params![number]),
            Err(_) => list.filter(nothing, params![]),
        },
        FieldKind::Money => match Amount::parse(value) {
            Ok(amount) => list.filter(limit, params![amount]),
            Err(_) => list.filter(nothing, params![]),
        },
        FieldKind::Date => match value.parse::<Date>() {
            Ok(date) => list.filter(limit, params![date]),
            Err(_) => list.filter(nothing, params![]),
        },
        FieldKind::Instant => match day(value, bound == "_until") {
            Some(at) => list.filter(limit, params![at]),
            None => list.filter(nothing, params![]),
        },
        _ => list.filter(texts.contains, params![containing(&value.to_ascii_lowercase())]),
    }
}

/// The first or last instant of a day at the office.
fn day(value: &str, end: bool) -> Option<Timestamp> {
    let office = crate::kernel::OfficeHours::default();
    let date: Date = value.parse().ok()?;
    if !end {
        return Some(Timestamp::start_of(date, office.zone()));
    }
    let next = Timestamp::start_of(date.tomorrow().ok()?, office.zone());
    Some(next.minus(std::time::Duration::from_micros(1)))
}

pub(super) type Wanted = BTreeMap<&'static str, (&'static Kind, Vec<i64>)>;

fn by_kind(pairs: impl Iterator<Item = (&'static Kind, i64)>) -> Wanted {
    let mut wanted: Wanted = BTreeMap::new();
    for (kind, id) in pairs {
        let ids = &mut wanted.entry(kind.name).or_insert_with(|| (kind, Vec::new())).1;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    wanted
}

/// The records that these name.
pub(super) fn wanted(kind: &'static Kind, rows: &[Record]) -> Wanted {
    by_kind(rows.iter().flat_map(|row| {
        kind.stored().filter_map(|field| match (field.kind, row.values.record(field.name)) {
            (FieldKind::Record(of), Some(id)) => Some((of, id)),
            _ => None,
        })
    }))
}

/// The records that a log names.
fn wanted_by_log(kind: &'static Kind, log: &[Audited], wanted: &mut Wanted) {
    for json in log.iter().flat_map(|entry| [&entry.old, &entry.new]).flatten() {
        for field in kind.stored() {
            if let (FieldKind::Record(of), Some(id)) =
                (field.kind, json.get(field.name).and_then(serde_json::Value::as_i64))
            {
                wanted.entry(of.name).or_insert_with(|| (of, Vec::new())).1.push(id);
            }
        }
    }
}

pub(super) async fn names(c: &mut Conn<'_>, wanted: Wanted) -> Result<Names, DbError> {
    let mut found = BTreeMap::new();
    for (name, (kind, ids)) in wanted {
        let texts = texts::of(kind);
        let mut list = Query::new(texts.titles, texts.from);
        list.one_of("r.id", &ids);
        list.sort(TITLE_SORTS, "");
        let page: Page<Titled> = list.page(c, u32::try_from(ids.len()).unwrap_or(u32::MAX - 1), None).await?;
        found.extend(page.rows.into_iter().map(|one| ((name, one.id), one.title)));
    }
    Ok(Names(found))
}
