//! Contracts as PDF. The files stay in the folder for temporary test output, so that they can be looked at.

use std::path::PathBuf;
use std::process::Command;

use qiyue::contract::Contract;
use qiyue::contract::document::{Draft, fill};
use qiyue::contract::pdf::{Cover, contract};
use qiyue::contract::template::{FieldValue, shipped};
use qiyue::pdf::{PdfError, typeset};
use serde_json::json;

use crate::support::{Extent, Missing, skip};

fn sample(name: &str) -> (qiyue::contract::template::Template, Draft) {
    let folder = shipped().into_iter().find(|folder| folder.name == name).unwrap();
    let template = folder.load().unwrap();
    let draft = Draft::sample(&folder, &template).unwrap();
    (template, draft)
}

/// The text of a PDF without white space, as another program reads it; nothing where poppler is not installed.
pub(crate) fn text_of(name: &str, pdf: &[u8]) -> Option<String> {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.pdf"));
    std::fs::write(&path, pdf).unwrap();
    let Ok(output) = Command::new("pdftotext").arg("-layout").arg(&path).arg("-").output() else {
        skip(Extent::Part, Missing::Program, "no pdftotext (poppler-utils) to read the PDF with");
        return None;
    };
    // Where a line breaks and how wide a gap is, is the layout's business.
    Some(String::from_utf8(output.stdout).unwrap().split_whitespace().collect())
}

#[test]
fn every_shipped_template_becomes_a_pdf_with_number_version_code_and_pages() {
    for folder in shipped() {
        let (template, draft) = sample(&folder.name);
        let document = fill(&template, &draft).unwrap();
        let number = "HT-QY-2026-0007";
        let code = Contract::verification_code(number, document.manifest().unwrap().hash());
        let cover =
            Cover { number: Some(number.to_owned()), version: 3, verification_code: Some(code.clone()), draft: false };
        let pdf = contract(&document, &cover).unwrap();
        assert!(pdf.starts_with(b"%PDF-"));
        let Some(text) = text_of(&folder.name, &pdf) else { return };
        for expected in ["合同编号：HT-QY-2026-0007", "版本3", &code, "第1页", "第一条", "（签字）", &template.title]
        {
            assert!(text.contains(expected), "{expected} in {text}");
        }
        assert!(!text.contains("未经审批"));
    }
}

#[test]
fn a_draft_says_so_and_shows_its_blanks() {
    let (template, mut draft) = sample("software-service");
    draft.values.remove("service_fee");
    let cover = Cover { version: 1, draft: true, ..Cover::default() };
    let pdf = contract(&fill(&template, &draft).unwrap(), &cover).unwrap();
    let Some(text) = text_of("draft", &pdf) else { return };
    assert!(text.contains("待编号") && text.contains("＿＿＿＿＿＿"), "{text}");
}

#[test]
fn what_people_type_is_set_as_they_typed_it() {
    let (template, mut draft) = sample("software-service");
    let nasty = "#read(\"/etc/passwd\") **粗** {{ x }} <b> $1$ @a _b_ `c`";
    draft.values.insert("software_name".to_owned(), FieldValue::Text(nasty.to_owned()));
    let pdf = contract(&fill(&template, &draft).unwrap(), &Cover::default()).unwrap();
    let Some(text) = text_of("literal", &pdf) else { return };
    let expected: String = nasty.chars().filter(|c| !c.is_whitespace()).collect();
    assert!(text.contains(&expected), "{text}");
}

#[test]
fn a_character_that_no_font_has_is_named() {
    let (template, mut draft) = sample("software-service");
    draft.values.insert("signing_place".to_owned(), FieldValue::Text("上海\u{10FFFD}".to_owned()));
    let error = contract(&fill(&template, &draft).unwrap(), &Cover::default()).unwrap_err();
    assert_eq!(error, PdfError::NoGlyph('\u{10FFFD}'));
}

#[test]
fn a_layout_reads_nothing_but_its_data() {
    for layout in ["#read(\"/etc/passwd\")", "#import \"@preview/cetz:0.3.0\"", "#image(\"../x.png\")"] {
        assert!(matches!(typeset(layout, &json!({})), Err(PdfError::Layout(_))), "{layout}");
    }
    assert!(typeset("#json(\"data.json\").word", &json!({ "word": "通过" })).is_ok());
}
