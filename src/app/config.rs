//! What an installation is told when it starts.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::db::DatabaseUrl;
use crate::i18n::Lang;
use crate::mail::Account;

/// The settings of one process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Where it listens.
    pub listen: SocketAddr,
    /// The folder with everything that is kept.
    pub data: PathBuf,
    /// The database, where it is not the file in the data folder.
    pub database: Option<DatabaseUrl>,
    /// The address that people type, for links in messages: `https://contracts.example.cn`.
    pub public: Option<String>,
    /// Whether an empty installation starts with the demo company.
    pub demo: bool,
    /// The mail server, where whoever starts the program names it; else an administrator does on a page.
    pub smtp: Option<Account>,
    /// The language of the terminal.
    pub language: Lang,
}

impl Config {
    /// The settings of an installation that has chosen nothing.
    #[must_use]
    pub fn new(data: PathBuf) -> Self {
        let listen = SocketAddr::from(([127, 0, 0, 1], 8080));
        Self { listen, data, database: None, public: None, smtp: None, demo: false, language: Lang::Zh }
    }

    /// The database.
    #[must_use]
    pub fn database(&self) -> DatabaseUrl {
        self.database.clone().unwrap_or_else(|| DatabaseUrl::in_folder(&self.data))
    }

    /// Whether people come over TLS, which a proxy in front ends.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.public.as_deref().is_some_and(|address| address.starts_with("https://"))
    }

    /// The address that people type, without a slash at its end.
    #[must_use]
    pub fn public(&self) -> String {
        match &self.public {
            Some(address) => address.trim_end_matches('/').to_owned(),
            None => format!("http://{}", self.listen),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_installation_that_chose_nothing_keeps_a_file_in_its_folder() {
        let config = Config::new("data".into());
        assert_eq!(config.database().to_string(), "sqlite:data/qiyue.db");
        assert_eq!(config.public(), "http://127.0.0.1:8080");
        assert!(!config.is_secure());
    }

    #[test]
    fn cookies_demand_tls_where_people_come_over_it() {
        let config = Config { public: Some("https://contracts.example.cn/".into()), ..Config::new("data".into()) };
        assert!(config.is_secure());
        assert_eq!(config.public(), "https://contracts.example.cn");
    }
}
