//! What a message says, and when it may leave.

use serde::{Deserialize, Serialize};

use crate::i18n::Message;
use crate::kernel::id::id;
use crate::kernel::{Money, Ref, Timestamp, Token, UserId};

id! {
    /// A message to a person.
    MessageId,
}

/// A message to be posted.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// The same key is posted once; unique for what it tells and to whom: `approval/7/12/opened/3`.
    pub key: String,
    /// To whom.
    pub to: UserId,
    /// The stable code of what it tells, for filters and the API: `approval.opened`.
    pub kind: &'static str,
    /// What it is about.
    pub about: Option<Ref>,
    /// Its first line, the subject of an e-mail.
    pub headline: Headline,
    /// What else it says, a paragraph each.
    pub lines: Vec<Message>,
    /// Where it leads.
    pub link: Link,
    /// How it is delivered.
    pub urgency: Urgency,
    /// It leaves no earlier, and until then [`withdraw`](super::withdraw) takes it back.
    pub not_before: Timestamp,
}

/// The first line: `【待审批】软件服务合同 ¥128.00万 · XX科技 · 张三 · 偏离2处 · 今天18:00前`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Headline {
    /// What is wanted: 待审批.
    pub label: Message,
    /// What it is about, as people call it.
    pub title: String,
    /// How much.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// What else helps to judge it at a glance, in the order of its weight.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Fact>,
}

/// A part of a headline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// A name, the same in both languages.
    Text(String),
    /// A few words: 偏离2处.
    Words(Message),
    /// Until when, told from the day it is read: 今天18:00前.
    Due(Timestamp),
}

/// Where a message leads.
#[derive(Clone, Debug)]
pub enum Link {
    /// Nowhere.
    None,
    /// A page of ours, after a login.
    Page(String),
    /// A page where its reader can act without a login.
    Action {
        /// The page after a login, for the list of messages within the program.
        page: String,
        /// Where the token is put behind: `/a/`.
        prefix: String,
        /// The secret.
        token: Token,
    },
}

/// How a message is delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// At once, at night too.
    Urgent,
    /// At once by day.
    Normal,
    /// By day, and with the other reminders of the same person in one e-mail.
    Reminder,
}

impl Link {
    /// Where it leads after a login.
    pub(super) fn page(&self) -> Option<&str> {
        match self {
            Self::None => None,
            Self::Page(page) | Self::Action { page, .. } => Some(page),
        }
    }

    /// Where it leads without one, the secret included.
    pub(super) fn action(&self) -> Option<String> {
        match self {
            Self::Action { prefix, token, .. } => Some(format!("{prefix}{}", token.reveal())),
            Self::None | Self::Page(_) => None,
        }
    }
}

impl Urgency {
    /// As it is stored.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Urgent => "urgent",
            Self::Normal => "normal",
            Self::Reminder => "reminder",
        }
    }
}
