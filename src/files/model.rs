//! Which files are taken, and how their content is told.

use crate::kernel::{FileId, Hash, Timestamp, UserId};

/// The types that are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// PDF.
    Pdf,
    /// Word, docx.
    Word,
    /// Excel, xlsx.
    Excel,
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// Plain text in UTF-8.
    Text,
    /// CSV in UTF-8.
    Csv,
    /// ZIP.
    Zip,
}

/// A file of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// Its id.
    pub id: FileId,
    /// The hash of its bytes.
    pub hash: Hash,
    /// In bytes.
    pub size: i64,
    /// For the header of an answer.
    pub media_type: String,
    /// As the person called it.
    pub name: String,
    /// Who brought it; nobody, if the program made it.
    pub uploaded_by: Option<UserId>,
    /// When.
    pub uploaded_at: Timestamp,
}

/// What is looked at to tell a type: the first bytes, the last ones, and whether all of it is UTF-8 without control characters.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample<'a> {
    pub(super) head: &'a [u8],
    pub(super) tail: &'a [u8],
    pub(super) is_text: bool,
}

impl FileKind {
    /// The type that a name claims.
    pub fn of_name(name: &str) -> Option<Self> {
        let (_, extension) = name.rsplit_once('.')?;
        Some(match extension.to_ascii_lowercase().as_str() {
            "pdf" => Self::Pdf,
            "docx" => Self::Word,
            "xlsx" => Self::Excel,
            "png" => Self::Png,
            "jpg" | "jpeg" => Self::Jpeg,
            "txt" | "md" => Self::Text,
            "csv" => Self::Csv,
            "zip" => Self::Zip,
            _ => return None,
        })
    }

    /// As people call it.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "PDF",
            Self::Word => "docx",
            Self::Excel => "xlsx",
            Self::Png => "PNG",
            Self::Jpeg => "JPG",
            Self::Text => "TXT",
            Self::Csv => "CSV",
            Self::Zip => "ZIP",
        }
    }

    /// The media type that it is served with.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Word => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Excel => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Text => "text/plain; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Zip => "application/zip",
        }
    }

    /// Whether the content is of this type.
    pub(super) fn is_in(self, sample: Sample<'_>) -> bool {
        let Sample { head, tail, is_text } = sample;
        match self {
            Self::Pdf => infer::archive::is_pdf(head),
            Self::Png => infer::image::is_png(head),
            Self::Jpeg => infer::image::is_jpeg(head),
            Self::Zip => infer::archive::is_zip(head),
            // The directory of a ZIP stands at its end and names the parts.
            Self::Word => infer::archive::is_zip(head) && contains(tail, b"word/document.xml"),
            Self::Excel => infer::archive::is_zip(head) && contains(tail, b"xl/workbook.xml"),
            Self::Text | Self::Csv => is_text,
        }
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_claims_a_type_by_its_end() {
        assert_eq!(FileKind::of_name("合同.扫描.PDF"), Some(FileKind::Pdf));
        assert_eq!(FileKind::of_name("a.jpeg"), Some(FileKind::Jpeg));
        assert_eq!(FileKind::of_name("setup.exe"), None);
        assert_eq!(FileKind::of_name("README"), None);
    }

    #[test]
    fn a_zip_is_a_word_file_only_with_a_word_document_in_it() {
        let is = |kind: FileKind, tail: &[u8]| kind.is_in(Sample { head: b"PK\x03\x04....", tail, is_text: false });
        assert!(is(FileKind::Word, b"PK\x01\x02..word/document.xml"));
        assert!(!is(FileKind::Word, b"PK\x01\x02..xl/workbook.xml"));
        assert!(is(FileKind::Excel, b"PK\x01\x02..xl/workbook.xml"));
        assert!(is(FileKind::Zip, b""));
    }
}
