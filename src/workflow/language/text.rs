//! The source as people see it: lines, full-width punctuation, brackets.

use crate::workflow::Place;

/// A full-width character in code, and what was meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FullWidth {
    /// Where it stands.
    pub place: Place,
    /// What was typed.
    pub typed: char,
    /// What the language wants there.
    pub meant: char,
}

/// The source without a byte order mark and with LF line ends: the bytes that are hashed.
pub(super) fn normalised(source: &str) -> String {
    source.strip_prefix('\u{feff}').unwrap_or(source).replace("\r\n", "\n").replace('\r', "\n")
}

/// Every full-width character outside texts and comments.
pub(super) fn full_width(source: &str) -> Vec<FullWidth> {
    let mut found = Vec::new();
    scan(source, |place, typed, in_code| {
        if in_code && let Some(meant) = half_width(typed) {
            found.push(FullWidth { place, typed, meant });
        }
    });
    found
}

/// The source with every full-width character in code replaced by the one that was meant. Places stay what they were.
pub fn mended(source: &str) -> String {
    let mut text = String::with_capacity(source.len());
    scan(source, |_, typed, in_code| text.push(if in_code { half_width(typed).unwrap_or(typed) } else { typed }));
    text
}

/// A text as files write it, in one line.
pub(in crate::workflow) fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.push(' '),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// The first bracket that is not closed, or that closes nothing.
pub(super) fn unbalanced(source: &str) -> Option<(Place, char)> {
    let mut open: Vec<(Place, char)> = Vec::new();
    let mut wrong = None;
    scan(source, |place, typed, in_code| {
        if !in_code || wrong.is_some() {
            return;
        }
        match typed {
            '(' | '[' | '{' => open.push((place, typed)),
            ')' | ']' | '}' => match open.pop() {
                Some((_, opened)) if closes(opened, typed) => {}
                Some(opened) => wrong = Some(opened),
                None => wrong = Some((place, typed)),
            },
            _ => {}
        }
    });
    wrong.or_else(|| open.pop())
}

/// The first line with a quote that is not closed on it.
pub(super) fn open_quote(source: &str) -> Option<u32> {
    let mut quotes = 0_u32;
    let mut open = None;
    let mut line = 1;
    scan(source, |place, typed, in_code| {
        if place.line != line {
            open = open.or((quotes % 2 == 1).then_some(line));
            (quotes, line) = (0, place.line);
        }
        quotes += u32::from(in_code && matches!(typed, '"' | '“' | '”' | '＂'));
    });
    open.or((quotes % 2 == 1).then_some(line))
}

/// Every character of a source with its place, and whether it is code.
pub(super) type Letters = Vec<(Place, char, bool)>;

/// The source character by character.
pub(super) fn letters(source: &str) -> Letters {
    let mut letters = Letters::new();
    scan(source, |place, c, in_code| letters.push((place, c, in_code)));
    letters
}

/// What stands from the second last code character `before` that is left of `inside` to the end of the expression, such as a closure
/// from its parameters on; or from the last one, where it opens a block. One space stands for all that were between words.
pub(super) fn expression_around(letters: &Letters, inside: Place, before: char) -> Option<String> {
    let body = letters.binary_search_by_key(&inside, |letter| letter.0).ok()?;
    let stands = |letter: &(Place, char, bool)| letter.2 && letter.1 == before;
    let last = letters[..body].iter().rposition(stands)?;
    let start = if before == '|' { letters[..last].iter().rposition(stands)? } else { last };
    let mut depth = 0_i32;
    let mut text = String::new();
    for (index, (_, c, in_code)) in letters.iter().enumerate().skip(start) {
        let is_body = *in_code && (index > last || before != '|');
        match c {
            '(' | '[' | '{' if is_body => depth += 1,
            ')' | ']' | '}' if is_body => depth -= 1,
            _ => {}
        }
        if is_body && (depth < 0 || (depth == 0 && matches!(c, ',' | ';'))) {
            break;
        }
        match c {
            c if *in_code && c.is_whitespace() && (text.is_empty() || text.ends_with(' ')) => {}
            c if *in_code && c.is_whitespace() => text.push(' '),
            c => text.push(*c),
        }
        if is_body && before != '|' && depth == 0 {
            break;
        }
    }
    Some(text.trim_end().to_owned())
}

/// Columns that a text takes on a terminal: characters of East Asian scripts take two.
pub(in crate::workflow) fn width(text: &str) -> usize {
    text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}

fn is_wide(c: char) -> bool {
    matches!(u32::from(c), 0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f | 0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x1f300..=0x1faff | 0x20000..=0x3fffd)
}

fn closes(opened: char, closed: char) -> bool {
    matches!((opened, closed), ('(', ')') | ('[', ']') | ('{', '}'))
}

fn half_width(typed: char) -> Option<char> {
    Some(match typed {
        '“' | '”' | '„' | '＂' => '"',
        '，' | '、' => ',',
        '。' => '.',
        '【' => '[',
        '】' => ']',
        '《' => '<',
        '》' => '>',
        '｜' => '|',
        '\u{3000}' | '\u{a0}' => ' ',
        '！'..='～' => char::from_u32(u32::from(typed) - 0xfee0)?,
        _ => return None,
    })
}

/// What the reader is inside of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Code,
    Text(char),
    Line,
    Block(u32),
}

/// Tells `each` of every character, where it stands, and whether it is code. The quotes of a text count as code.
fn scan(source: &str, mut each: impl FnMut(Place, char, bool)) {
    let mut inside = Inside::Code;
    let mut place = Place { line: 1, column: 1 };
    let mut characters = source.chars().peekable();
    while let Some(c) = characters.next() {
        let next = characters.peek().copied();
        let in_code = matches!(inside, Inside::Code) || matches!(inside, Inside::Text(end) if ends_text(end, c));
        each(place, c, in_code);
        let (after, takes_next) = step(inside, c, next);
        inside = after;
        advance(&mut place, c);
        if takes_next && let Some(c) = characters.next() {
            each(place, c, false);
            advance(&mut place, c);
        }
    }
}

fn advance(place: &mut Place, c: char) {
    if c == '\n' {
        *place = Place { line: place.line + 1, column: 1 };
    } else {
        place.column += 1;
    }
}

/// A text that began with a full-width quote may end with one.
fn ends_text(end: char, c: char) -> bool {
    match end {
        '”' => matches!(c, '”' | '“' | '"' | '＂'),
        _ => c == end,
    }
}

/// What stands after `c`, and whether the next character goes with it.
fn step(inside: Inside, c: char, next: Option<char>) -> (Inside, bool) {
    match (inside, c, next) {
        (Inside::Code, '/', Some('/')) => (Inside::Line, true),
        (Inside::Code, '/', Some('*')) => (Inside::Block(1), true),
        (Inside::Code, '"' | '`', _) => (Inside::Text(c), false),
        (Inside::Code, '“' | '”' | '＂', _) => (Inside::Text('”'), false),
        (Inside::Text('"' | '”'), '\\', Some(_)) => (inside, true),
        (Inside::Text('"' | '”') | Inside::Line, '\n', _) => (Inside::Code, false),
        (Inside::Text(end), c, _) if ends_text(end, c) => (Inside::Code, false),
        (Inside::Block(depth), '/', Some('*')) => (Inside::Block(depth + 1), true),
        (Inside::Block(depth), '*', Some('/')) => {
            (if depth > 1 { Inside::Block(depth - 1) } else { Inside::Code }, true)
        }
        _ => (inside, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_punctuation_is_found_in_code_only() {
        let source = "// 注释，不算\nrole(\"法务，财务\")，user(“张三”)；";
        let found: Vec<_> = full_width(source).iter().map(|f| (f.place.line, f.place.column, f.typed)).collect();
        assert_eq!(found, [(2, 14, '，'), (2, 20, '“'), (2, 23, '”'), (2, 25, '；')]);
    }

    #[test]
    fn mending_keeps_texts_and_places() {
        assert_eq!(mended("role（“法务，”）；"), "role(\"法务，\");");
    }

    #[test]
    fn a_bracket_left_open_is_named() {
        assert_eq!(unbalanced("a([1, 2);"), Some((Place { line: 1, column: 3 }, '[')));
        assert_eq!(unbalanced("a(\n  b(1"), Some((Place { line: 2, column: 4 }, '(')));
        assert_eq!(unbalanced("a(\"(\"); // ("), None);
        assert_eq!(unbalanced("a())"), Some((Place { line: 1, column: 4 }, ')')));
    }

    #[test]
    fn a_closure_is_cut_out_from_its_parameters_to_its_end() {
        let source = "x(#{ when: |c| has(\"a, b\")\n    && c.days > [1, 2].len(), by: |c| { if c.a { 1 } }, z: 1 });";
        let letters = letters(source);
        let cut = |line, column| expression_around(&letters, Place { line, column }, '|').unwrap();
        assert_eq!(cut(1, 16), "|c| has(\"a, b\") && c.days > [1, 2].len()");
        assert_eq!(cut(2, 44), "|c| { if c.a { 1 } }");
        let function = self::letters("fn rich(c) { c.amount > 5 } x()");
        assert_eq!(expression_around(&function, Place { line: 1, column: 14 }, '{').unwrap(), "{ c.amount > 5 }");
    }

    #[test]
    fn line_ends_and_byte_order_marks_do_not_change_a_version() {
        assert_eq!(normalised("\u{feff}a\r\nb\rc"), "a\nb\nc");
    }
}
