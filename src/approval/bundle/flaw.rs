//! What can be wrong with a bundle.

use crate::i18n::{Message, msg};
use crate::kernel::Hash;

/// Something in a bundle that is not as it was handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BundleFlaw {
    /// It is no ZIP, or one that is broken.
    NoBundle,
    /// A member cannot be read: its bytes were damaged on the way.
    Damaged {
        /// Its name.
        member: String,
    },
    /// A member is not what a bundle has there.
    Unreadable {
        /// Its name.
        member: String,
    },
    /// A member is not as the list of hashes has it.
    Changed {
        /// Its name.
        member: String,
    },
    /// A member that the list of hashes, the events or a content names is missing.
    Missing {
        /// Its name.
        member: String,
    },
    /// A member that the list of hashes does not name.
    Extra {
        /// Its name.
        member: String,
    },
    /// The event with that number is missing.
    EventMissing {
        /// Its number.
        seq: i64,
    },
    /// The event with that number stands elsewhere.
    EventMoved {
        /// Its number.
        seq: i64,
    },
    /// The hash of an event is not that of its bytes behind the event before it.
    EventAltered {
        /// Its number.
        seq: i64,
    },
    /// An event stands behind the head.
    EventAdded {
        /// Its number.
        seq: i64,
    },
    /// The cover says something else than the events.
    Cover {
        /// What: a field of `bundle.json`.
        field: &'static str,
    },
    /// The text of a workflow is not that of its version.
    Workflow {
        /// The version.
        version: Hash,
    },
    /// The lines of a content are not those of its hash.
    Content {
        /// The hash.
        content: Hash,
    },
    /// A part of a content is not the one that was hashed.
    Part {
        /// The hash of the content.
        content: Hash,
        /// Which part.
        path: String,
    },
    /// A file is not the one that was hashed.
    File {
        /// Its path in the content.
        path: String,
    },
    /// A decision does not name what its content says.
    Decision {
        /// The number of its event.
        seq: i64,
    },
    /// The way from the case does not lead to the root of the day.
    Anchor {
        /// The day.
        day: String,
    },
}

impl BundleFlaw {
    /// What is wrong and where, with what to do.
    pub fn message(&self) -> Message {
        let remedy = msg!("approval.bundle.remedy");
        match self {
            Self::NoBundle => msg!("approval.bundle.no_bundle"),
            Self::Damaged { member } => msg!("approval.bundle.damaged", member = member, remedy = remedy),
            Self::Unreadable { member } => msg!("approval.bundle.unreadable", member = member, remedy = remedy),
            Self::Changed { member } => msg!("approval.bundle.changed", member = member, remedy = remedy),
            Self::Missing { member } => msg!("approval.bundle.missing", member = member, remedy = remedy),
            Self::Extra { member } => msg!("approval.bundle.extra", member = member, remedy = remedy),
            Self::EventMissing { seq } => msg!("approval.bundle.event_missing", seq = *seq, remedy = remedy),
            Self::EventMoved { seq } => msg!("approval.bundle.event_moved", seq = *seq, remedy = remedy),
            Self::EventAltered { seq } => msg!("approval.bundle.event_altered", seq = *seq, remedy = remedy),
            Self::EventAdded { seq } => msg!("approval.bundle.event_added", seq = *seq, remedy = remedy),
            Self::Cover { field } => msg!("approval.bundle.cover", field = *field, remedy = remedy),
            Self::Workflow { version } => msg!("approval.bundle.workflow", version = version.short(), remedy = remedy),
            Self::Content { content } => msg!("approval.bundle.content", content = content.short(), remedy = remedy),
            Self::Part { content, path } => {
                msg!("approval.bundle.part", content = content.short(), path = path, remedy = remedy)
            }
            Self::File { path } => msg!("approval.bundle.file", path = path, remedy = remedy),
            Self::Decision { seq } => msg!("approval.bundle.decision", seq = *seq, remedy = remedy),
            Self::Anchor { day } => msg!("approval.bundle.anchor", day = day, remedy = remedy),
        }
    }
}
