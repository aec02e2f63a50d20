//! `qiyue serve`

use std::process::ExitCode;

use clap::Args;
use tokio::signal::unix::{SignalKind, signal};

use super::settings::{Door, Place};
use super::{fail, say};
use crate::app::{Config, Server, StartError};
use crate::i18n::{Lang, msg};

/// Starts the server.
#[derive(Args)]
pub(super) struct Serve {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    door: Door,
    /// Starts with a company that has people, customers and contracts in every state.
    #[arg(long)]
    demo: bool,
}

impl Serve {
    pub(super) async fn run(self) -> ExitCode {
        let config = self.door.apply(self.place.config());
        if self.demo {
            say(config.language, &msg!("app.no_demo"));
        }
        match serve(&config).await {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => fail(config.language, &error),
        }
    }
}

async fn serve(config: &Config) -> Result<(), StartError> {
    let mut server = Server::start(config).await?;
    let here = Config { listen: server.address()?, ..config.clone() };
    say(config.language, &msg!("app.kept", database = config.database().to_string()));
    say(config.language, &msg!("app.ready", address = here.public()));
    if let Some(first) = server.first_administrator() {
        let password = first.password.reveal();
        say(config.language, &msg!("app.first_administrator", login = first.login, password = password));
    }
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let lang = config.language;
    let shutdown = async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        stopping(lang);
    };
    server.run(shutdown).await
}

fn stopping(lang: Lang) {
    say(lang, &msg!("app.stopping"));
}
