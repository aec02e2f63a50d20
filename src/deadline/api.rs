//! What is due, for programs: `/api/v1/deadlines`.

use axum::extract::State;
use axum::response::IntoResponse as _;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Deadlines, DueFilter, When};
use crate::db::Cursor;
use crate::i18n::msg;
use crate::kernel::{Date, Ref, Timestamp};
use crate::web::api::Json;
use crate::web::{self, LoggedIn, Problem, Query};

/// Every JSON route of this room.
pub fn routes(deadlines: Deadlines) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(list)).with_state(deadlines)
}

/// Which items.
#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// `overdue`, `today`, `week`, `month` or `later`; without it, all.
    when: Option<String>,
    /// Of one record: `contract/12`.
    about: Option<String>,
    /// Where the page begins: `next` of the page before.
    after: Option<String>,
}

/// A page of what is due, the earliest first.
#[derive(Serialize, ToSchema)]
struct Due {
    deadlines: Vec<DueBody>,
    /// How many there are, counted up to a thousand.
    count: i64,
    /// Where the next page begins.
    next: Option<String>,
}

/// Something that falls due.
#[derive(Serialize, ToSchema)]
#[schema(as = Deadline)]
struct DueBody {
    id: i64,
    /// The record it belongs to: `contract/12`.
    about: String,
    /// Which due item of that record: `expires`, `milestone/3`.
    source: String,
    /// What people read, in the caller's language.
    title: String,
    path: String,
    due_on: Date,
    /// From which instant it is overdue.
    due_at: Timestamp,
    owner: i64,
    owner_name: String,
}

/// What is due for the caller, and for those whose work they may see.
#[utoipa::path(get, path = "/deadlines", tag = "deadlines", params(Filter),
    responses((status = 200, body = Due), (status = 401, body = Problem), (status = 422, body = Problem)))]
async fn list(caller: LoggedIn, State(deadlines): State<Deadlines>, Query(filter): Query<Filter>) -> web::Result {
    let invalid = |field: &str| web::Error::field(field, "query_invalid", msg!("web.query_invalid"));
    let when = match &filter.when {
        Some(name) => Some(When::named(name).ok_or_else(|| invalid("when"))?),
        None => None,
    };
    let subject = match &filter.about {
        Some(text) => Some(text.parse::<Ref>().map_err(|_| invalid("about"))?),
        None => None,
    };
    let after = match &filter.after {
        Some(text) => Some(text.parse::<Cursor>().map_err(|_| invalid("after"))?),
        None => None,
    };
    let (scope, view) = deadlines.view_of(caller.user());
    let (page, count) = deadlines.due_when(&scope, DueFilter { subject, ..view }, when, after).await?;
    let directory = deadlines.org.directory();
    let rows = page.rows.into_iter().map(|row| DueBody {
        id: row.id.get(),
        about: row.subject.to_string(),
        source: row.source,
        title: caller.text(&row.title),
        path: row.path,
        due_on: row.due_on,
        due_at: row.due_at,
        owner: row.owner.get(),
        owner_name: directory.name(row.owner),
    });
    let next = page.next.map(|next| next.to_string());
    Ok(Json(Due { deadlines: rows.collect(), count: count.counted, next }).into_response())
}
