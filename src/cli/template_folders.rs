//! Template folders, for the commands that take them.

use std::path::{Path, PathBuf};

use super::workflow_files::{complain, print, text_of};
use crate::contract::ContractError;
use crate::contract::template::Folder;
use crate::i18n::{self, Explain as _, Lang};

/// Where shipped templates lie, when nothing is named.
const FOLDER: &str = "contract-templates";
/// The file that says what a template is.
const DEFINITION: &str = "template.toml";

/// Whether this can only be the folder of a template: a workflow is a file.
pub(super) fn is_folder(path: &Path) -> bool {
    path.is_dir()
}

/// Those in `contract-templates/`.
pub(super) fn all() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(FOLDER).into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(|path| path.join(DEFINITION).is_file()).collect();
    found.sort();
    found
}

/// The files of a folder; says why where one cannot be read.
pub(super) fn read(path: &Path, lang: Lang) -> Option<Folder> {
    let whole = path.canonicalize();
    let name = whole.iter().find_map(|path| path.file_name()).unwrap_or_default().to_string_lossy();
    let sample = path.join("sample.toml");
    let sample = if sample.exists() { Some(text_of(&sample, lang)?) } else { None };
    Some(Folder::new(
        &name,
        &text_of(&path.join(DEFINITION), lang)?,
        &text_of(&path.join("body.md"), lang)?,
        sample.as_deref(),
    ))
}

/// Prints what is wrong with a folder; how many faults.
pub(super) fn show(error: &ContractError, lang: Lang) -> usize {
    match error {
        ContractError::Faults { faults, .. } => {
            for fault in faults {
                print(fault.report(lang).trim_end());
            }
            faults.len()
        }
        other => {
            complain(&i18n::text(lang, &other.message()));
            1
        }
    }
}
