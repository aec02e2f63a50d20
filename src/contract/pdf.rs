//! A contract as PDF.

use serde_json::{Value as Json, json};

use super::document::{Document, DocumentClause, blocks};
use crate::pdf::{PdfError, typeset};

/// What stands around a contract's text on paper.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cover {
    /// The contract's number, once it has one.
    pub number: Option<String>,
    /// The number of the version.
    pub version: u32,
    /// What the keeper of the seal compares page by page; see [`Contract::verification_code`](crate::contract::Contract::verification_code).
    pub verification_code: Option<String>,
    /// Whether it is not approved yet: every page says so.
    pub draft: bool,
}

/// The contract as PDF. Slow (tens of milliseconds): call it outside of transactions and off the async threads.
pub fn contract(document: &Document, cover: &Cover) -> Result<Vec<u8>, PdfError> {
    typeset(include_str!("contract.typ"), &data(document, cover))
}

fn data(document: &Document, cover: &Cover) -> Json {
    let clause = |clause: &DocumentClause| {
        let heading = if clause.title.is_empty() { String::new() } else { clause.heading() };
        json!({ "heading": heading, "opening": clause.number.is_none(), "blocks": blocks(&clause.framed) })
    };
    let parties = document
        .parties
        .iter()
        .map(|party| json!({ "label": party.label, "name": party.name(), "person": party.person }));
    json!({
        "title": document.title,
        "number": cover.number,
        "version": cover.version,
        "code": cover.verification_code,
        "draft": cover.draft,
        "clauses": document.clauses.iter().map(clause).collect::<Vec<_>>(),
        "parties": parties.collect::<Vec<_>>(),
    })
}
