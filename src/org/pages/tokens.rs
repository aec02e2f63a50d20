//! Tokens for programs: everybody's own, and all of them for who administers accounts.

use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};

use super::{AdministerUsers, CurrentUser, OwnTokensPath, Permission, RevokeAnyTokenPath, RevokeTokenPath, TokensPath};
use crate::i18n::msg;
use crate::kernel::time::{DEFAULT_ZONE, zone};
use crate::kernel::{Date, Timestamp};
use crate::org::{ApiToken, Org, OrgError};
use crate::web::{self, Address as _, Form, FormState, Note, Page};

#[derive(Clone, Serialize)]
struct OwnTokensPage {
    form: FormState,
    /// The secret of the one that was just made; shown now and never again.
    secret: Option<String>,
    tokens: Vec<ShownToken>,
}

#[derive(Clone, Serialize)]
struct TokensPage {
    tokens: Vec<ShownToken>,
}

#[derive(Clone, Serialize)]
struct ShownToken {
    token: ApiToken,
    person: String,
    revoke: String,
}

impl Page for OwnTokensPage {
    const TEMPLATE: &'static str = "org/own_tokens.html";
}

impl Page for TokensPage {
    const TEMPLATE: &'static str = "org/tokens.html";
}

#[derive(Deserialize)]
struct TokenForm {
    name: String,
    #[serde(default)]
    expires: String,
}

pub(super) fn routes() -> Router<Org> {
    Router::new()
        .route(OwnTokensPath::PATTERN, get(own).post(create))
        .route(RevokeTokenPath::PATTERN, post(revoke))
        .route(TokensPath::PATTERN, get(all))
        .route(RevokeAnyTokenPath::PATTERN, post(revoke_any))
}

async fn own(user: CurrentUser, State(org): State<Org>) -> web::Result {
    user.page(&page(&user, &org, FormState::empty(), None).await?)
}

async fn create(user: CurrentUser, State(org): State<Org>, form: Form<TokenForm>) -> web::Result {
    let outcome = match expiry(&form.value.expires) {
        Ok(expires) => org.create_own_token(user.session(), &form.value.name, expires).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok((_, token)) => user.page(&page(&user, &org, FormState::empty(), Some(token.reveal())).await?),
        Err(error) => user.page_again(&page(&user, &org, form.typed.refused(error)?, None).await?),
    }
}

async fn revoke(
    user: CurrentUser,
    RevokeTokenPath { id }: RevokeTokenPath,
    State(org): State<Org>,
    _form: Form<()>,
) -> web::Result {
    org.revoke_token(user.session(), id).await?;
    Ok(user.go_with(OwnTokensPath {}, &Note::done(user.text(&msg!("org.token_revoked")))))
}

async fn all(user: Permission<AdministerUsers>, State(org): State<Org>) -> web::Result {
    let tokens = org.tokens(&user.scope).await?;
    let shown =
        tokens.into_iter().map(|token| shown(&org, token, |token| RevokeAnyTokenPath { id: token.id }.to_string()));
    user.page(&TokensPage { tokens: shown.collect() })
}

async fn revoke_any(
    user: Permission<AdministerUsers>,
    RevokeAnyTokenPath { id }: RevokeAnyTokenPath,
    State(org): State<Org>,
    _form: Form<()>,
) -> web::Result {
    org.revoke_token(user.session(), id).await?;
    Ok(user.go_with(TokensPath {}, &Note::done(user.text(&msg!("org.token_revoked")))))
}

/// The end of a day of the company; empty is never.
fn expiry(text: &str) -> Result<Option<Timestamp>, OrgError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let after = text.parse::<Date>().and_then(Date::tomorrow).map_err(|_| OrgError::TokenExpiry)?;
    Ok(Some(Timestamp::start_of(after, &zone(DEFAULT_ZONE))))
}

fn shown(org: &Org, token: ApiToken, revoke: impl Fn(&ApiToken) -> String) -> ShownToken {
    ShownToken { person: org.directory().name(token.user), revoke: revoke(&token), token }
}

async fn page(
    user: &CurrentUser,
    org: &Org,
    form: FormState,
    secret: Option<String>,
) -> Result<OwnTokensPage, web::Error> {
    let tokens = org.own_tokens(user.session()).await?;
    let tokens =
        tokens.into_iter().map(|token| shown(org, token, |token| RevokeTokenPath { id: token.id }.to_string()));
    Ok(OwnTokensPage { form, secret, tokens: tokens.collect() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::UserId;
    use crate::org::ApiTokenId;
    use crate::web::testing::renders;

    fn token(revoked: Option<Timestamp>) -> ShownToken {
        let (id, user, created) = (ApiTokenId::new(1), UserId::new(1), Timestamp::from_micros(0));
        let token = ApiToken { id, user, name: "report".into(), created, expires: None, used: None, revoked };
        ShownToken { token, person: "Zhang".into(), revoke: "/settings/tokens/1/revoke".into() }
    }

    #[tokio::test]
    async fn tokens_render() {
        let tokens = vec![token(None), token(Some(Timestamp::from_micros(1)))];
        renders(OwnTokensPage { form: FormState::empty(), secret: Some("secret".into()), tokens: tokens.clone() })
            .await;
        renders(TokensPage { tokens }).await;
        renders(TokensPage { tokens: Vec::new() }).await;
    }
}
