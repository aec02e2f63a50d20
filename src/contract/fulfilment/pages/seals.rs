//! 用印: what waits for the keeper, one request with the comparison, and the seal ledger.

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};

use super::view::{SealView, Viewer};
use super::{ChangePrintPath, SealBackPath, SealRequestPath, SealsPath, UPLOAD, papers};
use crate::contract::fulfilment::{
    ChangeId, Fulfilment, FulfilmentError, LedgerOfSeals, Purpose, SealRequest, SealRequestId, SealState, Sealed,
};
use crate::contract::pages::{PrintPath, actor};
use crate::db::Cursor;
use crate::i18n::msg;
use crate::web::{self, Address as _, Form, FormState, LoggedIn, Note, Page, Query, UploadForm};

#[derive(Clone, Serialize)]
struct SealsPage {
    waiting: Vec<SealView>,
    ledger: Vec<SealView>,
    filter: FormState,
    count: String,
    next: String,
}

impl Page for SealsPage {
    const TEMPLATE: &'static str = "contract/seals.html";
}

#[derive(Clone, Serialize)]
struct SealPage {
    seal: SealView,
    /// Whether the reader keeps the seal and it is still to be put on the paper.
    may_seal: bool,
    may_send_back: bool,
    form: FormState,
    back_form: FormState,
    send_back: String,
    print: String,
}

impl Page for SealPage {
    const TEMPLATE: &'static str = "contract/seal.html";
}

#[derive(Clone, Default, Serialize, Deserialize)]
struct LedgerQuery {
    #[serde(default)]
    words: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    after: String,
}

#[derive(Clone, Deserialize)]
struct SealedForm {
    #[serde(default)]
    code: String,
    #[serde(default)]
    on: String,
    #[serde(default)]
    copies: String,
    #[serde(default)]
    note: String,
}

#[derive(Clone, Deserialize)]
struct ReasonForm {
    #[serde(default)]
    reason: String,
}

pub(super) fn routes() -> Router<Fulfilment> {
    Router::new()
        .route(SealsPath::PATTERN, get(list))
        .route(SealRequestPath::PATTERN, get(show).post(seal).layer(DefaultBodyLimit::max(UPLOAD)))
        .route(SealBackPath::PATTERN, post(send_back))
}

async fn list(visit: LoggedIn, State(fulfilment): State<Fulfilment>, Query(query): Query<LedgerQuery>) -> web::Result {
    let viewer = Viewer { fulfilment: &fulfilment, visit: &visit };
    let waiting = fulfilment.seals_waiting(visit.user(), None).await?.rows;
    let filter = LedgerOfSeals { state: SealState::Sealed, contract: None, text: query.words.clone() };
    let after = query.after.parse::<Cursor>().ok();
    // Somebody who keeps a seal and reads no contract sees what waits for them, and no ledger.
    let (page, count) = match fulfilment.seal_ledger(visit.user(), filter, after).await {
        Ok(found) => found,
        Err(_) if !waiting.is_empty() => {
            (crate::db::Page { rows: Vec::new(), next: None }, crate::db::Count { counted: 0, more: false })
        }
        Err(error) => return Err(error.into()),
    };
    let next = match page.next {
        Some(cursor) => {
            let query = LedgerQuery { after: cursor.to_string(), ..query.clone() };
            SealsPath {}.with_query(&query).map_err(web::Error::internal)?
        }
        None => String::new(),
    };
    visit.page(&SealsPage {
        waiting: waiting.iter().map(|one| viewer.seal(one)).collect(),
        ledger: page.rows.iter().map(|one| viewer.seal(one)).collect(),
        filter: FormState::of(&query)?,
        count: count.to_string(),
        next,
    })
}

async fn show(
    visit: LoggedIn,
    SealRequestPath { id }: SealRequestPath,
    State(fulfilment): State<Fulfilment>,
) -> web::Result {
    let request = fulfilment.seal_request(visit.user(), id).await?;
    let mut form = FormState::empty();
    form.put("on", &fulfilment.contracts().today().to_string());
    form.put("copies", &request.copies.to_string());
    visit.page(&page(&visit, &fulfilment, &request, form, FormState::empty()))
}

async fn seal(
    visit: LoggedIn,
    SealRequestPath { id }: SealRequestPath,
    State(fulfilment): State<Fulfilment>,
    form: UploadForm<SealedForm>,
) -> web::Result {
    match record(&visit, &fulfilment, id, &form).await {
        Ok(number) => {
            let note = Note::done(visit.text(&msg!("contract.sealing.done", number = number)));
            Ok(visit.go_with(SealsPath {}, &note))
        }
        Err(error) => {
            let request = fulfilment.seal_request(visit.user(), id).await?;
            let state = form.typed.refused(error)?;
            visit.page_again(&page(&visit, &fulfilment, &request, state, FormState::empty()))
        }
    }
}

async fn record(
    visit: &LoggedIn,
    fulfilment: &Fulfilment,
    id: SealRequestId,
    form: &UploadForm<SealedForm>,
) -> Result<String, FulfilmentError> {
    let SealedForm { code, on, copies, note } = form.value.clone();
    let on = on.parse().map_err(|_| FulfilmentError::Needed { field: "on".to_owned() })?;
    let copies = copies.trim().parse().map_err(|_| FulfilmentError::Copies)?;
    let sealed = Sealed { code, on, copies, photo: None, note };
    let request = fulfilment.check_seal(actor(visit), id, &sealed).await?;
    let photo = ("photo", Purpose::SealPhoto);
    let photo = papers::keep(visit, fulfilment, &request.subject, photo, &form.files).await?;
    fulfilment.seal(actor(visit), id, Sealed { photo, ..sealed }).await
}

async fn send_back(
    visit: LoggedIn,
    SealBackPath { id }: SealBackPath,
    State(fulfilment): State<Fulfilment>,
    form: Form<ReasonForm>,
) -> web::Result {
    match fulfilment.cancel_seal(actor(&visit), id, &form.value.reason).await {
        Ok(()) => Ok(visit.go_with(SealsPath {}, &Note::done(visit.text(&msg!("contract.sealing.sent_back"))))),
        Err(error) => {
            let request = fulfilment.seal_request(visit.user(), id).await?;
            let state = form.typed.refused(error)?;
            visit.page_again(&page(&visit, &fulfilment, &request, FormState::empty(), state))
        }
    }
}

fn page(
    visit: &LoggedIn,
    fulfilment: &Fulfilment,
    request: &SealRequest,
    form: FormState,
    back_form: FormState,
) -> SealPage {
    let viewer = Viewer { fulfilment, visit };
    let open = request.state == SealState::Requested;
    let print = if request.subject.kind == crate::contract::CONTRACT {
        PrintPath { id: request.contract }.to_string()
    } else {
        ChangePrintPath { id: ChangeId::new(request.subject.id) }.to_string()
    };
    SealPage {
        seal: viewer.seal(request),
        may_seal: fulfilment.may_seal(visit.user(), request),
        may_send_back: open,
        form,
        back_form,
        send_back: SealBackPath { id: request.id }.to_string(),
        print,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::renders;

    fn sample() -> SealView {
        SealView {
            path: "/seals/1".into(),
            seal: crate::contract::SealKind::Contract.label(),
            entity: "Kaisi".into(),
            number: "HT-1".into(),
            title: "Service".into(),
            other_party: "Acme".into(),
            record: "/contracts/7/fulfilment".into(),
            version: 2,
            code: "AAAA-BBBB-CCCC".into(),
            copies: 4,
            across_pages: true,
            purpose: "Signing".into(),
            state: super::super::view::seal_state(SealState::Sealed),
            tone: "good",
            keeper: "Zhang".into(),
            asked_by: "Li".into(),
            asked_at: "2026-03-02T01:00:00Z".parse().unwrap(),
            ledger_number: Some("YZ-2026-0001".into()),
            sealed_on: "2026-03-02".parse().ok(),
            sealed_by: "Zhang".into(),
            photo: Some("/contracts/7/papers/1".into()),
            note: "All pages".into(),
        }
    }

    #[tokio::test]
    async fn seals_render() {
        let list = SealsPage {
            waiting: vec![sample()],
            ledger: vec![sample()],
            filter: FormState::empty(),
            count: "1".into(),
            next: "/seals?after=x".into(),
        };
        renders(SealsPage { waiting: Vec::new(), ledger: Vec::new(), ..list.clone() }).await;
        renders(list).await;
        let page = SealPage {
            seal: sample(),
            may_seal: true,
            may_send_back: true,
            form: FormState::empty(),
            back_form: FormState::empty(),
            send_back: "/seals/1/return".into(),
            print: "/contracts/7/document.html".into(),
        };
        renders(SealPage { may_seal: false, may_send_back: false, ..page.clone() }).await;
        renders(page).await;
    }
}
