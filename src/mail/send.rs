//! One mail on its way to the server.

use std::time::{Duration, SystemTime};

use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::response::Severity;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};

use super::{Account, Security};
use crate::kernel::Timestamp;

/// How long the server may take for each answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// Replies to a login that is missing or wrong: the mail is good and the settings are not.
const LOGIN_REPLIES: [u16; 5] = [454, 530, 534, 535, 538];

/// A mail as it leaves.
#[derive(Clone, Debug)]
pub struct Mail {
    /// The address it goes to.
    pub to: String,
    /// The name before that address.
    pub to_name: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
    /// The same however often it is sent, by which the other side knows a second copy: `<…@…>`.
    pub message_id: String,
    /// Its date.
    pub at: Timestamp,
}

/// The server did not take a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undelivered {
    /// In the words of the server, or of the way to it.
    pub answer: String,
    /// Whether the same mail may be taken later.
    pub again: bool,
}

/// Keeps answering machines quiet (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// Hands a mail to the server of that account.
pub(super) async fn send(account: &Account, mail: &Mail) -> Result<(), Undelivered> {
    let message = written(account, mail).map_err(|answer| Undelivered { answer, again: false })?;
    let way = way(account).map_err(|error| Undelivered { answer: words(&error), again: true })?;
    way.send(message).await.map(drop).map_err(|error| refusal(&error))
}

fn written(account: &Account, mail: &Mail) -> Result<Message, String> {
    let address = |text: &str| text.parse::<Address>().map_err(|error| format!("{text}: {error}"));
    let name = |name: &str| (!name.is_empty()).then(|| name.to_owned());
    let server = &account.server;
    Message::builder()
        .from(Mailbox::new(name(&server.sender_name), address(&server.sender)?))
        .to(Mailbox::new(name(&mail.to_name), address(&mail.to)?))
        .subject(mail.subject.as_str())
        .message_id(Some(mail.message_id.clone()))
        .date(SystemTime::from(jiff::Timestamp::from(mail.at)))
        .header(AutoSubmitted)
        .multipart(MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone()))
        .map_err(|error| error.to_string())
}

fn way(account: &Account) -> Result<AsyncSmtpTransport<Tokio1Executor>, lettre::transport::smtp::Error> {
    let Account { server, password } = account;
    let tls = match server.security {
        Security::None => Tls::None,
        Security::StartTls => Tls::Required(TlsParameters::new(server.host.clone())?),
        Security::Tls => Tls::Wrapper(TlsParameters::new(server.host.clone())?),
    };
    let builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&server.host)
        .port(server.port)
        .tls(tls)
        .timeout(Some(PATIENCE));
    let builder = match password {
        Some(password) if !server.user.is_empty() => {
            builder.credentials(Credentials::new(server.user.clone(), password.clone()))
        }
        _ => builder,
    };
    Ok(builder.build())
}

fn refusal(error: &lettre::transport::smtp::Error) -> Undelivered {
    let for_good = error.status().is_some_and(|code| {
        let number = u16::from(code);
        code.severity == Severity::PermanentNegativeCompletion && !LOGIN_REPLIES.contains(&number)
    });
    Undelivered { answer: words(error), again: !for_good }
}

/// An error with what stands behind it; some repeat their cause.
fn words(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(deeper) = next {
        let more = deeper.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        next = deeper.source();
    }
    text
}
