//! Records for programs: the same JSON interface for every kind, described by its declaration.

mod document;

use std::collections::BTreeMap;

use axum::extract::{FromRequestParts, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::IntoResponse as _;
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use utoipa_axum::router::OpenApiRouter;

use super::Wish;
use super::behaviour::Act;
use super::error::{FieldProblem, RecordError};
use super::kind::Kind;
use super::pages::filter;
use super::records::Records;
use super::store::Record;
use super::value::{Input, Raw, Value};
use crate::db::Cursor;
use crate::i18n::msg;
use crate::kernel::{Actor, UserId};
use crate::web::{self, LoggedIn, Query, api};

/// A kind that a program asks for.
#[derive(Clone)]
struct Room {
    records: Records,
    kind: &'static Kind,
}

/// An act of a kind that a program asks for.
#[derive(Clone)]
struct ActRoom {
    room: Room,
    act: &'static Act,
}

/// The number in the address of a record.
#[derive(Clone, Copy, Deserialize)]
struct Numbered {
    id: i64,
}

impl<S: Send + Sync> FromRequestParts<S> for Numbered {
    type Rejection = web::Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, web::Error> {
        web::paths::extract(parts, state, "/{id}").await
    }
}

/// The JSON interface of every kind.
pub fn routes(records: &Records) -> OpenApiRouter {
    let lists = get(dictionaries).with_state(records.clone());
    let mut router = OpenApiRouter::new().routes(document::dictionaries(lists));
    for kind in records.kinds() {
        router = router.merge(of_kind(records, kind));
    }
    router
}

fn of_kind(records: &Records, kind: &'static Kind) -> OpenApiRouter {
    let room = Room { records: records.clone(), kind };
    let mut router = OpenApiRouter::new()
        .routes(document::list(kind, records, get(list).post(create).with_state(room.clone())))
        .routes(document::one(kind, get(show).patch(change).delete(delete).with_state(room.clone())))
        .routes(document::restore(kind, post(restore).with_state(room.clone())))
        .routes(document::timeline(kind, get(timeline).with_state(room.clone())))
        .routes(document::changes(kind, get(changes).with_state(room.clone())));
    if !kind.shares_owner {
        router = router.routes(document::transfer(kind, post(transfer).with_state(room.clone())));
    }
    for act in records.behaviour(kind).acts() {
        let done = post(do_act).with_state(ActRoom { room: room.clone(), act });
        router = router.routes(document::act(kind, act, done));
    }
    router
}

async fn dictionaries(_visit: LoggedIn, State(records): State<Records>) -> web::Result {
    let lists = records.dictionaries().await?;
    let all: Map<String, Json> = lists.names().map(|name| (name.to_owned(), json!(lists.of(name)))).collect();
    Ok(api::Json(json!({ "dictionaries": all })).into_response())
}

async fn list(
    visit: LoggedIn,
    State(Room { records, kind }): State<Room>,
    Query(query): Query<Vec<(String, String)>>,
) -> web::Result {
    let query: BTreeMap<String, String> = query.into_iter().collect();
    let after = match query.get("after") {
        Some(after) => Some(
            after
                .parse::<Cursor>()
                .map_err(|_| web::Error::field("after", "query_invalid", msg!("web.query_invalid")))?,
        ),
        None => None,
    };
    let listing = records.list(visit.user(), kind, &filter(kind, &records, &query), after).await?;
    let rows: Vec<Json> = listing.rows.iter().map(|row| shown(&records, kind, row)).collect();
    let next = listing.next.map(|next| next.to_string());
    let count = json!({ "counted": listing.count.counted, "more": listing.count.more });
    Ok(api::Json(json!({ "records": rows, "next": next, "count": count })).into_response())
}

async fn create(
    visit: LoggedIn,
    State(Room { records, kind }): State<Room>,
    api::Json(mut body): api::Json<Map<String, Json>>,
) -> web::Result {
    let wish = wish(&mut body)?;
    let id = records.create(kind, actor(&visit), &input(body), wish).await?;
    let made = records.get(visit.user(), kind, id).await?;
    Ok((StatusCode::CREATED, api::Json(shown(&records, kind, &made))).into_response())
}

async fn show(visit: LoggedIn, path: Numbered, State(Room { records, kind }): State<Room>) -> web::Result {
    let record = records.get(visit.user(), kind, path.id).await?;
    Ok(api::Json(shown(&records, kind, &record)).into_response())
}

async fn change(
    visit: LoggedIn,
    path: Numbered,
    State(room): State<Room>,
    api::Json(mut body): api::Json<Map<String, Json>>,
) -> web::Result {
    let (version, wish) = (version(&mut body)?, wish(&mut body)?);
    room.records.change(room.kind, actor(&visit), (path.id, version), &input(body), wish).await?;
    answer(&visit, &room, path.id).await
}

/// The version that a program read stands in the address, since a DELETE has no body.
#[derive(Deserialize)]
struct Read {
    version: i64,
}

async fn delete(visit: LoggedIn, path: Numbered, State(room): State<Room>, Query(read): Query<Read>) -> web::Result {
    room.records.delete(room.kind, actor(&visit), (path.id, read.version)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn restore(
    visit: LoggedIn,
    path: Numbered,
    State(room): State<Room>,
    api::Json(mut body): api::Json<Map<String, Json>>,
) -> web::Result {
    let version = version(&mut body)?;
    room.records.restore(room.kind, actor(&visit), (path.id, version)).await?;
    answer(&visit, &room, path.id).await
}

async fn transfer(
    visit: LoggedIn,
    path: Numbered,
    State(room): State<Room>,
    api::Json(mut body): api::Json<Map<String, Json>>,
) -> web::Result {
    let version = version(&mut body)?;
    let owner = number(&mut body, "owner")?.ok_or(RecordError::NoOwner)?;
    room.records.transfer(room.kind, actor(&visit), (path.id, version), UserId::new(owner)).await?;
    match room.records.get(visit.user(), room.kind, path.id).await {
        Ok(record) => Ok(api::Json(shown(&room.records, room.kind, &record)).into_response()),
        // It was given to somebody whose records this one may not see.
        Err(RecordError::NotFound) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(error) => Err(error.into()),
    }
}

async fn do_act(
    visit: LoggedIn,
    path: Numbered,
    State(ActRoom { room, act }): State<ActRoom>,
    api::Json(mut body): api::Json<Map<String, Json>>,
) -> web::Result {
    let version = version(&mut body)?;
    room.records.act(room.kind, act, actor(&visit), (path.id, version), &input(body)).await?;
    answer(&visit, &room, path.id).await
}

async fn timeline(visit: LoggedIn, path: Numbered, State(Room { records, kind }): State<Room>) -> web::Result {
    let whole = records.whole(visit.user(), kind, path.id).await?;
    let directory = records.0.org.directory();
    let entries = whole.timeline.iter().map(|entry| {
        json!({
            "at": entry.at, "actor": entry.actor, "actor_name": entry.actor.map(|user| directory.name(user)),
            "head": visit.text(&entry.head), "text": entry.text, "path": entry.path,
        })
    });
    Ok(api::Json(json!({ "timeline": entries.collect::<Vec<_>>() })).into_response())
}

async fn changes(visit: LoggedIn, path: Numbered, State(Room { records, kind }): State<Room>) -> web::Result {
    let whole = records.whole(visit.user(), kind, path.id).await?;
    let directory = records.0.org.directory();
    let entries = whole.changes.iter().map(|entry| {
        json!({
            "at": entry.at, "actor": entry.actor.user, "actor_name": entry.actor.user.map(|user| directory.name(user)),
            "action": entry.action, "old": entry.old, "new": entry.new,
        })
    });
    Ok(api::Json(json!({ "changes": entries.collect::<Vec<_>>() })).into_response())
}

async fn answer(visit: &LoggedIn, room: &Room, id: i64) -> web::Result {
    let record = room.records.get(visit.user(), room.kind, id).await?;
    Ok(api::Json(shown(&room.records, room.kind, &record)).into_response())
}

fn actor(visit: &LoggedIn) -> Actor {
    Actor::person(visit.user(), visit.channel())
}

/// A record as programs read it: every field of its kind, null where it is empty.
fn shown(records: &Records, kind: &Kind, record: &Record) -> Json {
    let mut json = json!({ "id": record.id });
    if kind.code.is_some() {
        json["code"] = json!(record.code);
    }
    for field in kind.stored() {
        json[field.name] = record.values.get(field.name).map_or(Json::Null, Value::json);
    }
    let directory = records.0.org.directory();
    let named = |user: Option<UserId>| user.map(|user| directory.name(user));
    let common = json!({
        "owner": record.owner, "owner_name": named(record.owner), "department": record.department, "version": record.version,
        "created_by": record.created_by, "created_by_name": named(record.created_by),
        "created_at": record.created_at, "updated_at": record.updated_at, "deleted_at": record.deleted_at,
    });
    if let (Json::Object(all), Json::Object(common)) = (&mut json, common) {
        all.extend(common);
    }
    json
}

fn input(body: Map<String, Json>) -> Input {
    body.into_iter().map(|(name, json)| (name, Raw::Json(json))).collect()
}

fn wish(body: &mut Map<String, Json>) -> Result<Wish, web::Error> {
    let owner = number(body, "owner")?.map(UserId::new);
    let anyway = body.remove("allow_duplicates") == Some(Json::Bool(true));
    Ok(Wish { owner, anyway, strict: true })
}

fn version(body: &mut Map<String, Json>) -> Result<i64, web::Error> {
    let missing = || RecordError::Invalid(vec![FieldProblem::required("version")]);
    Ok(number(body, "version")?.ok_or_else(missing)?)
}

fn number(body: &mut Map<String, Json>, name: &str) -> Result<Option<i64>, web::Error> {
    match body.remove(name) {
        None | Some(Json::Null) => Ok(None),
        Some(json) => match json.as_i64() {
            Some(number) => Ok(Some(number)),
            None => Err(web::Error::field(name, "number", msg!("record.problem.whole"))),
        },
    }
}
