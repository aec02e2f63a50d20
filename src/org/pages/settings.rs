//! What people set for themselves: who they are, their password, their sessions.

use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};

use super::{CurrentUser, EndSessionPath, OwnPasswordPath, SettingsPath};
use crate::i18n::{Lang, msg};
use crate::org::{OpenSession, Org, Password, Profile, User, Via};
use crate::web::{self, Address as _, Form, FormState, Note, Page};

#[derive(Clone, Serialize)]
struct SettingsPage {
    form: FormState,
    password_form: FormState,
    user: User,
    sessions: Vec<OpenSession>,
    this_session: Option<i64>,
}

impl Page for SettingsPage {
    const TEMPLATE: &'static str = "org/settings.html";
}

#[derive(Deserialize)]
struct ProfileForm {
    name: String,
    mobile: String,
    email: String,
    language: String,
    version: i64,
}

#[derive(Deserialize)]
struct PasswordForm {
    present: Password,
    password: Password,
    repeat: Password,
}

pub(super) fn routes() -> Router<Org> {
    Router::new()
        .route(SettingsPath::PATTERN, get(settings).post(save))
        .route(OwnPasswordPath::PATTERN, post(change_password))
        .route(EndSessionPath::PATTERN, post(end_session))
}

async fn settings(user: CurrentUser, State(org): State<Org>) -> web::Result {
    let form = FormState::of(&org.oneself(user.session()).await?)?;
    user.page(&page(&user, &org, form, FormState::empty()).await?)
}

async fn save(user: CurrentUser, State(org): State<Org>, form: Form<ProfileForm>) -> web::Result {
    let ProfileForm { name, mobile, email, language, version } = form.value;
    let language = Lang::from_code(&language).unwrap_or_default();
    match org.save_profile(user.session(), version, Profile { name, mobile, email, language }).await {
        Ok(()) => Ok(user.go_with(SettingsPath {}, &Note::done(user.text(&msg!("org.saved"))))),
        Err(error) => {
            let form = form.typed.refused(error)?;
            user.page_again(&page(&user, &org, form, FormState::empty()).await?)
        }
    }
}

async fn change_password(user: CurrentUser, State(org): State<Org>, form: Form<PasswordForm>) -> web::Result {
    let PasswordForm { present, password, repeat } = form.value;
    match org.change_own_password(user.session(), present, password, &repeat).await {
        Ok(()) => Ok(user.go_with(SettingsPath {}, &Note::done(user.text(&msg!("org.password_changed"))))),
        Err(error) => {
            let own = FormState::of(&org.oneself(user.session()).await?)?;
            user.page_again(&page(&user, &org, own, form.typed.refused(error)?).await?)
        }
    }
}

async fn end_session(
    user: CurrentUser,
    EndSessionPath { id }: EndSessionPath,
    State(org): State<Org>,
    _form: Form<()>,
) -> web::Result {
    org.end_session(user.session(), id).await?;
    Ok(user.go_with(SettingsPath {}, &Note::done(user.text(&msg!("org.session_ended")))))
}

async fn page(
    user: &CurrentUser,
    org: &Org,
    form: FormState,
    password_form: FormState,
) -> Result<SettingsPage, web::Error> {
    let this_session = match user.session().via {
        Via::Browser(id) => Some(id.get()),
        Via::Token(_) => None,
    };
    let (user, sessions) = (org.oneself(user.session()).await?, org.own_sessions(user.session()).await?);
    Ok(SettingsPage { form, password_form, user, sessions, this_session })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Timestamp;
    use crate::org::SessionId;
    use crate::web::testing::renders;

    #[tokio::test]
    async fn the_settings_render() {
        let (id, at) = (SessionId::new(1), Timestamp::from_micros(0));
        let session = OpenSession { id, address: "192.0.2.1".into(), agent: "Firefox".into(), began: at, seen: at };
        let user = super::super::users::sample();
        let (form, password_form) = (FormState::of(&user).unwrap(), FormState::empty());
        renders(SettingsPage { form, password_form, user, sessions: vec![session], this_session: Some(1) }).await;
    }
}
