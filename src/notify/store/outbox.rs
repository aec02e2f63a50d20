//! The door: messages go in with what they tell about, and come out again while they have not left.

use crate::db::{Conn, DbError};
use crate::notify::{NewMessage, TOPIC};
use crate::params;

pub(super) const POST: &str = "
    INSERT INTO message (key, person, kind, subject_kind, subject_id, headline, lines, path, action_path, urgency, not_before)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (key) DO NOTHING";
pub(super) const WITHDRAW: &str = "DELETE FROM message WHERE key = $1 AND out_at IS NULL";

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
