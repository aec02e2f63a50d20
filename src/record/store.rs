//! Rows of any kind, read and written by its declaration.

use serde::Serialize;

use super::error::RecordError;
use super::field::FieldKind;
use super::kind::Kind;
use super::texts::{self, COMMON};
use super::value::{Value, Values, money};
use crate::db::{Cell, Conn, DbError, FromColumn, FromRow, Row, ToValue, Value as Parameter};
use crate::kernel::{Amount, Currency, Date, DepartmentId, Ref, Timestamp, UserId, text};
use crate::params;

/// A record of any kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Its number within its kind.
    pub id: i64,
    /// Whose it is.
    pub owner: Option<UserId>,
    /// The department that it belongs to.
    pub department: Option<DepartmentId>,
    /// Rises with every change.
    pub version: i64,
    /// Who made it.
    pub created_by: Option<UserId>,
    /// When.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
    /// Its code, where the kind has codes.
    pub code: Option<String>,
    /// Its fields.
    pub values: Values,
    /// What the record is called that it hangs on.
    pub parent_title: String,
}

/// As much of a record as whoever names it has to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mention {
    pub(super) title: String,
    pub(super) owner: Option<UserId>,
    pub(super) department: Option<DepartmentId>,
    pub(super) parent: Option<i64>,
    pub(super) deleted_at: Option<Timestamp>,
}

/// A number and what it is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Titled {
    /// The number.
    pub id: i64,
    /// The title.
    pub title: String,
}

/// Any value, before it is known which kind of record it belongs to.
#[derive(Clone, Debug)]
struct Kept(Cell<'static>);

/// All values of a row in their order.
#[derive(Debug)]
pub(super) struct Cells(Vec<Kept>);

impl FromColumn for Kept {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        Ok(Self(match cell {
            Cell::Null => Cell::Null,
            Cell::Int(number) => Cell::Int(number),
            Cell::Bool(yes) => Cell::Bool(yes),
            Cell::Text(text) => Cell::Text(text.into_owned().into()),
            Cell::Bytes(bytes) => Cell::Bytes(bytes.into_owned().into()),
        }))
    }
}

impl FromRow for Cells {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        (0..row.width()).map(|index| row.at(index)).collect::<Result<_, _>>().map(Self)
    }
}

impl FromRow for Mention {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let (title, owner, department) = (row.at(0)?, row.at(1)?, row.at(2)?);
        Ok(Self { title, owner, department, parent: row.at(3)?, deleted_at: row.at(4)? })
    }
}

impl FromRow for Titled {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self { id: row.get("id")?, title: row.get("title")? })
    }
}

/// Reads values off a row one after the other.
struct Reader(std::vec::IntoIter<Kept>);

impl Reader {
    fn next<T: FromColumn>(&mut self, column: &str) -> Result<T, DbError> {
        let wrong = |problem: String| DbError::Column { column: column.to_owned(), problem };
        let Some(Kept(cell)) = self.0.next() else { return Err(wrong("not among the columns".to_owned())) };
        T::from_cell(cell).map_err(wrong)
    }

    fn field(&mut self, field: &super::field::Field) -> Result<Option<Value>, DbError> {
        let name = field.name;
        Ok(match field.kind {
            FieldKind::Money => {
                let amount: Option<Amount> = self.next(name)?;
                money(amount, self.next::<Option<Currency>>(name)?)
            }
            FieldKind::Number { .. } => self.next::<Option<i64>>(name)?.map(Value::Number),
            FieldKind::Date => self.next::<Option<Date>>(name)?.map(Value::Date),
            FieldKind::Instant => self.next::<Option<Timestamp>>(name)?.map(Value::At),
            FieldKind::YesNo => self.next::<Option<bool>>(name)?.map(Value::YesNo),
            FieldKind::Record(_) => self.next::<Option<i64>>(name)?.map(Value::Record),
            FieldKind::User => self.next::<Option<UserId>>(name)?.map(Value::User),
            _ => self.next::<Option<String>>(name)?.map(Value::Text),
        })
    }
}

impl Record {
    /// Reads the columns of [`texts::Texts::columns`].
    pub(super) fn read(kind: &'static Kind, cells: Cells) -> Result<Self, DbError> {
        let mut row = Reader(cells.0.into_iter());
        let mut record = Self {
            id: row.next(COMMON[0])?,
            owner: row.next(COMMON[1])?,
            department: row.next(COMMON[2])?,
            version: row.next(COMMON[3])?,
            created_by: row.next(COMMON[4])?,
            created_at: row.next(COMMON[5])?,
            updated_at: row.next(COMMON[6])?,
            deleted_at: row.next(COMMON[7])?,
            code: None,
            values: Values::default(),
            parent_title: String::new(),
        };
        if kind.code.is_some() {
            record.code = row.next("code")?;
        }
        for field in kind.stored() {
            record.values.set(field.name, row.field(field)?);
        }
        if kind.parent.is_some() {
            record.parent_title = row.next("parent_title")?;
        }
        Ok(record)
    }

    /// One that nobody has stored, to ask what would become of it.
    pub(super) fn unstored(
        values: Values,
        owner: Option<UserId>,
        department: Option<DepartmentId>,
        now: Timestamp,
    ) -> Self {
        Self {
            id: 0,
            owner,
            department,
            version: 0,
            created_by: owner,
            created_at: now,
            updated_at: now,
            deleted_at: None,
            code: None,
            values,
            parent_title: String::new(),
        }
    }

    /// What it is called.
    pub fn title(&self, kind: &Kind) -> &str {
        self.values.text(kind.title().name)
    }

    /// The records whose pages tell what happens to it: itself and those it names.
    pub(super) fn told_on(&self, kind: &Kind) -> Vec<Ref> {
        let named = kind.stored().filter_map(|field| match (field.kind, self.values.record(field.name)) {
            (FieldKind::Record(of), Some(id)) => Some(of.reference(id)),
            _ => None,
        });
        std::iter::once(kind.reference(self.id)).chain(named).collect()
    }
}

/// The forms of a title and of what is searched.
struct Keys {
    key: String,
    sort: String,
    search: String,
}

impl Keys {
    fn of(kind: &Kind, code: Option<&str>, values: &Values) -> Self {
        let title = values.text(kind.title().name);
        let mut search = text::fold(code.unwrap_or_default());
        for field in kind.fields.iter().filter(|field| field.is_searched()) {
            let value = text::fold(values.text(field.name));
            if !value.is_empty() {
                search.push('\n');
                search.push_str(&value);
            }
        }
        search.push('\n');
        search.push_str(&text::initials(title));
        Self { key: title_key(title), sort: text::pinyin(title), search }
    }
}

/// A title as duplicates are found by it: without spaces, signs and brackets, which people put in as they please.
pub(super) fn title_key(title: &str) -> String {
    text::fold(title).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The parameters of the fields, each typed also where it is empty.
fn parameters(kind: &Kind, values: &Values) -> Vec<Parameter> {
    let mut all = Vec::new();
    for field in kind.stored() {
        let value = values.get(field.name);
        match field.kind {
            FieldKind::Money => {
                let money = value.and_then(|value| if let Value::Money(money) = value { Some(money) } else { None });
                all.push(money.map(|money| money.amount).to_value());
                all.push(money.map(|money| money.currency).to_value());
            }
            // A box that nobody touched says no.
            FieldKind::YesNo => all.push(values.yes(field.name).to_value()),
            kind => all.push(parameter(kind, value)),
        }
    }
    all
}

fn parameter(kind: FieldKind, value: Option<&Value>) -> Parameter {
    match (kind, value) {
        (_, Some(Value::Text(text))) => text.to_value(),
        (_, Some(Value::Number(number) | Value::Record(number))) => number.to_value(),
        (_, Some(Value::Date(date))) => date.to_value(),
        (_, Some(Value::At(at))) => at.to_value(),
        (_, Some(Value::User(user))) => user.to_value(),
        (_, Some(Value::YesNo(yes))) => yes.to_value(),
        (FieldKind::Number { .. } | FieldKind::Instant | FieldKind::Record(_) | FieldKind::User, _) => {
            None::<i64>.to_value()
        }
        _ => None::<String>.to_value(),
    }
}

/// A record that is about to be stored.
pub(super) struct New<'a> {
    pub(super) owner: Option<UserId>,
    pub(super) department: Option<DepartmentId>,
    pub(super) created_by: Option<UserId>,
    pub(super) code: Option<&'a str>,
    pub(super) values: &'a Values,
}

pub(super) async fn insert(
    c: &mut Conn<'_>,
    kind: &'static Kind,
    new: &New<'_>,
    now: Timestamp,
) -> Result<i64, DbError> {
    let Keys { key, sort, search } = Keys::of(kind, new.code, new.values);
    let mut all = params![new.owner, new.department, new.created_by, now, key, sort, search].to_vec();
    all.extend(new.code.as_ref().map(ToValue::to_value));
    all.extend(parameters(kind, new.values));
    Ok(c.one::<(i64,)>(texts::of(kind).insert, &all).await?.0)
}

/// Stores a record as it is now if it still has the version that was read.
pub(super) async fn update(
    c: &mut Conn<'_>,
    kind: &'static Kind,
    record: &Record,
    now: Timestamp,
) -> Result<(), RecordError> {
    let Keys { key, sort, search } = Keys::of(kind, record.code.as_deref(), &record.values);
    let mut all = params![record.id, record.version, now, key, sort, search, record.owner, record.department].to_vec();
    all.extend(parameters(kind, &record.values));
    changed(c.exec(texts::of(kind).update, &all).await?)
}

pub(super) async fn find(c: &mut Conn<'_>, kind: &'static Kind, id: i64) -> Result<Option<Record>, DbError> {
    let cells: Option<Cells> = c.maybe(texts::of(kind).find, params![id]).await?;
    cells.map(|cells| Record::read(kind, cells)).transpose()
}

pub(super) async fn mention(c: &mut Conn<'_>, kind: &'static Kind, id: i64) -> Result<Option<Mention>, DbError> {
    c.maybe(texts::of(kind).mention, params![id]).await
}

pub(super) async fn hand_over(
    c: &mut Conn<'_>,
    kind: &'static Kind,
    (id, version): (i64, i64),
    (owner, department): (UserId, Option<DepartmentId>),
    now: Timestamp,
) -> Result<(), RecordError> {
    changed(c.exec(texts::of(kind).hand_over, params![id, version, owner, department, now]).await?)
}

/// Those of `child` that share the owner of their parent follow it.
pub(super) async fn follow_owner(
    c: &mut Conn<'_>,
    child: &'static Kind,
    parent: i64,
    (owner, department): (UserId, Option<DepartmentId>),
) -> Result<(), DbError> {
    match texts::of(child).follow_owner {
        Some(sql) => c.exec(sql, params![parent, owner, department]).await.map(drop),
        None => Ok(()),
    }
}

pub(super) async fn count_of_parent(c: &mut Conn<'_>, child: &'static Kind, parent: i64) -> Result<i64, DbError> {
    match texts::of(child).count_of_parent {
        Some(sql) => Ok(c.one::<(i64,)>(sql, params![parent]).await?.0),
        None => Ok(0),
    }
}

pub(super) async fn set_deleted(
    c: &mut Conn<'_>,
    kind: &'static Kind,
    (id, version): (i64, i64),
    deleted: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), RecordError> {
    changed(c.exec(texts::of(kind).set_deleted, params![id, version, deleted, now]).await?)
}

/// Raises the version of a record that still has the one that was read.
pub(super) async fn touch(c: &mut Conn<'_>, kind: &'static Kind, (id, version): (i64, i64)) -> Result<(), RecordError> {
    changed(c.exec(texts::of(kind).touch, params![id, version]).await?)
}

/// Number, title, owner and department.
pub(super) type TwinRow = (i64, String, Option<UserId>, Option<DepartmentId>);

/// Others with the same value in a field.
pub(super) async fn twins(
    c: &mut Conn<'_>,
    kind: &'static Kind,
    field: &'static str,
    (value, except): (&str, i64),
) -> Result<Vec<TwinRow>, DbError> {
    match texts::of(kind).twins.get(field) {
        Some(sql) => c.all(sql, params![value, except]).await,
        None => Ok(Vec::new()),
    }
}

/// Whether a record of the kind has that code.
pub(super) async fn code_taken(c: &mut Conn<'_>, kind: &'static Kind, code: &str) -> Result<bool, DbError> {
    match texts::of(kind).code_taken {
        Some(sql) => Ok(c.maybe::<(i64,)>(sql, params![code]).await?.is_some()),
        None => Ok(false),
    }
}

fn changed(rows: u64) -> Result<(), RecordError> {
    if rows == 1 { Ok(()) } else { Err(RecordError::Changed) }
}
