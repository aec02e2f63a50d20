//! `qiyue check`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::workflow_files::{SCENARIOS, Terminal, WORKFLOWS, complain, named_or_all, print, show, text_of};
use crate::app::schemas;
use crate::i18n::{self, msg};
use crate::workflow::SubjectSchema;
use crate::workflow::check::check;
use crate::workflow::language::{Severity, load};

/// Reports every fault of workflow files, with its line and what helps.
#[derive(Args)]
pub(super) struct Check {
    /// Workflow files; without any, those in workflows/.
    files: Vec<PathBuf>,
    #[command(flatten)]
    terminal: Terminal,
}

impl Check {
    pub(super) fn run(self) -> ExitCode {
        let lang = self.terminal.lang();
        let files = named_or_all(&self.files, |path| path.ends_with(WORKFLOWS) && !path.ends_with(SCENARIOS));
        if files.is_empty() {
            complain(&i18n::text(lang, &msg!("cli.no_workflows")));
            return ExitCode::FAILURE;
        }
        let (schemas, mut errors) = (schemas(), 0_usize);
        for path in &files {
            let Some(source) = text_of(path, lang) else {
                errors += 1;
                continue;
            };
            let file = path.display().to_string();
            let faults = check(&source, &file, known(&source, &file, &schemas), None);
            errors += faults.iter().filter(|fault| fault.severity == Severity::Error).count();
            show(&faults, lang);
        }
        print(&i18n::text(lang, &msg!("cli.checked", files = files.len(), errors = errors)));
        if errors == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

/// What the file may name; nothing where it is about a kind of record that this program does not have, such as one of a log.
fn known<'a>(source: &str, file: &str, schemas: &'a [SubjectSchema]) -> &'a [SubjectSchema] {
    let about = load(source, file).map(|loaded| loaded.definition.subject);
    let found = about.ok().and_then(|kind| schemas.iter().find(|schema| schema.kind == kind));
    found.map(std::slice::from_ref).unwrap_or_default()
}
