//! Files of a contract: in their places, open only to whoever may read the contract, checked by their content.

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header;
use axum::response::IntoResponse as _;
use axum::routing::{get, post};
use serde::Serialize;

use super::actor;
use super::edit;
use super::frame::{Frame, Part};
use super::{AttachPath, DetachPath, EditPath, FilePath, FilesPath};
use crate::contract::{Contracts, Seen};
use crate::files::{FileKind, FilesError};
use crate::i18n::msg;
use crate::web::{self, Address as _, Form, LoggedIn, Note, Page, UploadForm, disposition};

/// Bytes that one upload may have, its form around it included.
const UPLOAD: usize = 65 * 1024 * 1024;

#[derive(Clone, Serialize)]
struct FilesPage {
    frame: Frame,
    places: Vec<Place>,
}

impl Page for FilesPage {
    const TEMPLATE: &'static str = "contract/files.html";
}

/// A place with its files.
#[derive(Clone, Serialize)]
struct Place {
    label: String,
    files: Vec<(String, String)>,
}

pub(super) fn routes() -> Router<Contracts> {
    Router::new()
        .route(AttachPath::PATTERN, post(attach).layer(DefaultBodyLimit::max(UPLOAD)))
        .route(DetachPath::PATTERN, post(detach))
        .route(FilesPath::PATTERN, get(list))
        .route(FilePath::PATTERN, get(open))
}

async fn list(visit: LoggedIn, FilesPath { id }: FilesPath, State(contracts): State<Contracts>) -> web::Result {
    let contract = contracts.get(visit.user(), id).await?;
    let template = contracts.template_of(&contract).await?;
    let files = &contract.content.draft.files;
    let places = template.files.iter().map(|slot| Place {
        label: slot.label.clone(),
        files: files
            .get(&slot.name)
            .into_iter()
            .flatten()
            .map(|file| (file.name.clone(), FilePath { id, hash: file.hash }.to_string()))
            .collect(),
    });
    let places = places.collect();
    visit.page(&FilesPage { frame: Frame::of(&contracts, &visit, &contract, Part::Files), places })
}

async fn attach(
    visit: LoggedIn,
    AttachPath { id, slot }: AttachPath,
    State(contracts): State<Contracts>,
    form: UploadForm<()>,
) -> web::Result {
    let Some(file) = form.files.first() else {
        return edit::refused_upload(&visit, &contracts, id, &slot, FilesError::NothingChosen.into()).await;
    };
    match contracts.attach(actor(&visit), (id, &Seen::Anything), &slot, (&file.name, &file.bytes)).await {
        Ok(_) => {
            let note = Note::done(visit.text(&msg!("contract.file.added", name = &file.name)));
            Ok(visit.go_with(format!("{}#slot-{slot}", EditPath { id }), &note))
        }
        Err(error) => edit::refused_upload(&visit, &contracts, id, &slot, error).await,
    }
}

async fn detach(
    visit: LoggedIn,
    DetachPath { id, slot, hash }: DetachPath,
    State(contracts): State<Contracts>,
    _form: Form<()>,
) -> web::Result {
    contracts.detach(actor(&visit), (id, &Seen::Anything), &slot, hash).await?;
    let note = Note::done(visit.text(&msg!("contract.file.removed")));
    Ok(visit.go_with(format!("{}#slot-{slot}", EditPath { id }), &note))
}

/// The bytes; types that a browser shows open in it, others are kept as files.
async fn open(visit: LoggedIn, FilePath { id, hash }: FilePath, State(contracts): State<Contracts>) -> web::Result {
    let (name, bytes) = contracts.file(visit.user(), id, hash).await?;
    let kind = FileKind::of_name(&name);
    let media = kind.map_or("application/octet-stream", FileKind::media_type);
    let shown = matches!(kind, Some(FileKind::Pdf | FileKind::Png | FileKind::Jpeg | FileKind::Text));
    let disposition = disposition(if shown { "inline" } else { "attachment" }, &name);
    Ok(([(header::CONTENT_TYPE, media.to_owned()), (header::CONTENT_DISPOSITION, disposition)], Body::from(bytes))
        .into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::renders;

    #[tokio::test]
    async fn files_render() {
        let filled = Place { label: "Licence".into(), files: vec![("a.pdf".into(), "/contracts/7/files/x".into())] };
        let open = Place { label: "Scan".into(), files: Vec::new() };
        renders(FilesPage { frame: Frame::sample(), places: vec![filled, open] }).await;
        renders(FilesPage { frame: Frame::sample(), places: Vec::new() }).await;
    }
}
