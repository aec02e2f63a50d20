//! `qiyue publish FILE`, a workflow or the folder of a template

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::settings::Place;
use super::workflow_files::{show, text_of};
use super::{fail, say, template_folders};
use crate::app::{Config, Offline, StartError};
use crate::approval::{self, ApprovalError};
use crate::contract::check_folder;
use crate::contract::template::Folder;
use crate::i18n::msg;
use crate::kernel::{Actor, Hash};

/// Publishes a workflow file or the folder of a template: new cases and new contracts take it, those under way keep theirs. While the
/// server runs, its pages do the same.
#[derive(Args)]
pub(super) struct Publish {
    #[command(flatten)]
    place: Place,
    /// The workflow file, or the folder of the template.
    file: PathBuf,
}

impl Publish {
    pub(super) async fn run(self) -> ExitCode {
        let config = self.place.config();
        let lang = config.language;
        if template_folders::is_folder(&self.file) {
            return publish_template(&config, &self.file).await;
        }
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

async fn publish_template(config: &Config, path: &Path) -> ExitCode {
    let lang = config.language;
    let Some(folder) = template_folders::read(path, lang) else { return ExitCode::FAILURE };
    let name = folder.name.clone();
    match install(config, folder).await {
        Ok(version) => {
            say(lang, &msg!("cli.template_published", name = name, version = version.short()));
            ExitCode::SUCCESS
        }
        Err(StartError::Contracts(error)) => {
            template_folders::show(&error, lang);
            ExitCode::FAILURE
        }
        Err(error) => fail(lang, &error),
    }
}

async fn install(config: &Config, folder: Folder) -> Result<Hash, StartError> {
    // Looked at before the data is opened, as a workflow is.
    check_folder(&folder)?;
    let offline = Offline::open(config, "publish").await?;
    Ok(offline.contracts().await?.install_template(Actor::SYSTEM, folder).await?)
}

async fn publish(config: &Config, source: &str, file: &str) -> Result<Hash, StartError> {
    let offline = Offline::open(config, "publish").await?;
    let approvals = offline.approvals().await?;
    Ok(approval::publish(&approvals, source, file, &offline.org().directory()).await?)
}
