//! Authority grids (授权额度表) as administrators make them. What a grid says and which row decides stands in
//! [`crate::workflow`]; this room keeps them beside the people whom they name.

use crate::i18n::{ErrorKind, Explain, Message, msg};
use crate::kernel::id::id;
use crate::kernel::time::{DEFAULT_ZONE, zone};
use crate::kernel::{Date, Timestamp, UserId};
use crate::workflow::{Directory, GridFault, GridVersion, TypedRow, read_rows};

id! {
    /// An authority grid in the tables.
    GridId
}

/// Characters that the note of a version may have.
const LONGEST_NOTE: usize = 200;

/// What the administrator says of a new grid.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GridFields {
    /// As workflows write it.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// Its first version.
    pub first: GridVersionFields,
}

/// What the administrator says of a new version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GridVersionFields {
    /// The day from which rounds that are submitted take it; today or later.
    pub from: Option<Date>,
    /// Why it is made.
    pub note: String,
    /// The rows as they were typed.
    pub rows: Vec<TypedRow>,
}

/// Why something with an authority grid was not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GridError {
    /// A name of another form.
    #[error("not a name of a grid")]
    Name,
    /// Another grid has the name.
    #[error("the name of the grid is taken")]
    NameTaken,
    /// No title, or too long.
    #[error("not a title of a grid")]
    Title,
    /// A version that takes force before today, or never.
    #[error("a version takes force today or later")]
    Starts,
    /// A note that is too long.
    #[error("a note has at most {longest} characters")]
    Note {
        /// Characters it may have.
        longest: usize,
    },
    /// Rows that cannot be asked.
    #[error("{} faults in the rows", .0.len())]
    Faults(Vec<GridFault>),
    /// Only a version whose day has not come is taken back.
    #[error("the version has taken force or was taken back")]
    NotAhead,
    /// Nothing waits to be confirmed.
    #[error("the version does not wait for a second person")]
    NotProposed,
    /// Whoever made a version does not confirm it.
    #[error("a second person confirms the version")]
    Own,
    /// Whoever asks to take a version back does not agree to it.
    #[error("a second person agrees to take the version back")]
    OwnWithdrawal,
    /// Nobody asks to take the version back.
    #[error("nobody asks to take the version back")]
    NoWithdrawal,
    /// The others left only lately.
    #[error("nobody decides alone before {from}")]
    AloneFrom {
        /// From then on.
        from: Timestamp,
    },
}

impl Explain for GridError {
    fn code(&self) -> &'static str {
        match self {
            Self::Name => "grid_name_form",
            Self::NameTaken => "grid_name_taken",
            Self::Title => "grid_title_form",
            Self::Starts => "grid_starts_too_early",
            Self::Note { .. } => "grid_note_length",
            Self::Faults(_) => "grid_faulty",
            Self::NotAhead => "grid_version_not_ahead",
            Self::NotProposed => "grid_version_not_proposed",
            Self::Own => "grid_version_own",
            Self::OwnWithdrawal => "grid_withdrawal_own",
            Self::NoWithdrawal => "grid_withdrawal_none",
            Self::AloneFrom { .. } => "grid_alone_from",
        }
    }

    fn kind(&self) -> ErrorKind {
        match self {
            Self::NameTaken
            | Self::NotAhead
            | Self::NotProposed
            | Self::Own
            | Self::OwnWithdrawal
            | Self::NoWithdrawal
            | Self::AloneFrom { .. } => ErrorKind::Conflict,
            Self::Name | Self::Title | Self::Starts | Self::Note { .. } | Self::Faults(_) => ErrorKind::Invalid,
        }
    }

    fn message(&self) -> Message {
        match self {
            Self::Name => msg!("org.error.grid_name_form"),
            Self::NameTaken => msg!("org.error.grid_name_taken"),
            Self::Title => msg!("org.error.grid_title_form"),
            Self::Starts => msg!("org.error.grid_starts_too_early"),
            Self::Note { longest } => msg!("org.error.grid_note_length", longest = *longest),
            Self::Faults(faults) => msg!("org.error.grid_faulty", count = faults.len()),
            Self::NotAhead => msg!("org.error.grid_version_not_ahead"),
            Self::NotProposed => msg!("org.error.grid_version_not_proposed"),
            Self::Own => msg!("org.error.grid_version_own"),
            Self::OwnWithdrawal => msg!("org.error.grid_withdrawal_own"),
            Self::NoWithdrawal => msg!("org.error.grid_withdrawal_none"),
            Self::AloneFrom { from } => msg!("org.error.grid_alone_from", from = *from),
        }
    }

    fn field(&self) -> Option<&str> {
        match self {
            Self::Name | Self::NameTaken => Some("name"),
            Self::Title => Some("title"),
            Self::Starts => Some("starts_on"),
            Self::Note { .. } => Some("note"),
            Self::Faults(_) => Some("rows"),
            Self::NotAhead
            | Self::NotProposed
            | Self::Own
            | Self::OwnWithdrawal
            | Self::NoWithdrawal
            | Self::AloneFrom { .. } => None,
        }
    }
}

impl GridFields {
    /// The same with every text in its one form, or what is wrong with the first that has none.
    pub fn checked(mut self) -> Result<Self, GridError> {
        self.name = self.name.trim().to_owned();
        if !super::role::is_name(&self.name) {
            return Err(GridError::Name);
        }
        self.title = super::user::name(&self.title).map_err(|_| GridError::Title)?;
        Ok(self)
    }
}

impl GridVersionFields {
    /// The version of that number, if everything in it can be asked; it waits for a second person.
    pub(super) fn version(
        &self,
        number: u32,
        directory: &Directory,
        by: Option<UserId>,
        at: Timestamp,
    ) -> Result<GridVersion, GridError> {
        let rows = read_rows(&self.rows, directory).map_err(GridError::Faults)?;
        let note = self.note.trim().to_owned();
        if note.chars().count() > LONGEST_NOTE {
            return Err(GridError::Note { longest: LONGEST_NOTE });
        }
        let from = self.from.filter(|from| *from >= day(at)).ok_or(GridError::Starts)?;
        Ok(GridVersion {
            number,
            from,
            note,
            made_by: by,
            made_at: at,
            proposed: true,
            confirmed_by: None,
            withdrawal_by: None,
            withdrawn: false,
            rows,
        })
    }
}

/// The day where the company is.
pub(super) fn day(at: Timestamp) -> Date {
    at.date_in(&zone(DEFAULT_ZONE))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(from: &str, note: &str) -> GridVersionFields {
        let row = TypedRow { who: vec!["manager".into()], ..TypedRow::default() };
        GridVersionFields { from: from.parse().ok(), note: note.into(), rows: vec![row] }
    }

    fn made(from: &str, note: &str) -> Result<GridVersion, GridError> {
        // Already the second of March in Shanghai.
        let at = "2026-03-01T17:00:00Z".parse().unwrap();
        fields(from, note).version(1, &Directory::default(), None, at)
    }

    #[test]
    fn a_version_takes_force_today_or_later_never_before() {
        assert!(made("2026-03-02", "").is_ok());
        assert!(made("2026-12-31", "").is_ok());
        assert_eq!(made("2026-03-01", ""), Err(GridError::Starts));
        assert_eq!(made("", ""), Err(GridError::Starts));
    }

    #[test]
    fn a_note_has_an_end() {
        assert_eq!(made("2026-03-02", &"长".repeat(201)), Err(GridError::Note { longest: 200 }));
    }

    #[test]
    fn a_grid_has_a_name_that_workflows_can_write() {
        let named = |name: &str| {
            GridFields { name: name.into(), title: "销售".into(), ..GridFields::default() }
                .checked()
                .map(|one| one.name)
        };
        assert_eq!(named(" sales-contract "), Ok("sales-contract".into()));
        assert_eq!(named("销售"), Err(GridError::Name));
        assert_eq!(GridFields { name: "a".into(), ..GridFields::default() }.checked(), Err(GridError::Title));
    }
}
