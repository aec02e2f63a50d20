//! `qiyue publish FILE`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::settings::Place;
use super::workflow_files::{show, text_of};
use super::{fail, say};
use crate::app::{Config, Offline, StartError};
use crate::approval::{self, ApprovalError};
use crate::i18n::msg;
use crate::kernel::Hash;

/// Publishes a workflow file: new cases take it, cases under way keep theirs. While the server runs, its page does the same.
#[derive(Args)]
pub(super) struct Publish {
    #[command(flatten)]
    place: Place,
    /// The workflow file.
    file: PathBuf,
}

impl Publish {
    pub(super) async fn run(self) -> ExitCode {
        let config = self.place.config();
        let lang = config.language;
        let Some(source) = text_of(&self.file, lang) else { return ExitCode::FAILURE };
        let file = self.file.display().to_string();
        match publish(&config, &source, &file).await {
            Ok(version) => {
                say(lang, &msg!("cli.published", file = file, version = version.short()));
                ExitCode::SUCCESS
            }
            Err(StartError::Approvals(ApprovalError::Faults { faults, .. })) => {
                show(&faults, lang);
                ExitCode::FAILURE
            }
            Err(error) => fail(lang, &error),
        }
    }
}

async fn publish(config: &Config, source: &str, file: &str) -> Result<Hash, StartError> {
    let offline = Offline::open(config, "publish").await?;
    let approvals = offline.approvals().await?;
    Ok(approval::publish(&approvals, source, file, &offline.org().directory(), None).await?)
}
