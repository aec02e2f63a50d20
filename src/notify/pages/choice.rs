//! By which ways they want messages.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use serde::{Deserialize, Serialize};

use super::MessageChoicePath;
use crate::i18n::msg;
use crate::notify::{Choice, Notify};
use crate::web::{self, Address as _, Form, FormState, LoggedIn, Note, Page};

#[derive(Clone, Serialize)]
struct ChoicePage {
    form: FormState,
    version: i64,
    address: Option<String>,
    configured: bool,
}

impl Page for ChoicePage {
    const TEMPLATE: &'static str = "notify/choice.html";
}

#[derive(Deserialize)]
struct ChoiceForm {
    #[serde(default)]
    program: String,
    #[serde(default)]
    email: String,
    version: i64,
}

pub(super) fn routes() -> Router<Notify> {
    Router::new().route(MessageChoicePath::PATTERN, get(show).post(save))
}

async fn show(visit: LoggedIn, State(notify): State<Notify>) -> web::Result {
    let choice = notify.choice(visit.user()).await?;
    let mut form = FormState::empty();
    for (field, chosen) in [("program", choice.program), ("email", choice.email)] {
        form.put(field, if chosen { "yes" } else { "" });
    }
    visit.page(&page(&visit, &notify, form, choice.version).await?)
}

async fn save(visit: LoggedIn, State(notify): State<Notify>, form: Form<ChoiceForm>) -> web::Result {
    let ChoiceForm { program, email, version } = form.value;
    let choice = Choice { program: !program.is_empty(), email: !email.is_empty(), version };
    match notify.choose(visit.user(), choice).await {
        Ok(()) => Ok(visit.go_with(MessageChoicePath {}, &Note::done(visit.text(&msg!("notify.chosen"))))),
        Err(error) => visit.page_again(&page(&visit, &notify, form.typed.refused(error)?, version).await?),
    }
}

async fn page(visit: &LoggedIn, notify: &Notify, form: FormState, version: i64) -> Result<ChoicePage, web::Error> {
    let address = notify.address(visit.user()).await?;
    let configured = notify.mailer().is_configured().await?;
    Ok(ChoicePage { form, version, address, configured })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::renders;

    #[tokio::test]
    async fn the_choice_renders() {
        for (address, configured) in [(None, false), (Some("a@example.com".to_owned()), true)] {
            renders(ChoicePage { form: FormState::empty(), version: 0, address, configured }).await;
        }
    }
}
