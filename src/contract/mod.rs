//! Templates, drafting, versions, signing, seals, archive.

pub mod document;
pub mod pdf;
pub mod template;
