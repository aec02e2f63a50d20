//! What pages and the API read: a person's own messages, and the outbox for who administers mail.

use super::render::{Carried, Reader};
use super::store::{choices, emails, inbox};
use super::{Choice, Email, EmailId, EmailState, Headline, Inbox, MAIL, Notify, NotifyError};
use crate::db::{AuditEntry, Conn, Cursor, record};
use crate::i18n::Lang;
use crate::kernel::{Actor, UserId};
use crate::org::{Contact, Forbidden, Org, Scope};

/// Messages on a page of a list.
const MESSAGES_A_PAGE: u32 = 30;
/// E-mails on a page of a list.
const EMAILS_A_PAGE: u32 = 50;

/// Which e-mails a list shows.
#[derive(Clone, Debug, Default)]
pub struct EmailFilter {
    /// Only those that stand there.
    pub state: Option<EmailState>,
    /// Where the page begins.
    pub after: Option<Cursor>,
}

/// An e-mail as a line of the administrator's list.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedEmail {
    /// The e-mail.
    pub email: Email,
    /// Who it goes to.
    pub name: String,
    /// Its subject, in the language of who looks.
    pub subject: String,
}

/// An e-mail as an administrator sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenedEmail {
    /// Where it stands.
    pub email: Email,
    /// Who it goes to.
    pub name: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
    /// Whether a link within lets who holds it act in the person's place.
    pub secret: bool,
}

impl Notify {
    /// A person's own messages.
    pub async fn inbox(&self, person: UserId, unread: bool, after: Option<Cursor>) -> Result<Inbox, NotifyError> {
        let read = async move |c: &mut Conn<'_>| inbox::page(c, person, unread, MESSAGES_A_PAGE, after.as_ref()).await;
        let (page, unread) = self.0.db.read(read).await?;
        Ok(Inbox { messages: page.rows, next: page.next.map(|next| next.to_string()), unread })
    }

    /// How many of a person's messages are unread, counted up to a hundred.
    pub async fn unread(&self, person: UserId) -> Result<i64, NotifyError> {
        let read =
            async move |c: &mut Conn<'_>| inbox::list(person, true).count(c, inbox::COUNTED).await.map(|it| it.counted);
        Ok(self.0.db.read(read).await?)
    }

    /// By which ways a person wants messages.
    pub async fn choice(&self, person: UserId) -> Result<Choice, NotifyError> {
        Ok(self.0.db.read(async move |c: &mut Conn<'_>| choices::get(c, person).await).await?)
    }

    /// Where e-mails to a person go, whatever they chose.
    pub async fn address(&self, person: UserId) -> Result<Option<String>, NotifyError> {
        let contact = self.0.db.read(async move |c: &mut Conn<'_>| Org::contact(c, person).await).await?;
        Ok(super::jobs::address(contact))
    }

    /// The first line of a message, in that language and told from now.
    pub fn subject(&self, headline: &Headline, lang: Lang) -> String {
        let inner = &self.0;
        Reader { lang, now: inner.clock.now(), office: &inner.office, public: &inner.public }.subject(headline)
    }

    /// E-mails with their subjects in the language of who looks, the newest first.
    pub async fn emails(
        &self,
        scope: &Scope,
        filter: EmailFilter,
        lang: Lang,
    ) -> Result<(Vec<ListedEmail>, Option<String>), NotifyError> {
        demand(scope)?;
        let EmailFilter { state, after } = filter;
        let read = async move |c: &mut Conn<'_>| {
            let (page, carried) = emails::page(c, state, EMAILS_A_PAGE, after.as_ref()).await?;
            let mut names = Vec::with_capacity(page.rows.len());
            for email in &page.rows {
                names.push(Org::contact(c, email.person).await?.map_or_else(String::new, |contact| contact.name));
            }
            Ok::<_, NotifyError>((page, carried, names))
        };
        let (page, carried, names) = self.0.db.read(read).await?;
        let mut listed = Vec::with_capacity(page.rows.len());
        for ((email, carried), name) in page.rows.into_iter().zip(carried).zip(names) {
            listed.push(ListedEmail { email, name, subject: self.letter(&carried, lang, false)?.subject });
        }
        Ok((listed, page.next.map(|next| next.to_string())))
    }

    /// How many e-mails were kept, given up, or tried in vain.
    pub async fn unsent(&self) -> Result<i64, NotifyError> {
        Ok(self.0.db.read(async |c: &mut Conn<'_>| emails::count_unsent(c).await).await?)
    }

    /// An e-mail as its person reads it. As long as there is no server a kept one shows its link, secret included; either way that
    /// somebody opened it is written into the audit log.
    pub async fn open_email(&self, scope: &Scope, actor: Actor, id: EmailId) -> Result<OpenedEmail, NotifyError> {
        demand(scope)?;
        let configured = self.0.mailer.is_configured().await?;
        let now = self.0.clock.now();
        let unit = async move |c: &mut Conn<'_>| {
            let (email, carried) = emails::get(c, id).await?.ok_or(NotifyError::NoEmail)?;
            let contact = Org::contact(c, email.person).await?;
            let secret = !configured && email.state == EmailState::Kept && carried.iter().any(has_secret);
            let entry = AuditEntry {
                at: now,
                actor,
                subject: crate::kernel::Ref::new("email", id.get()),
                action: "mail.opened",
                old: None,
                new: Some(serde_json::json!({ "person": email.person, "link_shown": secret })),
            };
            record(c, &entry).await?;
            Ok::<_, NotifyError>((email, carried, contact, secret))
        };
        let (email, carried, contact, secret) = self.0.db.write(unit).await?;
        let (name, lang) = contact.map_or_else(Default::default, |Contact { name, language, .. }| (name, language));
        let letter = self.letter(&carried, lang, secret)?;
        Ok(OpenedEmail { email, name, subject: letter.subject, text: letter.text, html: letter.html, secret })
    }
}

fn has_secret(carried: &Carried) -> bool {
    carried.action_path.is_some()
}

/// Mail belongs to nobody in particular: only a right that reaches all of it will do.
pub(super) fn demand(scope: &Scope) -> Result<(), NotifyError> {
    if scope.kind() != &MAIL {
        return Err(Forbidden { kind: MAIL, action: scope.action() }.into());
    }
    Ok(scope.demand(None, None)?)
}
