//! A draft from a file that somebody pastes or uploads.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use serde::{Deserialize, Serialize};

use super::{AdministerWorkflows, DraftPath, HandInPath, actor};
use crate::approval::{Desk, DraftText};
use crate::i18n::{self, Lang, msg};
use crate::org::pages::Permission;
use crate::web::{self, Address as _, FormState, Note, Page, UploadForm};
use crate::workflow::exchange::{ImportError, import};

/// What an empty file begins with.
const SKELETON: &str = r#"workflow("my-workflow", #{
    title:   "",
    subject: "contract",
    takes:   category_is("sales"),
});

approve("manager", #{
    title:  "",
    by:     manager_of(drafter()),
    within: working_hours(8),
});
"#;

/// What a workflow that was drawn elsewhere carries until its author says something else.
const IMPORTED_AS: &str = "contract";

#[derive(Clone, Serialize)]
struct HandInPage {
    form: FormState,
}

impl Page for HandInPage {
    const TEMPLATE: &'static str = "approval/hand_in.html";
}

#[derive(Deserialize)]
struct HandInForm {
    #[serde(default)]
    source: String,
}

pub(super) fn routes() -> Router<Desk> {
    Router::new().route(HandInPath::PATTERN, get(blank).post(hand_in))
}

async fn blank(user: Permission<AdministerWorkflows>) -> web::Result {
    let mut form = FormState::empty();
    form.put("source", SKELETON);
    user.page(&HandInPage { form })
}

async fn hand_in(
    user: Permission<AdministerWorkflows>,
    State(desk): State<Desk>,
    form: UploadForm<HandInForm>,
) -> web::Result {
    let source = match form.files.first().map(|upload| String::from_utf8(upload.bytes.to_vec())) {
        None => form.value.source.clone(),
        Some(Ok(text)) => text,
        Some(Err(_)) => {
            let mut form = form.typed.state();
            form.problem(msg!("approval.not_text"));
            return user.page_again(&HandInPage { form });
        }
    };
    let imported = match taken_from_bpmn(&source, user.lang()).transpose() {
        Ok(imported) => imported,
        Err(error) => {
            let mut again = form.typed.state();
            again.put("source", &source);
            again.problem(error.message());
            return user.page_again(&HandInPage { form: again });
        }
    };
    let (source, left) = imported.map_or((source, None), |(source, left)| (source, Some(left)));
    let text = DraftText { source: source.clone(), ..DraftText::default() };
    match desk.begin_draft(actor(&user), text).await {
        Ok(draft) => Ok(match left {
            None => user.go(DraftPath { draft }),
            Some(count) => {
                let said = user.text(&msg!("approval.imported", count = count));
                user.go_with(DraftPath { draft }, &Note::done(said))
            }
        }),
        Err(error) => {
            let mut again = form.typed.refused(error)?;
            again.put("source", &source);
            user.page_again(&HandInPage { form: again })
        }
    }
}

/// BPMN as a workflow file, with what could not be taken as comments above it, and how much that is; nothing where it is no XML.
fn taken_from_bpmn(text: &str, lang: Lang) -> Option<Result<(String, usize), ImportError>> {
    if !text.trim_start_matches('\u{feff}').trim_start().starts_with('<') {
        return None;
    }
    Some(import(text, IMPORTED_AS, lang).map(|imported| {
        let mut source = String::new();
        for note in &imported.notes {
            source.extend(["// ", &i18n::text(lang, note).replace('\n', " "), "\n"]);
        }
        source.push_str(&imported.source);
        (source, imported.notes.len())
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::renders;

    #[tokio::test]
    async fn handing_in_renders() {
        let mut form = FormState::empty();
        form.put("source", SKELETON);
        form.problem(msg!("approval.unnamed"));
        renders(HandInPage { form }).await;
    }
}
