//! Broken workflows and templates, published on their page and by programs: each fault in its place, what was sent stays.

use reqwest::Method;
use reqwest::header::LOCATION;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use super::program;
use super::said::said;
use crate::support::{Program, Reader, TestApp, decoded, hidden, on_both_apps};

const WORKFLOW: &str = include_str!("../fixtures/workflows/faulty/several.rhai");
const DEFINITION: &str = include_str!("../fixtures/templates/faulty/template.toml");
const BODY: &str = include_str!("../fixtures/templates/faulty/body.md");

/// A fault as the command line tells it: file, line and column, sentence.
struct Fault {
    file: &'static str,
    place: &'static str,
    line: usize,
    what: &'static str,
}

/// In Chinese and in English.
fn faults_of_the_workflow() -> [Vec<Fault>; 2] {
    let all = faults(include_str!("../fixtures/workflows/faulty/several.expected"), ": error: ");
    let half = all.len() / 2;
    let mut all = all.into_iter();
    [all.by_ref().take(half).collect(), all.collect()]
}

fn faults_of_the_template() -> [Vec<Fault>; 2] {
    [
        faults(include_str!("../fixtures/templates/faulty/expected.zh.txt"), ": 错误："),
        faults(include_str!("../fixtures/templates/faulty/expected.en.txt"), ": error: "),
    ]
}

fn faults(told: &'static str, between: &str) -> Vec<Fault> {
    let heads = told.lines().filter_map(|line| line.split_once(between));
    let fault = |(place, what): (&'static str, &'static str)| {
        let (file, place) = place.split_once(':').unwrap();
        Fault { file, place, line: place.split(':').next().unwrap().parse().unwrap(), what }
    };
    heads.map(fault).collect()
}

/// The administrator's browser, which reads one language after the other.
struct Publisher<'a> {
    app: &'a TestApp,
    reader: Reader<'a>,
}

impl<'a> Publisher<'a> {
    async fn new(app: &'a TestApp) -> Self {
        Self { app, reader: Reader::admin(app).await }
    }

    /// Sends a form, made anew each time, in both languages; nothing is stored. The pages.
    async fn refused(&self, path: &str, form: impl Fn() -> Form) -> [String; 2] {
        let mut pages = Vec::new();
        for lang in ["zh", "en"] {
            self.reader.post("/language", &[("lang", lang), ("next", "/")]).await;
            let before = self.app.stored().await;
            let form = form().text("csrf", self.reader.token().await);
            let answer = self.reader.send_parts(path, form).await;
            assert_eq!(answer.status(), 422, "{path}");
            pages.push(decoded(&answer.text().await.unwrap()));
            before.is_still(&self.app.stored().await);
        }
        pages.try_into().unwrap()
    }

    /// A draft of a workflow that has no faults yet.
    async fn draft(&self, source: &str) -> String {
        let form = Form::new().text("source", source.to_owned()).text("csrf", self.reader.token().await);
        let answer = self.reader.send_parts("/admin/workflow-drafts/new", form).await;
        answer.headers()[LOCATION].to_str().unwrap().to_owned()
    }

    /// Proposes this text in both languages; nothing is stored. The pages.
    async fn not_proposed(&self, draft: &str, source: &str) -> [String; 2] {
        let mut pages = Vec::new();
        for lang in ["zh", "en"] {
            self.reader.post("/language", &[("lang", lang), ("next", "/")]).await;
            let version = self.reader.get(draft).await.text().await.unwrap();
            let version = hidden(&version, "version").unwrap();
            let before = self.app.stored().await;
            let form = [("version", version), ("source", source), ("act", "propose")];
            let answer = self.reader.post(draft, &form).await;
            assert_eq!(answer.status(), 422, "{draft}");
            pages.push(decoded(&answer.text().await.unwrap()));
            before.is_still(&self.app.stored().await);
        }
        pages.try_into().unwrap()
    }

    /// The same, for a form about which one sentence is said.
    async fn told(&self, path: &str, form: impl Fn() -> Form, sentences: [&str; 2]) {
        for (page, sentence) in self.refused(path, form).await.into_iter().zip(sentences) {
            assert!(said(&page).contains(&sentence.to_owned()), "{path}: {:?}, not {sentence}", said(&page));
        }
    }
}

#[tokio::test]
async fn a_broken_workflow_is_told_line_by_line_on_its_page() {
    on_both_apps(async |app| {
        let publisher = Publisher::new(app).await;
        let draft = publisher.draft("workflow(\"w\", #{});").await;
        for (page, faults) in publisher.not_proposed(&draft, WORKFLOW).await.iter().zip(faults_of_the_workflow()) {
            let listed: Vec<&str> = page.split("<ol class=\"faults-below\">").nth(1).unwrap().split("<li").collect();
            for fault in faults {
                let line = format!("data-line=\"{}\"", fault.line);
                let found = listed.iter().any(|one| one.contains(&line) && one.contains(fault.what));
                assert!(found, "line {}: {}", fault.line, fault.what);
            }
            let kept = page.split("name=\"source\"").nth(1).unwrap();
            assert!(WORKFLOW.lines().all(|line| kept.contains(line)), "what was sent stays: {kept}");
        }
        let binary = || Form::new().part("file", Part::bytes(&b"\xff\xfe\x00w"[..]).file_name("w.rhai"));
        let sentences = [
            "上传的不是 UTF-8 文本文件，没有发布。请用 UTF-8 编码另存后重新上传。",
            "What was uploaded is not a text file in UTF-8, so it was not published. Save it as UTF-8 and upload it again.",
        ];
        publisher.told("/admin/workflow-drafts/new", binary, sentences).await;
    })
    .await;
}

#[tokio::test]
async fn an_effect_that_could_not_be_carried_out_is_told_before_it_is_published() {
    on_both_apps(async |app| {
        let source = r#"workflow("lease", #{ title: "租赁", subject: "contract", takes: category_is("lease") });
            approve("boss", #{ title: "批准", by: role("administrator") });
            on_approved([request_seal("橡皮图章")]);"#;
        let sentences = [
            "动作“request_seal”无法执行：“橡皮图章”不是印章名称。请用公章、合同专用章、财务专用章或法定代表人章对应的名称。",
            "“request_seal” could not be carried out: “橡皮图章” is not the name of a seal. Use the name of the company, contract, finance or legal representative seal.",
        ];
        let publisher = Publisher::new(app).await;
        let draft = publisher.draft(source).await;
        for (page, sentence) in publisher.not_proposed(&draft, source).await.into_iter().zip(sentences) {
            assert!(said(&page).contains(&sentence.to_owned()), "{:?}, not {sentence}", said(&page));
        }
        let (program, body) = (Program::of(&publisher.reader).await, json!({ "source": source }).to_string());
        let answers = program.json(Method::POST, "/workflows", &body).await;
        for ((status, problem), sentence) in answers.into_iter().zip(sentences) {
            assert_eq!((status, &problem["code"]), (422, &json!("effect_refused")), "{problem}");
            assert_eq!(problem["message"], sentence);
        }
    })
    .await;
}

#[tokio::test]
async fn a_broken_template_is_told_place_by_place_on_its_page() {
    on_both_apps(async |app| {
        let publisher = Publisher::new(app).await;
        let path = "/admin/templates/publish";
        let form = || Form::new().text("name", "faulty").text("definition", DEFINITION).text("body", BODY);
        for (page, faults) in publisher.refused(path, form).await.iter().zip(faults_of_the_template()) {
            let listed = page.split("<ol class=\"faults\"").nth(1).unwrap().split("</ol>").next().unwrap();
            for fault in faults {
                let place = format!("{}:{}</span> <span class=\"bad-text\">{}<", fault.file, fault.place, fault.what);
                assert!(listed.contains(&place), "{place} not in {listed}");
            }
            assert!(DEFINITION.lines().chain(BODY.lines()).all(|line| page.contains(line)), "what was sent stays");
        }
        let unnamed = || Form::new().text("name", "../x").text("definition", DEFINITION).text("body", BODY);
        let sentences = [
            "模板名称用小写字母开头，由小写字母、数字和连字符组成，例如 software-service。",
            "A name starts with a small letter and has small letters, digits and hyphens, such as software-service.",
        ];
        publisher.told(path, unnamed, sentences).await;
        let binary =
            || Form::new().text("name", "faulty").part("files", Part::bytes(&b"\xff\xfe"[..]).file_name("body.md"));
        let sentences = [
            "“body.md”不是 UTF-8 文本文件，没有发布。请用 UTF-8 编码另存后重新上传。",
            "“body.md” is not a text file in UTF-8, so nothing was published. Save it as UTF-8 and upload it again.",
        ];
        publisher.told(path, binary, sentences).await;
    })
    .await;
}

#[tokio::test]
async fn programs_are_told_every_fault_by_file_and_place() {
    on_both_apps(async |app| {
        let program = program(app).await;
        let before = app.stored().await;
        let sent = [
            ("/workflows", json!({ "source": WORKFLOW }), "workflows/w.rhai", faults_of_the_workflow()),
            (
                "/templates",
                json!({ "name": "faulty", "definition": DEFINITION, "body": BODY }),
                "",
                faults_of_the_template(),
            ),
        ];
        for (path, body, file, faults) in sent {
            let answers = program.json(Method::POST, path, &body.to_string()).await;
            for ((status, problem), faults) in answers.into_iter().zip(faults) {
                assert_eq!(status, 422, "{problem}");
                let told: Vec<&Value> = problem["fields"].as_array().unwrap().iter().collect();
                for fault in faults {
                    let file = if file.is_empty() { fault.file } else { file };
                    let place = format!("{file}:{}", fault.place);
                    let here = told.iter().filter(|one| one["field"] == place.as_str());
                    let here: Vec<&str> = here.filter_map(|one| one["message"].as_str()).collect();
                    assert!(here.iter().any(|said| said.starts_with(fault.what)), "{place}: {} {problem}", fault.what);
                }
            }
        }
        before.is_still(&app.stored().await);
    })
    .await;
}
