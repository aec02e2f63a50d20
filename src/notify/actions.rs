//! What people do with messages, and administrators with e-mails.

use super::jobs::{address, job};
use super::queries::demand;
use super::store::{choices, emails, inbox};
use super::{Choice, EmailId, MessageId, Notify, NotifyError, topic_of};
use crate::db::{AuditEntry, Conn, record};
use crate::i18n::{Lang, label};
use crate::kernel::{Actor, Ref, Timestamp, Token, UserId, check};
use crate::mail::Mail;
use crate::org::{Org, Scope};

/// Unsent e-mails that leave with one wish.
const AT_ONCE: u32 = 500;

impl Notify {
    /// Marks a message as read, and says where it leads.
    pub async fn read_message(&self, person: UserId, id: MessageId) -> Result<Option<String>, NotifyError> {
        let now = self.0.clock.now();
        let unit = async move |c: &mut Conn<'_>| {
            let path = inbox::path(c, person, id).await?.ok_or(NotifyError::NoMessage)?;
            if inbox::read(c, person, id, now).await? {
                c.notify(topic_of(person));
            }
            Ok::<_, NotifyError>(path)
        };
        self.0.db.write(unit).await
    }

    /// Marks as read what the person has seen: every message up to that one. How many.
    pub async fn read_messages(&self, person: UserId, until: MessageId) -> Result<u64, NotifyError> {
        let now = self.0.clock.now();
        let unit = async move |c: &mut Conn<'_>| {
            let read = inbox::read_all(c, person, until, now).await?;
            c.notify(topic_of(person));
            Ok::<_, NotifyError>(read)
        };
        self.0.db.write(unit).await
    }

    /// Chooses by which ways a person wants messages; one has to be left.
    pub async fn choose(&self, person: UserId, choice: Choice) -> Result<(), NotifyError> {
        if !choice.program && !choice.email {
            return Err(NotifyError::NoWay);
        }
        let unit = async move |c: &mut Conn<'_>| {
            if choices::put(c, person, choice).await? { Ok(()) } else { Err(NotifyError::Changed) }
        };
        self.0.db.write(unit).await
    }

    /// Sends an e-mail that was kept or given up, to the address that its person has now.
    pub async fn send_again(&self, scope: &Scope, actor: Actor, id: EmailId) -> Result<(), NotifyError> {
        demand(scope)?;
        self.demand_server().await?;
        let now = self.0.clock.now();
        let unit = async move |c: &mut Conn<'_>| send_again(c, actor, id, now).await;
        self.0.db.write(unit).await
    }

    /// Sends at once what was kept, given up, or tried in vain, after the server was set up or mended; how many.
    pub async fn send_unsent(&self, scope: &Scope, actor: Actor) -> Result<usize, NotifyError> {
        demand(scope)?;
        self.demand_server().await?;
        let now = self.0.clock.now();
        let unit = async move |c: &mut Conn<'_>| {
            let mut sent = 0;
            for id in emails::unsent(c, AT_ONCE).await? {
                match send_again(c, actor, id, now).await {
                    Ok(()) => sent += 1,
                    Err(NotifyError::Nobody | NotifyError::NotWaiting) => {}
                    Err(error) => return Err(error),
                }
            }
            Ok(sent)
        };
        self.0.db.write(unit).await
    }

    /// Sends a mail that says nothing, and waits for what the server answers.
    pub async fn send_test(&self, scope: &Scope, to: &str, lang: Lang) -> Result<(), NotifyError> {
        demand(scope)?;
        let to = check::email(to).map_err(|_| NotifyError::Address)?;
        let (subject, text) = (label(lang, "notify.test_subject"), label(lang, "notify.test_text"));
        let once = Token::new(self.0.mailer.random()).reveal();
        let mail = Mail {
            to,
            to_name: String::new(),
            html: format!("<!doctype html><html lang=\"{}\"><body><p>{text}</p></body></html>", lang.tag()),
            subject,
            text,
            message_id: format!("<test.{once}@qiyue>"),
            at: self.0.clock.now(),
        };
        Ok(self.0.mailer.send(&mail).await?)
    }

    async fn demand_server(&self) -> Result<(), NotifyError> {
        if self.0.mailer.is_configured().await? { Ok(()) } else { Err(crate::mail::MailError::NoServer.into()) }
    }
}

async fn send_again(c: &mut Conn<'_>, actor: Actor, id: EmailId, now: Timestamp) -> Result<(), NotifyError> {
    let (email, _) = emails::get(c, id).await?.ok_or(NotifyError::NoEmail)?;
    let address = address(Org::contact(c, email.person).await?).ok_or(NotifyError::Nobody)?;
    if !emails::again(c, &email, &address).await? {
        return Err(NotifyError::NotWaiting);
    }
    crate::jobs::enqueue(c, &job(id, email.round + 1, now)).await?;
    let entry = AuditEntry {
        at: now,
        actor,
        subject: Ref::new("email", id.get()),
        action: "mail.sent_again",
        old: None,
        new: None,
    };
    Ok(record(c, &entry).await?)
}
