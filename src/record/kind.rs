//! A kind of record, declared once: const data from which forms, lists, pages, logs and the API follow.
//!
//! ```text
//! const FIELDS: &[Field] = &[
//!     text("name", 50).required().duplicate_hint().searched(),
//!     mobile("phone").required().duplicate_hint().searched().listed(),
//!     choice("industry", "industry").required().listed().filtered(),
//! ];
//! pub static CUSTOMER: Kind = Kind::new("customer", "crm", "/customers", FIELDS).coded("{category}-{seq:2}");
//! pub static CONTACT: Kind = Kind::new("contact", "crm", "/contacts", OTHERS).belongs_to(&CUSTOMER).shares_owner();
//! ```
//!
//! Names are those of the table and its columns, of the form, of the JSON and of the sentences: `crm.customer.phone` is the label of
//! the field, `crm.customer.phone_hint` what helps with it, where it is written.

use super::field::{Field, Use};
use crate::db::{Key, Sort};
use crate::i18n::{self, Message};
use crate::kernel::{Kind as Name, Ref};

/// A kind of record.
#[derive(Debug)]
pub struct Kind {
    pub(super) name: &'static str,
    pub(super) room: &'static str,
    pub(super) path: &'static str,
    pub(super) icon: &'static str,
    pub(super) fields: &'static [Field],
    pub(super) parent: Option<&'static Kind>,
    pub(super) shares_owner: bool,
    pub(super) code: Option<&'static str>,
    pub(super) sorts: &'static [Sort],
    pub(super) amount: Option<&'static str>,
}

/// The orders of a kind without its own.
const SORTS: &[Sort] = &[NEWEST, CHANGED, BY_TITLE];
/// The latest first.
pub const NEWEST: Sort = Sort { name: "newest", keys: &[Key::falling("r.id")] };
/// The last changed first.
pub const CHANGED: Sort = Sort { name: "changed", keys: &[Key::falling("r.updated_at"), Key::falling("r.id")] };
/// By the pinyin of the title.
pub const BY_TITLE: Sort = Sort { name: "title", keys: &[Key::rising("r.title_sort"), Key::rising("r.id")] };

impl Kind {
    /// A kind with the name of its table, the room where its sentences stand, the address of its list and its fields. The first
    /// field is its title.
    pub const fn new(name: &'static str, room: &'static str, path: &'static str, fields: &'static [Field]) -> Self {
        Self {
            name,
            room,
            path,
            icon: "list",
            fields,
            parent: None,
            shares_owner: false,
            code: None,
            sorts: SORTS,
            amount: None,
        }
    }

    /// With an icon.
    #[must_use]
    pub const fn icon(mut self, icon: &'static str) -> Self {
        self.icon = icon;
        self
    }

    /// Hangs on a record of another kind, whose name is a required field of this one.
    #[must_use]
    pub const fn belongs_to(mut self, parent: &'static Kind) -> Self {
        self.parent = Some(parent);
        self
    }

    /// Whoever owns the parent owns it too.
    #[must_use]
    pub const fn shares_owner(mut self) -> Self {
        self.shares_owner = true;
        self
    }

    /// Has a code by a pattern that administrators edit; this is the one that it ships with.
    #[must_use]
    pub const fn coded(mut self, pattern: &'static str) -> Self {
        self.code = Some(pattern);
        self
    }

    /// With orders of its own; the first is the usual one. Columns stand behind `r.`.
    #[must_use]
    pub const fn sorted(mut self, sorts: &'static [Sort]) -> Self {
        self.sorts = sorts;
        self
    }

    /// Approved by the amount in this field (审批金额).
    #[must_use]
    pub const fn weighed_by(mut self, field: &'static str) -> Self {
        self.amount = Some(field);
        self
    }

    /// Its name: of the table, of the permission, of its JSON.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The address of its list.
    pub const fn path(&self) -> &'static str {
        self.path
    }

    /// The name that roles are granted.
    pub const fn protected(&self) -> Name {
        Name::of(self.name)
    }

    /// Its fields.
    pub const fn fields(&self) -> &'static [Field] {
        self.fields
    }

    /// The record of that number.
    pub fn reference(&self, id: i64) -> Ref {
        Ref::new(self.name, id)
    }

    /// The page of the record of that number.
    pub fn page_of(&self, id: i64) -> String {
        format!("{}/{id}", self.path)
    }

    /// Its field of that name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The field that titles it.
    pub(super) fn title(&self) -> &'static Field {
        &self.fields[0]
    }

    /// The field whose amount it is approved by.
    pub const fn amount(&self) -> Option<&'static str> {
        self.amount
    }

    /// What it hangs on.
    pub const fn parent(&self) -> Option<&'static Self> {
        self.parent
    }

    /// The fields that are decided on where the record is approved.
    pub fn content(&self) -> impl Iterator<Item = &'static Field> + use<> {
        self.fields.iter().filter(|field| field.is_content())
    }

    /// The fields that are columns.
    pub fn stored(&self) -> impl Iterator<Item = &'static Field> + use<> {
        self.fields.iter().filter(|field| field.is_stored())
    }

    /// The fields of the form, of a new record or of one that is changed.
    pub(super) fn in_form(&self, new: bool) -> impl Iterator<Item = &'static Field> + use<> {
        self.fields.iter().filter(move |field| match field.use_ {
            Use::Form => true,
            Use::New | Use::Start => new,
            Use::Act => false,
        })
    }

    /// What all of them are called: the heading of the list.
    pub fn plural(&self) -> Message {
        Message::of(format!("{}.kind.{}", self.room, self.name))
    }

    /// What one of them is called, within a sentence.
    pub fn singular(&self) -> Message {
        self.sentence("one")
    }

    /// The label of a field, also of one that only an act asks for.
    pub fn label(&self, field: &str) -> Message {
        self.sentence(field)
    }

    /// A sentence of this kind, `room.kind.key`.
    pub(super) fn sentence(&self, key: &str) -> Message {
        Message::of(format!("{}.{}.{key}", self.room, self.name))
    }

    /// The same where it is written.
    pub(super) fn sentence_if(&self, key: &str) -> Option<Message> {
        let message = self.sentence(key);
        i18n::knows(message.key()).then_some(message)
    }

    /// The keys of the sentences that a declaration needs, and of those that it may have.
    #[cfg(test)]
    pub(crate) fn sentences(&self) -> (Vec<String>, Vec<String>) {
        let own = |key: String| self.sentence(&key).key().to_owned();
        let mut needed = vec![own("one".into()), own("empty_text".into()), self.plural().key().to_owned()];
        let mut possible = Vec::new();
        for field in self.fields {
            needed.push(own(field.name.into()));
            possible.push(own(format!("{}_hint", field.name)));
            match field.kind {
                super::field::FieldKind::Choice(list) => needed.push(format!("{}.dictionary.{list}", self.room)),
                super::field::FieldKind::Word(words) => {
                    needed.extend(words.iter().map(|word| self.word_label(field.name, word).key().to_owned()));
                }
                _ => {}
            }
            if !field.section.is_empty() {
                needed.push(own(format!("section.{}", field.section)));
            }
        }
        possible.extend(self.sorts.iter().map(|sort| own(format!("sort.{}", sort.name))));
        (needed, possible)
    }

    /// The label of a word of the program.
    pub fn word_label(&self, field: &str, word: &str) -> Message {
        Message::of(format!("{}.{}.{field}_{word}", self.room, self.name))
    }
}
