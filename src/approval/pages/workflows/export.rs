//! A workflow for other tools: BPMN 2.0 with its diagram, or a Mermaid flow chart.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use serde::{Deserialize, Serialize};

use super::{ExportPath, ReadWorkflows};
use crate::approval::Desk;
use crate::kernel::Hash;
use crate::org::pages::Permission;
use crate::web::{self, Address as _, Query, download};
use crate::workflow::exchange::bpmn;
use crate::workflow::explain::{Names, mermaid};

/// What other tools read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Format {
    /// BPMN 2.0.
    Bpmn,
    /// Mermaid.
    Mermaid,
}

/// As what, and which version.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(super) struct ExportQuery {
    /// For whom.
    pub(super) format: Format,
    /// The version.
    pub(super) version: Hash,
}

pub(super) fn routes() -> Router<Desk> {
    Router::new().route(ExportPath::PATTERN, get(export))
}

async fn export(
    user: Permission<ReadWorkflows>,
    ExportPath { name }: ExportPath,
    State(desk): State<Desk>,
    Query(ExportQuery { format, version }): Query<ExportQuery>,
) -> web::Result {
    let versions = desk.approvals().workflow_versions(&name).await?;
    if !versions.iter().any(|one| one.version == version) {
        return Err(web::Error::not_found());
    }
    let workflow = desk.approvals().workflow(version).await?;
    let directory = desk.org().directory();
    let names = Names { directory: Some(&directory), lang: user.lang(), ..Names::default() };
    let (media, end, text) = match format {
        Format::Bpmn => ("application/xml; charset=utf-8", "bpmn", bpmn(&workflow.definition, names)),
        Format::Mermaid => ("text/plain; charset=utf-8", "mmd", mermaid(&workflow.definition, names)),
    };
    Ok(download(media, "attachment", &format!("{name}.{end}"), text.into_bytes()))
}
