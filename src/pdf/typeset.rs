//! The typst compiler with a world of two files.

use std::sync::LazyLock;

use serde_json::Value as Json;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

use super::PdfError;
use super::fonts;

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

/// Sets `layout` with `data`.
pub(super) fn typeset(layout: &str, data: &Json) -> Result<Vec<u8>, PdfError> {
    let fonts = fonts::for_text(layout.chars().chain(strings(data)))?;
    let id = |name: &str| {
        let path = VirtualPath::new(name).map_err(|error| PdfError::Layout(format!("{error:?}")))?;
        Ok(FileId::new(RootedPath::new(VirtualRoot::Project, path)))
    };
    let (main, data_file): (FileId, FileId) = (id("layout.typ")?, id("data.json")?);
    let world = TwoFiles {
        book: LazyHash::new(FontBook::from_fonts(&fonts)),
        fonts,
        layout: Source::new(main, layout.to_owned()),
        data_file,
        data: Bytes::from_string(data.to_string()),
    };
    let compiled = typst::compile::<PagedDocument>(&world);
    // A warning here is a missing font family or a layout that does not settle: the page would not look as it was approved.
    if let Some(warning) = compiled.warnings.first() {
        return Err(layout_error(warning));
    }
    let document = compiled.output.map_err(|errors| errors.first().map_or_else(unknown, layout_error))?;
    let pdf = typst_pdf::pdf(&document, &PdfOptions::default());
    comemo::evict(0);
    pdf.map_err(|errors| errors.first().map_or_else(unknown, layout_error))
}

fn layout_error(diagnostic: &SourceDiagnostic) -> PdfError {
    PdfError::Layout(diagnostic.message.to_string())
}

fn unknown() -> PdfError {
    PdfError::Layout(String::new())
}

/// All characters of all strings in the data.
fn strings(data: &Json) -> Box<dyn Iterator<Item = char> + '_> {
    match data {
        Json::String(text) => Box::new(text.chars()),
        Json::Array(items) => Box::new(items.iter().flat_map(strings)),
        Json::Object(fields) => Box::new(fields.values().flat_map(strings)),
        _ => Box::new(std::iter::empty()),
    }
}

struct TwoFiles {
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    layout: Source,
    data_file: FileId,
    data: Bytes,
}

impl World for TwoFiles {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.layout.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.layout.id() { Ok(self.layout.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.data_file { Ok(self.data.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    /// A layout that asks for today would look different tomorrow.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
