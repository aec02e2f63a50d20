//! The sentences of all rooms, read once from their messages.toml.

use std::collections::HashMap;
use std::sync::LazyLock;

use rust_embed::RustEmbed;

use super::Lang;

/// Every `src/ROOM/messages.toml`.
#[derive(RustEmbed)]
#[folder = "src"]
#[include = "*/messages.toml"]
struct Files;

/// One sentence in both languages.
pub(super) struct Entry {
    pub(super) zh: String,
    pub(super) en: String,
}

/// By `room.key`.
pub(super) type Catalog = HashMap<String, Entry>;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
    let mut catalog = Catalog::new();
    for path in Files::iter() {
        let Some(file) = Files::get(&path) else { continue };
        let read = String::from_utf8(file.data.into_owned()).map_err(|error| error.to_string());
        // A broken file costs its own sentences, which then show their keys; a test refuses it long before.
        if let Err(error) = read.and_then(|text| add(&mut catalog, room_of(&path), &text)) {
            tracing::error!(%path, %error, "sentences cannot be read");
        }
    }
    catalog
});

/// The sentence under `key`.
pub(super) fn sentence(lang: Lang, key: &str) -> Option<&'static str> {
    let entry = CATALOG.get(key)?;
    Some(match lang {
        Lang::Zh => &entry.zh,
        Lang::En => &entry.en,
    })
}

/// Puts values in the places `{name}`; a place without a value stays as it is.
pub(super) fn fill(sentence: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut text = String::with_capacity(sentence.len());
    let mut rest = sentence;
    while let Some((before, name, after)) = next_place(rest) {
        text.push_str(before);
        match value(name) {
            Some(value) => text.push_str(&value),
            None => text.extend(["{", name, "}"]),
        }
        rest = after;
    }
    text.push_str(rest);
    text
}

/// The first `{name}`, with what stands before and after it.
fn next_place(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name, after))
}

fn room_of(path: &str) -> &str {
    path.split('/').next().unwrap_or(path)
}

/// Adds the entries of one file. A table with `zh` and `en` is a sentence, any other table holds more of them.
fn add(catalog: &mut Catalog, prefix: &str, text: &str) -> Result<(), String> {
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| error.to_string())?;
    add_table(catalog, prefix, table)
}

fn add_table(catalog: &mut Catalog, prefix: &str, table: toml::Table) -> Result<(), String> {
    for (name, value) in table {
        let key = format!("{prefix}.{name}");
        let toml::Value::Table(inner) = value else { return Err(format!("{key} is not a table with zh and en")) };
        match (inner.get("zh"), inner.get("en")) {
            (Some(toml::Value::String(zh)), Some(toml::Value::String(en))) if inner.len() == 2 => {
                catalog.insert(key, Entry { zh: zh.clone(), en: en.clone() });
            }
            (None, None) => add_table(catalog, &key, inner)?,
            _ => return Err(format!("{key} needs zh and en, both text, and nothing else")),
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "catalog_tests.rs"]
mod tests;
