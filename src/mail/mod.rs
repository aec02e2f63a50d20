//! Sending mail: the server that takes it, and how its password is kept.
//!
//! The room knows a server and a [`Mail`]; what is written and to whom is the business of `notify`. The server is named by an
//! administrator on a page, or by whoever starts the program ([`Account::from_url`]), who then rules. The password is stored sealed with
//! a key that lies in the data folder ([`KeyFile`]), so that a copy of the database alone does not give it away.

mod error;
mod mailer;
mod seal;
mod send;
mod settings;

pub use error::MailError;
pub use mailer::{CurrentServer, Mailer};
pub use seal::KeyFile;
pub use send::{Mail, Undelivered};
pub use settings::{Account, Security, Server, ServerFields};
