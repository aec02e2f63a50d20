//! Numbers beside money, in millionths: how many, at what price, at which rate.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::amount::divide_rounded;
use super::{Amount, Currency, Money, MoneyError, parse};

/// How many millionths make one.
const SCALE: i128 = 1_000_000;

macro_rules! millionths {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(i64);

        impl $name {
            /// Nothing.
            pub const ZERO: Self = Self(0);

            /// So many millionths, as the database keeps them.
            pub const fn from_millionths(count: i64) -> Self {
                Self(count)
            }

            /// Its millionths.
            pub const fn millionths(self) -> i64 {
                self.0
            }
        }

        /// Without trailing zeros: `0.13`, `12`.
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&shortest(self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), shortest(self.0))
            }
        }

        /// Reads what a person wrote, exactly, with at most six decimals.
        impl FromStr for $name {
            type Err = MoneyError;

            fn from_str(text: &str) -> Result<Self, MoneyError> {
                parse::millionths(text).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        /// From a string only: a JSON number has been through a float somewhere.
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}

millionths! {
    /// How many: pieces, hours, tons.
    Quantity,
    /// A share or a rate: `0.13` is 13 %, `7.1234` an exchange rate.
    Rate,
    /// What one costs, finer than the minor unit.
    UnitPrice,
}

impl Rate {
    /// The whole: 100 %.
    pub const ONE: Self = Self(1_000_000);

    /// So many per cent.
    pub const fn percent(count: i64) -> Self {
        Self(count.saturating_mul(10_000))
    }

    /// Reads `13%`, `13 ％` or `0.13`.
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        let Some(number) = text.trim_end().strip_suffix(['%', '％']) else { return text.parse() };
        let Self(count) = number.parse()?;
        if count % 100 == 0 {
            Ok(Self(count / 100))
        } else {
            Err(MoneyError::TooManyDecimals { text: text.trim().to_owned(), allowed: 4 })
        }
    }

    /// How much `part` is of `whole`, rounded half away from zero; nothing when the whole is nothing.
    pub fn of(part: Amount, whole: Amount) -> Self {
        if whole.is_zero() {
            return Self::ZERO;
        }
        let sign = whole.ten_thousandths().signum();
        let share = divide_rounded(part.ten_thousandths() * SCALE * sign, whole.ten_thousandths().abs());
        Self(i64::try_from(share).unwrap_or(if share < 0 { i64::MIN } else { i64::MAX }))
    }

    /// As people read it: `13%`, `33.3333%`.
    pub fn in_percent(self) -> String {
        let shown = i128::from(self.0) * 100;
        let (whole, rest) = (shown.unsigned_abs() / 1_000_000, shown.unsigned_abs() % 1_000_000);
        let sign = if shown < 0 { "-" } else { "" };
        format!("{sign}{}%", trimmed(whole, rest))
    }

    /// That share of `money`, rounded to its minor unit.
    pub fn share_of(self, money: Money) -> Result<Money, MoneyError> {
        self.convert(money, money.currency)
    }

    /// `money` in another currency at this exchange rate, rounded to the minor unit there.
    pub fn convert(self, money: Money, into: Currency) -> Result<Money, MoneyError> {
        let exact = money.amount.ten_thousandths().checked_mul(self.0.into()).ok_or(MoneyError::TooLarge)?;
        round_into(exact, SCALE, into)
    }
}

impl UnitPrice {
    /// The total of so many at this price, rounded once, to the minor unit.
    pub fn times(self, quantity: Quantity, currency: Currency) -> Result<Money, MoneyError> {
        let exact = i128::from(self.0) * i128::from(quantity.0);
        round_into(exact, SCALE * SCALE / super::amount::SCALE, currency)
    }
}

/// `exact / scale` ten-thousandths as money, rounded once to the minor unit.
pub(super) fn round_into(exact: i128, scale: i128, currency: Currency) -> Result<Money, MoneyError> {
    let grain = super::amount::grain(currency.decimals());
    let count = divide_rounded(exact, scale * grain) * grain;
    Ok(Money { amount: Amount::from_ten_thousandths(count)?, currency })
}

fn shortest(count: i64) -> String {
    let sign = if count < 0 { "-" } else { "" };
    let count = u128::from(count.unsigned_abs());
    format!("{sign}{}", trimmed(count / 1_000_000, count % 1_000_000))
}

fn trimmed(whole: u128, millionths: u128) -> String {
    let text = format!("{whole}.{millionths:06}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cny(text: &str) -> Money {
        Money { amount: Amount::parse(text).unwrap(), currency: Currency::CNY }
    }

    #[test]
    fn a_rate_reads_per_cent_and_fractions() {
        assert_eq!(Rate::parse("13%"), Ok(Rate::percent(13)));
        assert_eq!(Rate::parse("0.13"), Ok(Rate::percent(13)));
        assert_eq!(Rate::parse("６.５％"), Ok(Rate::from_millionths(65_000)));
        assert_eq!(Rate::percent(13).in_percent(), "13%");
        assert_eq!(Rate::from_millionths(333_333).in_percent(), "33.3333%");
        assert_eq!(Rate::from_millionths(-5_000).in_percent(), "-0.5%");
        assert!(Rate::parse("0.00001%").is_err());
    }

    #[test]
    fn a_share_is_rounded_to_the_minor_unit() {
        assert_eq!(Rate::percent(30).share_of(cny("100.01")).unwrap(), cny("30.00"));
        assert_eq!(Rate::percent(50).share_of(cny("-0.01")).unwrap(), cny("-0.01"));
    }

    #[test]
    fn conversion_rounds_where_it_arrives() {
        let yen = Currency::from_code("JPY").unwrap();
        let rate: Rate = "20.5".parse().unwrap();
        assert_eq!(rate.convert(cny("1.03"), yen).unwrap().amount, Amount::from_units(21));
    }

    #[test]
    fn a_line_is_rounded_once() {
        let price: UnitPrice = "0.333333".parse().unwrap();
        let quantity: Quantity = "3".parse().unwrap();
        assert_eq!(price.times(quantity, Currency::CNY).unwrap(), cny("1.00"));
        let price: UnitPrice = "0.0449".parse().unwrap();
        assert_eq!(price.times("1".parse().unwrap(), Currency::CNY).unwrap(), cny("0.04"));
    }

    #[test]
    fn progress_is_a_rate_of_the_whole() {
        assert_eq!(Rate::of(cny("30").amount, cny("90").amount), Rate::from_millionths(333_333));
        assert_eq!(Rate::of(cny("30").amount, Amount::ZERO), Rate::ZERO);
        assert_eq!(Rate::of(cny("-30").amount, cny("-60").amount), Rate::percent(50));
    }

    #[test]
    fn text_and_json_are_the_shortest_exact_form() {
        let quantity: Quantity = "1,200.500".parse().unwrap();
        assert_eq!(quantity.to_string(), "1200.5");
        assert_eq!(serde_json::to_string(&quantity).unwrap(), "\"1200.5\"");
        assert!("1.2345678".parse::<Quantity>().is_err());
        assert!(serde_json::from_str::<Quantity>("1.5").is_err());
    }
}
