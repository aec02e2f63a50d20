//! `qiyue verify`

use std::process::ExitCode;

use clap::Args;

use super::settings::Place;
use super::{fail, say};
use crate::app;
use crate::approval::Flaw;
use crate::contract::VersionFlaw;
use crate::i18n::msg;
use crate::kernel::CaseId;

/// Says whether the stored approvals and contract versions are those that were decided and submitted. A server may be running.
#[derive(Args)]
pub(super) struct Verify {
    #[command(flatten)]
    place: Place,
    /// Only the case with this number, as the address of its page has it.
    #[arg(long)]
    case: Option<i64>,
}

impl Verify {
    pub(super) async fn run(self) -> ExitCode {
        let config = self.place.config();
        let lang = config.language;
        let (cases, versions) = match app::verify(&config, self.case.map(CaseId::new)).await {
            Ok(found) => found,
            Err(error) => return fail(lang, &error),
        };
        let flaws = cases.flaws.iter().map(Flaw::message);
        let flaws: Vec<_> = flaws.chain(versions.flaws.iter().map(VersionFlaw::message)).collect();
        for flaw in &flaws {
            say(lang, flaw);
        }
        say(
            lang,
            &msg!(
                "cli.verified",
                cases = cases.cases,
                events = cases.events,
                workflows = cases.workflows,
                versions = versions.versions,
                roots = cases.roots,
                flaws = flaws.len()
            ),
        );
        if flaws.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
