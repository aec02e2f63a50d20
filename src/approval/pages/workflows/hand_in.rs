//! A draft from a file that somebody pastes or uploads.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use serde::{Deserialize, Serialize};

use super::{AdministerWorkflows, DraftPath, HandInPath, actor};
use crate::approval::{Desk, DraftText};
use crate::i18n::msg;
use crate::org::pages::Permission;
use crate::web::{self, Address as _, FormState, Page, UploadForm};

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
    let text = DraftText { source: source.clone(), ..DraftText::default() };
    match desk.begin_draft(actor(&user), text).await {
        Ok(draft) => Ok(user.go(DraftPath { draft })),
        Err(error) => {
            let mut again = form.typed.refused(error)?;
            again.put("source", &source);
            user.page_again(&HandInPage { form: again })
        }
    }
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
