//! What the commands for authors share: which files, and how their text is printed. None of them opens the database.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;

use super::settings::Language;
use crate::i18n::{self, Lang, file_problem, msg};
use crate::workflow::language::{Fault, Loaded, Shelf, load_with};

/// Where shipped workflows and their scenarios lie, when no file is named.
const FOLDER: &str = "workflows";
/// How workflow files end; scenario files too.
pub(super) const WORKFLOWS: &str = ".rhai";
/// How scenario files end.
pub(super) const SCENARIOS: &str = ".scenarios.rhai";

/// The language of the terminal.
#[derive(Args, Clone, Copy, Debug)]
pub(super) struct Terminal {
    /// The language of the terminal.
    #[arg(long, env = "QIYUE_LANGUAGE", value_enum, default_value_t = Language::Zh)]
    language: Language,
}

impl Terminal {
    pub(super) fn lang(self) -> Lang {
        self.language.into()
    }
}

/// The named files, or those in `workflows/` that `wanted` takes.
pub(super) fn named_or_all(named: &[PathBuf], wanted: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    if !named.is_empty() {
        return named.to_vec();
    }
    let mut found: Vec<PathBuf> =
        std::fs::read_dir(FOLDER).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    found.retain(|path| path.to_str().is_some_and(&wanted));
    found.sort();
    found
}

/// The text of a file; says why where it cannot be read.
pub(super) fn text_of(path: &Path, lang: Lang) -> Option<String> {
    std::fs::read_to_string(path)
        .inspect_err(|error| {
            let file = path.display().to_string();
            complain(&i18n::text(lang, &msg!("cli.unreadable", file = file, reason = file_problem(error))));
        })
        .ok()
}

/// A workflow; prints its faults where it has any that matter.
pub(super) fn workflow(path: &Path, lang: Lang) -> Option<Loaded> {
    let source = text_of(path, lang)?;
    load_with(&source, &path.display().to_string(), &beside(path)).inspect_err(|faults| show(faults, lang)).ok()
}

/// The workflows beside a file, which it may run.
pub(super) fn beside(path: &Path) -> Shelf {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let others = entries.filter(|other| {
        let name = other.to_str().unwrap_or_default();
        other.file_name() != path.file_name() && name.ends_with(WORKFLOWS) && !name.ends_with(SCENARIOS)
    });
    let texts = others.filter_map(|other| Some((std::fs::read_to_string(&other).ok()?, other.display().to_string())));
    Shelf::of_files(&texts.collect::<Vec<_>>())
}

/// Prints faults, each with its line.
pub(super) fn show(faults: &[Fault], lang: Lang) {
    for fault in faults {
        print(fault.render(lang).trim_end());
    }
}

/// A line for the terminal; one that is gone is no reason to stop.
pub(super) fn print(line: &str) {
    drop(writeln!(std::io::stdout(), "{line}"));
}

/// A line about what went wrong.
pub(super) fn complain(line: &str) {
    drop(writeln!(std::io::stderr(), "{line}"));
}
