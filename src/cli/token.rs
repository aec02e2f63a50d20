//! `qiyue token create|list|revoke`

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::settings::Place;
use super::{fail, say};
use crate::app::{Config, Offline, StartError};
use crate::i18n::{Message, msg};
use crate::kernel::time::{DEFAULT_ZONE, zone};
use crate::kernel::{Date, Timestamp};
use crate::org::{ApiToken, Org, OrgError};

/// Tokens by which programs act for people. While the server runs, its pages and its API do the same.
#[derive(Args)]
pub(super) struct Token {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand)]
enum Act {
    /// Makes a token for a person and shows it this once.
    Create {
        /// What the person signs in with.
        login: String,
        /// What the token is for.
        #[arg(long)]
        name: String,
        /// Its last day, 2026-12-31; without one it does not end.
        #[arg(long)]
        until: Option<Date>,
    },
    /// Lists all tokens.
    List,
    /// Ends a token.
    Revoke {
        /// Its number in the list.
        id: i64,
    },
}

impl Token {
    pub(super) async fn run(self) -> ExitCode {
        let config = self.place.config();
        match act(&config, self.act).await {
            Ok(lines) => {
                for line in lines {
                    say(config.language, &line);
                }
                ExitCode::SUCCESS
            }
            Err(error) => fail(config.language, &error),
        }
    }
}

async fn act(config: &Config, act: Act) -> Result<Vec<Message>, StartError> {
    let offline = Offline::open(config, "token").await?;
    let org = offline.org();
    Ok(match act {
        Act::Create { login, name, until } => {
            let (id, token) = org.create_token_for(&login, &name, until.map(end_of).transpose()?).await?;
            vec![msg!("cli.token_made", id = id.get(), login = login, token = token.reveal())]
        }
        Act::List => list(org).await?,
        Act::Revoke { id } => {
            org.revoke_any_token(crate::org::ApiTokenId::new(id)).await?;
            vec![msg!("cli.token_revoked", id = id)]
        }
    })
}

async fn list(org: &Org) -> Result<Vec<Message>, OrgError> {
    let tokens = org.all_tokens().await?;
    if tokens.is_empty() {
        return Ok(vec![msg!("cli.no_tokens")]);
    }
    let directory = org.directory();
    Ok(tokens.iter().map(|token| line(token, &directory.name(token.user))).collect())
}

fn line(token: &ApiToken, person: &str) -> Message {
    let id = token.id.get();
    match (token.revoked, token.expires) {
        (Some(at), _) => msg!("cli.token_ended", id = id, name = &token.name, person = person, at = at),
        (None, Some(at)) => msg!("cli.token_until", id = id, name = &token.name, person = person, at = at),
        (None, None) => msg!("cli.token_endless", id = id, name = &token.name, person = person),
    }
}

/// The end of a day of the company.
fn end_of(day: Date) -> Result<Timestamp, OrgError> {
    let after = day.tomorrow().map_err(|_| OrgError::TokenExpiry)?;
    Ok(Timestamp::start_of(after, &zone(DEFAULT_ZONE)))
}
