//! `qiyue impact`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::settings::Place;
use super::workflow_files::{show, text_of};
use super::{fail, say};
use crate::app::{self, StartError};
use crate::approval::ApprovalError;
use crate::approval::impact::{MOST, Occasion, USUAL, case_said, record_said, summary};

/// What publishing a workflow file would do, tried on the newest records that were submitted. A server may be running.
#[derive(Args)]
pub(super) struct Impact {
    #[command(flatten)]
    place: Place,
    /// The workflow file.
    file: PathBuf,
    /// How many records and running cases are looked at, the newest first.
    #[arg(long, default_value_t = USUAL as u64, value_parser = clap::value_parser!(u64).range(1..=MOST as u64))]
    last: u64,
}

impl Impact {
    pub(super) async fn run(self) -> ExitCode {
        let config = self.place.config();
        let lang = config.language;
        let Some(source) = text_of(&self.file, lang) else { return ExitCode::FAILURE };
        let file = self.file.display().to_string();
        let last = usize::try_from(self.last).unwrap_or(MOST);
        match app::impact(&config, &source, &file, last).await {
            Ok((impact, directory)) => {
                let records =
                    impact.remarkable().flat_map(|record| record_said(record, &directory, Occasion::Publication));
                let cases = impact.unmovable.iter().flat_map(case_said);
                summary(&impact).into_iter().chain(records).chain(cases).for_each(|line| say(lang, &line));
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
