//! Signing in and out.

use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};

use super::{FirstLoginPath, LoginPath, LogoutPath, Origin};
use crate::i18n::Explain as _;
use crate::org::{Org, OrgError, Password, Session, SignIn};
use crate::web::session::Keep;
use crate::web::{self, Address as _, Error, Form, FormState, Page, Person, Query, Visit};

/// Days that the cookie stays; the session itself ends earlier when it is not used.
const DAYS: u32 = 30;

#[derive(Clone, Serialize)]
struct LoginPage {
    form: FormState,
    next: String,
}

impl Page for LoginPage {
    const TEMPLATE: &'static str = "org/login.html";
}

#[derive(Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
struct LoginForm {
    login: String,
    password: Password,
    #[serde(default)]
    next: String,
}

pub(super) fn routes() -> Router<Org> {
    Router::new().route(LoginPath::PATTERN, get(blank).post(sign_in)).route(LogoutPath::PATTERN, post(sign_out))
}

async fn blank(visit: Visit, Query(Next { next }): Query<Next>) -> web::Result {
    if visit.person().is_some() {
        return Ok(visit.go_next(Some(&next)));
    }
    visit.page(&LoginPage { form: FormState::empty(), next })
}

async fn sign_in(visit: Visit, State(org): State<Org>, Origin(origin): Origin, form: Form<LoginForm>) -> web::Result {
    let LoginForm { login, password, next } = form.value;
    match org.sign_in(SignIn { login, password, origin }).await {
        Ok(signed_in) => {
            let mut response =
                if signed_in.first { visit.go(FirstLoginPath {}) } else { visit.go_next(Some(next.as_str())) };
            visit.open_session(&mut response, &signed_in.token, Keep::Days(DAYS));
            Ok(response)
        }
        Err(refused @ (OrgError::WrongPassword | OrgError::Disabled | OrgError::TooManyAttempts { .. })) => {
            let mut form = form.typed.state();
            form.problem(refused.message());
            visit.page_as(Error::from(refused).status(), &LoginPage { form, next })
        }
        Err(error) => Err(error.into()),
    }
}

async fn sign_out(visit: Visit, State(org): State<Org>, _form: Form<()>) -> web::Result {
    if let Some(session) = visit.person().and_then(Person::proof::<Session>) {
        org.sign_out(&session).await?;
    }
    let mut response = visit.go(LoginPath {});
    visit.close_session(&mut response);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_login_renders() {
        crate::web::testing::renders(LoginPage { form: FormState::empty(), next: "/settings".into() }).await;
    }
}
