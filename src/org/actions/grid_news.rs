//! Who hears of a version of an authority grid that waits for them, and of what became of their own.

use super::Mark;
use crate::db::{Conn, DbError};
use crate::i18n::{Message, msg};
use crate::kernel::UserId;
use crate::org::grid::GridId;
use crate::org::permission::Authority;
use crate::org::{AUTHORITY_GRID, Org, Told};
use crate::workflow::GridVersion;

/// What waits under keys that begin so ends together; what was answered stays.
const WAITS: &str = "waits";
const ANSWERED: &str = "answered";

/// What is told in the unit that stores it.
#[derive(Clone)]
pub(super) struct News {
    kind: &'static str,
    label: Message,
    grid: (String, String),
    number: u32,
    by: String,
    lines: Vec<Message>,
    people: Vec<UserId>,
    stage: &'static str,
}

impl News {
    /// Every other administrator is asked.
    pub(super) fn asks(
        authority: &Authority,
        by: UserId,
        (name, title): (&str, &str),
        version: &GridVersion,
        (kind, label): (&'static str, Message),
    ) -> Self {
        let others = authority.administrators(&AUTHORITY_GRID).into_iter().filter(|one| *one != by).collect();
        Self {
            kind,
            label,
            grid: (name.to_owned(), title.to_owned()),
            number: version.number,
            by: authority.directory().name(by),
            lines: said(version),
            people: others,
            stage: WAITS,
        }
    }

    /// Every other administrator hears what became of a version that two had agreed on.
    pub(super) fn tells(
        authority: &Authority,
        by: UserId,
        grid: (&str, &str),
        version: &GridVersion,
        what: (&'static str, Message),
    ) -> Self {
        Self { stage: ANSWERED, ..Self::asks(authority, by, grid, version, what) }
    }

    /// Whoever wished it hears what became of it, unless they did it themselves.
    pub(super) fn answers(
        authority: &Authority,
        by: UserId,
        (name, title): (&str, &str),
        version: &GridVersion,
        (kind, label, wished_by): (&'static str, Message, Option<UserId>),
    ) -> Self {
        let people = wished_by.filter(|one| *one != by).into_iter().collect();
        let asked = Self::asks(authority, by, (name, title), version, (kind, label));
        Self { people, stage: ANSWERED, ..asked }
    }

    /// What waited of this version is settled, and this is told.
    pub(super) async fn post(&self, c: &mut Conn<'_>, org: &Org, id: GridId, mark: Mark) -> Result<(), DbError> {
        let Some(messenger) = org.0.messenger.get() else { return Ok(()) };
        let Self { kind, label, grid: (name, title), number, by, lines, people, stage } = self;
        let version = format!("authority_grid/{id}/{number}");
        messenger.settle(c, &format!("{version}/{WAITS}/"), mark.at).await?;
        let told = Told {
            key: format!("{version}/{stage}/{kind}/{}", mark.at.as_micros()),
            kind,
            about: AUTHORITY_GRID.reference(id.get()),
            label: label.clone(),
            title: title.clone(),
            by: by.clone(),
            lines: lines.clone(),
            page: format!("/admin/authority-grids/{name}?number={number}"),
            at: mark.at,
        };
        messenger.tell(c, &told, people).await
    }
}

fn said(version: &GridVersion) -> Vec<Message> {
    let mut lines = vec![msg!("org.grid.version_from", version = version.number, from = version.from)];
    if !version.note.is_empty() {
        lines.push(msg!("org.tell.note", note = &version.note));
    }
    lines
}
