//! `qiyue migrate`

use std::process::ExitCode;

use clap::Args;

use super::settings::Place;
use super::{fail, say};
use crate::app;
use crate::i18n::msg;

/// Brings the database to the step of this program.
#[derive(Args)]
pub(super) struct Migrate {
    #[command(flatten)]
    place: Place,
}

impl Migrate {
    pub(super) async fn run(self) -> ExitCode {
        let config = self.place.config();
        match app::migrate(&config).await {
            Ok(database) => {
                say(config.language, &msg!("app.migrated", database = database.to_string()));
                ExitCode::SUCCESS
            }
            Err(error) => fail(config.language, &error),
        }
    }
}
