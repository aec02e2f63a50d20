//! Every page and every form that the program declares, read from its source: the addresses of `paths!` that a router answers.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::support;

/// A page, or what takes a form, by its address: `/contracts/{id}`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct DeclaredPage {
    pub(crate) pattern: String,
}

impl DeclaredPage {
    /// Whether an address is one of this page.
    pub(crate) fn is_at(&self, path: &str) -> bool {
        let (mut wanted, mut found) = (self.pattern.split('/'), path.split('/'));
        loop {
            match (wanted.next(), found.next()) {
                (None, None) => return true,
                (Some(wanted), Some(found)) if wanted == found => {}
                (Some(wanted), Some(found)) if wanted.starts_with('{') && !found.is_empty() => {}
                _ => return false,
            }
        }
    }
}

/// All of them, those with the most words of their own first: `/contracts/new` before `/contracts/{id}`.
pub(crate) fn declared_pages() -> Vec<DeclaredPage> {
    let pages = declared("get(", &["", "/new", "/{id}", "/{id}/edit"]);
    assert!(pages.len() > 70, "the source is read");
    pages
}

/// Where the forms of pages are sent.
pub(crate) fn declared_forms() -> Vec<DeclaredPage> {
    let of_records = ["/new", "/{id}/edit", "/{id}/transfer", "/{id}/delete", "/{id}/restore", "/{id}/acts/{act}"];
    let forms = declared("post(", &of_records);
    assert!(forms.len() > 70, "the source is read");
    forms
}

fn declared(method: &str, of_records: &[&str]) -> Vec<DeclaredPage> {
    let sources: Vec<_> = sources().collect();
    let declared: BTreeMap<(PathBuf, String), String> =
        sources.iter().flat_map(|(file, text)| paths(file, text)).collect();
    let routed = sources.iter().flat_map(|(file, text)| routes(file, text, method, &declared));
    let mut patterns: Vec<String> = routed.collect();
    for behaviour in qiyue::crm::kinds() {
        let has = |rest: &&&str| !rest.contains("/acts/") || !behaviour.acts().is_empty();
        patterns.extend(of_records.iter().filter(has).map(|rest| format!("{}{rest}", behaviour.kind().path())));
    }
    patterns.sort_by_key(|pattern| (pattern.matches('{').count(), pattern.clone()));
    patterns.dedup();
    patterns.into_iter().map(|pattern| DeclaredPage { pattern }).collect()
}

/// The files of the program without their own tests.
fn sources() -> impl Iterator<Item = (PathBuf, String)> {
    let code = |text: String| text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default().to_owned();
    support::sources().into_iter().map(move |(file, text)| (file.into(), code(text)))
}

/// `pub ContractPath = "/contracts/{id}" { … }` within `paths! { … }`, by file and name.
fn paths(file: &Path, text: &str) -> Vec<((PathBuf, String), String)> {
    let mut found = Vec::new();
    for block in text.split("paths! {").skip(1) {
        let block = block.split("\n}").next().unwrap_or_default();
        for line in block.lines().filter(|line| line.contains(" = \"/")) {
            let (left, right) = line.split_once(" = \"").unwrap();
            let name = left.split_whitespace().last().unwrap().to_owned();
            let pattern = right.split('"').next().unwrap().to_owned();
            found.push(((file.to_owned(), name), pattern));
        }
    }
    found
}

/// The patterns of the routes of a file that answer to a method.
fn routes(file: &Path, text: &str, method: &str, declared: &BTreeMap<(PathBuf, String), String>) -> Vec<String> {
    let mut found = Vec::new();
    for route in text.split(".route(").skip(1) {
        let route = within_parentheses(route);
        let Some((address, answers)) = route.split_once(',') else { continue };
        if !answers.contains(method) {
            continue;
        }
        let address = address.trim();
        found.extend(match address.strip_suffix("::PATTERN") {
            Some(name) => Some(pattern(file, name, declared)),
            None => address.strip_prefix('"').and_then(|it| it.strip_suffix('"')).map(str::to_owned),
        });
    }
    found.retain(|pattern| !pattern.starts_with("/api/") && pattern != "/events");
    found
}

/// What a name means in a file: its own, that of its folder's door, or that of the room below which it is taken from.
fn pattern(file: &Path, name: &str, declared: &BTreeMap<(PathBuf, String), String>) -> String {
    let folder = file.parent().unwrap();
    let places = [file.to_owned(), folder.join("mod.rs")];
    let own = places.iter().find_map(|place| declared.get(&(place.clone(), name.to_owned())));
    let found = own.or_else(|| declared.iter().find(|((_, known), _)| known == name).map(|(_, pattern)| pattern));
    found.unwrap_or_else(|| panic!("{} routes {name}, which no paths! of its folder declares", file.display())).clone()
}

fn within_parentheses(text: &str) -> &str {
    let mut depth = 1;
    for (at, sign) in text.char_indices() {
        depth += match sign {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        if depth == 0 {
            return &text[..at];
        }
    }
    text
}
