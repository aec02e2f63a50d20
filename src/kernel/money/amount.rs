//! [`Amount`]: a number of money, exact to a ten-thousandth, without its currency.

use std::fmt;
use std::ops::Neg;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{MoneyError, parse};

/// How many ten-thousandths make one.
pub(super) const SCALE: i128 = 10_000;

/// Ten-thousandths of a unit of money: every minor unit of ISO 4217 fits. Within ±10^20 units, always.
///
/// Plain text and JSON have all four digits: `1280000.0000`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Amount(i128);

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The largest amount that can be computed with and written in words: 10^20.
    pub const MAX: Self = Self(1_000_000_000_000_000_000_000_000);
    /// The largest amount that a database keeps: 900,000,000,000,000. It leaves room for sums in 64 bits.
    pub const MAX_STORED: Self = Self(9_000_000_000_000_000_000);

    /// An amount of so many ten-thousandths.
    pub fn from_ten_thousandths(count: i128) -> Result<Self, MoneyError> {
        if count.unsigned_abs() > Self::MAX.0.unsigned_abs() { Err(MoneyError::TooLarge) } else { Ok(Self(count)) }
    }

    /// An amount of so many whole units.
    pub const fn from_units(units: i64) -> Self {
        Self(units as i128 * SCALE)
    }

    /// Reads the database's ten-thousandths.
    pub const fn from_stored(count: i64) -> Self {
        Self(count as i128)
    }

    /// What the database keeps, or an error when it is beyond [`Amount::MAX_STORED`].
    pub fn to_stored(self) -> Result<i64, MoneyError> {
        if self.abs() > Self::MAX_STORED {
            return Err(MoneyError::TooLargeToStore);
        }
        i64::try_from(self.0).map_err(|_| MoneyError::TooLargeToStore)
    }

    /// Its ten-thousandths.
    pub const fn ten_thousandths(self) -> i128 {
        self.0
    }

    /// Reads what a person wrote: `1280000`, `100,000.50`, `100万`, `1.28亿`, `￥１００`, exactly, never through a float.
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        parse::amount(text)
    }

    /// Reads the plain form of JSON and files: a sign, digits, at most four decimals, nothing else.
    pub fn parse_plain(text: &str) -> Result<Self, MoneyError> {
        parse::plain(text)
    }

    /// The plain form: `1280000.0000`.
    pub fn plain(self) -> String {
        let count = self.0.unsigned_abs();
        let scale = SCALE.unsigned_abs();
        format!("{}{}.{:04}", if self.0 < 0 { "-" } else { "" }, count / scale, count % scale)
    }

    /// The sum.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        Self::from_ten_thousandths(self.0 + other.0)
    }

    /// The difference.
    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        Self::from_ten_thousandths(self.0 - other.0)
    }

    /// So many times as much.
    pub fn times(self, factor: i64) -> Result<Self, MoneyError> {
        self.0.checked_mul(factor.into()).ok_or(MoneyError::TooLarge).and_then(Self::from_ten_thousandths)
    }

    /// The sum of all.
    pub fn sum(amounts: impl IntoIterator<Item = Self>) -> Result<Self, MoneyError> {
        amounts.into_iter().try_fold(Self::ZERO, Self::plus)
    }

    /// Without its sign.
    #[must_use]
    pub const fn abs(self) -> Self {
        Self(self.0.abs())
    }

    /// Below zero.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Neither above nor below zero.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Rounded half away from zero to so many decimals (four at most).
    #[must_use]
    pub fn rounded(self, decimals: u8) -> Self {
        let grain = grain(decimals);
        Self(divide_rounded(self.0, grain) * grain)
    }

    /// Whether so many decimals are enough to write it.
    pub fn fits(self, decimals: u8) -> bool {
        self.0 % grain(decimals) == 0
    }
}

/// The ten-thousandths in the smallest step of so many decimals.
pub(super) fn grain(decimals: u8) -> i128 {
    10_i128.pow(4 - u32::from(decimals.min(4)))
}

/// `dividend / divisor`, half away from zero; `divisor` is positive.
pub(super) fn divide_rounded(dividend: i128, divisor: i128) -> i128 {
    let (quotient, rest) = (dividend / divisor, dividend % divisor);
    if rest.abs() >= divisor - rest.abs() { quotient + dividend.signum() } else { quotient }
}

impl Neg for Amount {
    type Output = Self;

    fn neg(self) -> Self {
        Self(-self.0)
    }
}

/// As people write it, with separators and at least two decimals: `1,280,000.00`.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&super::format::grouped(*self, 2))
    }
}

impl fmt::Debug for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Amount({})", self.plain())
    }
}

impl FromStr for Amount {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        Self::parse_plain(text)
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.plain())
    }
}

/// From a string only: a JSON number has been through a float somewhere.
impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse_plain(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn amount(text: &str) -> Amount {
        Amount::parse_plain(text).unwrap()
    }

    #[test]
    fn a_tenth_and_two_tenths_are_three_tenths() {
        assert_eq!(amount("0.1").plus(amount("0.2")).unwrap(), amount("0.3"));
    }

    #[test]
    fn large_amounts_come_back_unchanged() {
        for text in ["999999999.9900", "9876543298765432.0000", "-0.0001", "100000000000000000000.0000"] {
            assert_eq!(amount(text).plain(), text);
        }
    }

    #[test]
    fn halves_are_rounded_away_from_zero() {
        for (exact, rounded) in
            [("0.005", "0.01"), ("-0.005", "-0.01"), ("0.0049", "0"), ("2.675", "2.68"), ("-1.2349", "-1.23")]
        {
            assert_eq!(amount(exact).rounded(2), amount(rounded), "{exact}");
        }
    }

    #[test]
    fn storing_ends_at_nine_hundred_trillion() {
        assert_eq!(Amount::MAX_STORED.to_stored(), Ok(9_000_000_000_000_000_000));
        assert_eq!((-Amount::MAX_STORED).to_stored(), Ok(-9_000_000_000_000_000_000));
        assert_eq!(amount("900000000000000.0001").to_stored(), Err(MoneyError::TooLargeToStore));
    }

    #[test]
    fn arithmetic_ends_at_ten_to_the_twentieth() {
        assert_eq!(Amount::MAX.plus(amount("0.0001")), Err(MoneyError::TooLarge));
        assert_eq!((-Amount::MAX).minus(amount("0.0001")), Err(MoneyError::TooLarge));
        assert_eq!(Amount::MAX.times(i64::MAX), Err(MoneyError::TooLarge));
    }

    #[test]
    fn json_is_a_string_with_four_decimals_and_a_number_is_refused() {
        assert_eq!(serde_json::to_string(&amount("1280000")).unwrap(), "\"1280000.0000\"");
        assert_eq!(serde_json::from_str::<Amount>("\"0.5\"").unwrap(), amount("0.5"));
        assert!(serde_json::from_str::<Amount>("0.5").is_err());
    }

    proptest! {
        #[test]
        fn the_plain_form_reads_back(count in -1_000_000_000_000_000_000_000_000_i128..=1_000_000_000_000_000_000_000_000) {
            let amount = Amount::from_ten_thousandths(count).unwrap();
            prop_assert_eq!(Amount::parse_plain(&amount.plain()), Ok(amount));
            prop_assert_eq!(Amount::parse(&amount.to_string()), Ok(amount));
        }

        #[test]
        fn rounding_moves_by_half_a_step_at_most(count in any::<i64>(), decimals in 0_u8..=4) {
            let exact = Amount::from_stored(count);
            let moved = exact.minus(exact.rounded(decimals)).unwrap().abs().ten_thousandths();
            prop_assert!(moved * 2 <= grain(decimals));
            prop_assert!(exact.rounded(decimals).fits(decimals));
        }
    }
}
