//! What a page says is wrong.

use crate::support::decoded;

/// Where a page says so: the sentence of an error page and its list, a notice, the line below a field.
const PLACES: [(&str, &str, &str); 5] = [
    ("<div class=\"card problem\">", "<p class=\"soft\">", "<p class=\"code\">"),
    ("<div class=\"notice notice-bad\"", "<p>", "</div>"),
    ("<div class=\"notice notice-good\"", "<div>", "</div>"),
    ("<div class=\"notice notice-warn\"", "<div>", "</div>"),
    ("<p class=\"form-error\"", "<span>", "</p>"),
];

/// Every sentence of it, in the order of the page's places.
pub(super) fn said(html: &str) -> Vec<String> {
    let html = decoded(html);
    let mut said = Vec::new();
    for (place, start, end) in PLACES {
        for part in html.split(place).skip(1) {
            let Some((_, part)) = part.split_once(start) else { continue };
            let part = part.split(end).next().unwrap_or_default();
            // What was typed is no sentence of the program.
            let part = part.split("<pre").next().unwrap_or_default();
            said.extend(sentences(part));
        }
    }
    said
}

/// The text between the tags.
fn sentences(html: &str) -> Vec<String> {
    let texts = html.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text).trim().to_owned());
    texts.filter(|text| !text.is_empty()).collect()
}
