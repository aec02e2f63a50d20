//! By which ways a person wants messages.

use crate::db::{Conn, DbError, FromRow, Row};
use crate::kernel::UserId;
use crate::notify::Choice;
use crate::params;

const GET: &str = "SELECT program, email, version FROM message_choice WHERE person = $1";
const ADD: &str = "INSERT INTO message_choice (person, program, email, version) VALUES ($1, $2, $3, 1) ON CONFLICT (person) DO NOTHING";
const CHANGE: &str = "
    UPDATE message_choice SET program = $2, email = $3, version = version + 1 WHERE person = $1 AND version = $4";

pub(super) const STATEMENTS: &[&str] = &[GET, ADD, CHANGE];

impl FromRow for Choice {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self { program: row.get("program")?, email: row.get("email")?, version: row.get("version")? })
    }
}

/// What they chose, or everything.
pub(in crate::notify) async fn get(c: &mut Conn<'_>, person: UserId) -> Result<Choice, DbError> {
    Ok(c.maybe(GET, params![person]).await?.unwrap_or_default())
}

/// Stores a choice whose version is still that one. False: it was changed meanwhile.
pub(in crate::notify) async fn put(c: &mut Conn<'_>, person: UserId, choice: Choice) -> Result<bool, DbError> {
    let Choice { program, email, version } = choice;
    let stored = if version == 0 {
        c.exec(ADD, params![person, program, email]).await?
    } else {
        c.exec(CHANGE, params![person, program, email, version]).await?
    };
    Ok(stored == 1)
}
