//! Reading money that people wrote. Exact: digits become an integer, never a float.

use super::{Amount, Currency, MoneyError};

/// What a text says about its currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// `¥`, the sign of yuan and of yen.
    YenSign,
    /// A word or code that says which.
    Is(Currency),
}

impl Mark {
    pub(super) fn can_be(self, currency: Currency) -> bool {
        match self {
            Self::YenSign => matches!(currency.code(), "CNY" | "JPY"),
            Self::Is(found) => found == currency,
        }
    }

    /// The currency it stands for when nothing else is said.
    pub(super) fn currency(self) -> Currency {
        match self {
            Self::YenSign => Currency::CNY,
            Self::Is(found) => found,
        }
    }
}

/// An amount of the base currency as a person writes it.
pub(super) fn amount(text: &str) -> Result<Amount, MoneyError> {
    match with_currency(text)? {
        (Some(mark), _) if !mark.can_be(Currency::CNY) => {
            Err(MoneyError::OtherCurrency { expected: Currency::CNY, found: mark.currency() })
        }
        (_, amount) => Ok(amount),
    }
}

/// An amount with a currency before or after it, if it says one.
pub(super) fn with_currency(text: &str) -> Result<(Option<Mark>, Amount), MoneyError> {
    let folded = folded(text);
    let mut rest = folded.trim();
    if rest.is_empty() {
        return Err(MoneyError::Empty);
    }
    let mut negative = take_sign(&mut rest);
    let before = take_mark_before(&mut rest);
    negative = negative.or_else(|| take_sign(&mut rest));
    let number = Number::take(&mut rest, text)?;
    let power = take_multiplier(&mut rest);
    let mark = before.or(take_mark_after(&mut rest));
    if !rest.is_empty() {
        return Err(not_a_number(text, rest));
    }
    let count = number.scaled(4, power, text)?;
    let amount = Amount::from_ten_thousandths(if negative == Some(true) { -count } else { count })?;
    Ok((mark, amount))
}

/// The plain form of JSON and files.
pub(super) fn plain(text: &str) -> Result<Amount, MoneyError> {
    let (negative, mut rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    if let Some(at) = rest.find(|c: char| !c.is_ascii_digit() && c != '.') {
        return Err(not_a_number(text, &rest[at..]));
    }
    let number = Number::take(&mut rest, text)?;
    if !rest.is_empty() {
        return Err(not_a_number(text, rest));
    }
    let count = number.scaled(4, 0, text)?;
    Amount::from_ten_thousandths(if negative { -count } else { count })
}

/// A quantity, rate or unit price as a person writes it, in millionths.
pub(super) fn millionths(text: &str) -> Result<i64, MoneyError> {
    let folded = folded(text);
    let mut rest = folded.trim();
    if rest.is_empty() {
        return Err(MoneyError::Empty);
    }
    let negative = take_sign(&mut rest);
    let number = Number::take(&mut rest, text)?;
    if !rest.is_empty() {
        return Err(not_a_number(text, rest));
    }
    let count = number.scaled(6, 0, text)?;
    i64::try_from(if negative == Some(true) { -count } else { count }).map_err(|_| MoneyError::TooLarge)
}

/// Digits before and after the point, without separators.
struct Number {
    whole: String,
    fraction: String,
}

impl Number {
    /// Takes digits with an optional point from the front of `rest`.
    fn take(rest: &mut &str, text: &str) -> Result<Self, MoneyError> {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != ',').unwrap_or(rest.len());
        let (whole, after) = rest.split_at(end);
        if !whole.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(not_a_number(text, rest));
        }
        let mut groups = whole.split(',');
        let first = groups.next().unwrap_or_default();
        let mut rest_of_groups = groups.peekable();
        if rest_of_groups.peek().is_some() && (first.len() > 3 || rest_of_groups.any(|group| group.len() != 3)) {
            return Err(MoneyError::MisplacedSeparator { text: text.trim().to_owned() });
        }
        let mut fraction = "";
        *rest = after;
        if let Some(after) = after.strip_prefix('.') {
            let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
            if end == 0 {
                return Err(not_a_number(text, rest));
            }
            (fraction, *rest) = after.split_at(end);
        }
        Ok(Self { whole: whole.replace(',', ""), fraction: fraction.trim_end_matches('0').to_owned() })
    }

    /// Its value times `10^power` in steps of `10^-decimals`.
    fn scaled(&self, decimals: usize, power: usize, text: &str) -> Result<i128, MoneyError> {
        let Some(zeros) = (decimals + power).checked_sub(self.fraction.len()) else {
            let allowed = u8::try_from(decimals).unwrap_or(u8::MAX);
            return Err(MoneyError::TooManyDecimals { text: text.trim().to_owned(), allowed });
        };
        let digits = format!("{}{}{}", self.whole, self.fraction, "0".repeat(zeros));
        digits.parse().map_err(|_| MoneyError::TooLarge)
    }
}

/// Full-width signs and digits as ASCII, the yen sign and the minus in one form each.
fn folded(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            '￥' => '¥',
            '−' | '–' => '-',
            c if c.is_whitespace() => ' ',
            c => c,
        })
        .collect()
}

/// Whether it starts with a minus; nothing when it starts with neither minus nor plus.
fn take_sign(rest: &mut &str) -> Option<bool> {
    let negative = match rest.chars().next()? {
        '-' | '负' => true,
        '+' => false,
        _ => return None,
    };
    let first = rest.chars().next().map_or(0, char::len_utf8);
    *rest = rest[first..].trim_start();
    Some(negative)
}

fn take_mark_before(rest: &mut &str) -> Option<Mark> {
    for (name, mark) in [("¥", Mark::YenSign), ("人民币", Mark::Is(Currency::CNY)), ("RMB", Mark::Is(Currency::CNY))]
    {
        if let Some(after) = rest.strip_prefix(name) {
            *rest = after.trim_start();
            return Some(mark);
        }
    }
    let code = rest.get(..3).filter(|code| code.bytes().all(|b| b.is_ascii_alphabetic()))?;
    let currency = Currency::from_code(code).ok()?;
    *rest = rest[3..].trim_start();
    Some(Mark::Is(currency))
}

fn take_mark_after(rest: &mut &str) -> Option<Mark> {
    let word = rest.trim();
    let currency = match word {
        "元" | "圆" | "元整" | "圆整" | "人民币" | "RMB" => Currency::CNY,
        code => Currency::from_code(code).ok()?,
    };
    *rest = "";
    Some(Mark::Is(currency))
}

/// The power of ten that 万, 千万, 亿, 万亿 … after a number stand for.
fn take_multiplier(rest: &mut &str) -> usize {
    let mut after = rest.trim_start();
    let mut power = 0;
    for (name, adds) in [("十", 1), ("百", 2), ("千", 3), ("万", 4), ("亿", 8)] {
        if let Some(next) = after.strip_prefix(name) {
            power += adds;
            after = next;
        }
    }
    *rest = after;
    power
}

fn not_a_number(text: &str, rest: &str) -> MoneyError {
    MoneyError::NotANumber { text: text.trim().to_owned(), rest: rest.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        amount(text).unwrap().plain()
    }

    #[test]
    fn people_write_amounts_in_many_ways() {
        for (text, value) in [
            ("1280000", "1280000.0000"),
            ("100,000.50", "100000.5000"),
            ("100万", "1000000.0000"),
            ("1.28亿", "128000000.0000"),
            ("0.00001亿", "1000.0000"),
            ("3千万", "30000000.0000"),
            ("2万亿", "2000000000000.0000"),
            ("１２，３４５．６７", "12345.6700"),
            ("￥ 100", "100.0000"),
            ("¥-100", "-100.0000"),
            ("-¥100", "-100.0000"),
            ("−100", "-100.0000"),
            ("人民币 128 万元整", "1280000.0000"),
            ("RMB100", "100.0000"),
            ("100 cny", "100.0000"),
            ("  7　", "7.0000"),
            ("0.10000000000000000000000", "0.1000"),
        ] {
            assert_eq!(read(text), value, "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused_from_the_place_where_it_stops_being_one() {
        for (text, rest) in [
            ("abc", "abc"),
            ("12a", "a"),
            ("1e5", "e5"),
            ("1.2.3", ".3"),
            (".5", ".5"),
            ("5.", "."),
            ("--5", "-5"),
            ("1万2千", "2千"),
            ("壹佰", "壹佰"),
            ("1.5,000", ",000"),
            ("12 34", "34"),
            ("$100", "$100"),
        ] {
            assert_eq!(amount(text), Err(not_a_number(text, rest)), "{text}");
        }
        assert_eq!(amount(" 　"), Err(MoneyError::Empty));
    }

    #[test]
    fn separators_stand_every_three_digits() {
        for text in ["1,28", "1280,000", "1,,000", "1,000,", "10,0000"] {
            assert!(matches!(amount(text), Err(MoneyError::MisplacedSeparator { .. })), "{text}");
        }
    }

    #[test]
    fn more_than_four_decimals_and_more_than_ten_to_the_twentieth_are_refused() {
        assert!(matches!(amount("0.00001"), Err(MoneyError::TooManyDecimals { allowed: 4, .. })));
        assert!(matches!(amount("1.123456789万"), Err(MoneyError::TooManyDecimals { .. })));
        assert_eq!(amount("100000000000000000001"), Err(MoneyError::TooLarge));
        assert_eq!(amount(&"9".repeat(100)), Err(MoneyError::TooLarge));
    }

    #[test]
    fn the_base_currency_takes_no_other() {
        assert!(matches!(amount("USD 5"), Err(MoneyError::OtherCurrency { .. })));
    }

    #[test]
    fn the_plain_form_is_strict() {
        assert_eq!(plain("-12.5"), amount("-12.5"));
        for text in ["", "+1", "1,000", "１", " 1", "1万", "1e5", "0x1", "."] {
            assert!(plain(text).is_err(), "{text}");
        }
    }
}
