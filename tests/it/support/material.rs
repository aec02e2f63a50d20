//! Real data that some tests read. It is no part of the repository; `QIYUE_MATERIAL` names its folder.

use std::path::{Path, PathBuf};

use super::skip::{Extent, Missing, skip};

/// The folder of that name, or a skipped test: `let Some(logs) = material("approval-logs") else { return };`
#[track_caller]
pub(crate) fn material(name: &str) -> Option<PathBuf> {
    let all = std::env::var_os("QIYUE_MATERIAL")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/material"), PathBuf::from);
    let folder = all.join(name);
    if !folder.is_dir() {
        skip(Extent::Whole, Missing::Material, &format!("no folder {name} in the material (QIYUE_MATERIAL)"));
        return None;
    }
    Some(folder)
}

/// A JSON file of it.
pub(crate) fn json(file: &Path) -> serde_json::Value {
    let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}
