//! Quick phrases: what people often write, one a line.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use serde::{Deserialize, Serialize};

use super::{BoxesPath, PhrasesPath};
use crate::approval::Desk;
use crate::i18n::msg;
use crate::web::{self, Address as _, Form, FormState, LoggedIn, Note, Page};

#[derive(Clone, Serialize)]
struct PhrasesPage {
    form: FormState,
}

impl Page for PhrasesPage {
    const TEMPLATE: &'static str = "approval/phrases.html";
}

#[derive(Deserialize)]
struct PhrasesForm {
    phrases: String,
}

pub(super) fn routes() -> Router<Desk> {
    Router::new().route(PhrasesPath::PATTERN, get(show).post(keep))
}

async fn show(visit: LoggedIn, State(desk): State<Desk>) -> web::Result {
    let mut form = FormState::empty();
    form.put("phrases", &desk.approvals().phrases(visit.user(), visit.lang()).await?.join("\n"));
    visit.page(&PhrasesPage { form })
}

async fn keep(visit: LoggedIn, State(desk): State<Desk>, form: Form<PhrasesForm>) -> web::Result {
    desk.approvals().keep_phrases(visit.user(), &form.value.phrases).await?;
    Ok(visit.go_with(BoxesPath {}, &Note::done(visit.text(&msg!("approval.phrases_kept")))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_phrases_render() {
        crate::web::testing::renders(PhrasesPage { form: FormState::empty() }).await;
    }
}
