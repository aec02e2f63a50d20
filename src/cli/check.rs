//! `qiyue check`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::template_folders;
use super::workflow_files::{SCENARIOS, Terminal, WORKFLOWS, beside, complain, named_or_all, print, show, text_of};
use crate::app::schemas;
use crate::contract::check_folder;
use crate::i18n::{self, Lang, msg};
use crate::workflow::SubjectSchema;
use crate::workflow::check::check;
use crate::workflow::language::{Severity, Shelf, load_with};

/// Reports every fault of workflow files and template folders, with its line and what helps.
#[derive(Args)]
pub(super) struct Check {
    /// Workflow files and folders of templates; without any, those in workflows/ and contract-templates/.
    files: Vec<PathBuf>,
    #[command(flatten)]
    terminal: Terminal,
}

impl Check {
    pub(super) fn run(self) -> ExitCode {
        let lang = self.terminal.lang();
        let mut files = named_or_all(&self.files, |path| path.ends_with(WORKFLOWS) && !path.ends_with(SCENARIOS));
        if self.files.is_empty() {
            files.extend(template_folders::all());
        }
        if files.is_empty() {
            complain(&i18n::text(lang, &msg!("cli.no_workflows")));
            return ExitCode::FAILURE;
        }
        let (schemas, mut errors) = (schemas(), 0_usize);
        for path in &files {
            let found =
                if template_folders::is_folder(path) { template(path, lang) } else { workflow(path, &schemas, lang) };
            // A file that cannot be read is one, too.
            errors += found.unwrap_or(1);
        }
        print(&i18n::text(lang, &msg!("cli.checked", files = files.len(), errors = errors)));
        if errors == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

/// Prints the faults of a workflow; how many of them are errors.
fn workflow(path: &Path, schemas: &[SubjectSchema], lang: Lang) -> Option<usize> {
    let source = text_of(path, lang)?;
    let file = path.display().to_string();
    let shelf = beside(path);
    let faults = check(&source, &file, &shelf, known(&source, &file, &shelf, schemas), None);
    show(&faults, lang);
    Some(faults.iter().filter(|fault| fault.severity == Severity::Error).count())
}

/// Prints the faults of a template; how many they are.
fn template(path: &Path, lang: Lang) -> Option<usize> {
    let folder = template_folders::read(path, lang)?;
    Some(check_folder(&folder).err().map_or(0, |error| template_folders::show(&error, lang)))
}

/// What the file may name; nothing where it is about a kind of record that this program does not have, such as one of a log.
fn known<'a>(source: &str, file: &str, shelf: &Shelf, schemas: &'a [SubjectSchema]) -> &'a [SubjectSchema] {
    let about = load_with(source, file, shelf).map(|loaded| loaded.definition.subject);
    let found = about.ok().and_then(|kind| schemas.iter().find(|schema| schema.kind == kind));
    found.map(std::slice::from_ref).unwrap_or_default()
}
