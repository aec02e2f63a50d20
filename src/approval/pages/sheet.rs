//! What leaves the house of a case: the approval sheet for the printer and as PDF, and the evidence bundle.

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use serde::Serialize;

use super::{BundlePath, CasePath, SheetPath, SheetPdfPath};
use crate::approval::{ApprovalError, Desk, SheetShown};
use crate::i18n::Lang;
use crate::kernel::{CaseId, UserId};
use crate::web::{self, Address as _, LoggedIn, Page, download};

#[derive(Clone, Serialize)]
struct SheetPage {
    sheet: SheetShown,
    back: String,
    /// The same as PDF.
    pdf: String,
}

impl Page for SheetPage {
    const TEMPLATE: &'static str = "approval/sheet.html";
}

pub(super) fn routes() -> Router<Desk> {
    Router::new()
        .route(SheetPath::PATTERN, get(show))
        .route(SheetPdfPath::PATTERN, get(as_pdf))
        .route(BundlePath::PATTERN, get(bundle))
}

async fn show(visit: LoggedIn, SheetPath { case }: SheetPath, State(desk): State<Desk>) -> web::Result {
    let sheet = desk.look(case, visit.user(), visit.lang()).await?.sheet().shown(visit.lang());
    let (back, pdf) = (CasePath { case }.to_string(), SheetPdfPath { case }.to_string());
    visit.page(&SheetPage { sheet, back, pdf })
}

async fn as_pdf(visit: LoggedIn, SheetPdfPath { case }: SheetPdfPath, State(desk): State<Desk>) -> web::Result {
    Ok(sheet_file(&desk, case, visit.user(), visit.lang(), "inline").await?)
}

async fn bundle(visit: LoggedIn, BundlePath { case }: BundlePath, State(desk): State<Desk>) -> web::Result {
    Ok(bundle_file(&desk, case, visit.user()).await?)
}

/// The approval sheet as PDF, for whoever may see the case.
pub(in crate::approval) async fn sheet_file(
    desk: &Desk,
    case: CaseId,
    person: UserId,
    lang: Lang,
    shown: &str,
) -> Result<Response, ApprovalError> {
    let look = desk.look(case, person, lang).await?;
    let number = look.brief.as_ref().and_then(|brief| brief.number.clone()).unwrap_or_else(|| case.to_string());
    let sheet = look.sheet().shown(lang);
    let name = format!("{number} {}.pdf", sheet.name());
    let set = tokio::task::spawn_blocking(move || sheet.pdf());
    let bytes = set.await.map_err(|error| ApprovalError::Json(error.to_string()))??;
    Ok(download("application/pdf", shown, &name, bytes))
}

/// The evidence bundle, for whoever may see the case.
pub(in crate::approval) async fn bundle_file(
    desk: &Desk,
    case: CaseId,
    person: UserId,
) -> Result<Response, ApprovalError> {
    let bytes = desk.bundle(case, person).await?;
    Ok(download("application/zip", "attachment", &format!("qiyue-case-{case}.zip"), bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::approval::{Entry, Proof, Proposed, Sheet, SheetStep};
    use crate::i18n::msg;
    use crate::kernel::Hash;
    use crate::web::testing::renders;

    #[tokio::test]
    async fn a_sheet_renders_with_everything_and_with_nothing() {
        let said = || Some(msg!("approval.say.person", name = "A"));
        let entry = Entry {
            what: msg!("approval.say.approve"),
            who: said(),
            text: said(),
            about: Some("Payment".into()),
            signed: Some(msg!("approval.sheet.signed")),
            at: "2026-03-02T01:00:00Z".parse().unwrap(),
            round: 2,
            content: Some(Hash::of(b"")),
            void: Some(msg!("approval.voided.cleared")),
            overridden: true,
            tone: "good",
        };
        let proposed = Proposed {
            part: "Payment".into(),
            text: "At once".into(),
            reason: "Sooner".into(),
            who: msg!("approval.say.person", name = "A"),
            at: entry.at,
            outcome: Some(msg!("approval.suggestion_taken")),
        };
        let waits_for = Some(msg!("approval.sheet.waits_for", people = "B"));
        let step = SheetStep { node: None, title: msg!("approval.sheet.whole"), waits_for, entries: vec![entry] };
        let bare = Sheet {
            title: "Service".into(),
            status: msg!("approval.status_terminated"),
            facts: Vec::new(),
            steps: Vec::new(),
            suggestions: Vec::new(),
            rounds: true,
            proof: Proof { case: 7, events: 9, head: Hash::of(b""), content: None },
        };
        let facts = vec![(msg!("approval.sheet.number"), msg!("approval.sheet.value", value = "HT-1"))];
        let full = Sheet { facts, steps: vec![step], suggestions: vec![proposed], ..bare.clone() };
        for sheet in [full, bare] {
            let (back, pdf) = ("/approvals/7".into(), "/approvals/7/sheet.pdf".into());
            renders(SheetPage { sheet: sheet.shown(Lang::En), back, pdf }).await;
        }
    }
}
