//! Figures as an Excel workbook, a sheet a table. Times are hours, shares are numbers, so that a reader can go on calculating.

use jiff::tz::TimeZone;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::table::{Cell, Row, Table};
use crate::i18n::{Lang, text};
use crate::kernel::Timestamp;

/// How wide the first column and the others are, in letters.
const WIDE: (f64, f64) = (28.0, 14.0);

/// How cells look.
struct Looks {
    head: Format,
    hours: Format,
    share: Format,
    moment: Format,
}

/// The bytes of the workbook; instants are written as clocks in `zone` show them.
pub(in crate::approval) fn workbook(tables: &[Table], lang: Lang, zone: &TimeZone) -> Result<Vec<u8>, XlsxError> {
    let looks = Looks {
        head: Format::new().set_bold().set_text_wrap(),
        hours: Format::new().set_num_format("#,##0.0\" h\""),
        share: Format::new().set_num_format("0%"),
        moment: Format::new().set_num_format("yyyy-mm-dd hh:mm"),
    };
    let mut workbook = Workbook::new();
    for table in tables {
        let sheet = workbook.add_worksheet();
        sheet.set_name(text(lang, &table.title))?;
        fill(sheet, table, &looks, (lang, zone))?;
    }
    workbook.save_to_buffer()
}

fn fill(sheet: &mut Worksheet, table: &Table, looks: &Looks, (lang, zone): (Lang, &TimeZone)) -> Result<(), XlsxError> {
    sheet.set_freeze_panes(1, 1)?;
    for (column, name) in (0..).zip(&table.head) {
        sheet.write_string_with_format(0, column, text(lang, name), &looks.head)?;
        sheet.set_column_width(column, if column == 0 { WIDE.0 } else { WIDE.1 })?;
    }
    for (line, Row { cells, .. }) in (1..).zip(&table.rows) {
        for (column, cell) in (0..).zip(cells) {
            write(sheet, (line, column), cell, looks, (lang, zone))?;
        }
    }
    Ok(())
}

fn write(
    sheet: &mut Worksheet,
    (line, column): (u32, u16),
    cell: &Cell,
    looks: &Looks,
    (lang, zone): (Lang, &TimeZone),
) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => return Ok(()),
        Cell::Text(words) => sheet.write_string(line, column, words)?,
        Cell::Said(message) => sheet.write_string(line, column, text(lang, message))?,
        Cell::Count(count) => sheet.write_number(line, column, number(*count))?,
        Cell::Minutes(minutes) => {
            sheet.write_number_with_format(line, column, number(*minutes) / 60.0, &looks.hours)?
        }
        Cell::Percent(share) | Cell::Share(share) => {
            sheet.write_number_with_format(line, column, f64::from(*share) / 100.0, &looks.share)?
        }
        Cell::At(at) => sheet.write_datetime_with_format(line, column, moment(*at, zone)?, &looks.moment)?,
    };
    Ok(())
}

/// What Excel counts with; larger numbers are none of ours.
fn number(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

fn moment(at: Timestamp, zone: &TimeZone) -> Result<ExcelDateTime, XlsxError> {
    let shown = zone.to_datetime(at.into());
    let date = u16::try_from(shown.year()).unwrap_or_default();
    let (month, day) = (shown.month().unsigned_abs(), shown.day().unsigned_abs());
    let (hour, minute) = (shown.hour().unsigned_abs(), shown.minute().unsigned_abs());
    ExcelDateTime::from_ymd(date, month, day)?.and_hms(hour.into(), minute, 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::msg;
    use crate::kernel::time::zone;

    #[test]
    fn a_workbook_is_a_zip_archive_with_a_sheet_a_table() {
        let row = Row {
            cells: vec![
                Cell::Text("=1+1".into()),
                Cell::Said(msg!("approval.figures.no_department")),
                Cell::Count(3),
                Cell::Minutes(90),
                Cell::Percent(40),
                Cell::Share(60),
                Cell::At("2026-03-02T10:00:00Z".parse().unwrap()),
                Cell::Empty,
            ],
            ..Row::default()
        };
        let table = Table {
            title: msg!("approval.figures.by_step"),
            head: vec![msg!("approval.figures.step")],
            rows: vec![row],
        };
        for lang in Lang::ALL {
            let bytes = workbook(std::slice::from_ref(&table), lang, &zone("Asia/Shanghai")).unwrap();
            assert!(bytes.starts_with(b"PK\x03\x04"));
        }
    }
}
