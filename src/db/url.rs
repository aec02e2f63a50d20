//! Where the data is: `sqlite:PATH` or `postgres://…`.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The address of a database, from the command line or a settings file.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file that this process owns.
    Sqlite(PathBuf),
    /// A server that several processes may share.
    Postgres(String),
}

/// The address is neither of the two.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("the database address must be sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME, not {0:?}")]
pub struct UrlError(pub String);

impl DatabaseUrl {
    /// The file that it is; nothing where it is a server.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(file) => Some(file),
            Self::Postgres(_) => None,
        }
    }

    /// The file of an installation that keeps everything in one folder.
    pub fn in_folder(folder: &Path) -> Self {
        Self::Sqlite(folder.join("qiyue.db"))
    }
}

impl FromStr for DatabaseUrl {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            // SQLite would read these as a database of one connection only; ours has many.
            if !path.is_empty() && !path.starts_with(':') {
                return Ok(Self::Sqlite(PathBuf::from(path)));
            }
        } else if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        Err(UrlError(text.to_owned()))
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Without the password.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => match url.rsplit_once('@') {
                Some((_, host)) => write!(f, "postgres://…@{host}"),
                None => f.write_str(url),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_and_a_server_are_told_apart() {
        assert_eq!("sqlite:data/qiyue.db".parse(), Ok(DatabaseUrl::Sqlite("data/qiyue.db".into())));
        assert_eq!("sqlite:///srv/q.db".parse(), Ok(DatabaseUrl::Sqlite("/srv/q.db".into())));
        assert!(matches!("postgres://u:p@h/d".parse(), Ok(DatabaseUrl::Postgres(_))));
    }

    #[test]
    fn anything_else_is_refused_by_name() {
        for text in ["mysql://h/d", "sqlite:", "sqlite::memory:", "data.db"] {
            assert_eq!(text.parse::<DatabaseUrl>(), Err(UrlError(text.to_owned())));
        }
    }

    #[test]
    fn the_password_is_never_shown() {
        let url: DatabaseUrl = "postgres://u:secret@h/d".parse().unwrap();
        assert_eq!(url.to_string(), "postgres://…@h/d");
        assert_eq!(format!("{url:?}"), "postgres://…@h/d");
    }
}
