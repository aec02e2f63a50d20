//! What a file says, in a picture, in sentences and as a table.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::approval::Desk;
use crate::i18n::{Lang, Message, msg};
use crate::workflow::explain::{Matrix, Names, drawing, matrix, sentences};
use crate::workflow::{Definition, NodeName};

/// The procedure for people.
#[derive(Clone, Serialize)]
pub(super) struct Procedure {
    /// SVG.
    drawing: String,
    sentences: Vec<Message>,
    table: Option<TableShown>,
}

/// Who decides, as rows of cells.
#[derive(Clone, Serialize)]
struct TableShown {
    heads: Vec<Message>,
    rows: Vec<Vec<Message>>,
    shortened: bool,
}

/// The procedure of a definition, with the nodes of `way` marked in the picture.
pub(super) fn procedure(desk: &Desk, lang: Lang, definition: &Definition, way: &BTreeSet<NodeName>) -> Procedure {
    let (directory, schemas) = (desk.directory(), desk.schemas());
    let schema = schemas.iter().find(|schema| schema.kind == definition.subject);
    let names =
        Names { directory: Some(&directory), schema, lang, day: Some(desk.approvals().today()), ..Names::default() };
    Procedure {
        drawing: drawing(definition, names, way),
        sentences: sentences(definition, names),
        table: matrix(definition, names).map(|matrix| table(&matrix)),
    }
}

fn table(matrix: &Matrix) -> TableShown {
    let mut heads = vec![msg!("workflow.say.column_amount")];
    heads.extend(matrix.questions.iter().cloned());
    heads.push(msg!("workflow.say.column_way"));
    let rows = matrix.rows.iter().map(|row| {
        let mut cells = vec![row.band()];
        cells.extend(row.answers.iter().map(|answer| match answer {
            None => msg!("approval.either"),
            Some(true) => msg!("workflow.say.yes"),
            Some(false) => msg!("workflow.say.no"),
        }));
        let way = row.steps.iter().cloned().reduce(|one, next| msg!("approval.way", one = one, next = next));
        cells.push(way.unwrap_or_else(|| msg!("approval.either")));
        cells
    });
    TableShown { heads, rows: rows.collect(), shortened: matrix.shortened }
}

#[cfg(test)]
pub(super) fn sample() -> Procedure {
    let table = TableShown {
        heads: vec![msg!("workflow.say.column_amount"), msg!("workflow.say.column_way")],
        rows: vec![vec![msg!("workflow.say.any_amount"), msg!("approval.either")]],
        shortened: true,
    };
    Procedure { drawing: "<svg></svg>".into(), sentences: vec![msg!("workflow.say.drafter")], table: Some(table) }
}
