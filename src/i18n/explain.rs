//! What every error can tell: a code for programs, a kind for HTTP, a sentence with the remedy for people.

use super::{Message, msg};
use crate::kernel::check::CodeError;
use crate::kernel::{MoneyError, UnknownYear};

/// What kind of thing went wrong; `web` maps it to HTTP once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// What was sent cannot be accepted as it is.
    Invalid,
    /// There is no such thing, or none that this person may see.
    NotFound,
    /// This person may not do that.
    Forbidden,
    /// Who asks is not known.
    Unauthenticated,
    /// It has changed since it was read, or it is not in the state for that.
    Conflict,
    /// Too often in too short a time.
    TooMany,
    /// Nothing is wrong but the load: the same again in a moment will do.
    Busy,
    /// Something that is needed is not there: the database, the mail server.
    Unavailable,
    /// Our own mistake. The details are logged and not shown.
    Internal,
}

/// Implemented by the error enum of each room.
pub trait Explain: std::error::Error {
    /// The stable code for programs: `amount_too_large`.
    fn code(&self) -> &'static str;

    /// Its kind.
    fn kind(&self) -> ErrorKind;

    /// What happened and what helps, for people.
    fn message(&self) -> Message;

    /// The field of the form or of the JSON that it is about.
    fn field(&self) -> Option<&str> {
        None
    }

    /// The single faults where several fields are wrong at once, each about a field of its own.
    fn parts(&self) -> Vec<&dyn Explain> {
        Vec::new()
    }
}

/// Why the system does not let a file be read or written, with the remedy, to stand behind its name.
#[must_use]
pub fn file_problem(error: &std::io::Error) -> Message {
    use std::io::ErrorKind as Io;
    match error.kind() {
        Io::NotFound => msg!("kernel.file_missing"),
        Io::IsADirectory => msg!("kernel.file_is_folder"),
        Io::PermissionDenied => msg!("kernel.file_forbidden"),
        Io::InvalidData => msg!("kernel.file_not_text"),
        Io::StorageFull => msg!("kernel.file_no_room"),
        _ => msg!("kernel.file_refused", reason = error.to_string()),
    }
}

impl Explain for MoneyError {
    fn code(&self) -> &'static str {
        match self {
            Self::Empty => "amount_missing",
            Self::NotANumber { .. } => "amount_not_a_number",
            Self::MisplacedSeparator { .. } => "amount_separators",
            Self::TooManyDecimals { .. } => "amount_decimals",
            Self::TooLarge | Self::TooLargeToStore => "amount_too_large",
            Self::UnknownCurrency { .. } => "currency_unknown",
            Self::OtherCurrency { .. } => "currency_mismatch",
            Self::ImpossibleRate => "rate_impossible",
            Self::NoShares => "shares_empty",
        }
    }

    fn kind(&self) -> ErrorKind {
        ErrorKind::Invalid
    }

    fn message(&self) -> Message {
        match self {
            Self::Empty => msg!("kernel.amount_missing"),
            Self::NotANumber { text, rest } => msg!("kernel.amount_not_a_number", text = text, rest = rest),
            Self::MisplacedSeparator { text } => msg!("kernel.amount_separators", text = text),
            Self::TooManyDecimals { text, allowed } => msg!("kernel.amount_decimals", text = text, allowed = *allowed),
            Self::TooLarge => msg!("kernel.amount_too_large"),
            Self::TooLargeToStore => msg!("kernel.amount_too_large_to_store"),
            Self::UnknownCurrency { code } => msg!("kernel.unknown_currency", code = code),
            Self::OtherCurrency { expected, found } => {
                msg!("kernel.other_currency", expected = expected.code(), found = found.code())
            }
            Self::ImpossibleRate => msg!("kernel.rate_impossible"),
            Self::NoShares => msg!("kernel.shares_empty"),
        }
    }
}

impl Explain for CodeError {
    fn code(&self) -> &'static str {
        match self {
            Self::Length { .. } => "code_length",
            Self::Character { .. } => "code_character",
            Self::CheckDigit => "code_check_digit",
            Self::Date => "code_date",
            Self::Form => "code_form",
        }
    }

    fn kind(&self) -> ErrorKind {
        ErrorKind::Invalid
    }

    fn message(&self) -> Message {
        match *self {
            Self::Length { expected, found } => msg!("kernel.code_length", expected = expected, found = found),
            Self::Character { found, place } => msg!("kernel.code_character", found = found, place = place),
            Self::CheckDigit => msg!("kernel.code_check_digit"),
            Self::Date => msg!("kernel.code_date"),
            Self::Form => msg!("kernel.code_form"),
        }
    }
}

impl Explain for UnknownYear {
    fn code(&self) -> &'static str {
        "working_days_unknown"
    }

    fn kind(&self) -> ErrorKind {
        ErrorKind::Invalid
    }

    fn message(&self) -> Message {
        // As text: a year has no separators.
        msg!("kernel.working_days_unknown", year = self.year.to_string())
    }
}
