//! What programs send with commands on a case.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::i18n::msg;
use crate::kernel::{Hash, UserId};
use crate::web;
use crate::workflow::{Next, SignerPlace, Verdict};

/// A decision on a task.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Decision {
    /// The task; nothing only where a wait may be returned or rejected.
    pub(super) task: Option<u32>,
    /// Hash of the content that the caller saw.
    pub(super) content: String,
    #[serde(default)]
    pub(super) opinion: String,
    /// The part of the document that the words are about: `clauses/liability`.
    pub(super) path: Option<String>,
    /// 自由流转: `"finish"`, `"pool"`, or a list of people.
    #[schema(value_type = Option<Object>)]
    pub(super) next: Option<NextBody>,
    /// The event at which the caller saw the case.
    pub(super) version: Option<i64>,
}

/// Where a freely flowing approval goes.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
pub(super) enum NextBody {
    /// `finish` or `pool`.
    Word(NextWord),
    /// To these people.
    People(Vec<i64>),
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum NextWord {
    /// This was the last one.
    Finish,
    /// To everybody that the rule finds.
    Pool,
}

/// A return.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReturnBody {
    pub(super) task: Option<u32>,
    /// Hash of the content that the caller saw.
    pub(super) content: String,
    pub(super) opinion: String,
    pub(super) path: Option<String>,
    /// `drafter` (the default), `previous`, or the name of a node that has decided.
    pub(super) to: Option<String>,
    pub(super) version: Option<i64>,
}

/// A task.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TaskBody {
    pub(super) task: u32,
    pub(super) version: Option<i64>,
}

/// A task, or the returned record.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignForBody {
    pub(super) task: Option<u32>,
    pub(super) version: Option<i64>,
}

/// Words.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TextBody {
    pub(super) text: String,
    pub(super) version: Option<i64>,
}

/// A reason, where there is one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReasonBody {
    #[serde(default)]
    pub(super) reason: String,
    pub(super) version: Option<i64>,
}

/// A decision by its number.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UndoBody {
    pub(super) decision: u32,
    pub(super) version: Option<i64>,
}

/// A task for somebody else.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TransferBody {
    pub(super) task: u32,
    #[schema(value_type = i64)]
    pub(super) to: UserId,
    pub(super) reason: String,
    pub(super) version: Option<i64>,
}

/// People who sign as well.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AddSignersBody {
    /// Whose signature they stand by.
    pub(super) task: u32,
    pub(super) people: Vec<i64>,
    pub(super) place: PlaceWord,
    pub(super) reason: String,
    pub(super) version: Option<i64>,
}

/// When somebody who was added signs.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum PlaceWord {
    /// First; whoever added them decides afterwards.
    Before,
    /// At the same time.
    Beside,
    /// Once whoever added them has approved.
    After,
}

impl From<PlaceWord> for SignerPlace {
    fn from(word: PlaceWord) -> Self {
        match word {
            PlaceWord::Before => Self::Before,
            PlaceWord::Beside => Self::Beside,
            PlaceWord::After => Self::After,
        }
    }
}

/// Somebody who was added to a node.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RemoveSignerBody {
    pub(super) node: String,
    /// Counted from 1 at the node.
    pub(super) signer: u32,
    pub(super) reason: String,
    pub(super) version: Option<i64>,
}

/// A decision of the caller that is taken back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RevokeBody {
    pub(super) decision: u32,
    pub(super) reason: String,
    pub(super) version: Option<i64>,
}

/// People who read the case.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CopiesBody {
    pub(super) people: Vec<i64>,
    #[serde(default)]
    pub(super) text: String,
    pub(super) version: Option<i64>,
}

/// A node.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct JumpBody {
    /// Where to.
    pub(super) node: String,
    pub(super) reason: String,
    pub(super) version: Option<i64>,
}

/// Who leaves, and who takes over.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TakeOverBody {
    #[schema(value_type = i64)]
    pub(super) from: UserId,
    #[schema(value_type = i64)]
    pub(super) to: UserId,
    pub(super) reason: String,
    pub(super) version: Option<i64>,
}

/// A version of the workflow of the case.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MigrateBody {
    /// Its hash.
    pub(super) to: String,
    pub(super) reason: String,
    pub(super) version: Option<i64>,
}

/// A question.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AskBody {
    pub(super) task: Option<u32>,
    #[schema(value_type = i64)]
    pub(super) whom: UserId,
    pub(super) text: String,
    pub(super) version: Option<i64>,
}

/// An answer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AnswerBody {
    pub(super) question: u32,
    pub(super) text: String,
    pub(super) version: Option<i64>,
}

/// A change to a part of the document.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SuggestBody {
    pub(super) task: Option<u32>,
    /// `clauses/liability`, `fields/payment_terms` …
    pub(super) path: String,
    /// What it should say.
    pub(super) text: String,
    pub(super) reason: String,
    pub(super) version: Option<i64>,
}

/// A suggestion by its number.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SettleBody {
    pub(super) suggestion: u32,
    /// Why it is declined.
    #[serde(default)]
    pub(super) reason: String,
    pub(super) version: Option<i64>,
}

/// The node of a copy.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CopyBody {
    pub(super) node: String,
    pub(super) version: Option<i64>,
}

pub(super) fn content(text: &str) -> Result<Option<Hash>, web::Error> {
    let error = || web::Error::field("content", "content_invalid", msg!("approval.content_invalid"));
    text.parse().map(Some).map_err(|_| error())
}

pub(super) fn people(ids: Vec<i64>) -> Vec<UserId> {
    ids.into_iter().map(UserId::new).collect()
}

pub(super) fn version_named(text: &str) -> Result<Hash, web::Error> {
    text.parse().map_err(|_| web::Error::field("to", "version_invalid", msg!("approval.version_invalid")))
}

impl Decision {
    pub(super) fn verdict(self) -> Result<Verdict, web::Error> {
        let next = self.next.map(|next| match next {
            NextBody::Word(NextWord::Finish) => Next::Finish,
            NextBody::Word(NextWord::Pool) => Next::Pool,
            NextBody::People(people) => Next::People { people: people.into_iter().map(UserId::new).collect() },
        });
        Ok(Verdict { task: self.task, shown: content(&self.content)?, opinion: self.opinion, path: self.path, next })
    }
}
