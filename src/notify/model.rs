//! What a message says, and when it may leave.

use std::time::Duration;

use jiff::civil::Time;
use serde::{Deserialize, Serialize};

use crate::i18n::Message;
use crate::kernel::id::id;
use crate::kernel::{Money, OfficeHours, Ref, Timestamp, Token, UserId};

id! {
    /// A message to a person.
    MessageId,
    /// An e-mail with one message or several.
    EmailId,
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
    /// What it is about, as people call it; empty where the first fact says it.
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

/// By which ways a person wants messages. Every message stands in their list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// A mark and a number in the program until it was read.
    pub program: bool,
    /// An e-mail.
    pub email: bool,
    /// By which it is changed; 0 for one that was never made.
    pub version: i64,
}

impl Default for Choice {
    fn default() -> Self {
        Self { program: true, email: true, version: 0 }
    }
}

/// The messages of one person, as far as a page shows them.
#[derive(Clone, Debug, PartialEq)]
pub struct Inbox {
    /// Those of this page, unread ones first, then the newest.
    pub messages: Vec<ShownMessage>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// How many are unread, counted up to a hundred.
    pub unread: i64,
}

/// A message as its reader finds it in the list.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownMessage {
    /// Its id.
    pub id: MessageId,
    /// The stable code of what it tells.
    pub kind: String,
    /// What it is about.
    pub about: Option<Ref>,
    /// Its first line.
    pub headline: Headline,
    /// What else it says.
    pub lines: Vec<Message>,
    /// Where it leads.
    pub path: Option<String>,
    /// When it was handed out.
    pub out_at: Timestamp,
    /// When it was read.
    pub read_at: Option<Timestamp>,
}

/// Where an e-mail stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmailState {
    /// There was no server; an administrator can send it when there is one.
    Kept,
    /// On its way, or waiting for another attempt.
    Waiting,
    /// The server took it.
    Sent,
    /// It was given up; an administrator can send it again.
    Failed,
    /// What it told about came to its end before it left.
    Dropped,
}

impl EmailState {
    /// All of them, in the order in which lists filter by them.
    pub const ALL: [Self; 5] = [Self::Kept, Self::Failed, Self::Waiting, Self::Sent, Self::Dropped];

    /// As it is stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Dropped => "dropped",
        }
    }

    /// The one with that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// An e-mail as the administrator's list has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Email {
    /// Its id.
    pub id: EmailId,
    /// To whom.
    pub person: UserId,
    /// The address it goes to.
    pub address: String,
    /// Where it stands.
    pub state: EmailState,
    /// How often somebody asked for it to be sent.
    pub(super) round: i64,
    /// How often it was tried.
    pub attempts: i64,
    /// Why the last attempt failed.
    pub reason: Option<Message>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When the server took it.
    pub sent_at: Option<Timestamp>,
}

/// By day, from eight in the morning to eight in the evening, e-mail leaves that is not urgent.
const DAY: (Time, Time) = (Time::constant(8, 0, 0, 0), Time::constant(20, 0, 0, 0));
/// So long a reminder waits for others of the same person.
const WAIT: Duration = Duration::from_mins(5);

/// When the e-mail of a message that was handed out at `out` leaves.
pub fn leaves_at(urgency: Urgency, out: Timestamp, office: &OfficeHours) -> Timestamp {
    match urgency {
        Urgency::Urgent => out,
        Urgency::Normal => by_day(out, office),
        Urgency::Reminder => by_day(out.plus(WAIT), office),
    }
}

fn by_day(at: Timestamp, office: &OfficeHours) -> Timestamp {
    let (date, zone) = (office.date(at), office.zone());
    let (begins, ends) = (Timestamp::at(date, DAY.0, zone), Timestamp::at(date, DAY.1, zone));
    if at < begins {
        begins
    } else if at < ends {
        at
    } else {
        Timestamp::at(date.saturating_add(jiff::Span::new().days(1)), DAY.0, zone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        format!("2026-03-{text}:00+08:00").parse().unwrap()
    }

    fn leaves(urgency: Urgency, out: &str) -> Timestamp {
        leaves_at(urgency, at(out), &OfficeHours::default())
    }

    #[test]
    fn by_day_only_reminders_wait() {
        assert_eq!(leaves(Urgency::Normal, "02T08:00"), at("02T08:00"));
        assert_eq!(leaves(Urgency::Urgent, "02T19:59"), at("02T19:59"));
        assert_eq!(leaves(Urgency::Reminder, "02T09:00"), at("02T09:05"));
    }

    #[test]
    fn at_night_only_what_is_urgent_leaves() {
        assert_eq!(leaves(Urgency::Urgent, "02T23:00"), at("02T23:00"));
        assert_eq!(leaves(Urgency::Normal, "02T20:00"), at("03T08:00"));
        assert_eq!(leaves(Urgency::Normal, "02T07:59"), at("02T08:00"));
        assert_eq!(leaves(Urgency::Reminder, "02T19:58"), at("03T08:00"));
    }
}
