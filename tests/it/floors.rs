//! The law of the house: which room may use which, and what has only one home.
//!
//! Every file under `src/` is read as tokens, so that a path counts wherever it stands: in a `use` tree, in an expression,
//! inside a macro. Names that a `use … as …` hides are left to `clippy.toml`, which resolves them.

use std::fmt;
use std::path::Path;
use std::str::FromStr as _;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// The rooms, ground floor first: a file uses only rooms that stand before its own.
const FLOORS: &[&str] = &[
    "kernel",
    "i18n",
    "workflow",
    "db",
    "files",
    "mail",
    "pdf",
    "search",
    "jobs",
    "org",
    "notify",
    "web",
    "deadline",
    "record",
    "approval",
    "settlement",
    "crm",
    "contract",
    "service",
    "insight",
    "app",
    "cli",
];
/// Rooms below `web` that nevertheless have pages and an API: those parts count as standing just after `web`.
const ROOMS_WITH_LATE_PAGES: &[&str] = &["org", "notify"];
/// Rooms that hold rules and nothing else.
const PURE_ROOMS: &[&str] = &["kernel", "i18n", "workflow"];
const INPUT_AND_OUTPUT: &[&str] = &["sqlx", "rusqlite", "axum", "tokio"];
const CLOCKS: &[&str] = &["Timestamp", "Zoned", "SystemTime", "Instant", "Utc", "Local"];
const RANDOMNESS: &[&str] = &["getrandom", "rand", "fastrand", "OsRng", "SysRng", "thread_rng"];
const DRIVERS: &[&str] = &["sqlx", "rusqlite"];
const ENGINES: &[&str] = &["Sqlite", "Postgres"];
const LONG: usize = 400;
const TOO_LONG: usize = 600;

#[test]
fn the_house_keeps_its_floors() {
    let mut breaches = Vec::new();
    for (name, source) in crate::support::sources() {
        let file = File::read(&name, &source);
        breaches.extend(file.breaches());
        if (LONG + 1..=TOO_LONG).contains(&file.lines) {
            crate::support::aloud(&format!("{name} has {} lines without its tests; split it by subject", file.lines));
        }
    }
    let list = breaches.iter().map(Breach::to_string).collect::<Vec<_>>().join("\n");
    assert!(breaches.is_empty(), "{} breaches:\n{list}", breaches.len());
}

#[test]
fn lib_lists_the_rooms_in_the_order_of_the_floors() {
    let source = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    let rooms: Vec<_> = source.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    let in_order: Vec<_> = FLOORS.iter().copied().filter(|room| rooms.contains(room)).collect();
    assert_eq!(rooms, in_order);
}

/// One place where the law is broken.
#[derive(Debug)]
struct Breach {
    file: String,
    line: usize,
    rule: String,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.rule)
    }
}

/// A source file as the law sees it.
struct File {
    /// From the root of the crate, `src/org/model.rs`.
    name: String,
    /// `["org", "model"]`; empty for `lib.rs` and `main.rs`.
    module: Vec<String>,
    /// Lines without the modules of its unit tests.
    lines: usize,
    /// Paths that start at `crate`, `super` or `self`, resolved.
    paths: Vec<Used>,
    /// Every word of the code with what stands before it.
    words: Vec<Word>,
    /// Lines with an example that is neither compiled nor run, which counts as a skipped test.
    ignored_examples: Vec<usize>,
}

/// A path into this crate, from its root.
struct Used {
    segments: Vec<String>,
    line: usize,
}

struct Word {
    text: String,
    /// The word before, if `::` joins them.
    parent: Option<String>,
    line: usize,
}

impl File {
    fn read(name: &str, source: &str) -> Self {
        let tokens = TokenStream::from_str(source).unwrap_or_else(|error| panic!("{name}: {error}"));
        let tokens: Vec<_> = tokens.into_iter().collect();
        let module = module_of(name);
        let mut paths = Vec::new();
        collect_paths(&tokens, &mut module.clone(), &mut paths);
        let mut words = Vec::new();
        collect_words(&tokens, &mut words);
        let lines = if name.ends_with("tests.rs") { 0 } else { source.lines().count() - lines_of_tests(&tokens) };
        let is_ignored = |line: &str| line.trim_start().starts_with("//") && line.contains("```ignore");
        let ignored_examples =
            (1..).zip(source.lines()).filter(|(_, line)| is_ignored(line)).map(|(at, _)| at).collect();
        Self { name: name.to_owned(), module, lines, paths, words, ignored_examples }
    }

    fn breaches(&self) -> Vec<Breach> {
        let mut found = Vec::new();
        self.check_place(&mut found);
        self.check_floors(&mut found);
        self.check_words(&mut found);
        for line in &self.ignored_examples {
            self.report(&mut found, *line, "an example that cannot run is ```text".to_owned());
        }
        if self.lines > TOO_LONG {
            self.report(&mut found, 1, format!("{} lines without its tests, more than {TOO_LONG}", self.lines));
        }
        found
    }

    fn report(&self, found: &mut Vec<Breach>, line: usize, rule: String) {
        found.push(Breach { file: self.name.clone(), line, rule });
    }

    fn room(&self) -> &str {
        self.module.first().map_or("", String::as_str)
    }

    fn check_place(&self, found: &mut Vec<Breach>) {
        if !self.module.is_empty() && !FLOORS.contains(&self.room()) {
            self.report(found, 1, format!("`{}` is no room of the house", self.room()));
        }
    }

    fn check_floors(&self, found: &mut Vec<Breach>) {
        let Some(own) = floor(&self.module) else { return };
        for used in &self.paths {
            if used.segments.is_empty() {
                self.report(found, used.line, "the whole crate is imported".to_owned());
            } else if used.segments.first() != self.module.first() && floor(&used.segments).is_some_and(|it| it > own) {
                let path = used.segments.join("::");
                self.report(found, used.line, format!("`{}` uses `{path}`, which stands above it", self.room()));
            }
        }
    }

    fn check_words(&self, found: &mut Vec<Breach>) {
        let holds_rules = PURE_ROOMS.contains(&self.room()) || self.module.iter().any(|part| part == "model");
        for Word { text, parent, line } in &self.words {
            let is = |list: &[&str]| list.contains(&text.as_str());
            let rule = if holds_rules && is(INPUT_AND_OUTPUT) {
                format!("`{text}` where rules live")
            } else if text == "now"
                && parent.as_deref().is_some_and(|it| CLOCKS.contains(&it))
                && !self.is("kernel/clock")
            {
                "a clock outside kernel/clock.rs".to_owned()
            } else if is(RANDOMNESS) && !self.is("kernel/random") {
                format!("`{text}`: randomness outside kernel/random.rs")
            } else if is(DRIVERS) && self.room() != "db" {
                format!("`{text}` outside db/")
            } else if is(ENGINES) && self.room() != "db" {
                format!("`{text}`: only db/ knows which engine runs")
            } else {
                continue;
            };
            self.report(found, *line, rule);
        }
    }

    fn is(&self, module: &str) -> bool {
        self.module.join("/") == module
    }
}

/// Where a module stands: its room, or for the late pages of some rooms the place just after `web`. Roots and names that are no
/// rooms (an exported macro) have none.
fn floor(module: &[String]) -> Option<(usize, usize)> {
    let at = |name: &str| FLOORS.iter().position(|room| *room == name);
    let room = module.first()?;
    let own = at(room)?;
    let late = ROOMS_WITH_LATE_PAGES.contains(&room.as_str())
        && module.get(1).is_some_and(|part| part.starts_with("pages") || part.starts_with("api"));
    if late { Some((at("web")?, 1 + own)) } else { Some((own, 0)) }
}

fn module_of(name: &str) -> Vec<String> {
    let path = name.trim_start_matches("src/").trim_end_matches(".rs");
    let mut parts: Vec<_> = path.split('/').map(str::to_owned).collect();
    if parts.last().is_some_and(|last| last == "mod") || path == "lib" || path == "main" {
        parts.pop();
    }
    parts
}

/// Finds every path that starts at `crate`, `super` or `self` and resolves it; `module` is the module that the tokens stand in.
fn collect_paths(tokens: &[TokenTree], module: &mut Vec<String>, found: &mut Vec<Used>) {
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        match token {
            TokenTree::Ident(word) if word == "mod" => {
                if let (Some(TokenTree::Ident(name)), Some(TokenTree::Group(body))) =
                    (tokens.get(at), tokens.get(at + 1))
                {
                    module.push(name.to_string());
                    collect_paths(&inside(body), module, found);
                    module.pop();
                    at += 2;
                }
            }
            TokenTree::Ident(word)
                if is_joint(tokens, at) && ["crate", "super", "self"].iter().any(|it| word == it) =>
            {
                let mut base = module.clone();
                step(&mut base, &word.to_string());
                at = follow(tokens, at, base, found);
            }
            TokenTree::Group(group) => collect_paths(&inside(group), module, found),
            _ => {}
        }
    }
}

/// Reads on from `::` at `at`, through the branches of a `use` tree; returns the place after the path.
fn follow(tokens: &[TokenTree], mut at: usize, mut path: Vec<String>, found: &mut Vec<Used>) -> usize {
    let line = tokens[at - 1].span().start().line;
    while is_joint(tokens, at) {
        match tokens.get(at + 2) {
            Some(TokenTree::Ident(word)) => {
                step(&mut path, &word.to_string());
                at += 3;
            }
            Some(TokenTree::Group(tree)) if tree.delimiter() == Delimiter::Brace => {
                for branch in inside(tree).split(|token| is_punct(token, ',')).filter(|branch| !branch.is_empty()) {
                    let mut path = path.clone();
                    step(&mut path, &branch[0].to_string());
                    follow(branch, 1, path, found);
                }
                return at + 3;
            }
            _ => break,
        }
    }
    found.push(Used { segments: path, line });
    at
}

fn step(path: &mut Vec<String>, word: &str) {
    match word {
        "crate" => path.clear(),
        "super" => drop(path.pop()),
        "self" | "*" => {}
        name => path.push(name.to_owned()),
    }
}

fn collect_words(tokens: &[TokenTree], words: &mut Vec<Word>) {
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Ident(word) => {
                let parent = match at.checked_sub(3).map(|before| &tokens[before]) {
                    Some(TokenTree::Ident(parent)) if is_joint(tokens, at - 2) => Some(parent.to_string()),
                    _ => None,
                };
                words.push(Word { text: word.to_string(), parent, line: word.span().start().line });
            }
            TokenTree::Group(group) => collect_words(&inside(group), words),
            _ => {}
        }
    }
}

/// How many lines the `#[cfg(test)] mod … { … }` of a file take.
fn lines_of_tests(tokens: &[TokenTree]) -> usize {
    let mut lines = 0;
    for (at, token) in tokens.iter().enumerate() {
        let [TokenTree::Group(attribute), TokenTree::Ident(word), _, TokenTree::Group(body), ..] = &tokens[at + 1..]
        else {
            continue;
        };
        if is_punct(token, '#') && attribute.stream().to_string().replace(' ', "") == "cfg(test)" && word == "mod" {
            lines += body.span_close().end().line - token.span().start().line + 1;
        }
    }
    lines
}

fn inside(group: &Group) -> Vec<TokenTree> {
    group.stream().into_iter().collect()
}

/// Whether `::` stands at this place.
fn is_joint(tokens: &[TokenTree], at: usize) -> bool {
    tokens.get(at..at + 2).is_some_and(|pair| pair.iter().all(|token| is_punct(token, ':')))
}

fn is_punct(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}

/// The law itself can fail: each rule is broken here once.
mod law {
    use super::{File, TOO_LONG};

    #[track_caller]
    fn breaks(name: &str, source: &str, expected: &[&str]) {
        let said: Vec<_> = File::read(name, source).breaches().iter().map(ToString::to_string).collect();
        let expected: Vec<_> = expected.iter().map(|breach| format!("{name}:{breach}")).collect();
        assert_eq!(said, expected, "{source}");
    }

    #[track_caller]
    fn keeps(name: &str, source: &str) {
        breaks(name, source, &[]);
    }

    #[test]
    fn a_use_that_goes_up_is_a_breach() {
        breaks("src/db/mod.rs", "\nuse crate::org::User;", &["2: `db` uses `org::User`, which stands above it"]);
        keeps("src/org/mod.rs", "use crate::db::Db;");
        keeps("src/org/store.rs", "use crate::org::model::User;");
    }

    #[test]
    fn every_branch_of_a_use_tree_counts() {
        breaks(
            "src/crm/store.rs",
            "use crate::{\n    db::{Conn, Db},\n    contract::{self, model::Contract as C},\n};",
            &[
                "3: `crm` uses `contract`, which stands above it",
                "3: `crm` uses `contract::model::Contract`, which stands above it",
            ],
        );
    }

    #[test]
    fn a_path_in_an_expression_or_a_macro_counts() {
        breaks("src/db/mod.rs", "fn f() { crate::org::f() }", &["1: `db` uses `org::f`, which stands above it"]);
        breaks("src/db/mod.rs", "m!(x => [crate::web::Kit]);", &["1: `db` uses `web::Kit`, which stands above it"]);
        keeps("src/db/mod.rs", "pub(crate) struct Conn; crate::id!(UserId);");
    }

    #[test]
    fn super_is_resolved_from_where_it_stands() {
        let up = "mod tests { use super::super::super::org::User; }";
        breaks("src/db/face.rs", up, &["1: `db` uses `org::User`, which stands above it"]);
        keeps("src/db/org.rs", "use super::org::User; mod tests { use super::super::org::User; }");
        breaks("src/db/mod.rs", "use super::*;", &["1: the whole crate is imported"]);
    }

    #[test]
    fn late_pages_stand_just_after_web() {
        keeps("src/org/pages/users.rs", "use crate::web::Kit;");
        keeps("src/notify/api.rs", "use crate::{org::pages::login, web::Kit};");
        breaks("src/org/actions.rs", "use crate::web::Kit;", &["1: `org` uses `web::Kit`, which stands above it"]);
        breaks(
            "src/org/pages.rs",
            "use crate::record::Kind;",
            &["1: `org` uses `record::Kind`, which stands above it"],
        );
        breaks(
            "src/web/mod.rs",
            "use crate::org::pages::login;",
            &["1: `web` uses `org::pages::login`, which stands above it"],
        );
    }

    #[test]
    fn the_roots_may_use_everything() {
        keeps("src/main.rs", "fn main() { qiyue::cli::run() }");
        keeps("src/lib.rs", "pub mod kernel; use crate::cli::run;");
    }

    #[test]
    fn rules_do_no_input_or_output() {
        breaks("src/kernel/money.rs", "#[tokio::test] async fn f() {}", &["1: `tokio` where rules live"]);
        breaks("src/org/model.rs", "use axum::Json;", &["1: `axum` where rules live"]);
        breaks("src/org/model/user.rs", "fn f(_: axum::Json<u8>) {}", &["1: `axum` where rules live"]);
        keeps("src/org/pages.rs", "use axum::Json;");
    }

    #[test]
    fn time_and_randomness_have_one_home() {
        breaks("src/org/actions.rs", "\n\nlet t = jiff::Timestamp::now();", &["3: a clock outside kernel/clock.rs"]);
        breaks("src/web/mod.rs", "vec![std::time::Instant::now()]", &["1: a clock outside kernel/clock.rs"]);
        keeps("src/kernel/clock.rs", "fn now() { SystemTime::now() }");
        keeps("src/org/actions.rs", "fn f(now: Timestamp, clock: &dyn Clock) { clock.now(); }");
        let random = "1: `getrandom`: randomness outside kernel/random.rs";
        breaks("src/org/actions.rs", "getrandom::fill(&mut bytes)", &[random]);
        keeps("src/kernel/random.rs", "fn f() { getrandom::fill(&mut bytes) }");
    }

    #[test]
    fn only_db_knows_the_engine() {
        breaks("src/org/store.rs", "use sqlx::Row;", &["1: `sqlx` outside db/"]);
        breaks(
            "src/app/mod.rs",
            "match engine { Engine::Sqlite => 1, _ => 2 }",
            &["1: `Sqlite`: only db/ knows which engine runs"],
        );
        keeps("src/db/engine.rs", "use rusqlite::Row; fn f() { Engine::Postgres }");
    }

    #[test]
    fn a_file_fits_in_one_head_and_its_unit_tests_do_not_count() {
        let long = "fn f() {}\n".repeat(TOO_LONG);
        let tests = "#[cfg(test)]\nmod tests {\n    fn t() {}\n}\n";
        keeps("src/org/actions.rs", &format!("{long}{tests}"));
        breaks(
            "src/org/actions.rs",
            &format!("{long}fn g() {{}}\n{tests}"),
            &["1: 601 lines without its tests, more than 600"],
        );
    }

    #[test]
    fn no_example_is_ignored() {
        breaks(
            "src/db/mod.rs",
            "//! ```ignore\n//! db.write()\n//! ```",
            &["1: an example that cannot run is ```text"],
        );
    }

    #[test]
    fn a_folder_that_is_no_room_is_a_breach() {
        breaks("src/utils/mod.rs", "", &["1: `utils` is no room of the house"]);
        breaks("src/helpers.rs", "", &["1: `helpers` is no room of the house"]);
    }
}
