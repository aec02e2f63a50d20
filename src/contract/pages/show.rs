//! One contract: its document, what deviates, what approvers suggest.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use serde::Serialize;

use super::ContractPath;
use super::frame::{self, Frame, Part};
use super::suggestions::{self, Suggested};
use crate::contract::Contracts;
use crate::contract::document::{Deviation, html};
use crate::i18n::{Message, msg};
use crate::web::{self, Address as _, LoggedIn, Page};

#[derive(Clone, Serialize)]
struct DocumentPage {
    frame: Frame,
    document: String,
    deviations: Vec<Deviates>,
    suggested: Vec<Suggested>,
    may_edit: bool,
}

impl Page for DocumentPage {
    const TEMPLATE: &'static str = "contract/document.html";
}

#[derive(Clone, Serialize)]
struct Deviates {
    clause: String,
    heading: String,
    why: Message,
}

pub(super) fn routes() -> Router<Contracts> {
    Router::new().route(ContractPath::PATTERN, get(show))
}

async fn show(visit: LoggedIn, ContractPath { id }: ContractPath, State(contracts): State<Contracts>) -> web::Result {
    let contract = contracts.get(visit.user(), id).await?;
    let template = contracts.template_of(&contract).await?;
    let document = contract.content.clone().snapshot(&template)?.document;
    let deviations = document.deviations().filter_map(|clause| {
        let why = deviation(clause.deviation?);
        Some(Deviates { clause: clause.name.clone(), heading: clause.title.clone(), why })
    });
    visit.page(&DocumentPage {
        frame: Frame::of(&contracts, &visit, &contract, Part::Document),
        deviations: deviations.collect(),
        suggested: suggestions::of(&contracts, &contract, &document).await?,
        may_edit: frame::may_edit(&contracts, &visit, &contract),
        document: html(&document),
    })
}

fn deviation(why: Deviation) -> Message {
    match why {
        Deviation::Changed => msg!("contract.deviates.changed"),
        Deviation::Alternative => msg!("contract.deviates.alternative"),
        Deviation::Written => msg!("contract.deviates.written"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::renders;

    #[tokio::test]
    async fn the_document_renders() {
        let deviates =
            Deviates { clause: "liability".into(), heading: "Liability".into(), why: deviation(Deviation::Changed) };
        renders(DocumentPage {
            frame: Frame::sample(),
            document: "<article><h1>Service</h1></article>".into(),
            deviations: vec![deviates],
            suggested: vec![suggestions::sample()],
            may_edit: true,
        })
        .await;
    }
}
