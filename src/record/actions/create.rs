//! Making records.

use super::check::{self, Others};
use super::{Mark, Wish, difference};
use crate::db::{self, Conn};
use crate::i18n::msg;
use crate::kernel::Actor;
use crate::org::Action;
use crate::record::approver::Gate;
use crate::record::behaviour::Stored;
use crate::record::code::Pattern;
use crate::record::dictionary::Dictionaries;
use crate::record::error::RecordError;
use crate::record::field::{Field, Use};
use crate::record::kind::Kind;
use crate::record::records::Records;
use crate::record::store::{self, New, Record};
use crate::record::timeline::{TimelineEntry, add_to_timeline};
use crate::record::value::{Input, Raw, Values};

/// How often another number is taken where a code exists already, because the pattern changed.
const TRIES: usize = 1_000;

impl Stored<'_> {
    /// Makes a record of another kind along with this one, within the same write and for the same owner: the first contact of a new
    /// customer. Nothing of it came from outside but what was checked with this record.
    pub async fn also_make(&self, c: &mut Conn<'_>, kind: &'static Kind, values: &Values) -> Result<i64, RecordError> {
        let Record { owner, department, .. } = self.new;
        let new = New { owner: *owner, department: *department, created_by: self.by.user, code: None, values };
        let id = store::insert(c, kind, &new, self.now).await?;
        let new = store::find(c, kind, id).await?.ok_or(RecordError::NotFound)?;
        let mark = Mark { by: *self.by, at: self.now };
        mark.write(c, (kind, id), "record.created", difference(kind, &Values::default(), &new.values)).await?;
        let head = msg!("record.timeline.created", what = kind.singular(), title = new.title(kind));
        let entry =
            TimelineEntry { at: self.now, actor: self.by.user, head, text: String::new(), path: kind.page_of(id) };
        add_to_timeline(c, &[kind.reference(id)], &entry).await?;
        Ok(id)
    }
}

impl Records {
    /// Makes a record and gives its number.
    pub async fn create(&self, kind: &'static Kind, by: Actor, input: &Input, wish: Wish) -> Result<i64, RecordError> {
        let scope = self.scope(&by, kind, Action::Create)?;
        let (now, others) = (self.now(), Others::new(self, &by, kind)?);
        let lists = self.dictionaries().await?;
        let (values, asked) = self.read_new(kind, input, &lists, wish)?;
        self.starts_where_it_may(kind, by, &values).await?;
        let (behaviour, records) = (self.behaviour(kind), self.clone());
        let unit = async move |c: &mut Conn<'_>| {
            let parent = others.named(c, kind, &values, None).await?;
            let (owner, department) = match parent.filter(|_| kind.shares_owner) {
                Some(parent) => (parent.owner, parent.department),
                None => match wish.owner.or(by.user) {
                    Some(owner) => check::owner(&records, owner).map(|(owner, at)| (Some(owner), at))?,
                    None => (None, None),
                },
            };
            scope.demand(owner, department)?;
            if !wish.anyway {
                others.alone(c, (kind, 0), &values, None).await?;
            }
            let code = records.number(c, kind, &values, &lists, now).await?;
            let new = New { owner, department, created_by: by.user, code: code.as_deref(), values: &values };
            let id = store::insert(c, kind, &new, now).await?;
            let new = store::find(c, kind, id).await?.ok_or(RecordError::NotFound)?;
            let mark = Mark { by, at: now };
            mark.write(c, (kind, id), "record.created", difference(kind, &Values::default(), &new.values)).await?;
            let usual =
                || (msg!("record.timeline.created", what = kind.singular(), title = new.title(kind)), String::new());
            let (head, text) = behaviour.told(&new).unwrap_or_else(usual);
            let entry = TimelineEntry { at: now, actor: by.user, head, text, path: kind.page_of(id) };
            add_to_timeline(c, &new.told_on(kind), &entry).await?;
            let office = &records.0.office;
            let stored = Stored { old: None, new: &new, asked: &asked, by: &by, now, office };
            behaviour.stored(c, &stored).await?;
            c.notify(kind.name);
            Ok(id)
        };
        match kind.code {
            Some(_) => self.0.db.write_locked(db::number_lock(kind.name), unit).await,
            None => self.0.db.write(unit).await,
        }
    }

    /// A record cannot begin where approval stands before.
    async fn starts_where_it_may(&self, kind: &'static Kind, by: Actor, values: &Values) -> Result<(), RecordError> {
        let Some(approver) = self.approver() else { return Ok(()) };
        let Some((beginning, problem)) = self.behaviour(kind).starts_ahead(values) else { return Ok(()) };
        let department = by.user.and_then(|user| self.0.org.directory().people.get(&user)?.department);
        let then = Record::unstored(values.clone(), by.user, department, self.now());
        let now = Record { values: beginning, ..then.clone() };
        if approver.gate(kind, &now, &then).await? != Gate::Open {
            return Err(RecordError::Invalid(vec![problem]));
        }
        Ok(())
    }

    /// The values of a new record, and beside them what is asked only now.
    fn read_new(
        &self,
        kind: &'static Kind,
        input: &Input,
        lists: &Dictionaries,
        wish: Wish,
    ) -> Result<(Values, Values), RecordError> {
        let fields: Vec<&'static Field> = kind.in_form(true).collect();
        let mut whole = input.clone();
        for field in fields.iter().filter(|field| !field.default.is_empty()) {
            whole.entry(field.name.to_owned()).or_insert_with(|| Raw::Typed(field.default.to_owned()));
        }
        let mut values = Values::default();
        let mut problems = check::read_into(&mut values, fields.iter().copied(), &whole, lists, self.0.office.zone());
        if wish.strict {
            problems.extend(check::unknown(input, &fields));
        }
        if problems.is_empty() {
            problems.extend(self.behaviour(kind).check(None, &mut values, self.now()));
        }
        if !problems.is_empty() {
            return Err(RecordError::Invalid(problems));
        }
        let mut asked = Values::default();
        for field in fields.iter().filter(|field| field.use_ == Use::New) {
            asked.set(field.name, values.get(field.name).cloned());
            values.set(field.name, None);
        }
        Ok((values, asked))
    }

    /// The code of a new record; nothing where the kind has none.
    async fn number(
        &self,
        c: &mut Conn<'_>,
        kind: &'static Kind,
        values: &Values,
        lists: &Dictionaries,
        now: crate::kernel::Timestamp,
    ) -> Result<Option<String>, RecordError> {
        let Some(shipped) = kind.code else { return Ok(None) };
        let kept = db::setting(c, &super::dictionary::pattern_setting(kind)).await?;
        let pattern = kept.map_or_else(|| shipped.to_owned(), |kept| kept.value);
        let pattern = Pattern::read(kind, &pattern).ok_or(RecordError::Pattern)?;
        let year = self.0.office.date(now).year();
        let counter = pattern.counter(kind, year);
        for _ in 0..TRIES {
            let code = pattern.fill(values, lists, year, db::next_number(c, &counter).await?);
            if !store::code_taken(c, kind, &code).await? {
                return Ok(Some(code));
            }
        }
        Err(RecordError::Pattern)
    }
}
