//! Templates, drafting, versions, signing, seals, archive.
