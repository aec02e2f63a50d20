//! Lists of choices and patterns of codes, for administrators.

use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};

use super::actor;
use crate::i18n::{Message, msg};
use crate::org::Action;
use crate::record::dictionary::{Choice, ChoiceFields};
use crate::record::error::RecordError;
use crate::record::records::Records;
use crate::record::{DICTIONARY, DictionaryOf};
use crate::web::{self, Address as _, Form, FormState, LoggedIn, Note, Page};

crate::paths! {
    /// Every list of choices.
    pub(super) DictionariesPath = "/admin/dictionaries" {}
    /// One list.
    pub(super) DictionaryPath = "/admin/dictionaries/{name}" { name: String }
    /// One choice of it.
    pub(super) ChoicePath = "/admin/dictionaries/{name}/choices/{id}" { name: String, id: i64 }
    /// Moves a choice.
    pub(super) MoveChoicePath = "/admin/dictionaries/{name}/choices/{id}/move" { name: String, id: i64 }
    /// The pattern of a kind's codes.
    pub(super) CodePatternPath = "/admin/codes/{kind}" { kind: String }
}

#[derive(Clone, Serialize)]
struct DictionariesPage {
    lists: Vec<ListView>,
    patterns: Vec<PatternView>,
    form: FormState,
}

impl Page for DictionariesPage {
    const TEMPLATE: &'static str = "record/dictionaries.html";
}

#[derive(Clone, Serialize)]
struct ListView {
    heading: Message,
    path: String,
    offered: Vec<String>,
    disabled: usize,
}

#[derive(Clone, Serialize)]
struct PatternView {
    heading: Message,
    path: String,
    pattern: String,
    version: i64,
}

#[derive(Clone, Serialize)]
struct DictionaryPage {
    heading: Message,
    form: FormState,
    path: String,
    choices: Vec<ChoiceView>,
    percent: bool,
}

impl Page for DictionaryPage {
    const TEMPLATE: &'static str = "record/dictionary.html";
}

#[derive(Clone, Serialize)]
struct ChoiceView {
    choice: Choice,
    path: String,
    move_path: String,
}

#[derive(Deserialize)]
struct ChoiceForm {
    #[serde(default)]
    label_zh: String,
    #[serde(default)]
    label_en: String,
    #[serde(default)]
    percent: String,
    #[serde(default)]
    active: String,
    #[serde(default)]
    version: i64,
}

#[derive(Deserialize)]
struct MoveForm {
    #[serde(default)]
    to: String,
}

#[derive(Deserialize)]
struct PatternForm {
    #[serde(default)]
    pattern: String,
    #[serde(default)]
    version: i64,
}

pub(super) fn routes(records: Records) -> Router {
    Router::new()
        .route(DictionariesPath::PATTERN, get(all))
        .route(DictionaryPath::PATTERN, get(one).post(add))
        .route(ChoicePath::PATTERN, post(change))
        .route(MoveChoicePath::PATTERN, post(place))
        .route(CodePatternPath::PATTERN, post(set_pattern))
        .with_state(records)
}

async fn all(visit: LoggedIn, State(records): State<Records>) -> web::Result {
    visit.page(&overview(&visit, &records, FormState::empty()).await?)
}

async fn set_pattern(
    visit: LoggedIn,
    path: CodePatternPath,
    State(records): State<Records>,
    form: Form<PatternForm>,
) -> web::Result {
    let kind = records.kind(&path.kind).ok_or(RecordError::NotFound)?;
    let PatternForm { pattern, version } = &form.value;
    match records.set_code_pattern(actor(&visit), kind, pattern, *version).await {
        Ok(()) => Ok(visit.go_with(DictionariesPath {}, &Note::done(visit.text(&msg!("record.page.saved"))))),
        Err(error) => {
            let refused = form.typed.refused(error)?.without_fields();
            let page = overview(&visit, &records, refused).await?;
            visit.page_again(&page)
        }
    }
}

async fn one(visit: LoggedIn, path: DictionaryPath, State(records): State<Records>) -> web::Result {
    visit.page(&page(&visit, &records, &path.name, FormState::empty()).await?)
}

async fn add(
    visit: LoggedIn,
    path: DictionaryPath,
    State(records): State<Records>,
    form: Form<ChoiceForm>,
) -> web::Result {
    let fields = ChoiceFields { active: true, ..fields(&form.value) };
    match records.add_choice(actor(&visit), &path.name, fields).await {
        Ok(_) => Ok(visit.go_with(&path, &Note::done(visit.text(&msg!("record.page.saved"))))),
        Err(error) => {
            let page = page(&visit, &records, &path.name, form.typed.refused(error)?).await?;
            visit.page_again(&page)
        }
    }
}

async fn change(
    visit: LoggedIn,
    path: ChoicePath,
    State(records): State<Records>,
    form: Form<ChoiceForm>,
) -> web::Result {
    let back = DictionaryPath { name: path.name.clone() };
    let note = match records.change_choice(actor(&visit), (path.id, form.value.version), fields(&form.value)).await {
        Ok(()) => Note::done(visit.text(&msg!("record.page.saved"))),
        Err(error) => {
            let refused = form.typed.refused(error)?;
            return visit.page_again(&page(&visit, &records, &path.name, refused.without_fields()).await?);
        }
    };
    Ok(visit.go_with(back, &note))
}

async fn place(
    visit: LoggedIn,
    path: MoveChoicePath,
    State(records): State<Records>,
    form: Form<MoveForm>,
) -> web::Result {
    records.move_choice(actor(&visit), path.id, form.value.to == "up").await?;
    Ok(visit.go(DictionaryPath { name: path.name }))
}

fn fields(form: &ChoiceForm) -> ChoiceFields {
    ChoiceFields {
        label_zh: form.label_zh.clone(),
        label_en: form.label_en.clone(),
        percent: form.percent.clone(),
        active: !form.active.is_empty(),
    }
}

fn heading(of: DictionaryOf) -> Message {
    Message::of(format!("{}.dictionary.{}", of.room, of.name))
}

fn permitted(visit: &LoggedIn, records: &Records) -> Result<(), web::Error> {
    records.0.org.scope_of(visit.user(), &DICTIONARY, Action::Administer)?;
    Ok(())
}

async fn overview(visit: &LoggedIn, records: &Records, form: FormState) -> Result<DictionariesPage, web::Error> {
    permitted(visit, records)?;
    let lists = records.dictionaries().await?;
    let list = |of: DictionaryOf| {
        let all = lists.of(of.name);
        let offered = all.iter().filter(|choice| choice.active).map(|choice| choice.label(visit.lang()).to_owned());
        ListView {
            heading: heading(of),
            path: DictionaryPath { name: of.name.to_owned() }.to_string(),
            offered: offered.collect(),
            disabled: all.iter().filter(|choice| !choice.active).count(),
        }
    };
    let patterns = records.code_patterns().await?.into_iter().map(|(kind, pattern, version)| PatternView {
        heading: kind.plural(),
        path: CodePatternPath { kind: kind.name.to_owned() }.to_string(),
        pattern,
        version,
    });
    let lists = records.dictionaries_of_kinds().into_iter().map(list).collect();
    Ok(DictionariesPage { lists, patterns: patterns.collect(), form })
}

async fn page(visit: &LoggedIn, records: &Records, name: &str, form: FormState) -> Result<DictionaryPage, web::Error> {
    permitted(visit, records)?;
    let known = records.dictionaries_of_kinds().into_iter().find(|known| known.name == name);
    let known = known.ok_or(RecordError::NoDictionary)?;
    let lists = records.dictionaries().await?;
    let choices = lists.of(name).iter().map(|choice| ChoiceView {
        choice: choice.clone(),
        path: ChoicePath { name: name.to_owned(), id: choice.id }.to_string(),
        move_path: MoveChoicePath { name: name.to_owned(), id: choice.id }.to_string(),
    });
    Ok(DictionaryPage {
        heading: heading(known),
        form,
        path: DictionaryPath { name: name.to_owned() }.to_string(),
        percent: lists.of(name).iter().any(|choice| choice.percent.is_some()),
        choices: choices.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::renders;

    #[tokio::test]
    async fn lists_of_choices_render() {
        let heading = msg!("record.kind.dictionary");
        let list = ListView {
            heading: heading.clone(),
            path: "/admin/dictionaries/industry".into(),
            offered: vec!["Retail".into()],
            disabled: 1,
        };
        let pattern = PatternView {
            heading: heading.clone(),
            path: "/admin/codes/customer".into(),
            pattern: "{seq:2}".into(),
            version: 0,
        };
        renders(DictionariesPage { lists: vec![list], patterns: vec![pattern], form: FormState::empty() }).await;
        let choice = |active| Choice {
            id: 1,
            dictionary: "industry".into(),
            name: "retail".into(),
            label_zh: "Retail".into(),
            label_en: "Retail".into(),
            position: 1,
            percent: Some(10),
            active,
            version: 1,
        };
        let view = |active| ChoiceView { choice: choice(active), path: "/c".into(), move_path: "/m".into() };
        let (path, form) = ("/admin/dictionaries/industry".to_owned(), FormState::empty());
        renders(DictionaryPage { heading, form, path, choices: vec![view(true), view(false)], percent: true }).await;
    }
}
