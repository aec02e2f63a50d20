//! Who hears of what a command did: worked out on the states before and after it, posted in the write that stores it.

use std::collections::BTreeSet;
use std::time::Duration;

use super::effects::{Answerable, hearers, people};
use super::store::links::NewLink;
use super::{Glance, words};
use crate::i18n::{Message, msg};
use crate::kernel::{Actor, CaseId, Ref, Span, Timestamp, Token, UserId};
use crate::notify::{Fact, Headline, Link, NewMessage, Urgency};
use crate::org::ADMINISTRATOR;
use crate::workflow::explain::{reason_said, stuck_said};
use crate::workflow::{
    Candidate, Case, DecisionNumber, Definition, Directory, Event, Facts, ReturnTo, Task, TaskNumber,
};

/// Working hours that a link in a message lives.
const LINK_HOURS: u32 = 72;

/// One message to one person.
#[derive(Clone, Debug)]
pub(super) struct Telling {
    to: UserId,
    kind: &'static str,
    headline: Headline,
    lines: Vec<Message>,
    urgency: Urgency,
    /// Where its reader can decide without a login.
    link: Option<(Token, NewLink)>,
    /// Apart within the command: a task, a question.
    number: u32,
}

/// By what the messages of a command are known, so that undoing a decision finds its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// A decision.
    Decision(DecisionNumber),
    /// Anything else, by its first event.
    Event(i64),
    /// Somebody asked for a new link.
    Link(Timestamp),
}

impl Cause {
    /// Its part of a key.
    fn word(self) -> String {
        match self {
            Self::Decision(number) => format!("decision/{number}"),
            Self::Event(seq) => format!("event/{seq}"),
            Self::Link(at) => format!("link/{}", at.as_micros()),
        }
    }

    /// What the keys of its messages begin with, but for those about a task.
    pub(super) fn prefix(self, case: CaseId) -> String {
        format!("approval/{case}/{}/", self.word())
    }
}

/// What the keys of messages about a task begin with; those to one person, where one is named.
pub(super) fn prefix_of_task(case: CaseId, task: TaskNumber, person: Option<UserId>) -> String {
    match person {
        Some(person) => format!("approval/{case}/task/{task}/{person}/"),
        None => format!("approval/{case}/task/{task}/"),
    }
}

impl Telling {
    /// The message of a case; it leaves no earlier than `not_before`.
    pub(super) fn message(&self, case: CaseId, cause: Cause, about: &Ref, not_before: Timestamp) -> NewMessage {
        let (kind, number, to) = (self.kind, self.number, self.to);
        let page = format!("/approvals/{case}");
        let link = match &self.link {
            Some((token, _)) => Link::Action { page, prefix: "/a/".to_owned(), token: token.clone() },
            None => Link::Page(page),
        };
        let key = match &self.link {
            Some((_, link)) => {
                format!("{}{}/{kind}/{number}", prefix_of_task(case, link.task, Some(to)), cause.word())
            }
            None => format!("{}{kind}/{number}/{to}", cause.prefix(case)),
        };
        NewMessage {
            key,
            to,
            kind,
            about: Some(about.clone()),
            headline: self.headline.clone(),
            lines: self.lines.clone(),
            link,
            urgency: self.urgency,
            not_before,
        }
    }

    /// The link that it carries, to be stored.
    pub(super) fn link(&self) -> Option<NewLink> {
        self.link.as_ref().map(|(_, link)| *link)
    }
}

/// Everything that decides who hears what.
pub(super) struct Teller<'a> {
    pub(super) definition: &'a Definition,
    pub(super) facts: &'a Facts,
    pub(super) glance: &'a Glance,
    pub(super) before: &'a Case,
    pub(super) after: &'a Case,
    pub(super) actor: Actor,
    /// Makes tokens; the secret leaves only in the message.
    pub(super) token: &'a dyn Fn() -> Token,
}

impl Teller<'_> {
    /// What is to be told after `events`.
    pub(super) fn tell(&self, events: &[Event]) -> Vec<Telling> {
        let mut told = self.tasks(events);
        for event in events {
            self.event(event, &mut told);
        }
        told
    }

    /// Everybody who is asked now and was not before; after an undo, but for who undid it.
    fn tasks(&self, events: &[Event]) -> Vec<Telling> {
        let words = events.iter().find_map(|event| match event {
            Event::Returned { by, reason, .. } => Some(self.said(*by, reason)),
            Event::DelegationReturned { by, text, .. } if !text.is_empty() => Some(self.said(*by, text)),
            Event::Delegated { by, reason, .. }
            | Event::SignersAdded { by, reason, .. }
            | Event::TakenOver { by, reason, .. } => Some(self.said(Some(*by), reason)),
            _ => None,
        });
        let undone = events.iter().any(|event| matches!(event, Event::DecisionWithdrawn { .. }));
        let knows = |person: UserId| undone && Some(person) == self.actor.user;
        let mut told = Vec::new();
        for (number, task) in self.after.tasks.iter().filter(|(_, task)| task.open) {
            let asked = self.before.tasks.get(number).filter(|task| task.open);
            for one in &task.opened.candidates {
                let known = asked.is_some_and(|task| task.opened.candidates.iter().any(|it| it.person == one.person));
                if !known && !knows(one.person) {
                    let lines = [Some(because(one)), words.clone()].into_iter().flatten().collect();
                    told.push(self.asking(*number, task, one.person, ("approval.to_decide", TO_DECIDE), lines));
                }
            }
        }
        told
    }

    fn event(&self, event: &Event, told: &mut Vec<Telling>) {
        match event {
            Event::Returned { by, to: ReturnTo::Drafter, reason, .. } => {
                self.drafters("approval.returned", RETURNED, &[self.said(*by, reason)], told);
            }
            Event::Approved => self.drafters("approval.approved", APPROVED, &[], told),
            Event::Rejected { by, reason, .. } => {
                self.drafters("approval.rejected", REJECTED, &[self.said(*by, reason)], told);
            }
            Event::Withdrawn { by, reason } => {
                let line = self.said(Some(*by), reason);
                self.all(self.asked_before(), "approval.withdrawn", WITHDRAWN, &[line], told);
            }
            Event::Terminated { by, reason } => {
                let line = self.said(Some(*by), reason);
                self.drafters("approval.terminated", TERMINATED, std::slice::from_ref(&line), told);
                self.all(self.asked_before(), "approval.terminated", TERMINATED, &[line], told);
            }
            Event::Jumped { by, to, reason } => {
                let title = self.after.nodes.get(to).map_or_else(|| to.clone(), |node| node.title.clone());
                let lines = [msg!("approval.tell.jumped_to", node = title), self.said(Some(*by), reason)];
                self.drafters("approval.jumped", JUMPED, &lines, told);
            }
            Event::DecisionRevoked { by, reason, .. } => {
                self.drafters("approval.revoked", REVOKED, &[self.said(Some(*by), reason)], told);
            }
            Event::CopiedByHand { by, people, text } => {
                let lines: Vec<_> = (!text.trim().is_empty()).then(|| self.said(Some(*by), text)).into_iter().collect();
                self.all(people.iter().copied().collect(), "approval.copied", COPIED, &lines, told);
            }
            Event::CopySent { people, .. } => {
                let readers: BTreeSet<UserId> = people.iter().map(|one| one.person).collect();
                self.all(readers, "approval.copied", COPIED, &[], told);
            }
            Event::Reminded { task, people, by } => self.reminded(*task, people, *by, told),
            Event::Asked { question, by, whom, text, .. } => {
                let line = self.said(Some(*by), text);
                told.push(self.plain(*whom, ("approval.asked", ASKED), vec![line], *question));
            }
            Event::Answered { question, by, text } => self.answered(*question, *by, text, told),
            Event::Suggested { by, text, reason, .. } => {
                let lines = vec![self.said(Some(*by), reason), msg!("approval.tell.suggested_text", text = text)];
                self.drafters("approval.suggested", SUGGESTED, &lines, told);
            }
            Event::SuggestionTaken { suggestion, by } => {
                let line = msg!("approval.tell.suggestion_taken", person = self.name(by.user));
                self.suggester(*suggestion, line, told);
            }
            Event::SuggestionDeclined { suggestion, by, reason } => {
                self.suggester(*suggestion, self.said(Some(*by), reason), told);
            }
            Event::Stuck { place, because, .. } => {
                let line = msg!("approval.tell.stuck_at", place = place, reason = stuck_said(because));
                self.all(self.caretakers(), "approval.stuck", STUCK, &[line], told);
            }
            _ => {}
        }
    }

    fn reminded(&self, number: TaskNumber, people: &[UserId], by: Option<Actor>, told: &mut Vec<Telling>) {
        let Some(task) = self.after.tasks.get(&number).filter(|task| task.open) else { return };
        for person in people {
            let because = task.opened.candidates.iter().find(|one| one.person == *person).map(because);
            let lines = because.into_iter().collect();
            let what = if by.is_some() { ("approval.urged", URGED) } else { ("approval.reminded", REMINDED) };
            let telling = self.asking(number, task, *person, what, lines);
            let urgency = if by.is_some() { Urgency::Normal } else { Urgency::Reminder };
            told.push(Telling { urgency, ..telling });
        }
    }

    /// Who asked hears the answer, and can go on deciding where they are still asked.
    fn answered(&self, number: u32, by: Actor, text: &str, told: &mut Vec<Telling>) {
        let Some(question) = self.after.questions.get(&number) else { return };
        let Some(asker) = question.by.user else { return };
        let lines = vec![msg!("approval.tell.your_question", text = &question.text), self.said(Some(by), text)];
        let theirs = self.after.tasks.iter().filter(|(_, task)| task.open).find(|(number, task)| {
            question.task.is_none_or(|one| one == **number)
                && task.opened.candidates.iter().any(|one| one.person == asker)
        });
        told.push(match theirs {
            Some((task, held)) => {
                let telling = self.asking(*task, held, asker, ("approval.answered", ANSWERED), lines);
                Telling { number, ..telling }
            }
            None => self.plain(asker, ("approval.answered", ANSWERED), lines, number),
        });
    }

    fn suggester(&self, number: u32, line: Message, told: &mut Vec<Telling>) {
        let by = self.after.suggestions.get(&number).and_then(|suggestion| suggestion.by.user);
        let tell = by.filter(|person| Some(*person) != self.actor.user);
        told.extend(tell.map(|person| self.plain(person, ("approval.settled", SETTLED), vec![line], number)));
    }

    /// The drafter's side, but for who did it themselves.
    fn drafters(&self, kind: &'static str, label: &'static str, lines: &[Message], told: &mut Vec<Telling>) {
        let subject = &self.facts.subject;
        let people = [self.after.submitter, Some(subject.drafter), Some(subject.owner)].into_iter().flatten();
        let people = people.filter(|person| self.facts.directory.is_active(*person)).collect();
        self.all(people, kind, label, lines, told);
    }

    fn all(
        &self,
        people: BTreeSet<UserId>,
        kind: &'static str,
        label: &'static str,
        lines: &[Message],
        told: &mut Vec<Telling>,
    ) {
        let others = people.into_iter().filter(|person| Some(*person) != self.actor.user);
        told.extend(others.map(|person| self.plain(person, (kind, label), lines.to_vec(), 0)));
    }

    fn asked_before(&self) -> BTreeSet<UserId> {
        let open = self.before.tasks.values().filter(|task| task.open);
        open.flat_map(|task| &task.opened.candidates).map(|one| one.person).collect()
    }

    /// Whom the file names for cases that cannot go on; the administrators where it finds nobody.
    fn caretakers(&self) -> BTreeSet<UserId> {
        let directory: &Directory = &self.facts.directory;
        let answers = Answerable::from(&self.facts.subject);
        let rules = hearers(&self.definition.nobody_found, answers, directory).unwrap_or_default();
        let named: BTreeSet<UserId> = people(&rules, answers.owner, directory).into_iter().collect();
        if named.is_empty() { directory.with_role(ADMINISTRATOR).map(|one| one.id).collect() } else { named }
    }

    /// A message that leads to the page behind the login.
    fn plain(&self, to: UserId, what: (&'static str, &'static str), lines: Vec<Message>, number: u32) -> Telling {
        let (kind, label) = what;
        let headline = self.headline(label, None);
        Telling { to, kind, headline, lines, urgency: Urgency::Normal, link: None, number }
    }

    /// A message whose reader can decide through its link.
    fn asking(
        &self,
        number: TaskNumber,
        task: &Task,
        to: UserId,
        what: (&'static str, &'static str),
        lines: Vec<Message>,
    ) -> Telling {
        let (kind, label) = what;
        let token = (self.token)();
        let link = NewLink { token: token.hash(), task: number, person: to, expires_at: expiry(self.facts) };
        let headline = self.headline(label, task.opened.due);
        Telling { to, kind, headline, lines, urgency: Urgency::Normal, link: Some((token, link)), number }
    }

    fn headline(&self, label: &'static str, due: Option<Timestamp>) -> Headline {
        headline(self.glance, &self.facts.directory, Message::of(label), due)
    }

    /// `张三：…`.
    fn said(&self, by: Option<Actor>, text: &str) -> Message {
        msg!("approval.tell.said", person = self.name(by.and_then(|by| by.user)), text = text)
    }

    fn name(&self, person: Option<UserId>) -> Message {
        words::person(&self.facts.directory, person)
    }
}

const TO_DECIDE: &str = "approval.tell.to_decide";
const RETURNED: &str = "approval.tell.returned";
const APPROVED: &str = "approval.tell.approved";
const REJECTED: &str = "approval.tell.rejected";
const WITHDRAWN: &str = "approval.tell.withdrawn";
const TERMINATED: &str = "approval.tell.terminated";
const JUMPED: &str = "approval.tell.jumped";
const REVOKED: &str = "approval.tell.revoked";
const COPIED: &str = "approval.tell.copied";
const URGED: &str = "approval.tell.urged";
const REMINDED: &str = "approval.tell.reminded";
const ASKED: &str = "approval.tell.asked";
const ANSWERED: &str = "approval.tell.answered";
const SUGGESTED: &str = "approval.tell.suggested";
const SETTLED: &str = "approval.tell.settled";
const STUCK: &str = "approval.tell.stuck";

/// `【待审批】软件服务合同 ¥128.00万 · XX科技 · 张三 · 偏离2处 · 今天18:00前`.
pub(super) fn headline(glance: &Glance, directory: &Directory, label: Message, due: Option<Timestamp>) -> Headline {
    let mut facts = Vec::new();
    if !glance.other_party.is_empty() {
        facts.push(Fact::Text(glance.other_party.clone()));
    }
    facts.push(Fact::Text(directory.name(glance.drafter)));
    if glance.deviations > 0 {
        facts.push(Fact::Words(msg!("approval.tell.deviations", count = glance.deviations)));
    }
    facts.extend(due.map(Fact::Due));
    Headline { label, title: glance.title.clone(), amount: glance.amount, facts }
}

/// A new link to a task for the same person, sent where they are registered.
pub(super) fn again(facts: &Facts, glance: &Glance, task: (TaskNumber, &Task), to: UserId, token: Token) -> Telling {
    let (number, held) = task;
    let link = NewLink { token: token.hash(), task: number, person: to, expires_at: expiry(facts) };
    let lines = held.opened.candidates.iter().find(|one| one.person == to).map(because).into_iter().collect();
    let headline = headline(glance, &facts.directory, Message::of(TO_DECIDE), held.opened.due);
    let kind = "approval.link_again";
    Telling { to, kind, headline, lines, urgency: Urgency::Normal, link: Some((token, link)), number }
}

/// Why the task is theirs, as the event says it.
fn because(one: &Candidate) -> Message {
    msg!("approval.tell.because", reason = reason_said(&one.because))
}

/// In a year that the calendar does not know, hours by the clock: sooner rather than later.
fn expiry(facts: &Facts) -> Timestamp {
    let due = Span::working_hours(LINK_HOURS).due(facts.now, &facts.calendar, &facts.office);
    due.map_or_else(|_| facts.now.plus(Duration::from_hours(u64::from(LINK_HOURS))), |due| due.at)
}

/// Links that end because their task closed or went to somebody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// Nobody is asked at the task any more; who decided there used their link.
    Task(TaskNumber, Option<UserId>),
    /// This person is not asked any more.
    Person(TaskNumber, UserId),
}

/// What a command ends.
pub(super) fn endings(before: &Case, after: &Case, events: &[Event]) -> Vec<Ending> {
    let mut endings = Vec::new();
    for (number, task) in before.tasks.iter().filter(|(_, task)| task.open) {
        let Some(now) = after.tasks.get(number) else { continue };
        if !now.open {
            let decider = events.iter().find_map(|event| match event {
                Event::Decided(decided) if decided.task == *number => decided.by?.user,
                _ => None,
            });
            endings.push(Ending::Task(*number, decider));
            continue;
        }
        let gone = task.opened.candidates.iter().map(|one| one.person);
        let asked = |person: UserId| now.opened.candidates.iter().any(|one| one.person == person);
        endings.extend(gone.filter(|person| !asked(*person)).map(|person| Ending::Person(*number, person)));
    }
    endings
}
