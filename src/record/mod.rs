//! Business records that are declared once (业务记录).

mod timeline;

pub use timeline::{TimelineEntry, add_to_timeline, timeline_of};

/// Every fixed statement of this room.
pub const STATEMENTS: &[&str] = timeline::STATEMENTS;

/// The pattern for LIKE (with `ESCAPE '\'`) that finds what contains `words`, whatever they hold.
pub fn containing(words: &str) -> String {
    let mut pattern = String::from("%");
    for letter in words.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}
