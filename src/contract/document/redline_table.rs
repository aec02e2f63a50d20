//! The tables in a difference: row by row and cell by cell, because a table that is compared letter by letter falls apart.

use std::mem;

use similar::{Algorithm, DiffTag};

use super::Piece;
use super::redline::pieces;

/// A part of a clause's difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Text between tables.
    Text(Vec<Piece>),
    /// A table, its head first.
    Table(Vec<RowChange>),
}

/// A row of a table with what became of each cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RowChange {
    /// What became of the row as a whole.
    pub(super) fate: RowFate,
    /// Its cells.
    pub(super) cells: Vec<Vec<Piece>>,
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowFate {
    /// It was and is there, with or without other cells.
    Kept,
    /// It is only in the old text.
    Deleted,
    /// It is only in the new text.
    Inserted,
}

/// The parts of a clause's difference.
pub(super) fn parts(compared: &[Piece]) -> Vec<Part> {
    let side = |taken: fn(&Piece) -> bool| -> String {
        compared.iter().filter(|piece| taken(piece)).map(Piece::text).collect()
    };
    let (old, new) =
        (side(|piece| !matches!(piece, Piece::Inserted(_))), side(|piece| !matches!(piece, Piece::Deleted(_))));
    if !old.lines().chain(new.lines()).any(is_row) {
        return vec![Part::Text(compared.to_vec())];
    }
    let (old, new): (Vec<&str>, Vec<&str>) = (lines(&old), lines(&new));
    let mut found = Parts::default();
    for operation in similar::capture_diff_slices(Algorithm::Myers, &old, &new) {
        let (tag, from, to) = operation.as_tag_tuple();
        if tag == DiffTag::Equal {
            new[to].iter().for_each(|line| found.same(line));
        } else {
            found.replaced(&old[from], &new[to]);
        }
    }
    found.done()
}

/// The lines without those below the head of a table that only say how its columns are set.
fn lines(text: &str) -> Vec<&str> {
    let mut rows = 0;
    let kept = text.lines().filter(|line| {
        rows = if is_row(line) { rows + 1 } else { 0 };
        rows != 2 || line.chars().any(|letter| !"|-: ".contains(letter))
    });
    kept.collect()
}

fn is_row(line: &str) -> bool {
    line.trim_start().starts_with('|')
}

/// The cells of a row; a bar behind a backslash belongs to its cell.
fn cells(row: &str) -> Vec<String> {
    let row = row.trim().trim_start_matches('|');
    let (mut cells, mut cell, mut escaped) = (Vec::new(), String::new(), false);
    for letter in row.chars() {
        if letter == '|' && !escaped {
            cells.push(mem::take(&mut cell).trim().to_owned());
        } else {
            cell.push(letter);
        }
        escaped = letter == '\\' && !escaped;
    }
    if !cell.trim().is_empty() {
        cells.push(cell.trim().to_owned());
    }
    cells
}

/// What is found so far, and the text that is still open on either side.
#[derive(Default)]
struct Parts {
    done: Vec<Part>,
    old: String,
    new: String,
}

impl Parts {
    fn same(&mut self, line: &str) {
        if is_row(line) {
            let cells = cells(line).iter().map(|cell| pieces(cell, cell)).collect();
            self.row(RowChange { fate: RowFate::Kept, cells });
        } else {
            self.text(line, line);
        }
    }

    /// Lines in the place of others: texts together, rows one for the other.
    fn replaced(&mut self, old: &[&str], new: &[&str]) {
        let split = |lines: &[&str]| -> (Vec<String>, Vec<String>) {
            lines.iter().map(|line| (*line).to_owned()).partition(|line| is_row(line))
        };
        let ((old_rows, old_texts), (new_rows, new_texts)) = (split(old), split(new));
        let rows_first = old.iter().chain(new).next().is_some_and(|line| is_row(line));
        if rows_first {
            self.rows(&old_rows, &new_rows);
        }
        for line in &old_texts {
            push_line(&mut self.old, line);
        }
        for line in &new_texts {
            push_line(&mut self.new, line);
        }
        if !rows_first {
            self.rows(&old_rows, &new_rows);
        }
    }

    fn rows(&mut self, old: &[String], new: &[String]) {
        for at in 0..old.len().max(new.len()) {
            let (before, after) = (old.get(at).map(|row| cells(row)), new.get(at).map(|row| cells(row)));
            match (before, after) {
                (Some(before), Some(after)) if before.len() == after.len() => {
                    let cells = before.iter().zip(&after).map(|(old, new)| pieces(old, new)).collect();
                    self.row(RowChange { fate: RowFate::Kept, cells });
                }
                (before, after) => {
                    if let Some(cells) = before {
                        self.whole(RowFate::Deleted, cells);
                    }
                    if let Some(cells) = after {
                        self.whole(RowFate::Inserted, cells);
                    }
                }
            }
        }
    }

    /// A row that is on one side only.
    fn whole(&mut self, fate: RowFate, cells: Vec<String>) {
        let piece = if fate == RowFate::Deleted { Piece::Deleted } else { Piece::Inserted };
        let cells = cells.into_iter().map(|cell| if cell.is_empty() { Vec::new() } else { vec![piece(cell)] });
        self.row(RowChange { fate, cells: cells.collect() });
    }

    fn row(&mut self, row: RowChange) {
        self.close();
        match self.done.last_mut() {
            Some(Part::Table(rows)) => rows.push(row),
            _ => self.done.push(Part::Table(vec![row])),
        }
    }

    fn text(&mut self, old: &str, new: &str) {
        push_line(&mut self.old, old);
        push_line(&mut self.new, new);
    }

    /// Ends the open text; between two tables an empty line is enough.
    fn close(&mut self) {
        let (old, new) = (mem::take(&mut self.old), mem::take(&mut self.new));
        if old.is_empty() && new.is_empty() {
            return;
        }
        self.done.push(Part::Text(pieces(old.trim_matches('\n'), new.trim_matches('\n'))));
    }

    fn done(mut self) -> Vec<Part> {
        self.close();
        self.done
    }
}

fn push_line(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "交付物\n开头\n\n| 名称 | 金额 |\n| --- | ---: |\n";

    fn compared(old: &str, new: &str) -> Vec<Part> {
        parts(&pieces(&format!("{HEAD}{old}"), &format!("{HEAD}{new}")))
    }

    fn same(text: &str) -> Vec<Piece> {
        vec![Piece::Same(text.to_owned())]
    }

    fn rows(parts: &[Part]) -> &[RowChange] {
        let [Part::Text(text), Part::Table(rows)] = parts else { panic!("{parts:?}") };
        assert_eq!(*text, same("交付物\n开头"));
        let head = RowChange { fate: RowFate::Kept, cells: vec![same("名称"), same("金额")] };
        assert_eq!(rows[0], head, "the line that sets the columns is none of the rows");
        &rows[1..]
    }

    #[test]
    fn a_cell_is_compared_with_the_cell_in_its_place() {
        let found = compared("| 电机 | 5.00 |", "| 电机 | 7.00 |");
        let amount = vec![Piece::Deleted("5".into()), Piece::Inserted("7".into()), Piece::Same(".00".into())];
        assert_eq!(rows(&found), [RowChange { fate: RowFate::Kept, cells: vec![same("电机"), amount] }]);
    }

    #[test]
    fn a_row_comes_and_goes_as_a_whole() {
        let found = compared("| 电机 | 5 |\n| 泵 | 6 |", "| 电机 | 5 |");
        let gone = vec![vec![Piece::Deleted("泵".into())], vec![Piece::Deleted("6".into())]];
        assert_eq!(rows(&found)[1], RowChange { fate: RowFate::Deleted, cells: gone });
        let found = compared("| 电机 | 5 |", "| 电机 | 5 |\n| 泵 |  |");
        let come = vec![vec![Piece::Inserted("泵".into())], Vec::new()];
        assert_eq!(rows(&found)[1], RowChange { fate: RowFate::Inserted, cells: come });
    }

    #[test]
    fn a_row_of_dashes_is_a_row() {
        let found = compared("| 电机 | 5 |", "| 电机 | 5 |\n| - | - |");
        let come = vec![vec![Piece::Inserted("-".into())], vec![Piece::Inserted("-".into())]];
        assert_eq!(rows(&found)[1], RowChange { fate: RowFate::Inserted, cells: come });
    }

    #[test]
    fn a_row_with_other_columns_takes_the_place_of_the_old_one() {
        let found = compared("| 电机 | 5 |", "| 电机 | 5 | 台 |");
        assert_eq!(rows(&found).iter().map(|row| row.fate).collect::<Vec<_>>(), [RowFate::Deleted, RowFate::Inserted]);
    }

    #[test]
    fn a_bar_that_was_typed_stays_in_its_cell() {
        assert_eq!(cells("| a \\| b | c |"), ["a \\| b", "c"]);
    }

    #[test]
    fn text_without_a_table_is_compared_letter_by_letter() {
        let letters = pieces("共三十日", "共六十日");
        assert_eq!(parts(&letters), [Part::Text(letters.clone())]);
    }

    #[test]
    fn text_behind_a_table_stands_behind_it() {
        let found = compared("| 电机 | 5 |\n\n共三件。", "| 电机 | 5 |\n\n共四件。");
        let [_, Part::Table(_), Part::Text(text)] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(*text, pieces("共三件。", "共四件。"));
    }
}
