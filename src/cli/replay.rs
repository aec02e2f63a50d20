//! `qiyue replay`

use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::settings::Language;
use super::workflow_files::show;
use super::{fail, say};
use crate::approval::replay::{self, ReplayError, Report};
use crate::db::{DatabaseUrl, Db};
use crate::i18n::{Lang, msg};

/// Runs a log of approvals that happened elsewhere through a workflow.
#[derive(Args)]
pub(super) struct Replay {
    /// The log, CSV or gzipped CSV.
    log: PathBuf,
    /// The workflow.
    #[arg(long)]
    workflow: PathBuf,
    /// Which column holds what, and which command an activity is.
    #[arg(long)]
    map: PathBuf,
    /// Through the store, in a database of its own: sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME.
    #[arg(long, requires = "run", hide_env_values = true)]
    store: Option<DatabaseUrl>,
    /// The name of the replay; the same name again goes on where it stopped.
    #[arg(long, value_name = "NAME", requires = "store")]
    run: Option<String>,
    /// Where the results go, one JSON a line.
    #[arg(long, value_name = "RESULT")]
    out: Option<PathBuf>,
    /// The language of the terminal.
    #[arg(long, env = "QIYUE_LANGUAGE", value_enum, default_value_t = Language::Zh)]
    language: Language,
}

impl Replay {
    pub(super) async fn run(self) -> ExitCode {
        let language = self.language.into();
        match self.report().await {
            Ok(report) => {
                print(language, &report);
                ExitCode::SUCCESS
            }
            Err(error) => {
                if let ReplayError::Workflow(faults) = &error {
                    show(faults, language);
                }
                fail(language, &error)
            }
        }
    }

    async fn report(&self) -> Result<Report, ReplayError> {
        let plan = replay::plan(&self.log, &self.workflow, &self.map)?;
        let report = match (&self.store, &self.run) {
            (Some(store), Some(name)) => {
                let db = Db::open(store).await?;
                replay::run_stored(&plan, &db, name).await?
            }
            _ => replay::run_pure(&plan),
        };
        if let Some(out) = &self.out {
            let written = File::create(out).and_then(|file| report.write(&mut BufWriter::new(file)));
            written.map_err(|error| ReplayError::file(out, &error))?;
        }
        Ok(report)
    }
}

fn print(language: Lang, report: &Report) {
    let refused = report.cases.len() - report.conforming();
    for case in &report.cases {
        let Some(first) = &case.first_refused else { continue };
        let reason = case.reason.as_deref().unwrap_or_default();
        let line = msg!(
            "approval.replay_refused",
            case = &case.case,
            seq = first.seq,
            activity = &first.activity,
            state = &first.state_before,
            reason = reason
        );
        say(language, &line);
    }
    for (state, (count, sum)) in &report.sums {
        say(language, &msg!("approval.replay_sum", state = state, count = *count, sum = *sum));
    }
    let done = msg!(
        "approval.replay_done",
        cases = report.cases.len(),
        events = report.events,
        conforming = report.conforming(),
        refused = refused,
        rounded = report.rounded
    );
    say(language, &done);
}
