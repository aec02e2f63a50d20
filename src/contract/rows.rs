//! Tables in the drafting form: product lines and the payment plan, typed row by row and cell by cell.

use std::collections::BTreeMap;

use super::Content;
use super::template::{Due, Field, FieldKind, FieldProblem, FieldValue, Part, PlanRow, ProductLine};
use crate::kernel::{Currency, Date, Money, Rate, Span};

/// One row as it is typed, by cell.
pub(super) type Cells = BTreeMap<String, String>;

/// The cells of a product line, in the order of the form.
const LINE: [&str; 8] = ["name", "model", "specification", "unit", "quantity", "price", "tax_rate", "delivery"];

/// The cells of a milestone, in the order of the form. `event` is `date` where the date stands beside it.
const MILESTONE: [&str; 8] = ["name", "title", "part", "event", "count", "unit", "date", "retention"];

/// The units of a milestone's span; `end_of_month` counts months.
pub(super) const UNITS: [&str; 5] = ["working_days", "days", "months", "years", "end_of_month"];

/// The cells of a field that is a table; none for every other.
pub(super) fn cells(kind: &FieldKind) -> &'static [&'static str] {
    match kind {
        FieldKind::Lines => &LINE,
        FieldKind::Plan => &MILESTONE,
        _ => &[],
    }
}

/// Reads a table out of the form. Rows without a word are no rows; one that is not complete keeps the whole table as it was typed.
/// A plan whose rows were not sent is the template's, or stays as it was.
pub(super) fn read(field: &Field, texts: &BTreeMap<&str, Vec<&str>>, before: &Content, content: &mut Content) {
    let cells = cells(&field.kind);
    let column = |cell: &str| texts.get(format!("{}.{cell}", field.name).as_str()).map_or(&[][..], Vec::as_slice);
    let count = column(cells[0]).len();
    if field.kind == FieldKind::Plan && count == 0 {
        let typed = before.unread.get(&field.name);
        return content.unread.extend(typed.map(|typed| (field.name.clone(), typed.clone())));
    }
    let row = |at: usize| -> Cells {
        cells.iter().map(|cell| ((*cell).to_owned(), column(cell).get(at).copied().unwrap_or("").to_owned())).collect()
    };
    let rows: Vec<Cells> = (0..count).map(row).collect();
    let written: Vec<&Cells> = rows.iter().filter(|row| !is_blank(row)).collect();
    let value = value(field, &written, content.draft.currency).filter(|value| field.kind.check(value).is_ok());
    content.draft.values.remove(&field.name);
    let complete = value.is_some() && written.len() == rows.len();
    if let Some(value) = value
        && !written.is_empty()
    {
        content.draft.values.insert(field.name.clone(), value);
    }
    if !complete {
        let typed = serde_json::to_string(&rows).unwrap_or_default();
        content.unread.insert(field.name.clone(), typed);
    }
}

fn value(field: &Field, rows: &[&Cells], currency: Currency) -> Option<FieldValue> {
    Some(match field.kind {
        FieldKind::Lines => FieldValue::Lines(rows.iter().map(|row| line(row)).collect::<Option<_>>()?),
        _ => FieldValue::Plan(rows.iter().map(|row| milestone(row, currency)).collect::<Option<_>>()?),
    })
}

/// Why a table that was typed is no value yet: its first row that is not complete. Blank rows are no fault.
pub(super) fn problem(field: &Field, typed: &str, currency: Currency) -> Option<FieldProblem> {
    let rows = typed_rows(typed);
    let rows: Vec<&Cells> = rows.iter().filter(|row| !is_blank(row)).collect();
    let complete = |row: &&Cells| value(field, &[row], currency).is_some_and(|one| field.kind.check(&one).is_ok());
    let at = rows.iter().position(|row| !complete(row))? + 1;
    Some(if field.kind == FieldKind::Plan { FieldProblem::Milestone(at) } else { FieldProblem::Line(at) })
}

/// The rows of a table as the form shows them: as they were typed, or as the value has them.
pub(super) fn shown(field: &Field, content: &Content) -> Vec<Cells> {
    match (content.unread.get(&field.name), content.draft.values.get(&field.name)) {
        (Some(typed), _) => typed_rows(typed),
        (None, Some(FieldValue::Lines(lines))) => lines.iter().map(line_cells).collect(),
        (None, Some(FieldValue::Plan(rows))) => rows.iter().map(milestone_cells).collect(),
        _ => Vec::new(),
    }
}

/// The rows of a plan as they would be typed.
pub(super) fn of_plan(rows: &[PlanRow]) -> Vec<Cells> {
    rows.iter().map(milestone_cells).collect()
}

/// A new row below these.
pub(super) fn blank(kind: &FieldKind, rows: &[Cells]) -> Cells {
    let mut row: Cells = cells(kind).iter().map(|cell| ((*cell).to_owned(), String::new())).collect();
    let last = |cell: &str| rows.last().and_then(|row| row.get(cell)).cloned().unwrap_or_default();
    if *kind == FieldKind::Lines {
        row.insert("unit".to_owned(), last("unit"));
        row.insert("tax_rate".to_owned(), rows.last().map_or_else(|| "13%".to_owned(), |_| last("tax_rate")));
    } else {
        let taken = |name: &String| rows.iter().any(|row| row.get("name") == Some(name));
        let free = (1..=rows.len() + 1).map(|n| format!("row-{n}")).find(|name| !taken(name)).unwrap_or_default();
        row.insert("name".to_owned(), free);
        row.insert("event".to_owned(), "signed".to_owned());
        row.insert("unit".to_owned(), UNITS[0].to_owned());
    }
    row
}

/// A row as a product line, for its amount while the rest of the table is not complete.
pub(super) fn line(row: &Cells) -> Option<ProductLine> {
    let cell = |name: &str| row.get(name).map(|text| text.trim()).unwrap_or_default();
    let rate = cell("tax_rate").trim_end_matches(['%', '％']);
    Some(ProductLine {
        name: cell("name").to_owned(),
        model: cell("model").to_owned(),
        specification: cell("specification").to_owned(),
        unit: cell("unit").to_owned(),
        quantity: cell("quantity").parse().ok()?,
        price: cell("price").parse().ok()?,
        tax_rate: Rate::parse(&format!("{rate}%")).ok()?,
        delivery: match cell("delivery") {
            "" => None,
            date => Some(date.parse().ok()?),
        },
    })
}

/// A row as a milestone: `30%` is a share, an amount an amount, nothing the rest.
fn milestone(row: &Cells, currency: Currency) -> Option<PlanRow> {
    let cell = |name: &str| row.get(name).map(|text| text.trim()).unwrap_or_default();
    let part = match cell("part") {
        "" => Part::Rest,
        share if share.ends_with(['%', '％']) => Part::Share(Rate::parse(share).ok()?),
        amount => Part::Amount(Money::parse(amount, currency).ok()?),
    };
    let due = match cell("event") {
        "date" => Due::On(cell("date").parse::<Date>().ok()?),
        event if cell("count").is_empty() && cell("unit") != "end_of_month" => {
            Due::After { event: event.to_owned(), span: None }
        }
        event => Due::After { event: event.to_owned(), span: Some(span(cell("count"), cell("unit"))?) },
    };
    let (name, title) = (cell("name").to_owned(), cell("title").to_owned());
    let complete = !name.is_empty() && !title.is_empty();
    complete.then_some(PlanRow { name, title, part, due, retention: cell("retention") == "yes" })
}

/// Nothing where the count cannot be read.
fn span(count: &str, unit: &str) -> Option<Span> {
    let count: u32 = if count.is_empty() { 0 } else { count.parse().ok()? };
    Some(match unit {
        "working_days" => Span::WorkingDays(count),
        "days" => Span::Days(count),
        "months" => Span::Months(count),
        "years" => Span::Years(count),
        "end_of_month" => Span::EndOfMonth(count),
        _ => return None,
    })
}

/// Whether nothing was typed into a row; what a new row holds from the start does not count.
fn is_blank(row: &Cells) -> bool {
    const GIVEN: [&str; 5] = ["tax_rate", "unit", "event", "retention", "count"];
    let is_plan = row.contains_key("part");
    row.iter()
        .all(|(cell, text)| text.trim().is_empty() || GIVEN.contains(&cell.as_str()) || (is_plan && cell == "name"))
}

fn typed_rows(typed: &str) -> Vec<Cells> {
    serde_json::from_str(typed).unwrap_or_default()
}

fn line_cells(line: &ProductLine) -> Cells {
    let cells = [
        ("name", line.name.clone()),
        ("model", line.model.clone()),
        ("specification", line.specification.clone()),
        ("unit", line.unit.clone()),
        ("quantity", line.quantity.to_string()),
        ("price", line.price.to_string()),
        ("tax_rate", line.tax_rate.in_percent()),
        ("delivery", line.delivery.map(|date| date.to_string()).unwrap_or_default()),
    ];
    cells.map(|(cell, text)| (cell.to_owned(), text)).into()
}

fn milestone_cells(row: &PlanRow) -> Cells {
    let part = match row.part {
        Part::Share(rate) => rate.in_percent(),
        Part::Amount(money) => money.amount.to_string(),
        Part::Rest => String::new(),
    };
    let (event, span, date) = match &row.due {
        Due::On(date) => ("date".to_owned(), None, date.to_string()),
        Due::After { event, span } => (event.clone(), *span, String::new()),
    };
    let (count, unit) = match span {
        None => (String::new(), UNITS[0]),
        Some(Span::WorkingDays(count)) => (count.to_string(), "working_days"),
        Some(Span::Months(count)) => (count.to_string(), "months"),
        Some(Span::Years(count)) => (count.to_string(), "years"),
        Some(Span::EndOfMonth(count)) => (count.to_string(), "end_of_month"),
        Some(Span::Days(count) | Span::Minutes(count) | Span::WorkingMinutes(count)) => (count.to_string(), "days"),
    };
    let retention = if row.retention { "yes" } else { "" };
    let cells = [
        ("name", row.name.clone()),
        ("title", row.title.clone()),
        ("part", part),
        ("event", event),
        ("count", count),
        ("unit", unit.to_owned()),
        ("date", date),
        ("retention", retention.to_owned()),
    ];
    cells.map(|(cell, text)| (cell.to_owned(), text)).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Span;

    fn plan() -> Vec<PlanRow> {
        let after = |event: &str, span| Due::After { event: event.to_owned(), span };
        let row = |name: &str, part, due| PlanRow {
            name: name.to_owned(),
            title: "款".to_owned(),
            part,
            due,
            retention: name == "c",
        };
        vec![
            row("a", Part::Share(Rate::percent(30)), after("signed", Some(Span::WorkingDays(10)))),
            row("b", Part::Amount(Money::parse("5万", Currency::CNY).unwrap()), Due::On("2026-05-01".parse().unwrap())),
            row("c", Part::Rest, after("b", None)),
            row("d", Part::Share(Rate::percent(5)), after("accepted", Some(Span::EndOfMonth(1)))),
        ]
    }

    #[test]
    fn a_milestone_reads_back_as_it_is_shown() {
        for row in plan() {
            assert_eq!(milestone(&milestone_cells(&row), Currency::CNY), Some(row));
        }
    }

    #[test]
    fn a_new_row_has_a_name_of_its_own_and_is_blank() {
        let mut rows: Vec<Cells> = plan().iter().map(milestone_cells).collect();
        rows[0].insert("name".to_owned(), "row-1".to_owned());
        let new = blank(&FieldKind::Plan, &rows);
        assert_eq!(new["name"], "row-2");
        assert!(is_blank(&new) && is_blank(&blank(&FieldKind::Lines, &[])));
    }
}
