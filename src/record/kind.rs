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
}

/// A field of a kind.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    pub(super) name: &'static str,
    pub(super) kind: FieldKind,
    traits: u8,
    pub(super) use_: Use,
    pub(super) default: &'static str,
    pub(super) section: &'static str,
}

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub enum FieldKind {
    /// One line.
    Text {
        /// Characters at most.
        max: usize,
    },
    /// Several lines.
    LongText,
    /// An eleven-digit mobile number (R1).
    Mobile,
    /// A phone number of any kind, digits and signs.
    Telephone,
    /// An e-mail address.
    Email,
    /// A unified social credit code with its check digit.
    CreditCode,
    /// One choice of a dictionary that administrators edit.
    Choice(&'static str),
    /// One of a few words that the program itself knows; their labels stand under `room.kind.field_word`.
    Word(&'static [&'static str]),
    /// An amount with its currency, zero or more.
    Money,
    /// A whole number.
    Number {
        /// At least.
        min: i64,
        /// At most.
        max: i64,
    },
    /// A calendar date.
    Date,
    /// A date and a time of day.
    Instant,
    /// Yes or no.
    YesNo,
    /// Another record, picked and never typed.
    Record(&'static Kind),
    /// A person of ours.
    User,
}

/// Who sets a field, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// The form.
    Form,
    /// The form of a new record asks for it, and the room keeps it somewhere else.
    New,
    /// The form of a new record, and an act of its own later.
    Start,
    /// An act of its own.
    Act,
}

/// What can be said of any field, together in a number.
const REQUIRED: u8 = 1;
const DUPLICATE_HINT: u8 = 1 << 1;
const LISTED: u8 = 1 << 2;
const FILTERED: u8 = 1 << 3;
const SEARCHED: u8 = 1 << 4;

const fn field(name: &'static str, kind: FieldKind) -> Field {
    Field { name, kind, traits: 0, use_: Use::Form, default: "", section: "" }
}

/// One line of text.
pub const fn text(name: &'static str, max: usize) -> Field {
    field(name, FieldKind::Text { max })
}

/// Several lines of text.
pub const fn long_text(name: &'static str) -> Field {
    field(name, FieldKind::LongText)
}

/// A mobile number.
pub const fn mobile(name: &'static str) -> Field {
    field(name, FieldKind::Mobile)
}

/// A phone number of any kind.
pub const fn telephone(name: &'static str) -> Field {
    field(name, FieldKind::Telephone)
}

/// An e-mail address.
pub const fn email(name: &'static str) -> Field {
    field(name, FieldKind::Email)
}

/// A unified social credit code.
pub const fn credit_code(name: &'static str) -> Field {
    field(name, FieldKind::CreditCode)
}

/// One choice of a dictionary.
pub const fn choice(name: &'static str, dictionary: &'static str) -> Field {
    field(name, FieldKind::Choice(dictionary))
}

/// One of a few words that the program knows.
pub const fn word(name: &'static str, words: &'static [&'static str]) -> Field {
    field(name, FieldKind::Word(words))
}

/// An amount with its currency.
pub const fn money(name: &'static str) -> Field {
    field(name, FieldKind::Money)
}

/// A whole number.
pub const fn number(name: &'static str, min: i64, max: i64) -> Field {
    field(name, FieldKind::Number { min, max })
}

/// A calendar date.
pub const fn date(name: &'static str) -> Field {
    field(name, FieldKind::Date)
}

/// A date and a time of day.
pub const fn instant(name: &'static str) -> Field {
    field(name, FieldKind::Instant)
}

/// Yes or no.
pub const fn yes_no(name: &'static str) -> Field {
    field(name, FieldKind::YesNo)
}

/// Another record.
pub const fn record(name: &'static str, kind: &'static Kind) -> Field {
    field(name, FieldKind::Record(kind))
}

/// A person of ours.
pub const fn user(name: &'static str) -> Field {
    field(name, FieldKind::User)
}

impl Field {
    /// It cannot be empty.
    #[must_use]
    pub const fn required(self) -> Self {
        self.and(REQUIRED)
    }

    /// A new record with the same is shown the old one first (R2).
    #[must_use]
    pub const fn duplicate_hint(self) -> Self {
        self.and(DUPLICATE_HINT)
    }

    /// A column of the list.
    #[must_use]
    pub const fn listed(self) -> Self {
        self.and(LISTED)
    }

    /// A filter of the list.
    #[must_use]
    pub const fn filtered(self) -> Self {
        self.and(FILTERED)
    }

    /// Found by the words above the list.
    #[must_use]
    pub const fn searched(self) -> Self {
        self.and(SEARCHED)
    }

    /// Asked when the record is made; the room keeps it somewhere else, so it is no column.
    #[must_use]
    pub const fn only_new(mut self) -> Self {
        self.use_ = Use::New;
        self
    }

    /// Asked when the record is made; later it moves by an act of its own, so that the log and the timeline say so.
    #[must_use]
    pub const fn then_by_act(mut self) -> Self {
        self.use_ = Use::Start;
        self
    }

    /// Set by an act of its own and never by the form.
    #[must_use]
    pub const fn by_act(mut self) -> Self {
        self.use_ = Use::Act;
        self
    }

    /// What a new record starts with, as somebody would type it.
    #[must_use]
    pub const fn starts_with(mut self, default: &'static str) -> Self {
        self.default = default;
        self
    }

    /// The part of the form and of the page that it stands in.
    #[must_use]
    pub const fn section(mut self, name: &'static str) -> Self {
        self.section = name;
        self
    }

    const fn and(mut self, more: u8) -> Self {
        self.traits |= more;
        self
    }

    pub(super) const fn is_required(&self) -> bool {
        self.traits & REQUIRED != 0
    }

    pub(super) const fn hints_at_duplicates(&self) -> bool {
        self.traits & DUPLICATE_HINT != 0
    }

    pub(super) const fn is_listed(&self) -> bool {
        self.traits & LISTED != 0
    }

    pub(super) const fn is_filtered(&self) -> bool {
        self.traits & FILTERED != 0
    }

    pub(super) const fn is_searched(&self) -> bool {
        self.traits & SEARCHED != 0
    }

    /// Its name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// What it holds.
    pub const fn kind(&self) -> FieldKind {
        self.kind
    }

    /// Whether it is a column of the table.
    pub(super) fn is_stored(&self) -> bool {
        self.use_ != Use::New
    }
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
        Self { name, room, path, icon: "list", fields, parent: None, shares_owner: false, code: None, sorts: SORTS }
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

    /// The fields that are columns.
    pub(super) fn stored(&self) -> impl Iterator<Item = &'static Field> + use<> {
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
                FieldKind::Choice(list) => needed.push(format!("{}.dictionary.{list}", self.room)),
                FieldKind::Word(words) => {
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
    pub(super) fn word_label(&self, field: &str, word: &str) -> Message {
        Message::of(format!("{}.{}.{field}_{word}", self.room, self.name))
    }
}
