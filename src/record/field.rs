//! A field of a kind: what it holds, who sets it, and what follows from it.

use super::kind::Kind;

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
const BESIDE: u8 = 1 << 5;

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

    /// The program moves it too, so that it is nothing that approval decides on.
    #[must_use]
    pub const fn beside_approval(self) -> Self {
        self.and(BESIDE)
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

    /// Whether approval decides on it: what a form sets, but for what the program moves too.
    pub(super) const fn is_content(&self) -> bool {
        matches!(self.use_, Use::Form | Use::Start) && self.traits & BESIDE == 0
    }

    /// Its name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// What a new record starts with.
    pub const fn default(&self) -> &'static str {
        self.default
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
