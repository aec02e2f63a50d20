//! Files that came after approval: opened with the permission of their contract.

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

use super::PaperPath;
use crate::contract::fulfilment::{Fulfilment, FulfilmentError, PaperId, Purpose};
use crate::contract::pages::{actor, disposition};
use crate::files::FileKind;
use crate::kernel::Ref;
use crate::web::{self, Address as _, LoggedIn, Upload};

pub(super) fn routes() -> Router<Fulfilment> {
    Router::new().route(PaperPath::PATTERN, get(open))
}

async fn open(
    visit: LoggedIn,
    PaperPath { id, paper }: PaperPath,
    State(fulfilment): State<Fulfilment>,
) -> web::Result {
    let (paper, bytes) = fulfilment.paper(visit.user(), id, paper).await?;
    Ok(file(&paper.name, bytes))
}

/// A file as an answer; types that a browser shows open in it, others are kept as files.
pub(super) fn file(name: &str, bytes: Vec<u8>) -> Response {
    let kind = FileKind::of_name(name);
    let media = kind.map_or("application/octet-stream", FileKind::media_type);
    let shown = matches!(kind, Some(FileKind::Pdf | FileKind::Png | FileKind::Jpeg | FileKind::Text));
    let disposition = disposition(if shown { "inline" } else { "attachment" }, name);
    ([(header::CONTENT_TYPE, media.to_owned()), (header::CONTENT_DISPOSITION, disposition)], Body::from(bytes))
        .into_response()
}

/// Keeps the file that came in a field, if one did.
pub(super) async fn keep(
    visit: &LoggedIn,
    fulfilment: &Fulfilment,
    subject: &Ref,
    (field, purpose): (&str, Purpose),
    files: &[Upload],
) -> Result<Option<PaperId>, FulfilmentError> {
    let Some(file) = files.iter().find(|file| file.field == field) else { return Ok(None) };
    fulfilment.keep_paper(actor(visit), subject, purpose, (&file.name, &file.bytes)).await.map(Some)
}
