//! The log: rows of a CSV file, plain or gzipped.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use std::str::FromStr;

use csv::StringRecord;

use super::ReplayError;
use super::map::Map;
use crate::i18n::{Message, msg};
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
    if file.is_dir() {
        return Err(ReplayError::file(file, &std::io::ErrorKind::IsADirectory.into()));
    }
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
    let header = reader.headers().map_err(|error| unreadable(&error))?.clone();
    let columns = Places::of(&header, map)?;
    let mut rows: Vec<Row> = Vec::new();
    let mut counts = HashMap::<String, u64>::new();
    let mut numbers = HashSet::new();
    for record in reader.records() {
        let record = record.map_err(|error| unreadable(&error))?;
        let line = record.position().map_or(0, csv::Position::line);
        let mut row = columns.row(&record, line)?;
        let count = counts.entry(row.case.clone()).or_default();
        *count += 1;
        if columns.seq.is_none() {
            row.seq = *count;
        } else if !numbers.insert((row.case.clone(), row.seq)) {
            // Case and number are the key under which an event counts once.
            return Err(ReplayError::line(line, msg!("approval.replay_twice", seq = row.seq, case = row.case)));
        }
        rows.push(row);
    }
    Ok(rows)
}

fn unreadable(error: &csv::Error) -> ReplayError {
    let line = error.position().map_or(1, csv::Position::line);
    ReplayError::line(line, msg!("approval.replay_unreadable", reason = error.to_string()))
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
            found.ok_or_else(|| ReplayError::line(1, msg!("approval.replay_no_column", name = name)))
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
        let wrong = |problem: Message| ReplayError::line(line, problem);
        let time = text(self.time);
        let at = Timestamp::from_str(&time).map_err(|_| wrong(msg!("approval.replay_no_instant", text = &time)))?;
        let seq = match self.seq {
            Some(place) => {
                let written = text(place);
                written.parse().map_err(|_| wrong(msg!("approval.replay_no_number", text = &written)))?
            }
            None => 0,
        };
        let (amount, rounded) = match self.amount.map(text).filter(|amount| !amount.trim().is_empty()) {
            Some(written) => {
                let no_amount = || wrong(msg!("approval.replay_no_amount", text = &written));
                let (amount, rounded) = amount(&written).ok_or_else(no_amount)?;
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

/// An amount rounded half away from zero to ten-thousandths, and whether that changed it. Digit by digit, so that however many
/// decimals a log writes, the first one behind the ten-thousandths decides.
fn amount(text: &str) -> Option<(Amount, bool)> {
    let text = text.trim();
    let (text, shift) = match text.split_once(['e', 'E']) {
        Some((text, exponent)) => (text, exponent.parse::<i16>().ok()?),
        None => (text, 0),
    };
    let (negative, text) = match text.strip_prefix('-') {
        Some(text) => (true, text),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = [whole, fraction].concat();
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    // How many digits stand before the ten-thousandths end.
    let kept = isize::try_from(whole.len()).ok()? + isize::from(shift) + 4;
    let (front, rest) = digits.split_at(usize::try_from(kept).unwrap_or(0).min(digits.len()));
    let missing = usize::try_from(kept).unwrap_or(0).saturating_sub(digits.len());
    let front = front.trim_start_matches('0');
    if !front.is_empty() && front.len() + missing > LONGEST {
        return None;
    }
    let whole = if front.is_empty() { 0 } else { format!("{front}{}", "0".repeat(missing)).parse::<i128>().ok()? };
    let up = kept >= 0 && rest.bytes().next().is_some_and(|digit| digit >= b'5');
    let count = whole + i128::from(up);
    let amount = Amount::from_ten_thousandths(if negative { -count } else { count }).ok()?;
    Some((amount, rest.bytes().any(|digit| digit != b'0')))
}

/// Digits of the largest amount there is, with room.
const LONGEST: usize = 30;

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
        assert_eq!(ten_thousandths("-26.85125"), Some((-268_513, true)));
        assert_eq!(ten_thousandths("0"), Some((0, false)));
        assert_eq!(ten_thousandths(".5"), Some((5_000, false)));
        assert_eq!(ten_thousandths("12.345678e-3"), Some((123, true)));
        assert_eq!(ten_thousandths("5e-5"), Some((1, true)));
        assert_eq!(ten_thousandths("5e-6"), Some((0, true)));
    }

    #[test]
    fn the_first_digit_that_is_left_off_decides_however_many_follow() {
        let almost = format!("0.00004{}", "9".repeat(60));
        assert_eq!(ten_thousandths(&almost), Some((0, true)));
        let barely = format!("0.00005{}1", "0".repeat(60));
        assert_eq!(ten_thousandths(&barely), Some((1, true)));
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in ["much", "", "1,5", "1.2.3", "--1", "1e", "1e99", "0x10", "９"] {
            assert_eq!(ten_thousandths(text), None, "{text:?}");
        }
    }
}
