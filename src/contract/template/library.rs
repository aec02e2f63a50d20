//! The templates that ship with the program.

use std::collections::BTreeSet;

use rust_embed::RustEmbed;

use super::Folder;

#[derive(RustEmbed)]
#[folder = "contract-templates"]
struct Files;

/// The shipped folders by name. They are seeded once; from then on the published versions in the database rule.
pub fn shipped() -> Vec<Folder> {
    let text = |path: String| Files::get(&path).map(|file| String::from_utf8_lossy(&file.data).into_owned());
    let names: BTreeSet<String> =
        Files::iter().filter_map(|path| path.split_once('/').map(|(name, _)| name.to_owned())).collect();
    names
        .iter()
        .filter_map(|name| {
            let template = text(format!("{name}/template.toml"))?;
            let body = text(format!("{name}/body.md"))?;
            Some(Folder::new(name, &template, &body, text(format!("{name}/sample.toml")).as_deref()))
        })
        .collect()
}
