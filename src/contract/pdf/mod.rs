//! A document as PDF, set by typst in the process.
//!
//! The layouts are fixed files; everything that comes from people reaches them as data, never as markup. Nothing is read
//! from outside but fonts, and those only for a character that the embedded ones do not have.

#[cfg(feature = "pdf")]
mod fonts;
#[cfg(feature = "pdf")]
mod typeset;

use serde_json::{Value as Json, json};

use crate::i18n::{ErrorKind, Explain, Message, msg};

use super::document::{Document, DocumentClause, blocks};

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

/// Why there is no PDF.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PdfError {
    /// The program was built without the feature `pdf`.
    #[error("this program was built without PDF output")]
    NotBuilt,
    /// No font has this character.
    #[error("no font has the character {0:?} (U+{code:04X})", code = u32::from(*.0))]
    NoGlyph(char),
    /// The layout failed: our own mistake.
    #[error("the layout failed: {0}")]
    Layout(String),
}

impl Explain for PdfError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotBuilt => "pdf_not_built",
            Self::NoGlyph(_) => "pdf_no_glyph",
            Self::Layout(_) => "pdf_layout",
        }
    }

    fn kind(&self) -> ErrorKind {
        match self {
            Self::NotBuilt => ErrorKind::Unavailable,
            Self::NoGlyph(_) => ErrorKind::Invalid,
            Self::Layout(_) => ErrorKind::Internal,
        }
    }

    fn message(&self) -> Message {
        match self {
            Self::NotBuilt => msg!("contract.pdf_not_built"),
            Self::NoGlyph(c) => {
                msg!("contract.pdf_no_glyph", character = *c, code = format!("U+{:04X}", u32::from(*c)))
            }
            Self::Layout(_) => msg!("contract.pdf_layout"),
        }
    }
}

/// The contract as PDF. Slow (tens of milliseconds): call it outside of transactions and off the async threads.
pub fn contract(document: &Document, cover: &Cover) -> Result<Vec<u8>, PdfError> {
    typeset(include_str!("contract.typ"), &data(document, cover))
}

/// A layout with its data as PDF; the layout reads the data as `json("data.json")`. The approval sheet uses it too.
pub fn typeset(layout: &str, data: &Json) -> Result<Vec<u8>, PdfError> {
    #[cfg(feature = "pdf")]
    return typeset::typeset(layout, data);
    #[cfg(not(feature = "pdf"))]
    {
        let _ = (layout, data);
        Err(PdfError::NotBuilt)
    }
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
