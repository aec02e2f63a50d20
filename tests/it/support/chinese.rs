//! What is Chinese on a page, documents apart: those are in the language of their contract.

/// A Chinese letter or sign.
pub(crate) fn is_chinese(letter: char) -> bool {
    ('\u{2e80}'..='\u{ffef}').contains(&letter)
}

/// Every Chinese letter of a text.
pub(crate) fn chinese_in(text: &str) -> String {
    text.chars().filter(|letter| is_chinese(*letter)).collect()
}

/// A page without documents and what differs in them.
pub(crate) fn without_documents(html: &str) -> String {
    without(&without(html, "<article class=\"contract\">", "</article>"), "<div class=\"redline\">", "</div>")
}

/// A text without everything from `start` to the next `end`, which must be there.
pub(crate) fn without(text: &str, start: &str, end: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(start) {
        out.push_str(before);
        (_, rest) = after.split_once(end).unwrap_or_else(|| panic!("{start} has no {end}"));
    }
    out + rest
}
