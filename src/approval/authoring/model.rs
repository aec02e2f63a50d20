//! Drafts of workflow files, and who may publish one.

use crate::kernel::id::id;
use crate::kernel::{Hash, Timestamp, UserId};
use crate::org::Second;

id! {
    /// A draft of a workflow file.
    DraftId,
}

/// How far a draft is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DraftState {
    /// Its author writes.
    Writing,
    /// Frozen: a second person looks at it.
    Proposed,
    /// It became a version.
    Published,
}

impl DraftState {
    /// As it is stored and as programs read it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Writing => "writing",
            Self::Proposed => "proposed",
            Self::Published => "published",
        }
    }

    /// The state of that word.
    pub fn named(word: &str) -> Option<Self> {
        [Self::Writing, Self::Proposed, Self::Published].into_iter().find(|state| state.word() == word)
    }
}

/// What an author types.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DraftText {
    /// The workflow file.
    pub source: String,
    /// The scenarios beside it; empty where there are none.
    pub scenarios: String,
    /// Why it is changed, for the second person and the history.
    pub note: String,
}

/// A draft as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Which.
    pub id: DraftId,
    /// The name that its file gave when it was last readable.
    pub workflow: String,
    /// Whose.
    pub author: UserId,
    /// The version that it began from; nothing for a new workflow.
    pub base: Option<Hash>,
    /// What was typed.
    pub text: DraftText,
    /// How far it is.
    pub state: DraftState,
    /// Under which hash it was proposed.
    pub proposed: Option<Hash>,
    /// Who declined it last.
    pub answered_by: Option<UserId>,
    /// Why.
    pub answer: String,
    /// Rises with every change; compared by every write.
    pub version: i64,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it was changed.
    pub updated_at: Timestamp,
}

/// As what somebody stands before a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reviewer {
    /// Somebody else than its author: publishes or declines.
    Second,
    /// Its author, while others could publish it.
    Author,
    /// Its author, and nobody else may publish: with a reason.
    AloneAuthor,
}

impl Reviewer {
    /// As what `person` stands before a proposal of `author`, beside whom `second` decides.
    pub fn of(person: UserId, author: UserId, second: Second) -> Self {
        if person != author {
            Self::Second
        } else if second == Second::Nobody {
            Self::AloneAuthor
        } else {
            Self::Author
        }
    }
}

/// The name that `workflow("…")` gives.
pub(super) fn name_of(source: &str) -> Option<&str> {
    let (_, rest) = source.split_once("workflow(")?;
    let name = rest.trim_start().strip_prefix('"')?.split('"').next()?;
    let fits = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    fits.then_some(name)
}

/// The file that reasons will name, by the name that `workflow("…")` gives.
pub fn file_of(source: &str) -> String {
    format!("workflows/{}.rhai", name_of(source).unwrap_or("new"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LI: UserId = UserId::new(1);
    const WANG: UserId = UserId::new(2);

    #[test]
    fn a_file_is_called_after_its_workflow() {
        assert_eq!(file_of("// x\nworkflow(\"sales-contract\", #{"), "workflows/sales-contract.rhai");
        assert_eq!(file_of("workflow( \"a/../b\", #{"), "workflows/new.rhai");
        assert_eq!(file_of(""), "workflows/new.rhai");
    }

    #[test]
    fn nobody_is_the_second_person_of_their_own_proposal() {
        assert_eq!(Reviewer::of(WANG, LI, Second::Needed), Reviewer::Second);
        assert_eq!(Reviewer::of(LI, LI, Second::Needed), Reviewer::Author);
    }

    #[test]
    fn an_author_is_alone_where_nobody_else_may_publish() {
        assert_eq!(Reviewer::of(LI, LI, Second::Nobody), Reviewer::AloneAuthor);
    }

    #[test]
    fn an_author_who_was_left_alone_only_lately_waits() {
        let until = Second::NeededUntil(Timestamp::from_micros(0));
        assert_eq!(Reviewer::of(LI, LI, until), Reviewer::Author);
    }

    #[test]
    fn a_state_is_known_by_its_word() {
        for state in [DraftState::Writing, DraftState::Proposed, DraftState::Published] {
            assert_eq!(DraftState::named(state.word()), Some(state));
        }
        assert_eq!(DraftState::named("lost"), None);
    }
}
