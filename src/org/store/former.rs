//! Who might administer a kind of record, and until when.

use std::collections::BTreeMap;

use crate::db::{Conn, DbError};
use crate::kernel::{Kind, Timestamp, UserId};
use crate::org::permission::Authority;
use crate::org::role::Action;
use crate::org::second::Former;
use crate::params;

const ALL: &str = "SELECT kind, person, left_at FROM former_administrators";
const KEEP: &str = "INSERT INTO former_administrators (kind, person, left_at) VALUES ($1, $2, $3) \
    ON CONFLICT (kind, person) DO UPDATE SET left_at = excluded.left_at";

pub(super) const STATEMENTS: &[&str] = &[ALL, KEEP];

/// All of them.
pub(super) async fn all(c: &mut Conn<'_>) -> Result<Former, DbError> {
    let mut former: Former = BTreeMap::new();
    for (kind, person, left) in c.all::<(Kind, UserId, Timestamp)>(ALL, params![]).await? {
        former.entry(kind).or_default().insert(person, left);
    }
    Ok(former)
}

/// Remembers whoever might administer something before a change and may not after it.
pub(in crate::org) async fn keep(
    c: &mut Conn<'_>,
    before: &Authority,
    after: &Authority,
    at: Timestamp,
) -> Result<(), DbError> {
    for one in before.kinds().iter().filter(|one| one.actions.contains(&Action::Administer)) {
        let stay = after.administrators(&one.kind);
        for person in before.administrators(&one.kind).difference(&stay) {
            c.exec(KEEP, params![one.kind, person, at]).await?;
        }
    }
    Ok(())
}
