//! Every fault that `check` can find, word by word in both languages, at its line and column.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use qiyue::i18n::Lang;
use qiyue::kernel::{DepartmentId, Kind, UserId};
use qiyue::workflow::check::check;
use qiyue::workflow::language::Shelf;
use qiyue::workflow::{Department, Directory, FieldKind, FieldSchema, Grid, Person, RoleTitle, SubjectSchema};

fn contract() -> SubjectSchema {
    let field = |name: &str, kind: FieldKind, raw_amount: bool| FieldSchema {
        name: name.to_owned(),
        label_zh: name.to_owned(),
        label_en: name.to_owned(),
        kind,
        raw_amount,
    };
    SubjectSchema {
        kind: Kind::of("contract"),
        fields: vec![
            field("amount", FieldKind::Amount, true),
            field("category", FieldKind::Text, false),
            field("delivery_days", FieldKind::Number, false),
            field("expires", FieldKind::Date, false),
            field("payment_terms", FieldKind::Text, false),
        ],
        events: ["signed", "payment_requested", "payment_handled"].map(str::to_owned).to_vec(),
        words: Vec::new(),
        effects: vec![
            "request_seal",
            "payment_plan_from_contract",
            "expect_original_back",
            "archive_by",
            "warn_before",
            "tell",
        ],
        silence_needs_reason: true,
    }
}

fn directory() -> Directory {
    let roles = ["legal", "finance", "general-manager", "president", "accountant", "administrator"];
    let person = Person {
        id: UserId::new(1),
        login: "zhangsan".to_owned(),
        name: "张三".to_owned(),
        active: true,
        department: Some(DepartmentId::new(1)),
        manager: None,
        roles: roles.iter().map(ToString::to_string).collect::<BTreeSet<_>>(),
        absences: Vec::new(),
    };
    let left = Person {
        id: UserId::new(2),
        login: "lisi".to_owned(),
        name: "李四".to_owned(),
        active: false,
        roles: BTreeSet::new(),
        ..person.clone()
    };
    let department = Department {
        id: DepartmentId::new(1),
        code: "sales".to_owned(),
        name: "销售部".to_owned(),
        parent: None,
        head: Some(UserId::new(1)),
    };
    let grid =
        Grid { name: "sales-contract".to_owned(), title: "销售合同审批权限".to_owned(), versions: Vec::new() };
    Directory {
        version: 1,
        people: BTreeMap::from([(person.id, person), (left.id, left)]),
        departments: BTreeMap::from([(department.id, department)]),
        roles: roles.iter().chain(&["archivist"]).map(|role| ((*role).to_owned(), RoleTitle::plain(role))).collect(),
        grids: BTreeMap::from([(grid.name.clone(), grid)]),
    }
}

/// Workflows that others may run.
fn shelf() -> Shelf {
    let files = [("risk-review", "contract"), ("travel", "declaration"), ("w", "contract")].map(|(name, subject)| {
        let header =
            format!("workflow(\"{name}\", #{{ title: \"{name}\", subject: \"{subject}\", takes: nothing() }});");
        let node = "approve(\"legal\", #{ title: \"法务\", by: role(\"legal\") });";
        (format!("{header}\n{node}\n"), format!("{name}.rhai"))
    });
    Shelf::of_files(&files)
}

fn faulty() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures/workflows/faulty");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "rhai"));
    files.sort();
    files
}

/// `QIYUE_WRITE_EXPECTED=1` writes what is found, to be read before it is committed.
#[test]
fn every_faulty_workflow_is_told_what_is_wrong_and_where() {
    let mut wrong = String::new();
    for path in faulty() {
        let source = std::fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        let faults = check(&source, name, &shelf(), &[contract()], Some(&directory()));
        let found: String =
            Lang::ALL.into_iter().flat_map(|lang| faults.iter().map(move |fault| fault.render(lang))).collect();
        let expected = path.with_extension("expected");
        if std::env::var_os("QIYUE_WRITE_EXPECTED").is_some() {
            std::fs::write(&expected, &found).unwrap();
        }
        let known = std::fs::read_to_string(&expected).unwrap_or_default();
        if known != found || found.is_empty() {
            write!(wrong, "--- {name}, expected\n{known}--- found\n{found}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
