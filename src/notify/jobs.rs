//! What the loop runs: messages whose time has come are handed out, their e-mails written and sent.

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::render::{Carried, Letter, Reader};
use super::store::{self, DueMessage, emails};
use super::{Email, EmailId, EmailState, Notify, NotifyError, Urgency, leaves_at};
use crate::db::{Conn, DbError};
use crate::i18n::{Lang, Message, msg};
use crate::jobs::{Handler, Job, JobOutcome, NewJob, backoff, enqueue};
use crate::kernel::{Timestamp, UserId};
use crate::mail::{Mail, MailError, Undelivered};
use crate::org::{Contact, Org};

/// How many messages one turn takes at most.
const A_TURN: u32 = 200;

/// Hands an e-mail to the server.
const SEND: &str = "mail.send";

/// Whether a person is told in the program, and by e-mail.
async fn ways_to(c: &mut Conn<'_>, person: UserId) -> Result<(bool, bool), DbError> {
    let choice = store::choices::get(c, person).await?;
    let reached = address(Org::contact(c, person).await?).is_some();
    Ok((choice.program, choice.email && reached))
}

/// What the job of an e-mail has to know.
#[derive(Serialize, Deserialize)]
struct Payload {
    email: EmailId,
}

impl Notify {
    /// Hands out every message whose time has come, and writes the e-mails that are due; how many of both.
    pub async fn deliver(&self) -> Result<usize, NotifyError> {
        Ok(self.hand_out().await? + self.write_emails().await?)
    }

    async fn hand_out(&self) -> Result<usize, NotifyError> {
        let now = self.0.clock.now();
        let due = self.0.db.read(async move |c: &mut Conn<'_>| store::due(c, now, A_TURN).await).await?;
        if due.is_empty() {
            return Ok(0);
        }
        let office = self.0.office.clone();
        let unit = async move |c: &mut Conn<'_>| {
            let (mut out, mut ways) = (0, BTreeMap::new());
            for message in &due {
                let (program, email) = match ways.get(&message.person) {
                    Some(known) => *known,
                    None => *ways.entry(message.person).or_insert(ways_to(c, message.person).await?),
                };
                let mail_at = email.then(|| leaves_at(message.urgency, now, &office));
                out += usize::from(store::hand_out(c, message, now, mail_at, program).await?);
            }
            Ok::<_, DbError>(out)
        };
        Ok(self.0.db.write(unit).await?)
    }

    async fn write_emails(&self) -> Result<usize, NotifyError> {
        let now = self.0.clock.now();
        let pending = self.0.db.read(async move |c: &mut Conn<'_>| emails::pending(c, now, A_TURN).await).await?;
        if pending.is_empty() {
            return Ok(0);
        }
        let configured = self.0.mailer.is_configured().await?;
        let unit = async move |c: &mut Conn<'_>| {
            let mut written = 0;
            for message in &pending {
                written += usize::from(write(c, message, configured, now).await?);
            }
            Ok::<_, DbError>(written)
        };
        Ok(self.0.db.write(unit).await?)
    }

    /// The e-mail as its person reads it. Without `secrets` its links lead to pages behind the login.
    pub(super) fn letter(&self, carried: &[Carried], lang: Lang, secrets: bool) -> Result<Letter, NotifyError> {
        let inner = &self.0;
        let reader = Reader { lang, now: inner.clock.now(), office: &inner.office, public: &inner.public };
        Ok(reader.letter(carried, secrets)?)
    }

    /// The same number for the same e-mail however often it is sent.
    fn message_id(&self, id: EmailId) -> String {
        let host = self.0.public.split("://").last().unwrap_or_default();
        let host = host.split(['/', ':']).next().unwrap_or_default();
        format!("<{id}.{}.qiyue@{host}>", self.0.installation)
    }

    async fn send(&self, job: &Job) -> Result<JobOutcome, NotifyError> {
        let Ok(Payload { email: id }) = serde_json::from_value(job.payload.clone()) else {
            return Ok(JobOutcome::Fail { reason: msg!("notify.no_such_email") });
        };
        let read = async move |c: &mut Conn<'_>| {
            let Some((email, carried)) = emails::get(c, id).await? else { return Ok(None) };
            let contact = Org::contact(c, email.person).await?;
            Ok::<_, DbError>(Some((email, carried, contact)))
        };
        let Some((email, carried, contact)) = self.0.db.read(read).await? else { return Ok(JobOutcome::Done) };
        if email.state != EmailState::Waiting {
            return Ok(JobOutcome::Done);
        }
        let Some(contact) = contact.filter(|contact| contact.active && !carried.is_empty()) else {
            self.stand(id, EmailState::Dropped, None, 0).await?;
            return Ok(JobOutcome::Done);
        };
        let mail = self.mail(&email, &carried, contact)?;
        match self.0.mailer.try_send(&mail).await {
            Ok(Ok(())) => {
                let now = self.0.clock.now();
                self.0.db.write(async move |c: &mut Conn<'_>| emails::sent(c, id, now).await).await?;
                Ok(JobOutcome::Done)
            }
            Ok(Err(Undelivered { answer, again })) => {
                self.refused(id, job.attempt, again, msg!("mail.error.undelivered", answer = answer)).await
            }
            Err(MailError::NoServer) => {
                self.stand(id, EmailState::Kept, None, 0).await?;
                Ok(JobOutcome::Done)
            }
            Err(error) => self.refused(id, job.attempt, true, crate::i18n::Explain::message(&error)).await,
        }
    }

    fn mail(&self, email: &Email, carried: &[Carried], contact: Contact) -> Result<Mail, NotifyError> {
        let Letter { subject, text, html } = self.letter(carried, contact.language, true)?;
        Ok(Mail {
            to: email.address.clone(),
            to_name: contact.name,
            subject,
            text,
            html,
            message_id: self.message_id(email.id),
            at: self.0.clock.now(),
        })
    }

    async fn refused(
        &self,
        id: EmailId,
        attempt: u32,
        again: bool,
        reason: Message,
    ) -> Result<JobOutcome, NotifyError> {
        let again = again && backoff(attempt).is_some();
        let state = if again { EmailState::Waiting } else { EmailState::Failed };
        self.stand(id, state, Some(reason.clone()), 1).await?;
        Ok(if again { JobOutcome::Retry { reason } } else { JobOutcome::Fail { reason } })
    }

    async fn stand(
        &self,
        id: EmailId,
        state: EmailState,
        reason: Option<Message>,
        attempts: i64,
    ) -> Result<(), NotifyError> {
        let unit = async move |c: &mut Conn<'_>| emails::stand(c, id, state, reason.as_ref(), attempts).await;
        Ok(self.0.db.write(unit).await?)
    }
}

#[async_trait]
impl Handler for Notify {
    fn kind(&self) -> &'static str {
        SEND
    }

    async fn run(&self, job: &Job) -> JobOutcome {
        match self.send(job).await {
            Ok(outcome) => outcome,
            Err(error) => {
                tracing::warn!(%error, key = job.key, "an e-mail could not be sent");
                JobOutcome::Retry { reason: crate::i18n::Explain::message(&error) }
            }
        }
    }
}

/// Where an e-mail to that person goes, if one does.
pub(super) fn address(contact: Option<Contact>) -> Option<String> {
    contact.filter(|contact| contact.active)?.email
}

/// Writes the e-mail that carries a message, and asks for it to be sent where there is a server.
async fn write(c: &mut Conn<'_>, message: &DueMessage, configured: bool, now: Timestamp) -> Result<bool, DbError> {
    if message.urgency == Urgency::Reminder {
        emails::skip_read(c, message.person).await?;
    }
    let Some(address) = address(Org::contact(c, message.person).await?) else {
        emails::no_mail(c, message).await?;
        return Ok(false);
    };
    let state = if configured { EmailState::Waiting } else { EmailState::Kept };
    let Some(id) = emails::write(c, message, &address, state, now).await? else { return Ok(false) };
    if configured {
        enqueue(c, &job(id, 1, now)).await?;
    }
    Ok(true)
}

/// Sends an e-mail, asked for the `round`th time.
pub(super) fn job(id: EmailId, round: i64, now: Timestamp) -> NewJob {
    let payload = serde_json::json!({ "email": id });
    NewJob { kind: SEND, key: format!("email/{id}/{round}"), payload, run_at: now }
}
