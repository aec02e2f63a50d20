//! Settings that commands share: flags, or the environment.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::app::Config;
use crate::db::DatabaseUrl;
use crate::i18n::Lang;
use crate::mail::Account;

/// Where the data is.
#[derive(Args, Clone, Debug)]
pub(super) struct Place {
    /// The folder with everything that is kept.
    #[arg(long, env = "QIYUE_DATA", default_value = "data")]
    data: PathBuf,
    /// The database, where it is not the file in the data folder: postgres://USER:PASSWORD@HOST/NAME.
    #[arg(long, env = "QIYUE_DATABASE", hide_env_values = true)]
    database: Option<DatabaseUrl>,
    /// The language of the terminal.
    #[arg(long, env = "QIYUE_LANGUAGE", value_enum, default_value_t = Language::Zh)]
    language: Language,
}

/// The language of the terminal.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Language {
    Zh,
    En,
}

impl Place {
    /// The settings with this place and everything else as it is when nothing is chosen.
    pub(super) fn config(self) -> Config {
        Config { database: self.database, language: self.language.into(), ..Config::new(self.data) }
    }
}

impl From<Language> for Lang {
    fn from(language: Language) -> Self {
        match language {
            Language::Zh => Self::Zh,
            Language::En => Self::En,
        }
    }
}

/// Where people come.
#[derive(Args, Clone, Debug)]
pub(super) struct Door {
    /// Where to listen.
    #[arg(long, env = "QIYUE_LISTEN", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The address that people type, for links in messages: `https://contracts.example.cn`.
    #[arg(long, env = "QIYUE_PUBLIC")]
    public: Option<String>,
    /// The mail server, which pages then do not change: `smtp://USER:PASSWORD@HOST:PORT?from=ADDRESS`; smtps:// or security=starttls
    /// protect the connection.
    #[arg(long, env = "QIYUE_SMTP", hide_env_values = true)]
    smtp: Option<Account>,
}

impl Door {
    pub(super) fn apply(self, config: Config) -> Config {
        Config { listen: self.listen, public: self.public, smtp: self.smtp, ..config }
    }
}
