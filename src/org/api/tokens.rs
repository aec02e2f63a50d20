//! Tokens: the caller's own.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::Timestamp;
use crate::org::pages::CurrentUser;
use crate::org::{ApiToken, ApiTokenId, Org};
use crate::web::api::{Json, Path};
use crate::web::{self, Problem};

/// A token by which a program acts for the caller.
#[derive(Serialize, ToSchema)]
#[schema(as = Token)]
pub(super) struct TokenShown {
    id: i64,
    name: String,
    created: Timestamp,
    expires: Option<Timestamp>,
    used: Option<Timestamp>,
    revoked: Option<Timestamp>,
}

/// The caller's tokens.
#[derive(Serialize, ToSchema)]
pub(super) struct Tokens {
    tokens: Vec<TokenShown>,
}

/// A new token.
#[derive(Deserialize, ToSchema)]
pub(super) struct NewToken {
    /// What it is for.
    name: String,
    /// When it ends; without it, never.
    expires: Option<Timestamp>,
}

/// A new token with its secret.
#[derive(Serialize, ToSchema)]
pub(super) struct MadeToken {
    id: i64,
    /// Shown once.
    token: String,
}

impl From<ApiToken> for TokenShown {
    fn from(token: ApiToken) -> Self {
        let ApiToken { id, name, created, expires, used, revoked, .. } = token;
        Self { id: id.get(), name, created, expires, used, revoked }
    }
}

/// The caller's tokens, the newest first.
#[utoipa::path(get, path = "/tokens", tag = "people",
    responses((status = 200, body = Tokens), (status = 401, body = Problem)))]
pub(super) async fn list(caller: CurrentUser, State(org): State<Org>) -> web::Result {
    let tokens = org.own_tokens(caller.session()).await?.into_iter().map(Into::into).collect();
    Ok(Json(Tokens { tokens }).into_response())
}

/// Makes a token for the caller.
#[utoipa::path(post, path = "/tokens", tag = "people", request_body = NewToken,
    responses((status = 201, body = MadeToken), (status = 422, body = Problem)))]
pub(super) async fn create(caller: CurrentUser, State(org): State<Org>, Json(new): Json<NewToken>) -> web::Result {
    let (id, token) = org.create_own_token(caller.session(), &new.name, new.expires).await?;
    Ok((StatusCode::CREATED, Json(MadeToken { id: id.get(), token: token.reveal() })).into_response())
}

/// Revokes a token of the caller, or of somebody whose account the caller administers.
#[utoipa::path(delete, path = "/tokens/{id}", tag = "people", params(("id" = i64, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
pub(super) async fn revoke(caller: CurrentUser, State(org): State<Org>, Path(id): Path<ApiTokenId>) -> web::Result {
    org.revoke_token(caller.session(), id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
