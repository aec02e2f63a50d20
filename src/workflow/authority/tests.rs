//! Which row decides, when a version is in force, and what a grid may not say.

use std::collections::BTreeMap;

use super::*;
use crate::kernel::{DepartmentId, UserId};
use crate::workflow::{Department, Directory, Person, RoleTitle};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn typed(text: &str) -> TypedRow {
    let mut parts = text.split('|').map(|part| part.trim().to_owned());
    let mut next = || parts.next().unwrap();
    let (category, from, below, department) = (next(), next(), next(), next());
    let who = next().split_whitespace().map(str::to_owned).collect();
    TypedRow { category, from, below, department, who }
}

fn directory() -> Directory {
    let department = |id, code: &str, parent: Option<i64>| Department {
        id: DepartmentId::new(id),
        code: code.into(),
        name: code.into(),
        parent: parent.map(DepartmentId::new),
        head: None,
    };
    let departments = [department(1, "group", None), department(2, "sales", Some(1)), department(3, "cars", Some(2))];
    let person = |id, login: &str, active| Person {
        id: UserId::new(id),
        login: login.into(),
        name: login.into(),
        active,
        department: None,
        manager: None,
        roles: std::collections::BTreeSet::new(),
        absences: Vec::new(),
    };
    let people = [person(1, "li", true), person(2, "zhao", false)];
    Directory {
        people: people.into_iter().map(|one| (one.id, one)).collect(),
        departments: departments.into_iter().map(|one| (one.id, one)).collect(),
        roles: ["manager", "boss", "president"].map(|role| (role.to_owned(), RoleTitle::plain(role))).into(),
        grids: BTreeMap::new(),
        version: 1,
    }
}

fn rows(lines: &[&str]) -> Vec<GridRow> {
    let typed: Vec<_> = lines.iter().map(|line| typed(line)).collect();
    read_rows(&typed, &directory()).unwrap()
}

/// Each fault as `ROW FIELD CODE`, rows from 1.
fn faults(lines: &[&str]) -> Vec<String> {
    let typed: Vec<_> = lines.iter().map(|line| typed(line)).collect();
    let found = read_rows(&typed, &directory()).unwrap_err();
    let said = |one: &GridFault| {
        let row = one.row.map_or(0, |row| row + 1);
        format!("{row} {} {}", one.problem.field(), one.problem.code())
    };
    found.iter().map(said).collect()
}

fn version(number: u32, from: &str, rows: Vec<GridRow>) -> GridVersion {
    let made_at = Timestamp::from_micros(0);
    GridVersion {
        number,
        from: day(from),
        note: String::new(),
        made_by: None,
        made_at,
        proposed: false,
        confirmed_by: None,
        withdrawal_by: None,
        withdrawn: false,
        rows,
    }
}

fn grid(versions: Vec<GridVersion>) -> Grid {
    Grid { name: "sales".into(), title: "销售".into(), versions }
}

fn number(grid: &Grid, on: &str) -> Option<u32> {
    grid.in_force(day(on)).map(|version| version.number)
}

#[test]
fn a_band_includes_where_it_begins_and_not_where_it_ends() {
    let version = version(1, "2026-01-01", rows(&["||100万||role:boss", "|100万|||role:president"]));
    let who = |amount| version.row(amount, None, &[]).unwrap().who[0].to_string();
    let units = |units| Some(Amount::from_units(units));
    assert_eq!(who(units(0)), "role:boss");
    assert_eq!(who(Some(Amount::parse("999999.99").unwrap())), "role:boss");
    assert_eq!(who(units(1_000_000)), "role:president");
    assert_eq!(who(None), "role:president", "no ceiling is the highest band");
}

#[test]
fn a_version_that_is_to_take_force_is_compared_with_the_one_that_it_replaces() {
    let proposed = |number, from| GridVersion { proposed: true, ..version(number, from, Vec::new()) };
    let versions = vec![
        version(1, "2026-01-01", Vec::new()),
        version(2, "2026-09-01", Vec::new()),
        proposed(3, "2026-06-01"),
        proposed(4, "2026-10-01"),
    ];
    let grid = grid(versions);
    let before = |number, today| grid.before(grid.version(number).unwrap(), day(today)).map(|one| one.number);
    assert_eq!(before(3, "2026-05-01"), Some(1), "the second has a lower number and a later day");
    assert_eq!(before(4, "2026-05-01"), Some(2));
    assert_eq!(before(2, "2026-05-01"), Some(1), "a version ahead does not replace itself");
    assert_eq!(before(3, "2026-09-15"), Some(2), "what its day has passed by takes force at once");
}

#[test]
fn the_own_category_stands_before_every_category_and_the_nearest_department_before_those_above() {
    let version = version(
        1,
        "2026-01-01",
        rows(&[
            "||||role:boss",
            "|||cars|user:li",
            "sales||||role:manager",
            "sales|||group|role:president",
            "sales|||sales|manager",
        ]),
    );
    let who = |category, departments: &[&str]| {
        version.row(Some(Amount::ZERO), category, departments).unwrap().who[0].to_string()
    };
    assert_eq!(who(Some("sales"), &["cars", "sales", "group"]), "manager");
    assert_eq!(who(Some("sales"), &["legal", "group"]), "role:president");
    assert_eq!(who(Some("sales"), &[]), "role:manager");
    assert_eq!(who(Some("purchase"), &["cars", "sales", "group"]), "user:li");
    assert_eq!(who(Some("purchase"), &["sales", "group"]), "role:boss");
}

#[test]
fn a_record_for_which_there_is_no_row_finds_none() {
    let version = version(1, "2026-01-01", rows(&["sales|||sales|role:boss"]));
    assert_eq!(version.row(Some(Amount::ZERO), Some("purchase"), &["sales"]), None);
    assert_eq!(version.row(Some(Amount::ZERO), Some("sales"), &["legal"]), None);
}

#[test]
fn the_version_of_the_latest_day_that_has_come_is_in_force() {
    let all = || rows(&["||||role:boss"]);
    let mut grid = grid(vec![
        version(1, "2026-01-01", all()),
        version(2, "2026-07-01", all()),
        version(3, "2026-04-01", all()),
        version(4, "2026-04-01", all()),
    ]);
    assert_eq!(number(&grid, "2025-12-31"), None);
    assert_eq!(number(&grid, "2026-01-01"), Some(1));
    assert_eq!(number(&grid, "2026-04-01"), Some(4), "of one day the newest");
    assert_eq!(number(&grid, "2026-08-01"), Some(2), "a later day stands above a later number");
    grid.versions[1].proposed = true;
    assert_eq!(number(&grid, "2026-08-01"), Some(4), "nobody has confirmed it");
    assert_eq!(grid.standing(&grid.versions[1], day("2026-08-01")), GridStanding::Proposed);
    grid.versions[1].withdrawn = true;
    assert_eq!(number(&grid, "2026-08-01"), Some(4));
    let standing = |number| grid.standing(grid.version(number).unwrap(), day("2026-03-01"));
    assert_eq!(
        [standing(1), standing(2), standing(4)],
        [GridStanding::InForce, GridStanding::Withdrawn, GridStanding::Ahead]
    );
    assert_eq!(grid.standing(&grid.versions[2], day("2026-05-01")), GridStanding::Replaced);
}

#[test]
fn bands_of_one_category_and_department_cover_every_amount_once() {
    assert_eq!(faults(&["||10万||manager", "|20万|||role:boss"]), ["2 from grid_gap"]);
    assert_eq!(faults(&["||20万||manager", "|10万|||role:boss"]), ["2 from grid_overlap"]);
    assert_eq!(faults(&["|1|||manager"]), ["1 from grid_starts"]);
    assert_eq!(faults(&["||10万||manager"]), ["1 below grid_ends"]);
    assert_eq!(faults(&["||||manager", "||||role:boss"]), ["2 from grid_overlap"]);
    assert_eq!(faults(&["sales||||manager", "sales|||sales|manager", "|5|||manager"]), ["3 from grid_starts"]);
}

#[test]
fn rows_may_stand_in_any_order() {
    assert_eq!(rows(&["|20万|||role:boss", "|0|20万||manager"]).len(), 2);
}

#[test]
fn a_band_within_another_hides_no_gap_behind_it() {
    assert_eq!(
        faults(&["||100||manager", "|10|20||manager", "|120|||manager"]),
        ["2 from grid_overlap", "3 from grid_gap"]
    );
}

#[test]
fn who_is_named_is_there() {
    assert_eq!(faults(&["||||role:chief"]), ["1 who role_unknown"]);
    assert_eq!(faults(&["||||user:zhao"]), ["1 who user_unknown"], "who left cannot be asked");
    assert_eq!(faults(&["|||moon|role:boss"]), ["1 department department_unknown"]);
    assert_eq!(faults(&["||||chief"]), ["1 who grid_holder_form"]);
    assert_eq!(faults(&["||||"]), ["1 who grid_names_nobody"]);
    assert_eq!(faults(&[]), ["0 rows grid_without_rows"]);
}

#[test]
fn amounts_that_cannot_be_read_are_said_once_and_hide_the_gaps_beside_them() {
    assert_eq!(faults(&["||ten||manager", "|20万|||role:boss"]), ["1 below grid_amount_form"]);
    assert_eq!(faults(&["|-5|||manager"]), ["1 from grid_amount_form"]);
    assert_eq!(faults(&["|20|10||manager"]), ["1 below grid_band_empty"]);
}

#[test]
fn every_fault_has_its_sentence() {
    let lines = ["||ten||role:chief", "|||moon|", "||||chief"].map(typed);
    for fault in read_rows(&lines, &directory()).unwrap_err() {
        for lang in crate::i18n::Lang::ALL {
            let said = crate::i18n::text(lang, &fault.message());
            assert!(said.contains(char::is_whitespace) && !said.contains('{'), "{said}");
        }
    }
}

#[test]
fn a_holder_reads_back_as_it_is_written() {
    for text in
        ["role:boss", "role_in_department:legal", "head_of_department", "manager", "managers_up_to:vp", "user:li"]
    {
        assert_eq!(text.parse::<Holder>().unwrap().to_string(), text);
    }
    for text in ["", "boss", "role:", "drafter", "owner:li"] {
        assert!(text.parse::<Holder>().is_err(), "{text}");
    }
}

#[test]
fn what_changed_between_two_versions_is_said_by_row() {
    let old = version(1, "2026-01-01", rows(&["||100万||role:boss", "|100万|||role:president"]));
    let new = version(2, "2026-02-01", rows(&["||200万||role:boss", "|200万|||role:president", "sales||||user:li"]));
    let kind = |change: &GridChange| match change {
        GridChange::Added(_) => "added",
        GridChange::Removed(_) => "removed",
        GridChange::Moved { .. } => "moved",
    };
    let kinds = |one: &GridVersion, other: &GridVersion| one.changes_since(other).iter().map(kind).collect::<Vec<_>>();
    assert_eq!(kinds(&new, &old), ["added", "added", "added", "removed", "removed"]);
    let moved = version(3, "2026-03-01", rows(&["||100万||user:li", "|100万|||role:president"]));
    assert_eq!(kinds(&moved, &old), ["moved"]);
    assert!(old.changes_since(&old).is_empty());
}
