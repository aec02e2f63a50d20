//! Documents as PDF, set by typst in the process.
//!
//! The layouts are fixed files of the rooms above; everything that comes from people reaches them as data, never as markup. Nothing is
//! read from outside but fonts, and those only for a character that the embedded ones do not have.

#[cfg(feature = "pdf")]
mod fonts;
#[cfg(feature = "pdf")]
mod typeset;

use serde_json::Value as Json;

use crate::i18n::{ErrorKind, Explain, Message, msg};

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
            Self::NotBuilt => msg!("pdf.not_built"),
            Self::NoGlyph(c) => {
                msg!("pdf.no_glyph", character = *c, code = format!("U+{:04X}", u32::from(*c)))
            }
            Self::Layout(_) => msg!("pdf.layout"),
        }
    }
}

/// A layout with its data as PDF; the layout reads the data as `json("data.json")`. Slow (tens of milliseconds): call it outside of
/// transactions and off the async threads.
pub fn typeset(layout: &str, data: &Json) -> Result<Vec<u8>, PdfError> {
    #[cfg(feature = "pdf")]
    return typeset::typeset(layout, data);
    #[cfg(not(feature = "pdf"))]
    {
        let _ = (layout, data);
        Err(PdfError::NotBuilt)
    }
}

/// Whether this program can make PDF.
pub const BUILT: bool = cfg!(feature = "pdf");
