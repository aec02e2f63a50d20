//! `qiyue diff`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::workflow_files::{Terminal, print, workflow};
use crate::i18n::{self, msg};
use crate::workflow::diff::diff;
use crate::workflow::explain::Names;

/// What changed between two workflow files, node by node.
#[derive(Args)]
pub(super) struct Diff {
    /// The workflow file as it was.
    old: PathBuf,
    /// The workflow file as it is.
    new: PathBuf,
    #[command(flatten)]
    terminal: Terminal,
}

impl Diff {
    pub(super) fn run(self) -> ExitCode {
        let lang = self.terminal.lang();
        let (Some(old), Some(new)) = (workflow(&self.old, lang), workflow(&self.new, lang)) else {
            return ExitCode::FAILURE;
        };
        let changes = diff(&old, &new, Names { lang, ..Names::default() });
        for change in &changes {
            print(&i18n::text(lang, &change.message()));
        }
        if changes.is_empty() {
            print(&i18n::text(lang, &msg!("cli.same")));
        }
        ExitCode::SUCCESS
    }
}
