//! The door: messages go in with what they tell about, come out again while they have not left, and are handed out.

use crate::db::{Conn, DbError, FromRow, Row};
use crate::kernel::{Timestamp, UserId};
use crate::notify::{MessageId, NewMessage, TOPIC, Urgency, topic_of};
use crate::params;

const POST: &str = "
    INSERT INTO message (key, person, kind, subject_kind, subject_id, headline, lines, path, action_path, urgency, not_before)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (key) DO NOTHING";
const WITHDRAW: &str = "DELETE FROM message WHERE key = $1 AND out_at IS NULL";
const OVER: &str = "
    UPDATE message SET over_at = $2, read_at = COALESCE(read_at, $2), mail_at = NULL, action_path = NULL
    WHERE key = $1 AND out_at IS NOT NULL AND over_at IS NULL RETURNING person";
const WITHDRAW_ALL: &str = "DELETE FROM message WHERE key >= $1 AND key < $2 AND out_at IS NULL";
const OVER_ALL: &str = "
    UPDATE message SET over_at = $3, read_at = COALESCE(read_at, $3), mail_at = NULL, action_path = NULL
    WHERE key >= $1 AND key < $2 AND out_at IS NOT NULL AND over_at IS NULL RETURNING person";
const DUE: &str = "SELECT id, person, urgency FROM message WHERE out_at IS NULL AND not_before <= $1 ORDER BY not_before, id LIMIT $2";
const HAND_OUT: &str = "
    UPDATE message SET out_at = $2, mail_at = $3, read_at = $4,
        action_path = CASE WHEN CAST($3 AS BIGINT) IS NULL THEN NULL ELSE action_path END
    WHERE id = $1 AND out_at IS NULL";

pub(super) const STATEMENTS: &[&str] = &[POST, WITHDRAW, OVER, WITHDRAW_ALL, OVER_ALL, DUE, HAND_OUT];

/// A message whose time has come.
#[derive(Clone, Copy, Debug)]
pub(in crate::notify) struct DueMessage {
    pub(in crate::notify) id: MessageId,
    pub(in crate::notify) person: UserId,
    pub(in crate::notify) urgency: Urgency,
}

impl FromRow for DueMessage {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let urgency: String = row.get("urgency")?;
        let urgency = serde_json::from_value(serde_json::Value::String(urgency));
        let urgency = urgency.map_err(|error| DbError::Check(error.to_string()))?;
        Ok(Self { id: row.get("id")?, person: row.get("person")?, urgency })
    }
}

/// Posts a message within the unit that it tells about. False: one with this key is there already.
pub async fn post(c: &mut Conn<'_>, message: &NewMessage) -> Result<bool, DbError> {
    let NewMessage { key, to, kind, about, headline, lines, link, urgency, not_before } = message;
    let (about_kind, about_id) = (about.as_ref().map(|about| about.kind.clone()), about.as_ref().map(|about| about.id));
    let text = |problem: serde_json::Error| DbError::Check(problem.to_string());
    let headline = serde_json::to_string(headline).map_err(text)?;
    let lines = serde_json::to_string(lines).map_err(text)?;
    let (page, action) = (link.page().map(str::to_owned), link.action());
    let values =
        params![key, to, kind, about_kind, about_id, headline, lines, page, action, urgency.name(), not_before];
    let posted = c.exec(POST, values).await? == 1;
    if posted {
        c.notify(TOPIC);
    }
    Ok(posted)
}

/// Takes a message back that has not left. False: it is out, or there is none with this key.
pub async fn withdraw(c: &mut Conn<'_>, key: &str) -> Result<bool, DbError> {
    Ok(c.exec(WITHDRAW, params![key]).await? == 1)
}

/// What a message tells about has come to its end: it is taken back if it has not left; else it counts as read, no e-mail carries
/// it from now on, and its secret is blanked. False: there is no such message that was still open.
pub async fn over(c: &mut Conn<'_>, key: &str, now: Timestamp) -> Result<bool, DbError> {
    if withdraw(c, key).await? {
        return Ok(true);
    }
    let reader: Option<(UserId,)> = c.maybe(OVER, params![key, now]).await?;
    if let Some((person,)) = reader {
        c.notify(topic_of(person));
    }
    Ok(reader.is_some())
}

/// The same for every message whose key begins with `prefix`, which ends in `/`: all that was told about a task, say. How many.
pub async fn over_all(c: &mut Conn<'_>, prefix: &str, now: Timestamp) -> Result<u64, DbError> {
    // `0` follows `/` in both collations, which compare bytes.
    let end = format!("{}0", prefix.strip_suffix('/').unwrap_or(prefix));
    let withdrawn = c.exec(WITHDRAW_ALL, params![prefix, end]).await?;
    let readers: Vec<(UserId,)> = c.all(OVER_ALL, params![prefix, end, now]).await?;
    for (person,) in &readers {
        c.notify(topic_of(*person));
    }
    Ok(withdrawn + readers.len() as u64)
}

/// Messages whose time has come, the first first.
pub(in crate::notify) async fn due(c: &mut Conn<'_>, now: Timestamp, limit: u32) -> Result<Vec<DueMessage>, DbError> {
    c.all(DUE, params![now, limit]).await
}

/// Puts a message into its reader's list. False: another process was faster, or it was taken back.
pub(in crate::notify) async fn hand_out(
    c: &mut Conn<'_>,
    message: &DueMessage,
    now: Timestamp,
    mail_at: Option<Timestamp>,
    marked: bool,
) -> Result<bool, DbError> {
    let read_at = (!marked).then_some(now);
    let out = c.exec(HAND_OUT, params![message.id, now, mail_at, read_at]).await? == 1;
    if out {
        c.notify(topic_of(message.person));
    }
    Ok(out)
}
