//! The evidence bundle: the same for everybody, whole on any machine, and refused once anything in it was touched.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use qiyue::approval::{Anchored, BundleFlaw, Members, check_bundle, pack, unpack};
use qiyue::kernel::{CaseId, Date, Hash, Timestamp};
use qiyue::workflow::{definition_version, event_hash};
use reqwest::Method;
use serde_json::{Value, json};

use super::Company;
use crate::support::on_both;

/// A contract that two people approved, with its files, and the root of the day after.
async fn approved(company: &Company) -> CaseId {
    company.case("3万").await;
    let case = company.case("5万").await;
    company.approve(case, "wang").await.unwrap();
    company.approve(case, "zhao").await.unwrap();
    company.case("4万").await;
    company.app.approvals().store_root("2026-03-03".parse::<Date>().unwrap()).await.unwrap();
    case
}

pub(super) async fn bundle(company: &Company, login: &str, case: CaseId) -> Vec<u8> {
    let answer = company.reader(login).await.get(&format!("/approvals/{case}/evidence.zip")).await;
    assert_eq!(
        (answer.status().as_u16(), answer.headers()["content-type"].to_str().unwrap()),
        (200, "application/zip")
    );
    answer.bytes().await.unwrap().to_vec()
}

fn flaws(members: &Members) -> Vec<BundleFlaw> {
    check_bundle(members).flaws
}

/// What a forger leaves who also writes the list of hashes anew.
fn forged(members: &Members, change: impl FnOnce(&mut Members)) -> Vec<BundleFlaw> {
    let mut members = members.clone();
    change(&mut members);
    flaws(&unpack(&pack(members).unwrap()).unwrap())
}

fn named(members: &Members, start: &str, end: &str) -> String {
    let found = members.keys().find(|name| name.starts_with(start) && name.ends_with(end));
    found.unwrap_or_else(|| panic!("{start}…{end} in {:?}", members.keys())).clone()
}

fn hash_in(name: &str) -> Hash {
    name.split(['/', '.']).nth(1).unwrap().parse().unwrap()
}

/// Another text in a member, which it has.
fn replace(members: &mut Members, name: &str, from: &str, to: &str) {
    let text = String::from_utf8(members[name].clone()).unwrap();
    assert!(text.contains(from), "{from} in {name}: {text}");
    members.insert(name.to_owned(), text.replacen(from, to, 1).into_bytes());
}

fn lines(members: &Members) -> Vec<String> {
    String::from_utf8(members["events.jsonl"].clone()).unwrap().lines().map(ToOwned::to_owned).collect()
}

fn put_lines(members: &mut Members, lines: &[String]) {
    members.insert("events.jsonl".to_owned(), (lines.join("\n") + "\n").into_bytes());
}

#[tokio::test]
async fn a_bundle_is_the_same_for_everybody_and_holds_together() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = approved(&company).await;
        let page = company.reader("zhang").await.page(&format!("/approvals/{case}")).await;
        assert!(
            page.contains(&format!("/approvals/{case}/evidence.zip"))
                && page.contains(&format!("/approvals/{case}/sheet"))
        );
        let first = bundle(&company, "zhang", case).await;
        company.wait(3 * 24 * 3600);
        assert!(first == bundle(&company, "wang", case).await, "the same case gives the same bytes");
        let checked = check_bundle(&unpack(&first).unwrap());
        assert_eq!(checked.flaws, []);
        assert_eq!((checked.case, checked.not_kept), (case.get(), 0));
        let root = company.app.approvals().root("2026-03-03".parse().unwrap()).await.unwrap().unwrap().0;
        let events = company.app.approvals().events(case).await.unwrap();
        let anchored = Anchored { day: "2026-03-03".to_owned(), root, events: i64::try_from(events.len()).unwrap() };
        assert_eq!(checked.anchor, Some(anchored), "all of it hangs on the root of the day");
        assert_eq!((checked.events, checked.head), (events.len(), events.last().map(|event| event.hash)));
    })
    .await;
}

#[tokio::test]
async fn a_bundle_holds_the_contract_its_files_the_people_and_the_sheets() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = approved(&company).await;
        let members = unpack(&bundle(&company, "zhang", case).await).unwrap();
        let files: Vec<_> =
            members.iter().filter(|(name, _)| name.starts_with("files/")).map(|(_, bytes)| bytes).collect();
        assert!(files.contains(&&"执照".as_bytes().to_vec()) && files.len() == 2);
        let contents: Value = serde_json::from_slice(&members[&named(&members, "contents/", ".json")]).unwrap();
        let parts = contents["parts"].as_array().unwrap();
        for path in ["fields/service_fee", "parties/1", "plan/1", "clauses/payment"] {
            assert!(parts.iter().any(|part| part["path"] == path), "{path} in {contents:#}");
        }
        let people: Vec<Value> = serde_json::from_slice(&members["people.json"]).unwrap();
        let names: Vec<_> = people.iter().map(|one| one["name"].as_str().unwrap()).collect();
        for name in ["张三", "王敏", "赵总", "会计小周"] {
            assert!(names.contains(&name), "{name} in {names:?}");
        }
        assert!(!names.contains(&"路人"));
        assert!(String::from_utf8(members["README.txt"].clone()).unwrap().contains("qiyue verify"));
        assert_eq!(members.contains_key("approval-sheet.en.pdf"), qiyue::pdf::BUILT);
    })
    .await;
}

#[tokio::test]
async fn who_has_nothing_to_do_with_the_case_gets_neither_bundle_nor_sheet() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = approved(&company).await;
        let reader = company.outsider().await;
        for paper in ["evidence.zip", "sheet", "sheet.pdf"] {
            let path = format!("/approvals/{case}/{paper}");
            assert_eq!(reader.get(&path).await.status(), 404, "{path}");
            let answer = company.program("nobody").await.call(Method::GET, &path, Value::Null, None).await;
            assert_eq!(answer.0, 404, "/api/v1{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn one_byte_of_any_member_is_found() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = approved(&company).await;
        let members = unpack(&bundle(&company, "zhang", case).await).unwrap();
        for (name, bytes) in &members {
            for place in [0, bytes.len() / 2, bytes.len() - 1] {
                let mut touched = members.clone();
                touched.get_mut(name).unwrap()[place] ^= 1;
                let found = flaws(&touched);
                if name == "SHA256SUMS" {
                    assert!(!found.is_empty(), "byte {place} of {name}");
                } else {
                    assert!(found.contains(&BundleFlaw::Changed { member: name.clone() }), "byte {place} of {name}");
                }
            }
            let mut without = members.clone();
            without.remove(name);
            assert!(flaws(&without).contains(&BundleFlaw::Missing { member: name.clone() }), "without {name}");
        }
        let mut more = members.clone();
        more.insert("files/note.txt".to_owned(), b"x".to_vec());
        assert_eq!(flaws(&more), [BundleFlaw::Extra { member: "files/note.txt".to_owned() }]);
    })
    .await;
}

#[tokio::test]
async fn one_byte_of_the_zip_itself_is_found() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = approved(&company).await;
        let whole = bundle(&company, "zhang", case).await;
        let members = unpack(&whole).unwrap();
        for (name, bytes) in &members {
            // A member stands right behind its name.
            let named = [name.as_bytes(), bytes].concat();
            let start = whole.windows(named.len()).position(|window| window == named).unwrap() + name.len();
            let mut touched = whole.clone();
            touched[start + bytes.len() / 2] ^= 1;
            assert_eq!(unpack(&touched).unwrap_err(), BundleFlaw::Damaged { member: name.clone() });
        }
        assert_eq!(unpack(&whole[..whole.len() / 2]).unwrap_err(), BundleFlaw::NoBundle);
    })
    .await;
}

#[tokio::test]
async fn events_that_were_touched_are_found_even_where_the_hashes_were_written_anew() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = approved(&company).await;
        let members = unpack(&bundle(&company, "zhang", case).await).unwrap();
        let lines = lines(&members);
        let count = i64::try_from(lines.len()).unwrap();
        let approval = lines.iter().position(|line| line.contains("approve")).unwrap();
        let seq = i64::try_from(approval).unwrap() + 1;

        let altered = forged(&members, |it| replace(it, "events.jsonl", "approve", "reject"));
        assert!(altered.contains(&BundleFlaw::EventAltered { seq }), "{altered:?}");
        let mut dropped = lines.clone();
        dropped.remove(2);
        assert!(forged(&members, |it| put_lines(it, &dropped)).contains(&BundleFlaw::EventMissing { seq: 3 }));
        let cut = &lines[..lines.len() - 1];
        assert!(forged(&members, |it| put_lines(it, cut)).contains(&BundleFlaw::EventMissing { seq: count }));
        let mut swapped = lines.clone();
        swapped.swap(2, 4);
        assert!(forged(&members, |it| put_lines(it, &swapped)).contains(&BundleFlaw::EventMoved { seq: 3 }));

        let mut added = lines.clone();
        let last: Value = serde_json::from_str(lines.last().unwrap()).unwrap();
        let prev: Hash = last["hash"].as_str().unwrap().parse().unwrap();
        let (body, at) = (r#"{"event":"ended"}"#, last["at"].as_i64().unwrap());
        let hash = event_hash(prev, count.cast_unsigned() + 1, Timestamp::from_micros(at), body.as_bytes());
        added.push(json!({"seq": count + 1, "at": at, "hash": hash, "body": body}).to_string());
        assert_eq!(forged(&members, |it| put_lines(it, &added)), [BundleFlaw::EventAdded { seq: count + 1 }]);
    })
    .await;
}

#[tokio::test]
async fn what_the_events_name_is_found_changed_even_where_the_hashes_were_written_anew() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = approved(&company).await;
        let members = unpack(&bundle(&company, "zhang", case).await).unwrap();
        let (manifest, parts) = (named(&members, "contents/", ".txt"), named(&members, "contents/", ".json"));
        let (workflow, file) = (named(&members, "workflows/", ".rhai"), named(&members, "files/", ""));
        let content = hash_in(&manifest);

        let changed = forged(&members, |it| replace(it, &manifest, "clauses/", "clausez/"));
        assert_eq!(changed, [BundleFlaw::Content { content }]);
        let changed = forged(&members, |it| replace(it, &parts, "晨星", "辰星"));
        assert!(matches!(&changed[..], [BundleFlaw::Part { content: of, .. }] if *of == content), "{changed:?}");
        let changed = forged(&members, |it| drop(it.insert(file.clone(), b"another".to_vec())));
        assert!(matches!(&changed[..], [BundleFlaw::File { path }] if path.starts_with("files/")), "{changed:?}");
        let changed = forged(&members, |it| replace(it, &workflow, "general-manager", "legal"));
        assert_eq!(changed, [BundleFlaw::Workflow { version: hash_in(&workflow) }]);
        let changed = forged(&members, |it| replace(it, "anchor.json", "\"left\"", "\"right\""));
        assert_eq!(changed, [BundleFlaw::Anchor { day: "2026-03-03".to_owned() }]);
        for (field, from, to) in
            [("round", "\"round\": 1", "\"round\": 2"), ("status", "\"status\": \"", "\"status\": \"un")]
        {
            assert_eq!(forged(&members, |it| replace(it, "bundle.json", from, to)), [BundleFlaw::Cover { field }]);
        }
        for name in [manifest, workflow, file] {
            assert_eq!(forged(&members, |it| drop(it.remove(&name))), [BundleFlaw::Missing { member: name }]);
        }
    })
    .await;
}

#[tokio::test]
async fn another_workflow_than_the_one_that_it_ran_on_is_found() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = approved(&company).await;
        let members = unpack(&bundle(&company, "zhang", case).await).unwrap();
        let (ran_on, text) = (hash_in(&named(&members, "workflows/", ".rhai")), "workflow(\"other\", #{});\n");
        let other = definition_version(text, &BTreeMap::new());

        let found = forged(&members, |it| {
            it.insert(format!("workflows/{other}.rhai"), text.into());
            let of = |hash: Hash| format!("\"definition\": \"{hash}\"");
            replace(it, "bundle.json", &of(ran_on), &of(other));
        });

        assert_eq!(found, [BundleFlaw::Cover { field: "definition" }]);
    })
    .await;
}

/// What `qiyue verify FILE` says, and whether nothing was wrong.
pub(super) fn verified(file: &Path) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_qiyue"));
    command.args(["verify", "--language", "en"]).arg(file).env("RUST_LOG", "off").current_dir(file.parent().unwrap());
    let output = command.output().unwrap();
    (output.status.code(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
}

#[tokio::test]
async fn the_command_checks_a_bundle_without_a_database_and_names_what_was_touched() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = approved(&company).await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("bundle.zip");
        let whole = bundle(&company, "zhang", case).await;
        std::fs::write(&file, &whole).unwrap();
        let (code, said) = verified(&file);
        assert!(code == Some(0) && said.contains("0 do not fit") && said.contains("root of 2026-03-03"), "{said}");

        let mut members = unpack(&whole).unwrap();
        replace(&mut members, "events.jsonl", "approve", "reject");
        std::fs::write(&file, pack(members).unwrap()).unwrap();
        let (code, said) = verified(&file);
        assert!(
            code == Some(1) && said.contains("does not fit its hash; its text") && said.contains("Ask for the bundle"),
            "{said}"
        );
        std::fs::write(&file, b"no zip").unwrap();
        let (code, said) = verified(&file);
        assert!(code == Some(1) && said.contains("not a whole evidence bundle"), "{said}");
        let (code, said) = verified(&folder.path().join("nothing.zip"));
        assert!(code == Some(1) && said.contains("cannot be read"), "{said}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no database was made");
    })
    .await;
}

#[tokio::test]
async fn the_sheet_is_a_page_to_print_in_the_language_of_the_reader() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = approved(&company).await;
        let number = company.reader("zhang").await;
        let page = number.page(&format!("/approvals/{case}/sheet")).await;
        for expected in ["审批单", "王敏", "部门", "销售部", "软件服务合同", "¥50,000.00", "校验"] {
            assert!(page.contains(expected), "{expected} in {page}");
        }
        let page = company.reader("wang").await.in_english().await.page(&format!("/approvals/{case}/sheet")).await;
        assert!(page.contains("Approval sheet") && page.contains("Approved (部门经理审批)"), "{page}");
    })
    .await;
}

#[cfg(not(feature = "pdf"))]
#[tokio::test]
async fn a_program_without_pdf_says_that_it_makes_none() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = approved(&company).await;
        let path = format!("/approvals/{case}/sheet.pdf");
        let (status, said) = company.program("zhang").await.call(Method::GET, &path, Value::Null, None).await;
        assert_eq!((status.as_u16(), &said["code"]), (503, &json!("pdf_not_built")));
    })
    .await;
}

#[cfg(feature = "pdf")]
#[tokio::test]
async fn the_sheet_is_a_pdf_with_every_decision() {
    on_both(async |db| {
        let company = Company::new(db).await;
        let case = approved(&company).await;
        let answer = company.reader("zhang").await.get(&format!("/approvals/{case}/sheet.pdf")).await;
        let pdf = answer.bytes().await.unwrap();
        let Some(text) = crate::contract_pdf::text_of("approval-sheet", &pdf) else { return };
        for expected in ["审批单", "王敏", "同意（部门经理审批）", "赵总", "链校验码", "销售部", "1/"]
        {
            assert!(text.contains(expected), "{expected} in {text}");
        }
    })
    .await;
}
