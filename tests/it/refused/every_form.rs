//! Every form of the program, sent as no page of ours sends it: the answer is a page in the reader's language that says what is
//! wrong and what to do, what was written is still there, and nothing is stored.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::header::{CONTENT_TYPE, COOKIE};
use reqwest::{Client, StatusCode, redirect};

use super::on_both_kept;
use super::said::said;
use crate::english::company::EnglishCompany;
use crate::english::crawl::{Crawl, Reader, ShownForm};
use crate::english::declared::{DeclaredPage, declared_forms, declared_pages};
use crate::support::{FieldKind, FormField, PageForm, hidden, is_chinese};

const PEOPLE: [&str; 7] = ["admin", "drafter", "manager", "legal", "finance", "keeper", "archivist"];

/// Shown to somebody who is not signed in or not yet.
const BEFORE_THE_LOGIN: [&str; 2] = ["/login", "/first-login"];

/// Who sends it, where, what stands in it.
type Hidden = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// Forms that no page of this company shows: who sends them where, with what. `version` and other numbers are hidden fields.
const NOT_SHOWN: &[Hidden] = &[
    ("admin", "/admin/mail/remove", &[("version", "1")]),
    ("admin", "/admin/mail/test", &[("to", "ada@example.com")]),
    ("admin", "/admin/mail/unsent", &[]),
    ("admin", "/admin/mail/1/send", &[]),
    ("admin", "/admin/roles/1/delete", &[("version", "1")]),
    ("admin", "/admin/authority-grids/sales/versions/1/confirm", &[]),
    ("admin", "/admin/authority-grids/sales/versions/1/keep", &[]),
    ("admin", "/admin/stuck/cases/1/retry", &[]),
    ("admin", "/admin/workflows/sales-contract/cases", &[("version", "none"), ("case", "1"), ("reason", "none")]),
    ("admin", "/admin/users/2/absences/1/end", &[]),
    ("drafter", "/settings/absences/1/end", &[]),
    ("drafter", "/contacts/1/restore", &[("version", "1")]),
    ("drafter", "/contacts/1/transfer", &[("version", "1"), ("owner", "2"), ("reason", "left")]),
    ("drafter", "/contacts/1/acts/make_main", &[("version", "1")]),
    ("drafter", "/customers/1/restore", &[("version", "9")]),
    ("drafter", "/follow-ups/1/restore", &[("version", "9")]),
    ("drafter", "/opportunities/1/restore", &[("version", "9")]),
    ("drafter", "/leads/1/restore", &[("version", "9")]),
    ("drafter", "/quotes/1/restore", &[("version", "9")]),
    ("drafter", "/discounts/1/restore", &[("version", "9")]),
    ("drafter", "/expenses/1/restore", &[("version", "9")]),
    ("drafter", "/payment-requests/1/restore", &[("version", "9")]),
    ("drafter", "/invoice-requests/1/restore", &[("version", "9")]),
    ("drafter", "/contract-changes/1/seal-requests", &[("seal", "none"), ("copies", "4"), ("purpose", "none")]),
    ("drafter", "/contract-changes/1/withdraw", &[("reason", "none")]),
    ("drafter", "/contracts/1/completion", &[("version", "1")]),
    ("drafter", "/approvals/1/decisions/1/undo", &[]),
    ("drafter", "/a/made-up/approve", &[("task", "1"), ("shown", "none"), ("opinion", "none")]),
];

/// What is no fault: words may be long, a draft keeps whatever stands in it, a button without fields is whole without them.
const TAKEN: &[(&str, &str)] = &[
    ("/messages/read", "unknown"),
    ("/follow-ups/{id}/acts/{act}", "long"),
    ("/payments/{plan}/reversals/{payment}", "long"),
    ("/contracts/{id}/edit", "long"),
    ("/contracts/{id}/edit", "date"),
    ("/contracts/{id}/edit", "stale"),
    ("/contracts/{id}/draft", "long"),
    ("/contracts/{id}/draft", "date"),
    ("/contracts/{id}/draft", "stale"),
    ("/approvals/{case}/{act}", "long"),
    ("/approvals/phrases", "long"),
    ("/admin/workflow-drafts/{draft}", "long"),
    ("/admin/workflow-drafts/{draft}/keep", "long"),
    ("/admin/workflow-proposals/{draft}/decline", "long"),
    ("/archive/{id}/items/{position}", "no fields"),
    ("/archive/{id}/release", "no fields"),
    ("/archive/{id}/release", "long"),
    ("/archive/{id}/release", "letters"),
    ("/archive/{id}/release", "unknown"),
    ("/archive/{id}/release", "stale"),
];

/// A way to send a form wrong, and what is then sent.
struct Wrong {
    how: &'static str,
    body: Body,
}

enum Body {
    /// Not a form at all.
    Json,
    /// These fields, with the token of this browser.
    Fields(Vec<(String, String)>),
    /// The same with this token, or without any.
    Foreign(Option<&'static str>),
}

#[tokio::test]
async fn a_form_that_is_sent_wrong_is_refused_in_words_and_changes_nothing() {
    on_both_kept(async |db, kept| {
        let company = EnglishCompany::found(db).await;
        let forms = every_form(&company).await;
        let (mut wrong, declared) = (Vec::new(), declared_forms());
        for lang in ["en", "zh"] {
            let mut browsers = BTreeMap::new();
            for login in PEOPLE {
                browsers.insert(login, Browser::open(company.reader(login).await, lang).await);
            }
            for ShownForm { login, form } in &forms {
                let before = kept.stored().await;
                let pattern = address_of(&declared, form).map_or("", |page| page.pattern.as_str());
                let is_taken = |way: &Wrong| TAKEN.contains(&(pattern, way.how));
                for Wrong { how, body } in ways(form).into_iter().filter(|way| !is_taken(way)) {
                    let faults = browsers[login].send(form, &body).await;
                    wrong.extend(
                        faults.into_iter().map(|fault| format!("{login} {} {how} [{lang}]: {fault}", form.action)),
                    );
                }
                if before != kept.stored().await {
                    wrong.push(format!("{login} {} [{lang}]: something is stored", form.action));
                }
            }
        }
        assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
    })
    .await;
}

/// One form of each kind and person, and no address that takes forms is left out.
async fn every_form(company: &EnglishCompany) -> Vec<ShownForm> {
    let (pages, declared) = (declared_pages(), declared_forms());
    let mut crawl = Crawl::quick(&pages, 8);
    for login in PEOPLE {
        let buttons = if login == "drafter" { company.behind_buttons().await } else { Vec::new() };
        crawl.follow_every_link(&company.reader(login).await, buttons).await;
    }
    let mut met = BTreeSet::new();
    let mut forms = crawl.forms();
    forms.extend(NOT_SHOWN.iter().map(not_shown));
    forms.retain(|shown| {
        address_of(&declared, &shown.form).is_some_and(|page| met.insert((page.pattern.clone(), names(&shown.form))))
    });
    let met: BTreeSet<&str> = met.iter().map(|(pattern, _)| pattern.as_str()).collect();
    let missed = declared
        .iter()
        .map(|page| page.pattern.as_str())
        .filter(|it| !met.contains(it) && !BEFORE_THE_LOGIN.contains(it));
    assert_eq!(missed.collect::<Vec<_>>(), [""; 0], "shown on no page");
    forms
}

fn not_shown((login, action, fields): &Hidden) -> ShownForm {
    let field = |(name, value): &(&str, &str)| FormField {
        name: (*name).to_owned(),
        kind: if value.parse::<i64>().is_ok() { FieldKind::Hidden } else { FieldKind::Text },
        value: (*value).to_owned(),
    };
    let form = PageForm { action: (*action).to_owned(), multipart: false, fields: fields.iter().map(field).collect() };
    ShownForm { login, form }
}

fn address_of<'d>(declared: &'d [DeclaredPage], form: &PageForm) -> Option<&'d DeclaredPage> {
    let path = form.action.split('?').next().unwrap_or_default();
    declared.iter().find(|page| page.is_at(path))
}

fn names(form: &PageForm) -> Vec<String> {
    form.fields.iter().map(|field| field.name.clone()).collect()
}

/// What is sent in place of a field, where it is sent wrong.
type Change = fn(&FormField) -> Option<String>;

fn ways(form: &PageForm) -> Vec<Wrong> {
    let mut ways = vec![
        Wrong { how: "no form", body: Body::Json },
        Wrong { how: "no token", body: Body::Foreign(None) },
        Wrong { how: "foreign token", body: Body::Foreign(Some("0123456789abcdef")) },
    ];
    if form.fields.iter().any(|field| field.kind == FieldKind::Hidden) {
        ways.push(Wrong { how: "no fields", body: Body::Fields(Vec::new()) });
    }
    let changes: [(&'static str, Change); 5] = [
        ("long", |field| (field.kind == FieldKind::Text).then(|| "ü".repeat(5_000))),
        ("letters", |field| is_number(field).then(|| "seven".to_owned())),
        ("date", |field| (field.kind == FieldKind::Date).then(|| "2026-02-30".to_owned())),
        ("unknown", |field| (field.kind == FieldKind::Choice || is_number(field)).then(|| "999999999".to_owned())),
        ("stale", |field| (field.name == "version").then(|| "999".to_owned())),
    ];
    for (how, change) in changes {
        if form.fields.iter().any(|field| change(field).is_some()) {
            let sent = form.fields.iter().filter(|field| field.kind != FieldKind::File);
            let sent = sent.map(|field| (field.name.clone(), change(field).unwrap_or_else(|| field.value.clone())));
            ways.push(Wrong { how, body: Body::Fields(sent.collect()) });
        }
    }
    ways
}

fn is_number(field: &FormField) -> bool {
    field.kind == FieldKind::Hidden && field.value.parse::<i64>().is_ok()
}

/// Somebody's browser, which reads a language.
struct Browser {
    client: Client,
    reader: Reader,
    csrf: String,
    lang: &'static str,
}

impl Browser {
    async fn open(reader: Reader, lang: &'static str) -> Self {
        let client = Client::builder().redirect(redirect::Policy::none()).build().unwrap();
        let request = client.get(format!("{}/nowhere", reader.address)).header(COOKIE, &reader.cookie);
        let page = request.send().await.unwrap().text().await.unwrap();
        let csrf = hidden(&page, "csrf").expect("every page has the token").to_owned();
        let browser = Self { client, reader, csrf, lang };
        let chosen = [("lang", lang), ("next", "/"), ("csrf", &browser.csrf)];
        let answer = browser.request("/language").form(&chosen).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        browser
    }

    fn request(&self, path: &str) -> reqwest::RequestBuilder {
        self.client.post(format!("{}{path}", self.reader.address)).header(COOKIE, &self.reader.cookie)
    }

    /// Sends it, and says what is not right with the answer.
    async fn send(&self, form: &PageForm, body: &Body) -> Vec<String> {
        let request = self.request(&form.action);
        let request = match body {
            Body::Json => request.header(CONTENT_TYPE, "application/json").body("{\"title\": 1"),
            Body::Fields(fields) => with_fields(request, form, fields, Some(&self.csrf)),
            Body::Foreign(token) => {
                let fields: Vec<_> =
                    form.fields.iter().map(|field| (field.name.clone(), field.value.clone())).collect();
                with_fields(request, form, &fields, *token)
            }
        };
        let answer = request.send().await.unwrap();
        let status = answer.status();
        if !status.is_client_error() || status == StatusCode::UNAUTHORIZED {
            return vec![format!("answered {status}")];
        }
        let kind = answer.headers().get(CONTENT_TYPE).map_or("", |kind| kind.to_str().unwrap()).to_owned();
        let html = answer.text().await.unwrap();
        let mut faults = Vec::new();
        if !kind.starts_with("text/html") {
            faults.push(format!("{kind}: {html}"));
        }
        let said = said(&html);
        if said.is_empty() {
            faults.push(format!("{status} without a word: {html}"));
        }
        faults.extend(
            said.iter().filter(|sentence| !self.reads(sentence)).map(|sentence| format!("{status}: {sentence}")),
        );
        let long = "ü".repeat(5_000);
        if let Body::Fields(fields) = body
            && fields.iter().any(|(name, value)| {
                *value == long && !name.contains("password") && name != "repeat" && name != "present"
            })
            && !html.contains(&long)
        {
            faults.push(format!("{status}: what was written is gone"));
        }
        faults
    }

    /// Whether it is a sentence of ours in that language.
    fn reads(&self, sentence: &str) -> bool {
        const OF_PARSERS: [&str; 6] =
            ["missing field", "invalid digit", "invalid type", "expected", "Failed to", "deserialize"];
        let chinese = sentence.chars().any(is_chinese);
        !OF_PARSERS.iter().any(|words| sentence.contains(words)) && chinese == (self.lang == "zh")
    }
}

/// A form as a browser sends it, with that token.
fn with_fields(
    request: reqwest::RequestBuilder,
    form: &PageForm,
    fields: &[(String, String)],
    token: Option<&str>,
) -> reqwest::RequestBuilder {
    let mut fields = fields.to_vec();
    fields.extend(token.map(|token| ("csrf".to_owned(), token.to_owned())));
    if !form.multipart {
        return request.form(&fields);
    }
    let parts = fields.into_iter().fold(reqwest::multipart::Form::new(), |form, (name, value)| form.text(name, value));
    request.multipart(parts)
}
