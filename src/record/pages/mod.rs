//! What people see of records: the list, the form and the page of every kind, and the lists of choices for administrators.

mod controls;
mod dictionaries;
mod form;
mod list;
mod pick;
mod record;

use axum::Router;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};

use super::kind::Kind;
use super::records::Records;
use crate::i18n::{Message, msg};
use crate::kernel::Actor;
use crate::web::{self, Address as _, LoggedIn, NavEntry, NavGroup};

pub(super) use list::filter;

/// A kind whose pages are asked for.
#[derive(Clone)]
struct Room {
    records: Records,
    kind: &'static Kind,
}

/// A value and its name, for a list that opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Choice {
    value: String,
    label: String,
}

/// The number in the address of a record.
#[derive(Clone, Copy, Debug, Deserialize)]
struct Numbered {
    id: i64,
}

/// The number of a record and the name of an act in an address.
#[derive(Clone, Debug, Deserialize)]
struct NumberedAct {
    id: i64,
    act: String,
}

macro_rules! from_address {
    ($($name:ident)+) => {$(
        impl<S: Send + Sync> FromRequestParts<S> for $name {
            type Rejection = web::Error;

            async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, web::Error> {
                web::paths::extract(parts, state, "/{id}").await
            }
        }
    )+};
}

from_address! { Numbered NumberedAct }

impl Choice {
    fn new(value: impl std::fmt::Display, label: impl Into<String>) -> Self {
        Self { value: value.to_string(), label: label.into() }
    }
}

/// The pages of every kind.
pub fn routes(records: &Records) -> Router {
    let mut router = dictionaries::routes(records.clone()).merge(pick::routes(records.clone()));
    for kind in records.kinds() {
        router = router.merge(of_kind(Room { records: records.clone(), kind }));
    }
    router
}

fn of_kind(room: Room) -> Router {
    let path = room.kind.path;
    let acts = room.records.behaviour(room.kind).acts();
    let router = Router::new()
        .route(path, get(list::list))
        .route(&format!("{path}/new"), get(form::blank).post(form::create))
        .route(&format!("{path}/{{id}}"), get(record::show))
        .route(&format!("{path}/{{id}}/edit"), get(form::edit).post(form::save))
        .route(&format!("{path}/{{id}}/transfer"), post(record::transfer))
        .route(&format!("{path}/{{id}}/delete"), post(record::delete))
        .route(&format!("{path}/{{id}}/restore"), post(record::restore));
    let router =
        if acts.is_empty() { router } else { router.route(&format!("{path}/{{id}}/acts/{{act}}"), post(record::act)) };
    router.with_state(room)
}

/// The line of a kind in the navigation.
pub fn nav(kind: &'static Kind, group: NavGroup, needs: &'static str) -> NavEntry {
    NavEntry::new(group, kind.plural(), kind.icon, kind.path).needs(needs)
}

/// The line of the lists of choices in the navigation.
pub fn dictionaries_nav() -> NavEntry {
    NavEntry::new(NavGroup::Admin, msg!("record.dictionaries"), "list-details", dictionaries::DictionariesPath::PATTERN)
        .needs("dictionary.administer")
}

fn actor(visit: &LoggedIn) -> Actor {
    Actor::person(visit.user(), visit.channel())
}

/// The heading and address of the list, above the pages of its records.
fn crumb(kind: &Kind) -> (Message, &'static str) {
    (kind.plural(), kind.path)
}
