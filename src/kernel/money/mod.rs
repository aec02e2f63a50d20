//! Money: exact, with its currency, never a float.
//!
//! Rounding is half away from zero to the currency's minor unit, once, at the end of a computation.

mod amount;
mod currency;
mod format;
mod parse;
mod rate;
mod share;
mod tax;
mod words;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use amount::Amount;
pub use currency::Currency;
pub use rate::{Quantity, Rate, UnitPrice};
pub use tax::Taxed;
pub use words::{in_words, rmb_in_words};

/// An amount in a currency. There is no order between moneys: `compare` answers only within one currency.
///
/// JSON, also the hashed form: `{"amount":"1280000.0000","currency":"CNY"}`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Money {
    /// How much.
    #[schema(value_type = String, example = "1280000.0000")]
    pub amount: Amount,
    /// Of what.
    #[schema(value_type = String, example = "CNY")]
    pub currency: Currency,
}

/// What can be wrong with money.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Nothing was written.
    #[error("an amount is missing")]
    Empty,
    /// The text is no number.
    #[error("{text:?} is not an amount, from {rest:?} on")]
    NotANumber {
        /// What was written.
        text: String,
        /// Where it stops making sense, to the end.
        rest: String,
    },
    /// Separators do not stand every three digits.
    #[error("the separators in {text:?} do not stand every three digits")]
    MisplacedSeparator {
        /// What was written.
        text: String,
    },
    /// Finer than what can be paid or kept.
    #[error("{text:?} has more than {allowed} decimals")]
    TooManyDecimals {
        /// What was written.
        text: String,
        /// Decimals that are allowed here.
        allowed: u8,
    },
    /// Beyond ±10^20.
    #[error("the amount is beyond 100,000,000,000,000,000,000")]
    TooLarge,
    /// Beyond what the database keeps.
    #[error("the amount is beyond 900,000,000,000,000")]
    TooLargeToStore,
    /// No code of ISO 4217.
    #[error("{code:?} is not a currency of ISO 4217")]
    UnknownCurrency {
        /// The code.
        code: String,
    },
    /// Two currencies where one is needed.
    #[error("{found} where {expected} is expected")]
    OtherCurrency {
        /// The currency that is needed.
        expected: Currency,
        /// The currency that came.
        found: Currency,
    },
    /// A tax rate of -100 % or less, which leaves no net.
    #[error("a rate of -100 % or less has no net amount")]
    ImpossibleRate,
    /// Shares that cannot divide anything: none, all zero, or too large.
    #[error("the shares add up to nothing that divides")]
    NoShares,
}

impl Money {
    /// That amount of that currency.
    pub const fn new(amount: Amount, currency: Currency) -> Self {
        Self { amount, currency }
    }

    /// Nothing, in that currency.
    pub const fn zero(currency: Currency) -> Self {
        Self { amount: Amount::ZERO, currency }
    }

    /// Reads what a person wrote into a field of `currency`. A sign or code of another currency, and more decimals than the
    /// minor unit has, are errors.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let (found, amount) = parse::with_currency(text)?;
        match found {
            Some(found) if !found.can_be(currency) => {
                return Err(MoneyError::OtherCurrency { expected: currency, found: found.currency() });
            }
            _ => {}
        }
        if amount.fits(currency.decimals()) {
            Ok(Self { amount, currency })
        } else {
            Err(MoneyError::TooManyDecimals { text: text.trim().to_owned(), allowed: currency.decimals() })
        }
    }

    /// The sum; both must have one currency.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        Ok(Self { amount: self.amount.plus(other.amount)?, ..self })
    }

    /// The difference; both must have one currency.
    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        Ok(Self { amount: self.amount.minus(other.amount)?, ..self })
    }

    /// The sum of all, which must have that currency; nothing when there are none.
    pub fn sum(moneys: impl IntoIterator<Item = Self>, currency: Currency) -> Result<Self, MoneyError> {
        moneys.into_iter().try_fold(Self::zero(currency), Self::plus)
    }

    /// Which of the two is more; both must have one currency.
    pub fn compare(self, other: Self) -> Result<std::cmp::Ordering, MoneyError> {
        self.same_currency(other)?;
        Ok(self.amount.cmp(&other.amount))
    }

    /// Rounded half away from zero to the currency's minor unit.
    #[must_use]
    pub fn rounded(self) -> Self {
        Self { amount: self.amount.rounded(self.currency.decimals()), ..self }
    }

    fn same_currency(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(MoneyError::OtherCurrency { expected: self.currency, found: other.currency })
        }
    }
}

impl std::ops::Neg for Money {
    type Output = Self;

    fn neg(self) -> Self {
        Self { amount: -self.amount, ..self }
    }
}

/// As people read it: `¥1,280,000.00`, `USD 1,280,000.00`, `JPY 1,280,000`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format::money(*self))
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.currency, self.amount.plain())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cny(text: &str) -> Money {
        Money::parse(text, Currency::CNY).unwrap()
    }

    fn usd() -> Currency {
        Currency::from_code("USD").unwrap()
    }

    #[test]
    fn two_currencies_neither_add_nor_compare() {
        let other = MoneyError::OtherCurrency { expected: Currency::CNY, found: usd() };
        assert_eq!(cny("1").plus(Money::zero(usd())), Err(other.clone()));
        assert_eq!(cny("1").minus(Money::zero(usd())), Err(other.clone()));
        assert_eq!(cny("1").compare(Money::zero(usd())), Err(other.clone()));
        assert_eq!(Money::sum([Money::zero(usd())], Currency::CNY), Err(other));
    }

    #[test]
    fn a_field_takes_only_its_own_currency_and_minor_unit() {
        let yen = Currency::from_code("JPY").unwrap();
        assert_eq!(Money::parse("USD 100", usd()).unwrap().amount, Amount::from_units(100));
        assert_eq!(Money::parse("¥100", yen).unwrap().amount, Amount::from_units(100));
        assert!(matches!(Money::parse("¥100", usd()), Err(MoneyError::OtherCurrency { .. })));
        assert!(matches!(Money::parse("USD 100", Currency::CNY), Err(MoneyError::OtherCurrency { .. })));
        assert!(matches!(Money::parse("0.5", yen), Err(MoneyError::TooManyDecimals { allowed: 0, .. })));
        assert!(matches!(Money::parse("0.505", Currency::CNY), Err(MoneyError::TooManyDecimals { allowed: 2, .. })));
        assert_eq!(cny("0.500"), cny("0.5"));
    }

    #[test]
    fn json_is_the_hashed_form() {
        let bytes = crate::kernel::hash::canonical_json(&cny("1280000")).unwrap();
        assert_eq!(String::from_utf8(bytes).unwrap(), r#"{"amount":"1280000.0000","currency":"CNY"}"#);
    }

    #[test]
    fn rounding_follows_the_minor_unit() {
        for (code, exact, rounded) in [("JPY", "0.5", "1"), ("KWD", "0.0005", "0.001"), ("CLF", "0.0005", "0.0005")] {
            let currency = Currency::from_code(code).unwrap();
            let money = Money::new(Amount::parse(exact).unwrap(), currency).rounded();
            assert_eq!(money.amount, Amount::parse(rounded).unwrap(), "{code}");
        }
    }
}
