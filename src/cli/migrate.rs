//! `qiyue migrate`, of the database, and of running cases

use std::process::ExitCode;

use clap::Args;

use super::settings::Place;
use super::{fail, say};
use crate::app::{self, Config, Offline, StartError};
use crate::approval::Moved;
use crate::i18n::{Explain as _, msg};
use crate::kernel::{Actor, CaseId, Channel, Hash};

/// Brings the database to the step of this program; with cases, moves these to another version of their workflow.
#[derive(Args)]
pub(super) struct Migrate {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    moves: Moves,
}

/// Which cases move where.
#[derive(Args)]
struct Moves {
    /// Running cases, by number.
    #[arg(requires = "to")]
    cases: Vec<i64>,
    /// The version that they move to, as the history of the workflow shows it.
    #[arg(long, requires = "cases", requires = "by")]
    to: Option<Hash>,
    /// The login of the administrator who moves them.
    #[arg(long, requires = "reason")]
    by: Option<String>,
    /// Why; it stands in the log of every case.
    #[arg(long)]
    reason: Option<String>,
    /// Says what would become of each and changes nothing.
    #[arg(long, requires = "to")]
    dry_run: bool,
}

impl Migrate {
    pub(super) async fn run(self) -> ExitCode {
        let config = self.place.config();
        let Some(to) = self.moves.to else { return of_database(&config).await };
        match self.moves.move_to(&config, to).await {
            Ok(true) => ExitCode::SUCCESS,
            Ok(false) => ExitCode::FAILURE,
            Err(error) => fail(config.language, &error),
        }
    }
}

impl Moves {
    /// Whether every case moved, or would.
    async fn move_to(&self, config: &Config, to: Hash) -> Result<bool, StartError> {
        let offline = Offline::open(config, "migrate").await?;
        let directory = offline.org().directory();
        let login = self.by.as_deref().unwrap_or_default();
        let Some(person) = directory.by_login(login) else {
            say(config.language, &msg!("cli.no_such_login", login = login));
            return Ok(false);
        };
        let by = Actor::person(person.id, Channel::Api);
        let cases: Vec<CaseId> = self.cases.iter().copied().map(CaseId::new).collect();
        let reason = self.reason.as_deref().unwrap_or_default();
        let moved = offline.approvals().await?.migrate(by, (&cases, to), reason, self.dry_run).await?;
        for Moved { case, title, outcome } in &moved {
            let outcome = match outcome {
                Ok(asked) => asked.said(&directory),
                Err(error) => error.message(),
            };
            say(config.language, &msg!("cli.case_moved", case = case.get(), title = title, outcome = outcome));
        }
        Ok(moved.iter().all(|one| one.outcome.is_ok()))
    }
}

async fn of_database(config: &Config) -> ExitCode {
    match app::migrate(config).await {
        Ok(database) => {
            say(config.language, &msg!("app.migrated", database = database.to_string()));
            ExitCode::SUCCESS
        }
        Err(error) => fail(config.language, &error),
    }
}
