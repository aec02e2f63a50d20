//! The first login (R3): no other page before a password of their own and a mobile number.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use serde::{Deserialize, Serialize};

use super::{CurrentUser, FirstLoginPath};
use crate::org::{Org, Password, SHORTEST_PASSWORD};
use crate::web::{self, Address as _, Form, FormState, Page};

#[derive(Clone, Serialize)]
struct FirstLoginPage {
    form: FormState,
    login: String,
    shortest: usize,
}

impl Page for FirstLoginPage {
    const TEMPLATE: &'static str = "org/first_login.html";
}

#[derive(Deserialize)]
struct Activation {
    password: Password,
    repeat: Password,
    mobile: String,
}

pub(super) fn routes() -> Router<Org> {
    Router::new().route(FirstLoginPath::PATTERN, get(blank).post(activate))
}

async fn blank(user: CurrentUser) -> web::Result {
    if user.session().user.is_activated() {
        return Ok(user.go("/"));
    }
    let mobile = user.session().user.mobile.clone().unwrap_or_default();
    let mut form = FormState::empty();
    form.put("mobile", &mobile);
    user.page(&page(&user, form))
}

async fn activate(user: CurrentUser, State(org): State<Org>, form: Form<Activation>) -> web::Result {
    let Activation { password, repeat, mobile } = form.value;
    match org.activate(user.session(), password, &repeat, &mobile).await {
        Ok(()) => Ok(user.go("/")),
        Err(error) => user.page_again(&page(&user, form.typed.refused(error)?)),
    }
}

fn page(user: &CurrentUser, form: FormState) -> FirstLoginPage {
    FirstLoginPage { form, login: user.session().user.login.clone(), shortest: SHORTEST_PASSWORD }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_first_login_renders() {
        crate::web::testing::renders(FirstLoginPage { form: FormState::empty(), login: "zhang".into(), shortest: 8 })
            .await;
    }
}
