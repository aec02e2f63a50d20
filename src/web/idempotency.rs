//! `Idempotency-Key`: a POST that is sent again gets the answer of the first time, and is not done twice.
//!
//! The key belongs to the person. It is taken before the work starts and kept with the answer; a request that was refused
//! because of load or an error of ours gives it back, since nothing was stored. When the process dies in between, nobody
//! knows whether the work was done: the key then answers 409 `idempotency_unknown` rather than doing it again.
//!
//! A room may keep the key within the write of what it does instead ([`Keyed`]): then there is no such doubt, and a request that was
//! refused keeps nothing and is judged anew.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, FromRequest, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use serde::de::DeserializeOwned;

use super::api::{Json, unread};
use super::store::{self, Answer, Earlier};
use super::visit::bearer;
use super::{Error, Kit, Visit, explain};
use crate::i18n::{ErrorKind, msg};
use crate::kernel::{Hash, Timestamp, UserId, seal};

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Says that an answer was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// What the answers are sealed for.
const PURPOSE: &[u8] = b"answer";

/// No request runs longer; one that started before and has no answer was cut off.
const LONGEST: Duration = Duration::from_mins(2);

/// How long an answer is kept.
pub const KEPT: Duration = Duration::from_hours(24 * 7);

/// Bytes of a body that is compared and of an answer that is kept; larger ones are refused.
const LIMIT: usize = 16 * 1024 * 1024;

impl Kit {
    /// Drops the answers of requests older than a week; the job loop calls it once a day.
    pub async fn forget_answers(&self) -> Result<u64, Error> {
        let limit = self.clock().now().minus(KEPT);
        Ok(self.db().write(async move |c| store::forget(c, limit).await).await?)
    }
}

/// The key of a request whose room keeps it within the write of what is done, and knows from there what was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestKey {
    /// As it was sent.
    pub key: String,
    /// What was sent with it.
    pub request: Hash,
}

/// A JSON body with the key that its request carries.
pub struct Keyed<T> {
    /// The body.
    pub body: Json<T>,
    /// The key.
    pub key: Option<RequestKey>,
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Keyed<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let Some(key) = key_of(&request)? else {
            return Ok(Self { body: Json::from_request(request, state).await?, key: None });
        };
        let (request, hash) = hashed(request).await?;
        let key = Some(RequestKey { key, request: hash });
        Ok(Self { body: Json::from_request(request, state).await?, key })
    }
}

/// Says of an answer that it was given before.
pub fn replayed(mut response: Response) -> Response {
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    response
}

/// What a request asks for, by its address and its body.
async fn hashed(request: Request) -> Result<(Request, Hash), Error> {
    let (parts, body) = request.into_parts();
    let mut whole = Request::new(body);
    DefaultBodyLimit::max(LIMIT).apply(&mut whole);
    let bytes = Bytes::from_request(whole, &()).await.map_err(|refused| unread(&refused))?;
    let target = parts.uri.path_and_query().map_or("", |target| target.as_str());
    let hash = Hash::of_parts(&[target.as_bytes(), b"\n", &bytes]);
    Ok((Request::from_parts(parts, Body::from(bytes)), hash))
}

/// An answer could not be sealed.
#[derive(Debug, thiserror::Error)]
#[error("the answer could not be sealed")]
struct NotSealed;

/// The layer around the JSON routes of the rooms that do not keep their keys themselves.
pub(super) async fn once(
    State(kit): State<Kit>,
    visit: Visit,
    request: Request,
    next: Next,
) -> Result<Response, Error> {
    let (Some(key), Some(person)) = (key_of(&request)?, visit.person()) else { return Ok(next.run(request).await) };
    let owner = person.user;
    let (request, hash) = hashed(request).await?;
    let now = kit.clock().now();
    let claimed = key.clone();
    let earlier = kit.db().write(async move |c| store::claim(c, owner, &claimed, hash, now).await).await?;
    let lock = lock_of(&request, &key);
    if let Some(earlier) = earlier {
        return repeat(earlier, hash, now, &lock);
    }
    // The work goes on when the caller hangs up, so that its answer is there when they ask again.
    let work = tokio::spawn(async move {
        let response = written(&visit, next.run(request).await);
        keep(&kit, owner, key, response, &lock).await
    });
    work.await.map_err(Error::internal)?
}

fn key_of(request: &Request) -> Result<Option<String>, Error> {
    let Some(value) = request.headers().get(KEY).filter(|_| request.method() == Method::POST) else { return Ok(None) };
    let key = value.to_str().unwrap_or_default();
    if (1..=200).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(Some(key.to_owned()));
    }
    let error = Error::new(ErrorKind::Invalid, "idempotency_key_invalid", msg!("web.idempotency_key_invalid"));
    Err(error.with_status(StatusCode::BAD_REQUEST))
}

/// What seals the answer under a key: a one-time password may stand in it, so that only the token which it was given to opens it again.
fn lock_of(request: &Request, key: &str) -> Hash {
    let token = bearer(request.headers()).map(|token| token.reveal()).unwrap_or_default();
    Hash::of_parts(&[b"qiyue.answer.1\n", token.as_bytes(), b"\n", key.as_bytes()])
}

fn repeat(earlier: Earlier, request: Hash, now: Timestamp, lock: &Hash) -> Result<Response, Error> {
    let refused = |code, message| Err(Error::new(ErrorKind::Conflict, code, message));
    if earlier.request != request {
        return refused("idempotency_key_reused", msg!("web.idempotency_key_reused"));
    }
    match earlier.answer {
        Some(answer) => match seal::open(lock.as_bytes(), PURPOSE, &answer.body) {
            Some(body) => Ok(again(Answer { body, ..answer })),
            None => refused(
                "idempotency_other_token",
                msg!("web.idempotency_other_token", status = i64::from(answer.status)),
            ),
        },
        None if now.since(earlier.started_at) < LONGEST => {
            refused("idempotency_in_progress", msg!("web.idempotency_in_progress"))
        }
        None => refused("idempotency_unknown", msg!("web.idempotency_unknown")),
    }
}

fn again(answer: Answer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, answer.body).into_response();
    response.headers_mut().remove(header::CONTENT_TYPE);
    if let Some(kind) = answer.kind.and_then(|kind| HeaderValue::from_str(&kind).ok()) {
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    replayed(response)
}

/// An error is written out here already, since its text is what is kept.
fn written(visit: &Visit, mut response: Response) -> Response {
    match response.extensions_mut().remove::<Error>() {
        Some(error) => explain::answer(visit, &error),
        None => response,
    }
}

async fn keep(kit: &Kit, owner: UserId, key: String, response: Response, lock: &Hash) -> Result<Response, Error> {
    let status = response.status();
    if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
        kit.db().write(async move |c| store::release(c, owner, &key).await).await?;
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let bytes: Bytes = axum::body::to_bytes(body, LIMIT).await.map_err(Error::internal)?;
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).map(str::to_owned);
    let body = seal::seal(lock.as_bytes(), PURPOSE, &bytes, kit.random()).ok_or_else(|| Error::internal(NotSealed))?;
    let answer = Answer { status: status.as_u16(), kind, body };
    kit.db().write(async move |c| store::finish(c, owner, &key, &answer).await).await?;
    Ok(Response::from_parts(parts, Body::from(bytes)))
}
