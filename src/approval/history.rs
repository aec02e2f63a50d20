//! What happened in a case, a line an event; events that only machines care for are left out.

use super::concern::node;
use super::look::Look;
use super::words;
use crate::i18n::{Arg, Message, msg};
use crate::kernel::{Actor, Channel, Timestamp, UserId};
use crate::workflow::explain::{reason_said, stuck_said};
use crate::workflow::{Choice, Decided, Event, ReturnTo, SignerPlace, SkipReason, TaskOpened};

/// One line.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What.
    pub head: Message,
    /// Who, for whom, by which way.
    pub who: Option<Message>,
    /// Their words.
    pub text: Option<Message>,
    /// When.
    pub at: Timestamp,
    /// How it looks: `good`, `bad`, `info`, `warn` or plain.
    pub tone: &'static str,
}

impl Look {
    /// What happened, newest first.
    pub fn history(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        for stored in &self.events {
            if let Ok(event) = stored.event()
                && let Some(told) = self.told(&event, stored.seq)
            {
                let Told { head, who, text, tone } = told;
                lines.push(Line { head, who, text, at: stored.at, tone });
            }
        }
        lines.reverse();
        lines
    }

    /// An event in words, if people care for it.
    pub(super) fn told(&self, event: &Event, seq: i64) -> Option<Told> {
        self.of_case(event)
            .or_else(|| self.of_talk(event))
            .or_else(|| self.of_signing(event))
            .or_else(|| self.of_task(event, seq))
    }

    /// Where the case as a whole went.
    fn of_case(&self, event: &Event) -> Option<Told> {
        Some(match event {
            Event::Submitted { by, round, .. } => {
                Told::of(msg!("approval.log.submitted", round = *round), "info").by(self.actor(*by))
            }
            Event::Returned { by, to, reason, .. } => {
                let head = match to {
                    ReturnTo::Drafter => msg!("approval.log.returned"),
                    ReturnTo::Previous => msg!("approval.log.returned_before"),
                    ReturnTo::Node { node } => msg!("approval.log.returned_to", node = self.title(node)),
                };
                Told::of(head, "warn").maybe_by(by.map(|by| self.actor(by))).saying(reason)
            }
            Event::ReturnSignedFor { by } => Told::of(msg!("approval.log.return_signed"), "").by(self.actor(*by)),
            Event::ContentEdited { by, paths, .. } => {
                let paths: Arg = paths.iter().map(|path| self.part(path)).collect();
                Told::of(msg!("approval.log.edited", paths = paths), "warn").by(self.actor(*by))
            }
            Event::NodeSkipped { node, because, .. } if *because != SkipReason::Guard => {
                let title = |node: &str| self.title(node);
                let text = words::skipped(&self.facts.directory, title, because);
                Told { text: Some(text), ..Told::of(msg!("approval.log.passed_over", node = self.title(node)), "warn") }
            }
            Event::Rerouted { node, .. } => Told::of(msg!("approval.log.rerouted", node = self.title(node)), "warn"),
            Event::Approved => Told::of(msg!("approval.log.approved"), "good"),
            Event::Rejected { by, reason, .. } => {
                let told = Told::of(msg!("approval.log.rejected"), "bad");
                told.maybe_by(by.map(|by| self.actor(by))).saying(reason)
            }
            Event::Withdrawn { by, reason } => {
                Told::of(msg!("approval.log.withdrawn"), "warn").by(self.actor(*by)).saying(reason)
            }
            Event::Terminated { by, reason } => {
                Told::of(msg!("approval.log.terminated"), "bad").by(self.actor(*by)).saying(reason)
            }
            Event::Jumped { by, to, reason } => {
                let head = msg!("approval.log.jumped", node = self.title(to));
                Told::of(head, "warn").by(self.actor(*by)).saying(reason)
            }
            Event::Migrated { by, to, reason, .. } => {
                let head = msg!("approval.log.migrated", version = to.short());
                Told::of(head, "warn").by(self.actor(*by)).saying(reason)
            }
            Event::TakenOver { by, name, to, reason, .. } => {
                let head = msg!("approval.log.taken_over", from = name, to = self.name(*to));
                Told::of(head, "warn").by(self.actor(*by)).saying(reason)
            }
            Event::Ended => Told::of(msg!("approval.log.ended"), "good"),
            Event::Stuck { place, because, .. } => {
                let text = msg!("approval.tell.stuck_at", place = place, reason = stuck_said(because));
                Told { text: Some(text), ..Told::of(msg!("approval.log.stuck"), "bad") }
            }
            Event::Unstuck { by, .. } => Told::of(msg!("approval.log.unstuck"), "info").by(self.actor(*by)),
            Event::OutsideEvent { name, by } => {
                Told::of(msg!("approval.log.outside", name = name), "info").by(self.actor(*by))
            }
            _ => return None,
        })
    }

    /// Questions, suggestions, words.
    fn of_talk(&self, event: &Event) -> Option<Told> {
        Some(match event {
            Event::Asked { by, whom, text, .. } => {
                Told::of(msg!("approval.log.asked", person = self.name(*whom)), "").by(self.actor(*by)).saying(text)
            }
            Event::Answered { by, text, .. } => {
                Told::of(msg!("approval.log.answered"), "").by(self.actor(*by)).saying(text)
            }
            Event::Suggested { by, path, text, .. } => {
                let head = msg!("approval.log.suggested", part = self.part(path));
                Told::of(head, "").by(self.actor(*by)).saying(text)
            }
            Event::SuggestionTaken { by, .. } => Told::of(msg!("approval.log.taken"), "").by(self.actor(*by)),
            Event::SuggestionDeclined { by, reason, .. } => {
                Told::of(msg!("approval.log.declined"), "").by(self.actor(*by)).saying(reason)
            }
            Event::Commented { by, text } => {
                Told::of(msg!("approval.log.commented"), "").by(self.actor(*by)).saying(text)
            }
            Event::CopySent { people, .. } => {
                let names: Arg = people.iter().map(|one| self.name(one.person)).collect();
                Told::of(msg!("approval.log.copied", people = names), "")
            }
            Event::CopiedByHand { by, people, text } => {
                let names: Arg = people.iter().map(|one| self.name(*one)).collect();
                Told::of(msg!("approval.log.copied_by_hand", people = names), "").by(self.actor(*by)).saying(text)
            }
            Event::CopyRead { by, .. } => Told::of(msg!("approval.log.copy_read"), "").by(self.actor(*by)),
            _ => return None,
        })
    }

    /// Tasks and decisions.
    fn of_task(&self, event: &Event, seq: i64) -> Option<Told> {
        Some(match event {
            Event::TaskOpened(TaskOpened { node, candidates, .. }) => {
                let names: Arg = candidates.iter().map(|one| self.name(one.person)).collect();
                let head = msg!("approval.log.opened", node = self.title(node), people = names);
                let because = candidates.first().map(|one| reason_said(&one.because));
                Told { text: because, ..Told::of(head, "") }
            }
            Event::TaskClaimed { by, .. } => Told::of(msg!("approval.log.claimed"), "").by(self.actor(*by)),
            Event::TaskReleased { by, .. } => Told::of(msg!("approval.log.released"), "").by(self.actor(*by)),
            Event::Decided(decided) => self.decided(decided, seq),
            Event::DecisionKept { node, .. } => Told::of(msg!("approval.log.kept", node = self.title(node)), ""),
            Event::DecisionVoided { decision, because } => {
                let by = self.state.decisions.get(decision).and_then(|one| one.decided.by);
                let text = Some(words::voided(|path| self.part(path), because));
                Told { text, ..Told::of(msg!("approval.log.voided"), "warn").maybe_by(by.map(|by| self.actor(by))) }
            }
            Event::DecisionWithdrawn { by, .. } => Told::of(msg!("approval.log.undone"), "warn").by(self.actor(*by)),
            Event::Reminded { people, by, .. } => {
                let names: Arg = people.iter().map(|one| self.name(*one)).collect();
                let head = match by {
                    Some(_) => msg!("approval.log.urged", people = names),
                    None => msg!("approval.log.reminded", people = names),
                };
                Told::of(head, "").maybe_by(by.map(|by| self.actor(by)))
            }
            Event::HandedOver { to, .. } => {
                let names: Arg = to.iter().map(|one| self.name(one.person)).collect();
                Told::of(msg!("approval.log.handed_over", people = names), "warn")
            }
            Event::Transferred { by, to, reason, .. } => {
                let head = msg!("approval.log.transferred", person = self.name(to.person));
                Told::of(head, "").by(self.actor(*by)).saying(reason)
            }
            _ => return None,
        })
    }

    /// Who else signs or advises, and decisions that were taken back.
    fn of_signing(&self, event: &Event) -> Option<Told> {
        Some(match event {
            Event::Delegated { by, to, reason, .. } => {
                let head = msg!("approval.log.delegated", person = self.name(to.person));
                Told::of(head, "").by(self.actor(*by)).saying(reason)
            }
            Event::DelegationReturned { by: Some(by), advice, text, .. } => {
                let head = match advice {
                    Some(Choice::Approve) => msg!("approval.log.advised_approve"),
                    Some(Choice::Reject | Choice::Return) => msg!("approval.log.advised_reject"),
                    Some(Choice::Abstain) => msg!("approval.log.advised_abstain"),
                    None => msg!("approval.log.recalled"),
                };
                Told::of(head, "").by(self.actor(*by)).saying(text)
            }
            Event::DelegationReturned { by: None, .. } => Told::of(msg!("approval.log.came_back"), "warn"),
            Event::SignersAdded { by, place, people, reason, .. } => {
                let people: Arg = people.iter().map(|one| self.name(one.person)).collect();
                let head = match place {
                    SignerPlace::Before => msg!("approval.log.signers_before", people = people),
                    SignerPlace::Beside => msg!("approval.log.signers_beside", people = people),
                    SignerPlace::After => msg!("approval.log.signers_after", people = people),
                };
                Told::of(head, "").by(self.actor(*by)).saying(reason)
            }
            Event::SignerRemoved { node, signer, by, reason } => {
                let person = self.state.signer(node, *signer).map(|one| self.name(one.candidate.person));
                let head = msg!("approval.log.signer_removed", person = person.unwrap_or_default());
                Told::of(head, "warn").by(self.actor(*by)).saying(reason)
            }
            Event::TaskResumed { task, .. } => {
                let node = self.state.tasks.get(task).map(|task| self.title(&task.opened.node));
                Told::of(msg!("approval.log.resumed", node = node.unwrap_or_default()), "")
            }
            Event::DecisionRevoked { by, reason, .. } => {
                Told::of(msg!("approval.log.revoked"), "warn").by(self.actor(*by)).saying(reason)
            }
            _ => return None,
        })
    }

    fn decided(&self, decided: &Decided, seq: i64) -> Told {
        let head =
            msg!("approval.log.decided", choice = words::choice(decided.choice), node = self.title(&decided.node));
        let tone = match decided.choice {
            Choice::Approve => "good",
            Choice::Reject => "bad",
            Choice::Return => "warn",
            Choice::Abstain => "",
        };
        let told = Told::of(head, tone).saying(&decided.opinion);
        let Some(by) = decided.by else { return told.by(msg!("approval.say.silence")) };
        // The link ends with the last event of the command that its decision was in.
        let sent = self.links.iter().filter(|(ended, _)| ended.is_some_and(|ended| ended >= seq));
        match (by.channel, sent.min_by_key(|(ended, _)| *ended)) {
            (Channel::Link, Some((_, made))) => {
                let who = self.actor(Actor { channel: Channel::Page, ..by });
                told.by(msg!("approval.say.through_link_of", who = who, at = *made))
            }
            _ => told.by(self.actor(by)),
        }
    }

    /// `李四（代张三），通过消息里的链接`.
    pub(super) fn actor(&self, by: Actor) -> Message {
        let directory = &self.facts.directory;
        let who = match by.on_behalf_of {
            Some(absent) => msg!(
                "approval.say.for",
                deputy = words::person(directory, by.user),
                absent = words::person(directory, Some(absent))
            ),
            None => words::person(directory, by.user),
        };
        match words::channel(by.channel) {
            Some(way) => msg!("approval.say.by_way", who = who, way = way),
            None => who,
        }
    }

    /// What a node is called.
    pub(super) fn title(&self, name: &str) -> String {
        node(&self.workflow.definition, name).map_or_else(|| name.to_owned(), |(node, _)| node.title.clone())
    }

    /// What a part of the document is called.
    pub(super) fn part(&self, path: &str) -> String {
        let parts = self.brief.iter().flat_map(|brief| &brief.parts);
        parts.clone().find(|(known, _)| known == path).map_or_else(|| path.to_owned(), |(_, title)| title.clone())
    }

    pub(super) fn name(&self, person: UserId) -> String {
        self.facts.directory.name(person)
    }
}

/// An event in words.
pub(super) struct Told {
    pub(super) head: Message,
    pub(super) who: Option<Message>,
    pub(super) text: Option<Message>,
    pub(super) tone: &'static str,
}

impl Told {
    fn of(head: Message, tone: &'static str) -> Self {
        Self { head, who: None, text: None, tone }
    }

    fn by(self, who: Message) -> Self {
        Self { who: Some(who), ..self }
    }

    fn maybe_by(self, who: Option<Message>) -> Self {
        Self { who, ..self }
    }

    fn saying(self, text: &str) -> Self {
        let text = (!text.trim().is_empty()).then(|| words::as_written(text));
        Self { text, ..self }
    }
}
