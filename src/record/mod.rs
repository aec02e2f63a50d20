//! Business records that are declared once (业务记录).
//!
//! A [`Kind`] is const data: its fields, its parent, its codes, its orders. Everything that is the same for all kinds is written here
//! once and follows from the declaration: the form with its checks, the list with filters in the address, the page with timeline and
//! log, the warning before a second one of the same is made, lists of choices, codes by a pattern, and the JSON interface. Each kind
//! has a table of its own with typed columns; its statements are put together once, from names that stand in the program. What is
//! special about a kind is a [`Behaviour`]: ordinary Rust in the room that declares it.

mod actions;
pub mod api;
mod approver;
mod behaviour;
mod code;
mod dictionary;
mod error;
mod field;
mod hold;
mod kind;
pub mod pages;
mod queries;
mod records;
mod seen;
mod show;
mod store;
mod texts;
mod timeline;
mod value;
mod wording;

pub use actions::Wish;
pub use approver::{Approver, Beside, Gate};
pub use behaviour::{Act, Asked, Behaviour, Done, Kinds, OwnFilter, Plain, Stored, Tag};
pub use dictionary::{Choice, ChoiceFields, Dictionaries, load as load_dictionaries};
pub use error::{FieldProblem, RecordError, Twin};
pub use field::{
    Field, FieldKind, choice, credit_code, date, email, instant, long_text, mobile, money, number, record, telephone,
    text, user, word, yes_no,
};
pub use hold::{
    Held, HeldAt, Hold, HoldState, Submission, SubmissionFlaw, VerifiedSubmissions, content, free, hold_of,
    moved_elsewhere, submissions, submitted, verify,
};
pub use kind::{BY_TITLE, CHANGED, Kind, NEWEST};
pub use queries::{Filter, Listing, Names, Whole};
pub use records::Records;
pub use seen::{Seen, around, newest, seen, version_of};
pub use show::Eyes;
pub use store::{Record, Titled};
pub use timeline::{TimelineEntry, add_to_timeline, timeline_of};
pub use value::{Input, Raw, Value, Values};
pub use wording::{Wording, reword};

use crate::kernel;
use crate::org::{Action, ProtectedKind};

/// Lists of choices and patterns of codes, as a kind that roles are granted.
pub const DICTIONARY: kernel::Kind = kernel::Kind::of("dictionary");

/// What this room itself protects.
pub fn protected_kinds() -> Vec<ProtectedKind> {
    vec![ProtectedKind {
        kind: DICTIONARY,
        title: "record.kind.dictionary",
        actions: &[Action::Administer],
        first: &[],
    }]
}

/// The fixed statements that are not a kind's.
pub const STATEMENTS: &[&str] = &crate::db::joined::<{ crate::db::counted(PARTS) }>(PARTS);
const PARTS: &[&[&str]] = &[timeline::STATEMENTS, dictionary::STATEMENTS, hold::STATEMENTS];

/// The fixed statements of a kind.
pub fn statements(kind: &'static Kind) -> Vec<&'static str> {
    texts::statements(kind)
}

/// A list of choices by the room that says what it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DictionaryOf {
    /// The room.
    pub room: &'static str,
    /// Its name.
    pub name: &'static str,
}

/// The pattern for LIKE (with `ESCAPE '\'`) that finds what contains `words`, whatever they hold.
pub fn containing(words: &str) -> String {
    let mut pattern = String::from("%");
    for letter in words.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}
