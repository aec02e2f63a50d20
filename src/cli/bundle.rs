//! `qiyue bundle`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::settings::Place;
use super::{fail, say};
use crate::app;
use crate::i18n::{self, Lang, msg};
use crate::kernel::CaseId;

/// Writes the evidence bundle (证据包) of a case, which `qiyue verify FILE` checks on any machine. A server may be running.
#[derive(Args)]
pub(super) struct Bundle {
    #[command(flatten)]
    place: Place,
    /// The case, by the number that the address of its page has.
    case: i64,
    /// The file to write.
    file: PathBuf,
}

impl Bundle {
    pub(super) async fn run(self) -> ExitCode {
        let config = self.place.config();
        let lang: Lang = config.language;
        let bundle = match app::bundle(&config, CaseId::new(self.case)).await {
            Ok(bundle) => bundle,
            Err(error) => return fail(lang, &error),
        };
        let file = self.file.display().to_string();
        if let Err(error) = std::fs::write(&self.file, &bundle) {
            let message = msg!("cli.unwritable", file = file, reason = i18n::file_problem(&error));
            return super::fail_saying(lang, &message);
        }
        say(lang, &msg!("cli.bundled", file = file, size = bundle.len()));
        ExitCode::SUCCESS
    }
}
