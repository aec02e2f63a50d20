//! `qiyue serve`

use std::process::ExitCode;

use clap::Args;
use tokio::signal::unix::{SignalKind, signal};

use super::settings::{Door, Place};
use super::{fail, say};
use crate::app::{Config, DEMO_PASSWORD, DemoPerson, Server, StartError};
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
        let config = Config { demo: self.demo, ..self.door.apply(self.place.config()) };
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
    introduce(config.language, server.demo_people());
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

/// Who can look around in the demo company.
fn introduce(lang: Lang, people: &[DemoPerson]) {
    if people.is_empty() {
        return;
    }
    say(lang, &msg!("app.demo_people", password = DEMO_PASSWORD));
    for DemoPerson { login, name, roles } in people {
        let roles = roles.iter().map(|(zh, en)| if lang == Lang::Zh { zh.as_str() } else { en.as_str() });
        let roles = roles.collect::<Vec<_>>().join(if lang == Lang::Zh { "、" } else { ", " });
        say(lang, &msg!("app.demo_person", login = login, name = name, roles = roles));
    }
}

fn stopping(lang: Lang) {
    say(lang, &msg!("app.stopping"));
}
