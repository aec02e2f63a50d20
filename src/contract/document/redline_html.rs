//! A difference as HTML: what was taken out in `del`, what was put in in `ins`.

use super::{ClauseChange, Piece};

/// The clause with its changes, safe HTML.
pub fn redline_html(clause: &ClauseChange) -> String {
    let mut out = String::from("<p>");
    for piece in &clause.pieces {
        let (open, close) = match piece {
            Piece::Same(_) => ("", ""),
            Piece::Deleted(_) => ("<del>", "</del>"),
            Piece::Inserted(_) => ("<ins>", "</ins>"),
        };
        out.push_str(open);
        push_text(&mut out, piece.text());
        out.push_str(close);
    }
    out.push_str("</p>");
    out
}

/// The text as people read it: without the backslashes of Markdown, lines as lines.
fn push_text(out: &mut String, text: &str) {
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if letters.peek().is_some_and(char::is_ascii_punctuation) => {}
            '\n' => out.push_str("<br>"),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            letter => out.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::compare_texts;
    use super::*;

    #[test]
    fn what_was_written_never_becomes_markup() {
        let old = [("a".to_owned(), "第一行\n<b>".to_owned())];
        let new = [("a".to_owned(), "第二行\n<b>".to_owned())];
        let html = redline_html(&compare_texts(&old, &new).clauses[0]);
        assert_eq!(html, "<p>第<del>一</del><ins>二</ins>行<br>&lt;b&gt;</p>");
    }
}
