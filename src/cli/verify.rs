//! `qiyue verify`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::settings::Place;
use super::{fail, fail_saying, say};
use crate::app::{self, Stored};
use crate::approval::{Anchored, BundleFlaw, Flaw, check_bundle, unpack};
use crate::contract::VersionFlaw;
use crate::i18n::{self, Lang, Message, msg};
use crate::kernel::CaseId;
use crate::record::SubmissionFlaw;

/// Says whether the stored approvals, contract versions and contents of records are those that were decided and submitted, or an
/// evidence bundle the one that was handed out. A server may be running.
#[derive(Args)]
pub(super) struct Verify {
    #[command(flatten)]
    place: Place,
    /// An evidence bundle (证据包), which needs no database.
    #[arg(conflicts_with = "case")]
    bundle: Option<PathBuf>,
    /// Only the case with this number, as the address of its page has it.
    #[arg(long)]
    case: Option<i64>,
}

impl Verify {
    pub(super) async fn run(self) -> ExitCode {
        let config = self.place.config();
        let lang = config.language;
        if let Some(file) = &self.bundle {
            return bundle(lang, file);
        }
        let Stored { cases, versions, submissions } = match app::verify(&config, self.case.map(CaseId::new)).await {
            Ok(found) => found,
            Err(error) => return fail(lang, &error),
        };
        let flaws = cases.flaws.iter().map(Flaw::message);
        let flaws = flaws.chain(versions.flaws.iter().map(VersionFlaw::message));
        let flaws: Vec<_> = flaws.chain(submissions.flaws.iter().map(SubmissionFlaw::message)).collect();
        let end = msg!(
            "cli.verified",
            cases = cases.cases,
            events = cases.events,
            workflows = cases.workflows,
            versions = versions.versions,
            submissions = submissions.submissions,
            roots = cases.roots,
            flaws = flaws.len()
        );
        said(lang, &flaws, &end)
    }
}

/// Checks a bundle without any database.
fn bundle(lang: Lang, file: &Path) -> ExitCode {
    let name = file.display().to_string();
    let bytes = match std::fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) => {
            return fail_saying(lang, &msg!("cli.unreadable", file = name, reason = i18n::file_problem(&error)));
        }
    };
    let checked = match unpack(&bytes) {
        Ok(members) => check_bundle(&members),
        Err(flaw) => return fail_saying(lang, &flaw.message()),
    };
    let flaws: Vec<_> = checked.flaws.iter().map(BundleFlaw::message).collect();
    let end = msg!(
        "cli.bundle_verified",
        case = checked.case,
        title = checked.title,
        events = checked.events,
        members = checked.members,
        flaws = flaws.len()
    );
    let ended = said(lang, &flaws, &end);
    if let Some(head) = checked.head.filter(|_| flaws.is_empty()) {
        say(lang, &msg!("cli.bundle_head", head = head.to_string()));
    }
    if let Some(Anchored { day, root, events }) = checked.anchor {
        let all = checked.events;
        say(lang, &msg!("cli.bundle_anchor", day = day, root = root.to_string(), events = events, all = all));
    }
    if checked.not_kept > 0 {
        say(lang, &msg!("cli.bundle_not_kept", count = checked.not_kept));
    }
    ended
}

/// The flaws, and how much was looked at.
fn said(lang: Lang, flaws: &[Message], end: &Message) -> ExitCode {
    flaws.iter().chain([end]).for_each(|message| say(lang, message));
    if flaws.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
