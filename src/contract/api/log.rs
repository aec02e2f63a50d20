//! What was done to a contract, out of the audit log.

use axum::extract::State;
use axum::response::IntoResponse as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::contract::Contracts;
use crate::contract::pages::said_in_log;
use crate::db::Audited;
use crate::kernel::{Channel, ContractId, Timestamp, UserId};
use crate::web::api::{Json, Path};
use crate::web::{self, LoggedIn, Problem, Query};

/// What was done to a contract, the newest first.
#[derive(Serialize, ToSchema)]
#[schema(as = ContractLog)]
pub(super) struct Log {
    acts: Vec<Act>,
    /// What `after` takes to read on; nothing at the end.
    next: Option<i64>,
}

/// Where to read on.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct LogQuery {
    /// The `next` of the answer before.
    after: Option<i64>,
}

/// Something that was done.
#[derive(Serialize, ToSchema)]
#[schema(as = LoggedAct)]
struct Act {
    /// Its stable code: `contract.signed`.
    action: String,
    /// What was done, in the caller's language.
    said: String,
    /// Who did it; nobody where the program did.
    actor: Option<i64>,
    actor_name: Option<String>,
    /// In whose place.
    on_behalf_of: Option<i64>,
    on_behalf_of_name: Option<String>,
    /// `page`, `link`, `api`, `system` or `replay`.
    #[schema(value_type = String)]
    channel: Channel,
    at: Timestamp,
    /// The changed fields before.
    #[schema(value_type = Option<Object>)]
    old: Option<Value>,
    /// The changed fields after.
    #[schema(value_type = Option<Object>)]
    new: Option<Value>,
}

/// What was done to a contract: who, when, by which way.
#[utoipa::path(get, path = "/contracts/{id}/log", tag = "contracts", params(("id" = i64, Path), LogQuery),
    responses((status = 200, body = Log), (status = 404, body = Problem)))]
pub(super) async fn log(
    visit: LoggedIn,
    State(contracts): State<Contracts>,
    Path(id): Path<ContractId>,
    Query(query): Query<LogQuery>,
) -> web::Result {
    let directory = contracts.org().directory();
    let act = |one: Audited| Act {
        said: said_in_log(&visit, &one.action),
        action: one.action,
        actor: one.actor.user.map(UserId::get),
        actor_name: one.actor.user.map(|user| directory.name(user)),
        on_behalf_of: one.actor.on_behalf_of.map(UserId::get),
        on_behalf_of_name: one.actor.on_behalf_of.map(|user| directory.name(user)),
        channel: one.actor.channel,
        at: one.at,
        old: one.old,
        new: one.new,
    };
    let found = contracts.log(visit.user(), id, query.after).await?;
    Ok(Json(Log { acts: found.acts.into_iter().map(act).collect(), next: found.next }).into_response())
}
