//! The statements of a kind, put together once from its declaration.
//!
//! They are made of names that stand in the program, never of anything that came from outside, and live as long as the program: one
//! set for each kind, however many applications a process holds.

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use super::field::{Field, FieldKind};
use super::kind::Kind;

/// The statements of one kind.
#[derive(Debug)]
pub(super) struct Texts {
    pub(super) columns: &'static str,
    pub(super) from: &'static str,
    pub(super) find: &'static str,
    pub(super) insert: &'static str,
    pub(super) update: &'static str,
    pub(super) hand_over: &'static str,
    pub(super) set_deleted: &'static str,
    /// Raises the version alone.
    pub(super) touch: &'static str,
    /// Those that hang on a record of the parent kind go to its new owner with it.
    pub(super) follow_owner: Option<&'static str>,
    /// What approval knows of those that hang on a record.
    pub(super) holds_of_parent: Option<&'static str>,
    pub(super) count_of_parent: Option<&'static str>,
    pub(super) code_taken: Option<&'static str>,
    /// Title, owner, department, parent and deletion, for whoever names a record of this kind.
    pub(super) mention: &'static str,
    pub(super) titles: &'static str,
    pub(super) twins: BTreeMap<&'static str, &'static str>,
    pub(super) filters: BTreeMap<&'static str, FilterTexts>,
    /// The words of a child's list are looked for in its parent too.
    pub(super) words: &'static str,
}

/// The conditions of the filters of one field.
#[derive(Debug)]
pub(super) struct FilterTexts {
    pub(super) column: &'static str,
    pub(super) is: &'static str,
    pub(super) contains: &'static str,
    pub(super) from: &'static str,
    pub(super) until: &'static str,
}

/// The statements of a kind.
pub(super) fn of(kind: &'static Kind) -> &'static Texts {
    static KNOWN: LazyLock<Mutex<BTreeMap<&'static str, &'static Texts>>> = LazyLock::new(Mutex::default);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    known.entry(kind.name).or_insert_with(|| Box::leak(Box::new(Texts::new(kind))))
}

/// Columns that every kind has, in the order in which they are read.
pub(super) const COMMON: [&str; 8] =
    ["id", "owner", "department", "version", "created_by", "created_at", "updated_at", "deleted_at"];

/// The columns of a field: money has its currency beside it.
pub(super) fn columns_of(field: &Field) -> impl Iterator<Item = String> + use<> {
    let currency = matches!(field.kind, FieldKind::Money).then(|| format!("{}_currency", field.name));
    std::iter::once(field.name.to_owned()).chain(currency)
}

fn stays(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

fn numbered(first: usize, count: usize) -> String {
    (first..first + count).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

impl Texts {
    fn new(kind: &'static Kind) -> Self {
        let (table, title) = (kind.name, kind.title().name);
        let own: Vec<String> = kind.stored().flat_map(columns_of).collect();
        let code = kind.code.map(|_| "code");
        let all: Vec<&str> = COMMON.into_iter().chain(code).chain(own.iter().map(String::as_str)).collect();
        let parent = kind.parent.map(|parent| (parent.name, parent.title().name));
        let parent_title = parent.map_or(String::new(), |(_, title)| format!(", p.{title} AS parent_title"));
        let columns = stays(format!("r.{}{parent_title}", all.join(", r.")));
        let join = parent.map_or(String::new(), |(name, _)| format!(" JOIN {name} AS p ON p.id = r.{name}"));
        let from = stays(format!("{table} AS r{join}"));
        let words = match parent {
            Some(_) => "r.search_text LIKE ? ESCAPE '\\' OR p.search_text LIKE ? ESCAPE '\\'",
            None => "r.search_text LIKE ? ESCAPE '\\'",
        };
        let mention_parent = parent.map_or("CAST(NULL AS BIGINT)".to_owned(), |(name, _)| name.to_owned());
        Self {
            columns,
            from,
            find: stays(format!("SELECT {columns} FROM {from} WHERE r.id = $1")),
            insert: insert(table, &own, code),
            update: update(table, &own),
            hand_over: stays(format!(
                "UPDATE {table} SET owner = $3, department = $4, updated_at = $5, version = version + 1 \
                 WHERE id = $1 AND version = $2 AND deleted_at IS NULL"
            )),
            set_deleted: stays(format!(
                "UPDATE {table} SET deleted_at = $3, updated_at = $4, version = version + 1 WHERE id = $1 AND version = $2"
            )),
            touch: stays(format!("UPDATE {table} SET version = version + 1 WHERE id = $1 AND version = $2")),
            follow_owner: parent.filter(|_| kind.shares_owner).map(|(name, _)| {
                stays(format!(
                    "UPDATE {table} SET owner = $2, department = $3, version = version + 1 WHERE {name} = $1"
                ))
            }),
            holds_of_parent: parent.filter(|_| kind.shares_owner).map(|(name, _)| {
                stays(format!(
                    "SELECT a.approval_case, a.state, a.open, a.content, a.undo FROM record_approval AS a JOIN {table} AS r \
                    ON r.id = a.id WHERE a.kind = $2 AND r.{name} = $1 ORDER BY r.id"
                ))
            }),
            count_of_parent: parent.map(|(name, _)| {
                stays(format!("SELECT CAST(count(*) AS BIGINT) FROM {table} WHERE {name} = $1 AND deleted_at IS NULL"))
            }),
            code_taken: code.map(|_| stays(format!("SELECT id FROM {table} WHERE code = $1"))),
            mention: stays(format!(
                "SELECT {title}, owner, department, {mention_parent}, deleted_at FROM {table} WHERE id = $1"
            )),
            titles: stays(format!("r.id, r.{title} AS title")),
            twins: kind
                .fields
                .iter()
                .filter(|field| field.hints_at_duplicates())
                .map(|field| (field.name, twins(kind, field)))
                .collect(),
            filters: kind.stored().map(|field| (field.name, FilterTexts::new(field))).collect(),
            words,
        }
    }
}

/// `$1` owner, `$2` department, `$3` who made it, `$4` when, `$5`–`$7` the forms of the title, then the code, then its own.
fn insert(table: &str, own: &[String], code: Option<&str>) -> &'static str {
    let names: Vec<&str> = code.into_iter().chain(own.iter().map(String::as_str)).collect();
    stays(format!(
        "INSERT INTO {table} (owner, department, created_by, created_at, updated_at, version, title_key, title_sort, search_text, {}) \
         VALUES ($1, $2, $3, $4, $4, 1, $5, $6, $7, {}) RETURNING id",
        names.join(", "),
        numbered(8, names.len())
    ))
}

/// `$1` id, `$2` version, `$3` when, `$4`–`$6` the forms of the title, `$7` owner, `$8` department, then its own.
fn update(table: &str, own: &[String]) -> &'static str {
    let sets: Vec<String> = (9..).zip(own).map(|(n, name)| format!("{name} = ${n}")).collect();
    stays(format!(
        "UPDATE {table} SET version = version + 1, updated_at = $3, title_key = $4, title_sort = $5, search_text = $6, \
         owner = $7, department = $8, {} WHERE id = $1 AND version = $2 AND deleted_at IS NULL",
        sets.join(", ")
    ))
}

/// Others that are the same in a field: `$1` the value, `$2` the record itself.
fn twins(kind: &Kind, field: &Field) -> &'static str {
    let (table, title) = (kind.name, kind.title().name);
    let column = if field.name == title { "title_key" } else { field.name };
    stays(format!(
        "SELECT id, {title}, owner, department FROM {table} \
         WHERE {column} = $1 AND id <> $2 AND deleted_at IS NULL ORDER BY id LIMIT 3"
    ))
}

impl FilterTexts {
    fn new(field: &Field) -> Self {
        let name = field.name;
        Self {
            column: stays(format!("r.{name}")),
            is: stays(format!("r.{name} = ?")),
            contains: stays(format!("LOWER(r.{name}) LIKE ? ESCAPE '\\'")),
            from: stays(format!("r.{name} >= ?")),
            until: stays(format!("r.{name} <= ?")),
        }
    }
}

/// Every fixed statement of a kind.
pub(super) fn statements(kind: &'static Kind) -> Vec<&'static str> {
    let texts = of(kind);
    [texts.find, texts.insert, texts.update, texts.hand_over, texts.set_deleted, texts.touch, texts.mention]
        .into_iter()
        .chain(texts.follow_owner)
        .chain(texts.holds_of_parent)
        .chain(texts.count_of_parent)
        .chain(texts.code_taken)
        .chain(texts.twins.values().copied())
        .collect()
}
