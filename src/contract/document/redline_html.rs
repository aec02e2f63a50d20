//! A difference as HTML: what was taken out in `del`, what was put in in `ins`.

use super::redline_table::{Part, RowChange, RowFate, parts};
use super::{ClauseChange, Piece};

/// The clause with its changes, safe HTML.
pub fn redline_html(clause: &ClauseChange) -> String {
    let mut out = String::new();
    for part in parts(&clause.pieces) {
        match part {
            Part::Text(pieces) => {
                out.push_str("<p>");
                push_pieces(&mut out, &pieces);
                out.push_str("</p>");
            }
            Part::Table(rows) => push_table(&mut out, &rows),
        }
    }
    out
}

fn push_table(out: &mut String, rows: &[RowChange]) {
    out.push_str("<div class=\"table\"><table>");
    for (at, row) in rows.iter().enumerate() {
        let tag = if at == 0 { "th" } else { "td" };
        out.push_str(match row.fate {
            RowFate::Kept => "<tr>",
            RowFate::Deleted => "<tr class=\"row-deleted\">",
            RowFate::Inserted => "<tr class=\"row-inserted\">",
        });
        for cell in &row.cells {
            out.extend(["<", tag, ">"]);
            push_pieces(out, cell);
            out.extend(["</", tag, ">"]);
        }
        out.push_str("</tr>");
    }
    out.push_str("</table></div>");
}

fn push_pieces(out: &mut String, pieces: &[Piece]) {
    for piece in pieces {
        let (open, close) = match piece {
            Piece::Same(_) => ("", ""),
            Piece::Deleted(_) => ("<del>", "</del>"),
            Piece::Inserted(_) => ("<ins>", "</ins>"),
        };
        out.push_str(open);
        push_text(out, piece.text());
        out.push_str(close);
    }
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
    #[test]
    fn a_table_is_a_table_with_its_changes() {
        let table = |rows: &str| vec![("a".to_owned(), format!("价款\n\n| 名称 | 金额 |\n| --- | --- |\n{rows}"))];
        let (old, new) = (table("| 电机 | 5 |\n| 泵 | 6 |"), table("| 电机 | 7 |"));
        let html = redline_html(&compare_texts(&old, &new).clauses[0]);
        let head = "<p>价款</p><div class=\"table\"><table><tr><th>名称</th><th>金额</th></tr>";
        let changed = "<tr><td>电机</td><td><del>5</del><ins>7</ins></td></tr>";
        let gone = "<tr class=\"row-deleted\"><td><del>泵</del></td><td><del>6</del></td></tr>";
        assert_eq!(html, format!("{head}{changed}{gone}</table></div>"));
    }
}
