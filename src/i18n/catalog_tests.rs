//! What holds for the sentences of all rooms, read from the sources.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use regex::Regex;

use super::*;

/// All entries, from the disk rather than from the binary, so that a broken file is named.
fn catalog() -> Catalog {
    let mut catalog = Catalog::new();
    for (path, text) in sources("toml") {
        let room = path.strip_suffix("/messages.toml").filter(|room| !room.contains('/'));
        let Some(room) = room else { continue };
        add(&mut catalog, room, &text).unwrap_or_else(|error| panic!("src/{path}: {error}"));
    }
    catalog
}

/// Every file below src with that ending, by its path there.
fn sources(ending: &str) -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = BTreeMap::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == ending) {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
                found.insert(name, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    found
}

fn places(sentence: &str) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    let mut rest = sentence;
    while let Some((_, name, after)) = next_place(rest) {
        found.insert(name);
        rest = after;
    }
    found
}

/// The code before its tests and without its comments, in which keys may be made up.
fn without_tests(text: &str) -> String {
    let code = text.split_once("#[cfg(test)]\nmod tests").map_or(text, |(code, _)| code);
    code.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .fold(String::new(), |code, line| code + line + "\n")
}

fn is_cjk(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff60}' | '\u{20000}'..='\u{3ffff}')
}

#[test]
fn both_languages_have_the_same_places() {
    for (key, entry) in catalog() {
        assert_eq!(places(&entry.zh), places(&entry.en), "{key}");
        for name in places(&entry.zh) {
            assert!(
                name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'),
                "{key}: {{{name}}}"
            );
        }
        assert!(!entry.zh.trim().is_empty() && !entry.en.trim().is_empty(), "{key}");
    }
}

#[test]
fn no_english_sentence_has_a_chinese_character() {
    for (key, entry) in catalog() {
        assert!(!entry.en.chars().any(is_cjk), "{key}: {}", entry.en);
    }
}

#[test]
fn every_key_that_is_used_is_written() {
    let catalog = catalog();
    let used = Regex::new(r#"\b(?:msg!\s*\(|t\(|label\([a-z_.]+,)\s*["']([a-z0-9_.]+)["']"#).unwrap();
    let mut missing = Vec::new();
    for (path, text) in sources("rs").into_iter().chain(sources("html")) {
        let code = without_tests(&text);
        let keys = used.captures_iter(&code).map(|found| found[1].to_owned());
        missing.extend(
            keys.filter(|key| key.contains('.') && !catalog.contains_key(key)).map(|key| format!("{path}: {key}")),
        );
    }
    assert!(missing.is_empty(), "not in any messages.toml: {missing:#?}");
}

#[test]
fn every_place_gets_a_value_where_the_message_is_made() {
    let catalog = catalog();
    let made = Regex::new(r#"\bmsg!\s*\(\s*"([a-z0-9_.]+)"\s*([,)])"#).unwrap();
    let named = Regex::new(r"\b([a-z][a-z0-9_]*)\s*=[^=>]").unwrap();
    let mut wrong = Vec::new();
    for (path, text) in sources("rs") {
        let code = without_tests(&text);
        for found in made.captures_iter(&code) {
            let Some(entry) = catalog.get(&found[1]) else { continue };
            let end = found.get(0).map_or(0, |all| all.end());
            let given = if &found[2] == "," { within_parentheses(&code[end..]) } else { "" };
            let given: BTreeSet<&str> =
                named.captures_iter(given).filter_map(|name| name.get(1)).map(|name| name.as_str()).collect();
            if !places(&entry.zh).is_subset(&given) {
                wrong.push(format!("{path}: {} gets {given:?}", &found[1]));
            }
        }
    }
    assert!(wrong.is_empty(), "values are missing: {wrong:#?}");
}

/// What stands before the parenthesis that closes the call.
fn within_parentheses(text: &str) -> &str {
    let mut depth = 1;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &text[..at];
        }
    }
    text
}

#[test]
fn every_sentence_is_used() {
    let literal = Regex::new(r#"["']([a-z0-9_]+(?:\.[a-z0-9_]+)+)["']"#).unwrap();
    // The sentences of a declared kind of record follow from its declaration; a test of its room compares the two.
    let declared = Regex::new(r#"Kind::new\(\s*"([a-z_]+)",\s*"([a-z_]+)","#).unwrap();
    // A family of sentences is named by what stands before its last part: format!("contract.log.{}", …).
    let family = Regex::new(r#""([a-z0-9_]+(?:\.[a-z0-9_]+)*\.)\{[a-z_]*\}""#).unwrap();
    let mut unused: BTreeSet<String> = catalog().into_keys().collect();
    for (_, text) in sources("rs").into_iter().chain(sources("html")) {
        let code = without_tests(&text);
        for found in literal.captures_iter(&code) {
            unused.remove(&found[1]);
        }
        for found in family.captures_iter(&code) {
            unused.retain(|key| !key.starts_with(&found[1]));
        }
        for found in declared.captures_iter(&code) {
            let (kind, lists) = (format!("{}.{}.", &found[2], &found[1]), format!("{}.dictionary.", &found[2]));
            unused.retain(|key| !key.starts_with(&kind) && !key.starts_with(&lists));
        }
    }
    assert!(unused.is_empty(), "written and never used: {unused:#?}");
}

#[test]
fn what_is_on_the_disk_is_in_the_binary() {
    for key in catalog().keys() {
        assert!(CATALOG.contains_key(key), "{key}");
    }
}

#[test]
fn values_are_put_in_their_places() {
    let value = |name: &str| (name == "a").then(|| "1".to_owned());
    assert_eq!(fill("x{a}y{b}{a}", value), "x1y{b}1");
    assert_eq!(fill("an open { stays", value), "an open { stays");
}

#[test]
fn a_file_with_half_a_sentence_is_refused() {
    for text in
        ["[a]\nzh = \"甲\"", "a = 1", "[a]\nzh = \"甲\"\nen = 1", "[a]\nzh = \"甲\"\nen = \"A\"\nfr = \"A\"", "[a"]
    {
        assert!(add(&mut Catalog::new(), "room", text).is_err(), "{text}");
    }
    let mut catalog = Catalog::new();
    add(&mut catalog, "room", "[state.draft]\nzh = \"草稿\"\nen = \"Draft\"").unwrap();
    assert!(catalog.contains_key("room.state.draft"));
}
