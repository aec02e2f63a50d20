//! The mail server: what an administrator says of it, and what that must look like.

use std::fmt;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use super::MailError;
use crate::i18n::{self, Lang};
use crate::kernel::check;

/// How the way to the server is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// Not at all: only for a server on the same machine or network.
    None,
    /// It begins in the clear and turns to TLS, or ends; usually port 587.
    #[default]
    StartTls,
    /// TLS from the first byte; usually port 465.
    Tls,
}

impl Security {
    /// All of them, in the order in which a form shows them.
    pub const ALL: [Self; 3] = [Self::StartTls, Self::Tls, Self::None];

    /// Its name in forms, addresses and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::StartTls => "starttls",
            Self::Tls => "tls",
        }
    }

    /// The one with that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// A mail server, and in whose name it sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Server {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the way is protected.
    pub security: Security,
    /// Who logs in there; empty is nobody.
    pub user: String,
    /// The address that mail comes from.
    pub sender: String,
    /// The name that stands before that address.
    pub sender_name: String,
}

/// A server with the password for it.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// The server.
    pub server: Server,
    /// The password; none where nobody logs in.
    pub(super) password: Option<String>,
}

/// What an administrator types.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct ServerFields {
    /// Name or address.
    pub host: String,
    /// Port.
    pub port: String,
    /// Name of a [`Security`].
    pub security: String,
    /// Who logs in; empty is nobody.
    pub user: String,
    /// The password; empty keeps the present one.
    pub password: String,
    /// The address that mail comes from.
    pub sender: String,
    /// The name before it; empty is the product's.
    pub sender_name: String,
}

impl fmt::Debug for Account {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Account").field("server", &self.server).finish_non_exhaustive()
    }
}

impl ServerFields {
    /// The server that they describe, or the first field that is wrong.
    pub fn checked(&self) -> Result<Server, MailError> {
        let host = host(&self.host)?;
        let port = self.port.trim().parse().ok().filter(|port| *port > 0).ok_or(MailError::Port)?;
        let security = Security::named(&self.security).ok_or(MailError::Security)?;
        let sender = check::email(&self.sender).map_err(|_| MailError::Sender)?;
        let user = self.user.trim().to_owned();
        if user.chars().any(char::is_control) {
            return Err(MailError::User);
        }
        Ok(Server { host, port, security, user, sender, sender_name: sender_name(&self.sender_name)? })
    }
}

fn host(text: &str) -> Result<String, MailError> {
    let host = text.trim();
    let fits = !host.is_empty()
        && host.len() <= 253
        && host.starts_with(|c: char| c.is_ascii_alphanumeric())
        && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'));
    if fits { Ok(host.to_owned()) } else { Err(MailError::Host) }
}

fn sender_name(text: &str) -> Result<String, MailError> {
    let name = text.trim();
    if name.is_empty() {
        return Ok(i18n::label(Lang::Zh, "mail.product"));
    }
    let fits = name.chars().count() <= 50 && !name.chars().any(char::is_control);
    if fits { Ok(name.to_owned()) } else { Err(MailError::SenderName) }
}

impl Account {
    /// Reads `smtp://USER:PASSWORD@HOST:PORT?from=ADDRESS&name=NAME&security=starttls`: `smtps` is TLS from the first byte, `smtp` is
    /// without protection unless `security` says otherwise. Mail comes from `from`, else from the user if that is an address.
    pub fn from_url(text: &str) -> Result<Self, MailError> {
        let url = Url::parse(text).map_err(|_| MailError::Url)?;
        let usual = match url.scheme() {
            "smtp" => Security::None,
            "smtps" => Security::Tls,
            _ => return Err(MailError::Url),
        };
        let of_query =
            |name: &str| url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned());
        let security = match of_query("security") {
            Some(name) => Security::named(&name).ok_or(MailError::Url)?,
            None => usual,
        };
        let host = match url.host().ok_or(MailError::Url)? {
            Host::Domain(name) => host(name).map_err(|_| MailError::Url)?,
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        };
        let port = url.port().unwrap_or(match security {
            Security::None => 25,
            Security::StartTls => 587,
            Security::Tls => 465,
        });
        let plain = |text: &str| {
            let decoded = percent_encoding::percent_decode_str(text).decode_utf8();
            decoded.map(std::borrow::Cow::into_owned).map_err(|_| MailError::Url)
        };
        let user = plain(url.username())?;
        let sender = match of_query("from") {
            Some(address) => check::email(&address).map_err(|_| MailError::Url)?,
            None => check::email(&user).unwrap_or_else(|_| "qiyue@localhost".to_owned()),
        };
        let sender_name = sender_name(&of_query("name").unwrap_or_default())?;
        let password = url.password().map(plain).transpose()?;
        Ok(Self { server: Server { host, port, security, user, sender, sender_name }, password })
    }
}

impl std::str::FromStr for Account {
    type Err = MailError;

    fn from_str(text: &str) -> Result<Self, MailError> {
        Self::from_url(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(change: impl FnOnce(&mut ServerFields)) -> Result<Server, MailError> {
        let mut fields = ServerFields {
            host: " smtp.example.cn ".into(),
            port: "587".into(),
            security: "starttls".into(),
            sender: "qiyue@example.cn".into(),
            ..ServerFields::default()
        };
        change(&mut fields);
        fields.checked()
    }

    #[test]
    fn what_is_typed_becomes_a_server() {
        let server = typed(|_| {}).unwrap();
        assert_eq!((server.host.as_str(), server.port, server.security), ("smtp.example.cn", 587, Security::StartTls));
        assert_eq!(server.sender_name, "契约 Qiyue");
    }

    #[test]
    fn each_wrong_field_is_named() {
        for host in ["", "smtp://a.cn", "a b", "a.cn:25", "邮件"] {
            assert_eq!(typed(|fields| fields.host = host.into()), Err(MailError::Host), "{host}");
        }
        for port in ["", "0", "65536", "-1", "smtp"] {
            assert_eq!(typed(|fields| fields.port = port.into()), Err(MailError::Port), "{port}");
        }
        assert_eq!(typed(|fields| fields.security = "ssl".into()), Err(MailError::Security));
        assert_eq!(typed(|fields| fields.sender = "qiyue".into()), Err(MailError::Sender));
        assert_eq!(typed(|fields| fields.sender_name = "a\nb".into()), Err(MailError::SenderName));
        assert_eq!(typed(|fields| fields.user = "a\r\nb".into()), Err(MailError::User));
    }

    #[test]
    fn an_address_names_a_server_and_its_password() {
        let account =
            Account::from_url("smtps://qiyue%40example.cn:a%3Ab@smtp.example.cn?name=%E5%A5%91%E7%BA%A6").unwrap();
        assert_eq!((account.server.port, account.server.security), (465, Security::Tls));
        assert_eq!(
            (account.server.user.as_str(), account.server.sender.as_str()),
            ("qiyue@example.cn", "qiyue@example.cn")
        );
        assert_eq!((account.server.sender_name.as_str(), account.password.as_deref()), ("契约", Some("a:b")));
        let plain = Account::from_url("smtp://127.0.0.1:2525?from=qiyue@example.cn").unwrap();
        assert_eq!((plain.server.port, plain.server.security, plain.password), (2525, Security::None, None));
        let turned = Account::from_url("smtp://smtp.example.cn?security=starttls").unwrap();
        assert_eq!((turned.server.port, turned.server.security), (587, Security::StartTls));
    }

    #[test]
    fn what_is_no_such_address_is_refused() {
        for text in
            ["", "smtp.example.cn", "https://example.cn", "smtp://", "smtp://a.cn?from=b", "smtp://a.cn?security=x"]
        {
            assert_eq!(Account::from_url(text), Err(MailError::Url), "{text}");
        }
    }

    #[test]
    fn a_password_does_not_reach_the_log() {
        let account = Account::from_url("smtp://me:geheim@a.cn").unwrap();
        assert!(!format!("{account:?}").contains("geheim"));
    }
}
