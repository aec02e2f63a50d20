//! The embedded fonts, and system fonts for what they do not have.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use typst::foundations::Bytes;
use typst::text::Font;

use super::PdfError;

/// Noto Serif SC and Noto Sans SC with the characters of 通用规范汉字表; `scripts/make-fonts.sh` makes them.
static EMBEDDED: LazyLock<Vec<Font>> = LazyLock::new(|| {
    let files: [&'static [u8]; 3] = [
        include_bytes!("../../fonts/NotoSerifSC-Regular.otf"),
        include_bytes!("../../fonts/NotoSansSC-Regular.otf"),
        include_bytes!("../../fonts/NotoSansSC-Bold.otf"),
    ];
    files.into_iter().flat_map(|file| Font::iter(Bytes::new(file))).collect()
});

/// Where systems keep their fonts.
const SYSTEM: [&str; 2] = ["/usr/share/fonts", "/usr/local/share/fonts"];

/// The fonts to set these characters with. A character that no font has is an error that names it, never a blank box.
pub(super) fn for_text(text: impl Iterator<Item = char>) -> Result<Vec<Font>, PdfError> {
    let mut fonts = EMBEDDED.clone();
    let missing: BTreeSet<char> = text.filter(|&c| !c.is_control() && !has(&EMBEDDED, c)).collect();
    if missing.is_empty() {
        return Ok(fonts);
    }
    let mut left = missing;
    for folder in SYSTEM {
        add_from(Path::new(folder), &mut left, &mut fonts);
    }
    match left.first() {
        None => Ok(fonts),
        Some(&c) => Err(PdfError::NoGlyph(c)),
    }
}

fn has(fonts: &[Font], c: char) -> bool {
    fonts.iter().any(|font| font.info().coverage.contains(c.into()))
}

/// Adds the fonts below `folder` that have one of the characters that are left.
fn add_from(folder: &Path, left: &mut BTreeSet<char>, fonts: &mut Vec<Font>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if left.is_empty() {
            return;
        }
        if path.is_dir() {
            add_from(&path, left, fonts);
        } else if path.extension().is_some_and(|end| ["otf", "ttf", "ttc", "otc"].iter().any(|known| end == *known)) {
            let Ok(bytes) = std::fs::read(&path) else { continue };
            for font in Font::iter(Bytes::new(bytes)) {
                let before = left.len();
                left.retain(|&c| !font.info().coverage.contains(c.into()));
                if left.len() < before {
                    fonts.push(font);
                }
            }
        }
    }
}
