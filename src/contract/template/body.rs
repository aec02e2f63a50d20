//! `body.md`: a list of clauses, each a heading with a name and the Markdown below it.
//!
//! ```text
//! ## 违约责任 {#liability}
//!
//! 1. 逾期付款的，每逾期一日，按逾期金额的{{ late_rate }}支付违约金。
//! ```

use crate::kernel::Hash;

use super::fault::{Fault, Place, Problem};

/// The text of one clause, or of one alternative of a clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its name: `liability`.
    pub name: String,
    /// Its title, empty for the opening with the parties.
    pub title: String,
    /// Its Markdown with placeholders, without blank lines around it.
    pub source: String,
    /// The hash of title and text: which standard text this is.
    pub standard: Hash,
    /// Where its text begins in `body.md`, in bytes.
    pub(super) start: usize,
    /// Where its heading stands in `body.md`, in bytes.
    pub(super) heading: usize,
}

/// A `{{ … }}` of the text: `{{ goods.total|words }}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Placeholder {
    /// The field, party or plan.
    pub name: String,
    /// What of it.
    pub attribute: Option<String>,
    /// The filters in order.
    pub filters: Vec<String>,
    /// Where it stands in `body.md`, in bytes.
    pub(super) at: usize,
}

/// Cuts `body.md` into its sections.
pub(super) fn sections(file: &str, text: &str) -> (Vec<Section>, Vec<Fault>) {
    let mut sections: Vec<Section> = Vec::new();
    let mut faults = Vec::new();
    let mut at = 0;
    let mut named = true;
    let mut fault = |at: usize, problem| faults.push(Fault { place: Place::of(file, text, at), problem });
    for line in text.split_inclusive('\n') {
        let content = line.trim_end();
        if let Some(heading) = content.strip_prefix("## ") {
            let name_and_title = name_and_title(heading);
            named = name_and_title.is_some();
            match name_and_title {
                Some((name, title)) => sections.push(Section {
                    name: name.to_owned(),
                    title: title.to_owned(),
                    source: String::new(),
                    standard: Hash::of(b""),
                    start: at + line.len(),
                    heading: at,
                }),
                None => fault(at, Problem::HeadingWithoutName),
            }
        } else if !named {
            // The text of a clause without a name; the name comes first.
        } else if let Some(section) = sections.last_mut() {
            section.source.push_str(content);
            section.source.push('\n');
        } else if !content.is_empty() {
            fault(at, Problem::TextBeforeFirstClause);
        }
        at += line.len();
    }
    for section in &mut sections {
        let blank = section.source.len() - section.source.trim_start_matches('\n').len();
        section.start += blank;
        section.source = section.source.trim_matches('\n').to_owned();
        section.standard = standard_hash(&section.title, &section.source);
    }
    (sections, faults)
}

/// The hash of a standard text.
fn standard_hash(title: &str, source: &str) -> Hash {
    Hash::of_parts(&[title.as_bytes(), b"\n", source.as_bytes()])
}

fn name_and_title(heading: &str) -> Option<(&str, &str)> {
    let (title, name) = heading.rsplit_once("{#")?;
    let name = name.strip_suffix('}')?;
    is_name(name).then_some((name, title.trim()))
}

/// Lower-case ASCII letters first, then letters, digits, `_` and `-`.
pub(super) fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-')
}

/// The placeholders of a section that are a plain name with attribute and filters. What is more than that (`{% for %}`, an
/// expression) is left to the template engine, which checks it when the sample is rendered.
pub(super) fn placeholders(section: &Section) -> Vec<Placeholder> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(open) = section.source[from..].find("{{") {
        let inside = from + open + 2;
        let Some(length) = section.source[inside..].find("}}") else { break };
        let placeholder = placeholder(&section.source[inside..inside + length], section.start + from + open);
        found.extend(placeholder);
        from = inside + length + 2;
    }
    found
}

fn placeholder(expression: &str, at: usize) -> Option<Placeholder> {
    let mut parts = expression.split('|').map(str::trim);
    let path = parts.next()?;
    let filters: Vec<String> = parts.map(str::to_owned).collect();
    let (name, attribute) = match path.split_once('.') {
        Some((name, attribute)) => (name, Some(attribute.to_owned())),
        None => (path, None),
    };
    let plain = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || c == '_');
    let all_plain = plain(name) && attribute.as_deref().is_none_or(plain) && filters.iter().all(|filter| plain(filter));
    all_plain.then(|| Placeholder { name: name.to_owned(), attribute, filters, at })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_a_list_of_named_clauses() {
        let (sections, faults) =
            sections("t/body.md", "## {#parties}\n\n甲方\n\n## 价款 {#price}\n共{{ fee|words }}。\n");
        assert_eq!(faults, []);
        let names: Vec<_> = sections.iter().map(|s| (s.name.as_str(), s.title.as_str(), s.source.as_str())).collect();
        assert_eq!(names, [("parties", "", "甲方"), ("price", "价款", "共{{ fee|words }}。")]);
    }

    #[test]
    fn text_outside_a_clause_and_a_heading_without_a_name_are_faults() {
        let (_, faults) = sections("t/body.md", "序言\n## 价款\n");
        let places: Vec<_> = faults.iter().map(|f| (f.place.to_string(), f.problem.clone())).collect();
        assert_eq!(
            places,
            [
                ("t/body.md:1:1".to_owned(), Problem::TextBeforeFirstClause),
                ("t/body.md:2:1".to_owned(), Problem::HeadingWithoutName)
            ]
        );
    }

    #[test]
    fn a_placeholder_knows_its_attribute_filters_and_place() {
        let text = "## 价款 {#price}\n\n共{{ goods.total | words }}，{{ 1 + 1 }}。\n";
        let (sections, _) = sections("t/body.md", text);
        let found = placeholders(&sections[0]);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].name.as_str(), found[0].attribute.as_deref()), ("goods", Some("total")));
        assert_eq!(found[0].filters, ["words"]);
        assert_eq!(Place::of("f", text, found[0].at).to_string(), "f:3:2");
    }
}
