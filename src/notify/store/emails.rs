//! E-mails: written from messages whose time for it has come, sent, kept, given up.

use super::outbox::DueMessage;
use crate::db::{Conn, Cursor, DbError, FromRow, Key, Page, Query, Row, Sort};
use crate::i18n::Message;
use crate::kernel::{Timestamp, UserId};
use crate::notify::render::Carried;
use crate::notify::{Email, EmailId, EmailState};
use crate::params;

macro_rules! of_unsent {
    () => {
        " FROM email WHERE state = 'kept' OR state = 'failed' OR (state = 'waiting' AND attempts > 0) "
    };
}

const PENDING: &str =
    "SELECT id, person, urgency FROM message WHERE mail_at <= $1 ORDER BY mail_at, person, id LIMIT $2";
const SKIP_READ: &str = "
    UPDATE message SET mail_at = NULL, action_path = NULL
    WHERE person = $1 AND urgency = 'reminder' AND mail_at IS NOT NULL AND read_at IS NOT NULL AND read_at > out_at";
const ATTACH: &str = "UPDATE message SET mail_at = NULL, email = $2 WHERE id = $1 AND mail_at IS NOT NULL";
const ATTACH_REMINDERS: &str = "
    UPDATE message SET mail_at = NULL, email = $2
    WHERE person = $1 AND urgency = 'reminder' AND mail_at IS NOT NULL";
const NO_MAIL: &str = "UPDATE message SET mail_at = NULL, action_path = NULL WHERE id = $1";
const ADD: &str = "
    INSERT INTO email (person, address, state, round, attempts, created_at) VALUES ($1, $2, $3, 1, 0, $4) RETURNING id";
const REMOVE: &str = "DELETE FROM email WHERE id = $1";
const GET: &str = "
    SELECT id, person, address, state, round, attempts, reason, created_at, sent_at FROM email WHERE id = $1";
const CARRIED: &str = "
    SELECT headline, lines, path, action_path FROM message WHERE email = $1 AND over_at IS NULL ORDER BY id";
const CARRIED_EVER: &str = "SELECT headline, lines, path, action_path FROM message WHERE email = $1 ORDER BY id";
const SENT: &str = "
    UPDATE email SET state = 'sent', sent_at = $2, attempts = attempts + 1, reason = NULL WHERE id = $1";
const BLANK: &str = "UPDATE message SET action_path = NULL WHERE email = $1";
const STAND: &str = "
    UPDATE email SET state = $2, attempts = attempts + $4, reason = $3 WHERE id = $1 AND state <> 'sent'";
const AGAIN: &str = "
    UPDATE email SET state = 'waiting', round = round + 1, address = $2
    WHERE id = $1 AND round = $3 AND state IN ('kept', 'failed', 'waiting')";
const UNSENT: &str = concat!("SELECT id", of_unsent!(), "ORDER BY id LIMIT $1");
const COUNT_UNSENT: &str = concat!("SELECT count(*)", of_unsent!());

pub(super) const STATEMENTS: &[&str] = &[
    PENDING,
    SKIP_READ,
    ATTACH,
    ATTACH_REMINDERS,
    NO_MAIL,
    ADD,
    REMOVE,
    GET,
    CARRIED,
    CARRIED_EVER,
    SENT,
    BLANK,
    STAND,
    AGAIN,
    UNSENT,
    COUNT_UNSENT,
];

const SORTS: &[Sort] = &[Sort { name: "newest", keys: &[Key::falling("e.id")] }];

impl FromRow for Email {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let state: String = row.get("state")?;
        let state =
            EmailState::named(&state).ok_or_else(|| DbError::Check(format!("no state of an e-mail: {state}")))?;
        Ok(Self {
            id: row.get("id")?,
            person: row.get("person")?,
            address: row.get("address")?,
            state,
            round: row.get("round")?,
            attempts: row.get("attempts")?,
            reason: row.json("reason")?,
            created_at: row.get("created_at")?,
            sent_at: row.get("sent_at")?,
        })
    }
}

impl FromRow for Carried {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            headline: row.json("headline")?,
            lines: row.json("lines")?,
            path: row.get("path")?,
            action_path: row.get("action_path")?,
        })
    }
}

/// Messages whose e-mail is to be written.
pub(in crate::notify) async fn pending(
    c: &mut Conn<'_>,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<DueMessage>, DbError> {
    c.all(PENDING, params![now, limit]).await
}

/// Reminders of that person that they have read in the program meanwhile need no e-mail.
pub(in crate::notify) async fn skip_read(c: &mut Conn<'_>, person: UserId) -> Result<(), DbError> {
    c.exec(SKIP_READ, params![person]).await.map(drop)
}

/// No e-mail carries this message.
pub(in crate::notify) async fn no_mail(c: &mut Conn<'_>, message: &DueMessage) -> Result<(), DbError> {
    c.exec(NO_MAIL, params![message.id]).await.map(drop)
}

/// An e-mail with that message, or with all reminders of its person where it is one. `None`: another process was faster.
pub(in crate::notify) async fn write(
    c: &mut Conn<'_>,
    message: &DueMessage,
    address: &str,
    state: EmailState,
    now: Timestamp,
) -> Result<Option<EmailId>, DbError> {
    let (id,): (EmailId,) = c.one(ADD, params![message.person, address, state.name(), now]).await?;
    let carried = match message.urgency {
        crate::notify::Urgency::Reminder => c.exec(ATTACH_REMINDERS, params![message.person, id]).await?,
        _ => c.exec(ATTACH, params![message.id, id]).await?,
    };
    if carried == 0 {
        c.exec(REMOVE, params![id]).await?;
        return Ok(None);
    }
    Ok(Some(id))
}

/// One e-mail with the messages that it still has to tell.
pub(in crate::notify) async fn get(c: &mut Conn<'_>, id: EmailId) -> Result<Option<(Email, Vec<Carried>)>, DbError> {
    let Some(email) = c.maybe(GET, params![id]).await? else { return Ok(None) };
    Ok(Some((email, c.all(CARRIED, params![id]).await?)))
}

/// The server took it: its secrets are blanked.
pub(in crate::notify) async fn sent(c: &mut Conn<'_>, id: EmailId, now: Timestamp) -> Result<(), DbError> {
    c.exec(SENT, params![id, now]).await?;
    c.exec(BLANK, params![id]).await.map(drop)
}

/// It was tried in vain and waits, or is given up, or it is kept or dropped without an attempt.
pub(in crate::notify) async fn stand(
    c: &mut Conn<'_>,
    id: EmailId,
    state: EmailState,
    reason: Option<&Message>,
    attempts: i64,
) -> Result<(), DbError> {
    let text = reason.and_then(|reason| serde_json::to_string(reason).ok());
    c.exec(STAND, params![id, state.name(), text, attempts]).await?;
    if state == EmailState::Dropped {
        c.exec(BLANK, params![id]).await?;
    }
    Ok(())
}

/// Somebody asks for it to be sent. False: it was sent, or somebody was faster.
pub(in crate::notify) async fn again(c: &mut Conn<'_>, email: &Email, address: &str) -> Result<bool, DbError> {
    Ok(c.exec(AGAIN, params![email.id, address, email.round]).await? == 1)
}

/// Those that were kept, given up, or tried in vain, the oldest first.
pub(in crate::notify) async fn unsent(c: &mut Conn<'_>, limit: u32) -> Result<Vec<EmailId>, DbError> {
    let found: Vec<(EmailId,)> = c.all(UNSENT, params![limit]).await?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// How many there are of these.
pub(in crate::notify) async fn count_unsent(c: &mut Conn<'_>) -> Result<i64, DbError> {
    let (count,): (i64,) = c.one(COUNT_UNSENT, &[]).await?;
    Ok(count)
}

/// The list of e-mails, the newest first.
pub(in crate::notify) fn list(state: Option<EmailState>) -> Query {
    let columns = "e.id, e.person, e.address, e.state, e.round, e.attempts, e.reason, e.created_at, e.sent_at";
    let mut list = Query::new(columns, "email AS e");
    if let Some(state) = state {
        list.filter("e.state = ?", params![state.name()]);
    }
    list.sort(SORTS, "newest");
    list
}

/// A page of it, each with the messages that it carries.
pub(in crate::notify) async fn page(
    c: &mut Conn<'_>,
    state: Option<EmailState>,
    size: u32,
    after: Option<&Cursor>,
) -> Result<(Page<Email>, Vec<Vec<Carried>>), DbError> {
    let page: Page<Email> = list(state).page(c, size, after).await?;
    let mut carried = Vec::with_capacity(page.rows.len());
    for email in &page.rows {
        carried.push(c.all(CARRIED_EVER, params![email.id]).await?);
    }
    Ok((page, carried))
}
