//! `/health`, for whatever watches the process: 200 when it answers and its database does.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;

use crate::db::{Db, DbError};
use crate::params;

const ALIVE: &str = "SELECT CAST(1 AS BIGINT) AS alive";

pub(super) fn routes(db: Db) -> Router {
    Router::new().route("/health", get(health)).with_state(db)
}

async fn health(State(db): State<Db>) -> (StatusCode, &'static str) {
    match db.read(async |c| c.one::<(i64,)>(ALIVE, params![]).await).await {
        Ok(_) => (StatusCode::OK, "ok\n"),
        Err(DbError::Busy) => (StatusCode::SERVICE_UNAVAILABLE, "busy\n"),
        Err(error) => {
            tracing::error!("the database does not answer: {error}");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}
