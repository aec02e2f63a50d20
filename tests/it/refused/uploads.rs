//! Files that cannot be taken, wherever one can be sent: what is wrong is said by the file's name, and nothing of it is kept.

use qiyue::contract::fulfilment::ChangeKind;
use reqwest::header::CONTENT_TYPE;
use reqwest::multipart::{Form, Part};

use super::said::said;
use super::{Kept, on_both_kept};
use crate::fulfilment::site::{Site, Visitor};
use crate::fulfilment::{Company, PDF};
use crate::support::without_documents;

type Sentences = [&'static str; 2];

/// What is sent, and what is said about it in Chinese and English.
const FILES: [(&str, &[u8], Sentences); 4] = [
    (
        "tool.exe",
        b"MZ\x90\x00",
        [
            "不接受“tool.exe”这种类型的文件。请上传 PDF、Word(docx)、Excel(xlsx)、PNG、JPG、TXT、CSV 或 ZIP。",
            "Files such as “tool.exe” are not taken. Upload a PDF, Word (docx), Excel (xlsx), PNG, JPG, TXT, CSV or ZIP file.",
        ],
    ),
    (
        "../../etc/passwd",
        b"root:x:0:0",
        [
            "不接受“passwd”这种类型的文件。请上传 PDF、Word(docx)、Excel(xlsx)、PNG、JPG、TXT、CSV 或 ZIP。",
            "Files such as “passwd” are not taken. Upload a PDF, Word (docx), Excel (xlsx), PNG, JPG, TXT, CSV or ZIP file.",
        ],
    ),
    (
        "scan.pdf",
        b"no such thing",
        [
            "“scan.pdf”的内容不是 PDF 文件，可能改过扩展名或已损坏。请用原程序另存为 PDF 后重新上传。",
            "“scan.pdf” does not hold a PDF file: it was renamed or is damaged. Save it as PDF in its own program and upload it again.",
        ],
    ),
    (
        "empty.pdf",
        b"",
        [
            "“empty.pdf”是空文件。请确认文件已保存后重新上传。",
            "“empty.pdf” is empty. Save the document and upload it again.",
        ],
    ),
];
const UNREADABLE: Sentences = [
    "提交的表单无法读取，内容没有保存。请返回上一页，刷新后再提交一次。",
    "The form that was sent cannot be read, so nothing was stored. Go back, reload the page and send it again.",
];

/// A place where a file can be sent: whose, its address, its field, what is sent along.
struct Place {
    who: &'static str,
    path: String,
    field: &'static str,
    along: Vec<(&'static str, String)>,
}

impl Place {
    fn form(&self, file: (&str, Vec<u8>)) -> Form {
        let form = Form::new().part(self.field, Part::bytes(file.1).file_name(file.0.to_owned()));
        self.along.iter().fold(form, |form, (name, value)| form.text(*name, value.clone()))
    }

    /// Sends it in both languages; each answer says so, and nothing is stored.
    async fn refuses(
        &self,
        person: &Visitor<'_>,
        kept: &Kept,
        file: (&str, Vec<u8>),
        status: u16,
        sentences: Sentences,
    ) {
        for (lang, sentence) in ["zh", "en"].into_iter().zip(sentences) {
            person.reads(lang).await;
            let before = kept.stored().await;
            let form = self.form(file.clone()).text("csrf", person.csrf().await);
            let answer = person.request(&self.path).multipart(form).send().await.unwrap();
            assert_eq!(answer.status(), status, "{} {}", self.path, file.0);
            let said = said(&without_documents(&answer.text().await.unwrap()));
            assert!(said.contains(&sentence.to_owned()), "{} {}: {said:?}, not {sentence}", self.path, file.0);
            before.is_still(&kept.stored().await);
        }
    }

    /// The same with a body that ends in the middle.
    async fn refuses_what_breaks_off(&self, person: &Visitor<'_>, kept: &Kept) {
        let body = format!(
            "--x\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.7",
            self.field
        );
        for (lang, sentence) in ["zh", "en"].into_iter().zip(UNREADABLE) {
            person.reads(lang).await;
            let before = kept.stored().await;
            let request = person.request(&self.path).header(CONTENT_TYPE, "multipart/form-data; boundary=x");
            let answer = request.body(body.clone()).send().await.unwrap();
            assert_eq!(answer.status(), 400, "{}", self.path);
            assert!(said(&answer.text().await.unwrap()).contains(&sentence.to_owned()), "{}", self.path);
            before.is_still(&kept.stored().await);
        }
    }
}

/// Attachments of a draft, the scan of signatures, the photo of a seal, the paper of an event, what a change rests on.
async fn places(company: &Company) -> Vec<Place> {
    let performing = company.signed().await;
    let begun = company.fulfilment().begin_change(company.by("drafter"), performing, ChangeKind::Supplement).await;
    let change = begun.unwrap();
    let signing = company.waiting().await;
    company.approved().await;
    let (draft, seal) = (company.draft().await, company.waiting_seals().await.remove(0));
    let today = "2026-03-02".to_owned();
    let place = |who, path, field, along| Place { who, path, field, along };
    let version = company.contract(signing).await.version.to_string();
    vec![
        place("drafter", format!("/contracts/{draft}/slots/business_license"), "file", Vec::new()),
        place("drafter", format!("/contracts/{signing}/signing"), "scan", vec![("version", version)]),
        place(
            "keeper",
            format!("/seals/{}", seal.id),
            "photo",
            vec![("code", seal.code()), ("on", today.clone()), ("copies", "4".into()), ("note", String::new())],
        ),
        place(
            "drafter",
            format!("/contracts/{performing}/events"),
            "paper",
            vec![("event", "accepted".into()), ("on", today), ("note", "On site".into())],
        ),
        place("drafter", format!("/contract-changes/{change}/edit"), "file", vec![("version", "1".into())]),
    ]
}

#[tokio::test]
async fn a_file_that_cannot_be_taken_is_refused_by_its_name() {
    on_both_kept(async |db, kept| {
        let company = Company::new(db).await;
        let site = Site::of(&company).await;
        for place in places(&company).await {
            let person = site.visitor(&company, place.who).await;
            for (name, bytes, sentences) in FILES {
                place.refuses(&person, kept, (name, bytes.to_vec()), 422, sentences).await;
            }
            place.refuses_what_breaks_off(&person, kept).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_good_file_with_a_form_that_is_refused_leaves_nothing_behind() {
    on_both_kept(async |db, kept| {
        let company = Company::new(db).await;
        let site = Site::of(&company).await;
        let wrong =
            [("/seals/", ("code", "AAAA-BBBB-CCCC")), ("/events", ("on", "2026-02-30")), ("/edit", ("version", "999"))];
        for mut place in places(&company).await {
            let Some((_, (field, value))) = wrong.iter().find(|(path, _)| place.path.contains(path)) else { continue };
            place.along.retain(|(name, _)| name != field);
            place.along.push((field, (*value).to_owned()));
            let person = site.visitor(&company, place.who).await;
            let before = kept.stored().await;
            let form = place.form(("scan.pdf", PDF.to_vec())).text("csrf", person.csrf().await);
            let answer = person.request(&place.path).multipart(form).send().await.unwrap();
            assert!(answer.status().is_client_error(), "{}: {}", place.path, answer.status());
            before.is_still(&kept.stored().await);
        }
    })
    .await;
}

#[tokio::test]
async fn a_file_that_is_too_large_or_missing_is_refused() {
    on_both_kept(async |db, kept| {
        let company = Company::new(db).await;
        let site = Site::of(&company).await;
        let draft = company.draft().await;
        let path = format!("/contracts/{draft}/slots/business_license");
        let place = Place { who: "drafter", path, field: "file", along: Vec::new() };
        let person = site.visitor(&company, "drafter").await;
        let larger = |bytes: usize| [PDF, vec![b'x'; bytes].as_slice()].concat();
        let (mega, name) = (1024 * 1024, "book.pdf");
        let sentences = [
            "“book.pdf”超过 64 MB 的上限。请压缩或拆分后重新上传。",
            "“book.pdf” is larger than 64 MB. Compress or split it and upload it again.",
        ];
        place.refuses(&person, kept, (name, larger(64 * mega)), 422, sentences).await;
        let sentences = [
            "提交的内容超过了大小限制。请减小文件后重试。",
            "What was sent is larger than allowed. Send a smaller file.",
        ];
        place.refuses(&person, kept, (name, larger(66 * mega)), 413, sentences).await;
        let none = Place { field: "other", ..place };
        let sentences = ["没有选择文件。请选择文件后再上传。", "No file was chosen. Choose one and upload it."];
        none.refuses(&person, kept, ("", Vec::new()), 422, sentences).await;
    })
    .await;
}
