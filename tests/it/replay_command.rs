//! `qiyue replay` on the command line: what it says of a log, and what it says where log, workflow or map are wrong. A replay that is
//! refused leaves nothing behind.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::replay_pure::example;
use crate::support::{TestDatabase, on_both_fresh};
use qiyue::db::{DatabaseUrl, Db};
use qiyue::kernel::{SeededRandom, Timestamp};

/// A log, a workflow and a map in a folder of their own.
struct Case {
    folder: tempfile::TempDir,
    log: PathBuf,
    workflow: PathBuf,
    map: PathBuf,
}

impl Case {
    /// Two cases of the shipped example.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log.csv");
        let rows = "case,seq,timestamp,activity,role,amount\n\
            b,1,2017-01-09T10:00:00+01:00,Declaration SUBMITTED by EMPLOYEE,EMPLOYEE,26.85125\n\
            a,1,2017-01-09T09:49:50+01:00,Declaration SUBMITTED by EMPLOYEE,EMPLOYEE,1500\n\
            b,2,2017-01-09T10:01:00+01:00,Request Payment,UNDEFINED,26.85125\n\
            b,3,2017-01-09T10:02:00+01:00,Declaration FINAL_APPROVED by SUPERVISOR,SUPERVISOR,26.85125\n\
            a,2,2017-01-09T09:50:50+01:00,Declaration REJECTED by SUPERVISOR,SUPERVISOR,1500\n";
        std::fs::write(&log, rows).unwrap();
        let (workflow, map) = (example("travel-declaration.rhai"), example("travel-declaration.map.toml"));
        Self { folder, log, workflow, map }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes another log, map or workflow.
    fn write(&self, name: &str, text: &str) -> PathBuf {
        std::fs::write(self.path(name), text).unwrap();
        self.path(name)
    }

    fn map_with(&self, old: &str, new: &str) -> PathBuf {
        let text = std::fs::read_to_string(example("travel-declaration.map.toml")).unwrap();
        assert!(text.contains(old), "{old}");
        self.write("map.toml", &text.replace(old, new))
    }

    fn out(&self) -> PathBuf {
        self.path("result.jsonl")
    }

    /// Whether it was done, and what it said.
    fn run(&self, language: &str, more: &[&str]) -> (bool, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_qiyue"));
        command.arg("replay").arg(&self.log).arg("--workflow").arg(&self.workflow).arg("--map").arg(&self.map);
        command.arg("--out").arg(self.out()).args(["--language", language]).args(more).env("RUST_LOG", "off");
        let output = command.output().unwrap();
        let said = if output.status.success() { output.stdout } else { [output.stdout, output.stderr].concat() };
        (output.status.success(), String::from_utf8(said).unwrap())
    }

    /// The sentences of a refusal in both languages; nothing was written.
    fn refusal(&self) -> (String, String) {
        let ((zh_done, zh), (en_done, en)) = (self.run("zh", &[]), self.run("en", &[]));
        assert!(!zh_done && !en_done, "{zh}{en}");
        assert!(!self.out().exists(), "a refused replay writes no result");
        let short = |said: String| said.trim_end().replace(&format!("{}/", self.folder.path().display()), "");
        (short(zh), short(en))
    }

    fn results(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.out()).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

fn address(url: &DatabaseUrl) -> String {
    match url {
        DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
        DatabaseUrl::Postgres(url) => url.clone(),
    }
}

#[test]
fn every_case_is_a_line_with_its_state_its_rounds_and_its_first_refused_event() {
    let case = Case::new();
    let (done, said) = case.run("en", &[]);
    assert!(done, "{said}");
    let results = case.results();
    assert_eq!(
        results[1],
        json!({
            "case": "a", "conforms": true, "state": "REJECTED", "submits": 1,
            "rejections": {"SUPERVISOR": 1}, "approvals_in_last_round": [],
        })
    );
    assert_eq!(
        results[0],
        json!({
            "case": "b", "conforms": false, "state": "IN_APPROVAL", "submits": 1,
            "rejections": {}, "approvals_in_last_round": [],
            "first_refused": {"seq": 2, "activity": "Request Payment", "state_before": "IN_APPROVAL"},
            "reason": "event_not_awaited: Nothing waits for “payment_requested” now.",
        }),
        "after its first refused event the case gets no more"
    );
    let said: Vec<_> = said.lines().collect();
    assert_eq!(
        said,
        [
            "b, event 2, “Request Payment” while IN_APPROVAL: event_not_awaited: Nothing waits for “payment_requested” now.",
            "IN_APPROVAL: 1, amounts sum up to 26.8513",
            "REJECTED: 1, amounts sum up to 1,500.00",
            "Replayed 2 cases, 5 events: 1 conform, 1 do not; 3 amounts were rounded to ten-thousandths.",
        ]
    );
}

#[test]
fn of_a_case_with_two_documents_only_the_one_that_was_refused_stops() {
    let mut case = Case::new();
    let rows = "case,seq,timestamp,activity,role,amount\n\
        t,1,2017-01-09T09:00:00+01:00,Permit SUBMITTED by EMPLOYEE,EMPLOYEE,9\n\
        t,2,2017-01-09T10:00:00+01:00,Permit FINAL_APPROVED by SUPERVISOR,SUPERVISOR,9\n\
        t,3,2017-01-09T11:00:00+01:00,Permit FINAL_APPROVED by SUPERVISOR,SUPERVISOR,9\n\
        t,4,2017-01-09T12:00:00+01:00,Declaration SUBMITTED by EMPLOYEE,EMPLOYEE,9\n\
        t,5,2017-01-09T13:00:00+01:00,Permit REJECTED by MISSING,MISSING,9\n\
        t,6,2017-01-09T14:00:00+01:00,Declaration FINAL_APPROVED by SUPERVISOR,SUPERVISOR,9\n";
    case.log = case.write("two.csv", rows);
    let permit = "[[event]]\nactivity = \"Permit SUBMITTED by EMPLOYEE\"\ndo = \"submit\"\ndocument = \"permit\"\n\n\
        [[event]]\nactivity = \"Permit REJECTED by {role}\"\ndo = \"return\"\ndocument = \"permit\"\n\n\
        [[event]]\nactivity = \"Permit FINAL_APPROVED by {role}\"\ndo = \"approve\"\nnext = \"finish\"\ndocument = \"permit\"\n\n\
        [[event]]\nactivity = \"Declaration SAVED by EMPLOYEE\"";
    let mut map = std::fs::read_to_string(example("travel-declaration.map.toml")).unwrap();
    map = map.replace("[[event]]\nactivity = \"Declaration SAVED by EMPLOYEE\"", permit);
    case.map = case.write("two.toml", &map);
    let (done, said) = case.run("en", &[]);
    assert!(done, "{said}");
    let result = &case.results()[0];
    assert_eq!(result["state"], json!({"": "APPROVED", "permit": "APPROVED"}));
    assert_eq!((&result["conforms"], &result["submits"]), (&json!(false), &json!(2)));
    let refused = json!([{
        "document": "permit", "seq": 3, "activity": "Permit FINAL_APPROVED by SUPERVISOR", "state_before": "APPROVED",
    }]);
    assert_eq!((&result["refused"], &result["first_refused"]), (&refused, &refused[0]));
}

#[tokio::test]
async fn what_the_workflow_takes_is_not_asked_of_a_log() {
    on_both_fresh(async |database| {
        let mut case = Case::new();
        let source = std::fs::read_to_string(example("travel-declaration.rhai")).unwrap();
        let takes = "    subject:  \"declaration\",\n    takes: category_is(\"other\"),\n";
        case.workflow = case.write("takes.rhai", &source.replace("    subject:  \"declaration\",\n", takes));
        let stored = address(&database.url);
        for more in [&[][..], &["--store", stored.as_str(), "--run", "one"]] {
            let (done, said) = case.run("en", more);
            assert!(done, "{said}");
            assert_eq!(case.results()[1]["state"], "REJECTED", "{more:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_installation_is_refused_and_left_as_it_was() {
    const TABLES: &str = "SELECT CAST(count(*) AS BIGINT) FROM approval_event";
    on_both_fresh(async |database: &TestDatabase| {
        let db = Db::open(&database.url).await.unwrap();
        db.migrate().await.unwrap();
        db.installation(&SeededRandom::new(1), Timestamp::from_micros(0)).await.unwrap();
        let case = Case::new();
        let more = ["--store", &address(&database.url), "--run", "one"];
        let sentences = [
            ("zh", "这个数据库里是正式使用的系统，不能用来回放。请另用一个空数据库。\n"),
            ("en", "This database holds an installation. Use an empty one for the replay.\n"),
        ];
        for (language, sentence) in sentences {
            assert_eq!(case.run(language, &more), (false, sentence.to_owned()));
        }
        let events: Result<(i64,), qiyue::db::DbError> = db.read(async |c| c.one(TABLES, &[]).await).await;
        assert_eq!((events.unwrap().0, case.out().exists()), (0, false));
    })
    .await;
}

#[test]
fn a_log_that_cannot_be_read_is_refused_with_its_line() {
    let head = "case,seq,timestamp,activity,role,amount\n";
    let row = "a,1,2017-01-09T09:49:50+01:00,Declaration SUBMITTED by EMPLOYEE,EMPLOYEE,1\n";
    let wrong = [
        (
            row.replace("+01:00", ""),
            "log.csv 第 2 行：“2017-01-09T09:49:50”不是带时区的时间，应写成 2017-01-09T09:49:50+01:00 这样。",
            "log.csv, line 2: “2017-01-09T09:49:50” is no instant with an offset, such as 2017-01-09T09:49:50+01:00.",
        ),
        (row.replace(",1\n", ",much\n"), "log.csv 第 2 行：“much”不是金额。", "log.csv, line 2: “much” is no amount."),
        (
            row.replace("a,1,", "a,first,"),
            "log.csv 第 2 行：“first”不是事件的序号。",
            "log.csv, line 2: “first” is no number of an event.",
        ),
        (
            row.repeat(2),
            "log.csv 第 3 行：审批“a”的第 1 个事件出现了两次。请更正序号。",
            "log.csv, line 3: The case “a” has two events with the number 1. Correct the numbers.",
        ),
        (
            row.replace("SUBMITTED", "BURNT"),
            "日志第 2 行的活动“Declaration BURNT by EMPLOYEE”在映射文件里没有对应的一行。请补上（不需要的写 do = 'ignore'）。",
            "The map has no line for the activity “Declaration BURNT by EMPLOYEE” on line 2 of the log. Add one, with do = 'ignore' where it does not count.",
        ),
    ];
    for (rows, zh, en) in wrong {
        let case = Case::new();
        case.write("log.csv", &format!("{head}{rows}"));
        assert_eq!(case.refusal(), (zh.to_owned(), en.to_owned()));
    }
}

#[test]
fn a_map_that_does_not_fit_is_refused() {
    let mut case = Case::new();
    case.map = case.map_with("case = \"case\"", "case = \"claim\"");
    let zh = "log.csv 第 1 行：没有“claim”这一列。请改正映射文件里的列名（columns）。";
    let en = "log.csv, line 1: There is no column “claim”. Correct the names of the columns in the map.";
    assert_eq!(case.refusal(), (zh.to_owned(), en.to_owned()));

    case.map = case.map_with("kind = \"declaration\"", "kind = \"contract\"");
    let zh = "映射文件写的是“contract”，流程处理的是“declaration”。请改成一致。";
    let en = "The map is about “contract”, the workflow about “declaration”. Make them agree.";
    assert_eq!(case.refusal(), (zh.to_owned(), en.to_owned()));

    case.map = case.map_with("do = \"submit\"", "do = \"send\"");
    let (zh, en) = case.refusal();
    let wanted = "it must be save, submit, approve, reject, return, sign_for, withdraw, event:NAME or ignore";
    assert!(zh.starts_with("映射文件 map.toml 有误：") && zh.contains("\"send\"") && zh.contains(wanted), "{zh}");
    assert!(en.starts_with("The map map.toml is wrong: ") && en.contains("\"send\"") && en.contains(wanted), "{en}");

    case.map = case.map_with("next = \"finish\"", "then = \"finish\"");
    assert!(case.refusal().1.contains("unknown field `then`"));
}

#[test]
fn a_workflow_with_faults_is_refused_with_their_lines() {
    let mut case = Case::new();
    let source = std::fs::read_to_string(example("travel-declaration.rhai")).unwrap();
    case.workflow = case.write("broken.rhai", &source.replace("allow_drafter()", "alow_drafter()"));
    let (zh, en) = case.refusal();
    assert!(zh.ends_with("流程文件有 1 处错误，没有开始回放。请改正后再试。"), "{zh}");
    assert!(en.ends_with("The workflow has 1 faults, so nothing was replayed. Mend them and try again."), "{en}");
    for said in [&zh, &en] {
        assert!(said.contains("broken.rhai:8:") && said.contains("alow_drafter"), "{said}");
    }
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let mut case = Case::new();
    case.log = Path::new("nowhere.csv").to_owned();
    let (zh, en) = case.refusal();
    assert!(zh.starts_with("无法使用文件 nowhere.csv："), "{zh}");
    assert!(en.starts_with("The file nowhere.csv cannot be used: "), "{en}");
}
