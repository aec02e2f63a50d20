//! The log: rows of a CSV file, plain or gzipped.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use std::str::FromStr;

use csv::StringRecord;
use rust_decimal::{Decimal, RoundingStrategy};

use super::ReplayError;
use super::map::Map;
use crate::kernel::{Amount, Timestamp};

/// One event of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Line in the file, the header is line 1.
    pub line: u64,
    /// The case.
    pub case: String,
    /// Number of the event in its case.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// What happened.
    pub activity: String,
    /// Who.
    pub person: String,
    /// In which role.
    pub role: String,
    /// The amount, in ten-thousandths.
    pub amount: Option<Amount>,
    /// Whether the amount had more decimals than that.
    pub rounded: bool,
}

/// Reads every row, in the order of the file.
pub(super) fn read(file: &Path, map: &Map) -> Result<Vec<Row>, ReplayError> {
    let open = File::open(file).map_err(|error| ReplayError::file(file, &error))?;
    let gzipped = file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz"));
    let text: Box<dyn Read> = if gzipped {
        Box::new(flate2::read::MultiGzDecoder::new(BufReader::new(open)))
    } else {
        Box::new(BufReader::new(open))
    };
    rows(text, map).map_err(|problem| problem.in_file(file))
}

fn rows(text: impl Read, map: &Map) -> Result<Vec<Row>, ReplayError> {
    let mut reader = csv::ReaderBuilder::new().flexible(false).from_reader(text);
    let header = reader.headers().map_err(|error| ReplayError::line(1, error.to_string()))?.clone();
    let columns = Places::of(&header, map)?;
    let mut rows: Vec<Row> = Vec::new();
    let mut counts = std::collections::HashMap::<String, u64>::new();
    for record in reader.records() {
        let record = record.map_err(|error| {
            let line = error.position().map_or(0, csv::Position::line);
            ReplayError::line(line, error.to_string())
        })?;
        let line = record.position().map_or(0, csv::Position::line);
        let mut row = columns.row(&record, line)?;
        let count = counts.entry(row.case.clone()).or_default();
        *count += 1;
        if columns.seq.is_none() {
            row.seq = *count;
        }
        rows.push(row);
    }
    Ok(rows)
}

/// Where each column stands.
struct Places {
    case: usize,
    seq: Option<usize>,
    time: usize,
    activity: usize,
    person: usize,
    role: Option<usize>,
    amount: Option<usize>,
}

impl Places {
    fn of(header: &StringRecord, map: &Map) -> Result<Self, ReplayError> {
        let place = |name: &String| {
            let found = header.iter().position(|column| column.trim_start_matches('\u{feff}') == name);
            found.ok_or_else(|| ReplayError::line(1, format!("there is no column {name:?}")))
        };
        let columns = &map.columns;
        Ok(Self {
            case: place(&columns.case)?,
            seq: columns.seq.as_ref().map(place).transpose()?,
            time: place(&columns.time)?,
            activity: place(&columns.activity)?,
            person: place(&columns.person)?,
            role: columns.role.as_ref().map(place).transpose()?,
            amount: columns.amount.as_ref().map(place).transpose()?,
        })
    }

    fn row(&self, record: &StringRecord, line: u64) -> Result<Row, ReplayError> {
        let text = |place: usize| record.get(place).unwrap_or_default().to_owned();
        let wrong = |what: &str, text: &str| ReplayError::line(line, format!("{text:?} is no {what}"));
        let time = text(self.time);
        let at = Timestamp::from_str(&time).map_err(|_| wrong("instant with an offset", &time))?;
        let seq = match self.seq {
            Some(place) => text(place).parse().map_err(|_| wrong("number of an event", &text(place)))?,
            None => 0,
        };
        let (amount, rounded) = match self.amount.map(text).filter(|amount| !amount.trim().is_empty()) {
            Some(written) => {
                let (amount, rounded) = amount(&written).ok_or_else(|| wrong("amount", &written))?;
                (Some(amount), rounded)
            }
            None => (None, false),
        };
        Ok(Row {
            line,
            case: text(self.case),
            seq,
            at,
            activity: text(self.activity),
            person: text(self.person),
            role: self.role.map(text).unwrap_or_default(),
            amount,
            rounded,
        })
    }
}

/// An amount rounded half away from zero to ten-thousandths, and whether that changed it.
fn amount(text: &str) -> Option<(Amount, bool)> {
    let text = text.trim();
    let exact = Decimal::from_str(text).or_else(|_| Decimal::from_scientific(text)).ok()?;
    let rounded = exact.round_dp_with_strategy(4, RoundingStrategy::MidpointAwayFromZero);
    let whole = rounded.checked_mul(Decimal::from(10_000))?;
    let amount = Amount::from_ten_thousandths(i128::try_from(whole).ok()?).ok()?;
    Some((amount, rounded != exact))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ten_thousandths(text: &str) -> Option<(i128, bool)> {
        amount(text).map(|(amount, rounded)| (amount.ten_thousandths(), rounded))
    }

    #[test]
    fn amounts_are_rounded_half_away_from_zero() {
        assert_eq!(ten_thousandths("26.85120450862128"), Some((268_512, true)));
        assert_eq!(ten_thousandths("0.00005"), Some((1, true)));
        assert_eq!(ten_thousandths("-0.00005"), Some((-1, true)));
        assert_eq!(ten_thousandths("0.00004999"), Some((0, true)));
        assert_eq!(ten_thousandths("15000"), Some((150_000_000, false)));
        assert_eq!(ten_thousandths("1.5e3"), Some((15_000_000, false)));
        assert_eq!(ten_thousandths("much"), None);
    }
}
