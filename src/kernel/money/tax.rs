//! Net, tax and gross of one amount.

use serde::{Deserialize, Serialize};

use super::rate::round_into;
use super::{Money, MoneyError, Rate};

/// An amount with its tax. `net + tax = gross` holds to the last minor unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taxed {
    /// Without tax (不含税).
    pub net: Money,
    /// The tax (税额).
    pub tax: Money,
    /// With tax (含税, 价税合计).
    pub gross: Money,
    /// The rate on the net amount.
    pub rate: Rate,
}

impl Taxed {
    /// From the price with tax: the net is rounded, the tax is what remains.
    pub fn from_gross(gross: Money, rate: Rate) -> Result<Self, MoneyError> {
        let divisor = i128::from(rate.millionths()) + 1_000_000;
        if divisor <= 0 {
            return Err(MoneyError::ImpossibleRate);
        }
        let exact = gross.amount.ten_thousandths() * 1_000_000;
        let net = round_into(exact, divisor, gross.currency)?;
        Ok(Self { net, tax: gross.minus(net)?, gross, rate })
    }

    /// From the price without tax: the tax is rounded, the gross is the sum.
    pub fn from_net(net: Money, rate: Rate) -> Result<Self, MoneyError> {
        let tax = rate.share_of(net)?;
        Ok(Self { net, tax, gross: net.plus(tax)?, rate })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Amount, Currency};
    use super::*;
    use proptest::prelude::*;

    fn cny(text: &str) -> Money {
        Money::parse(text, Currency::CNY).unwrap()
    }

    #[test]
    fn the_tax_in_a_price_is_what_the_rounded_net_leaves() {
        let taxed = Taxed::from_gross(cny("100"), Rate::percent(13)).unwrap();
        assert_eq!((taxed.net, taxed.tax), (cny("88.50"), cny("11.50")));
        let taxed = Taxed::from_gross(cny("1280000"), Rate::percent(6)).unwrap();
        assert_eq!((taxed.net, taxed.tax), (cny("1207547.17"), cny("72452.83")));
    }

    #[test]
    fn the_tax_on_a_net_price_is_rounded() {
        let taxed = Taxed::from_net(cny("99.99"), Rate::percent(13)).unwrap();
        assert_eq!((taxed.tax, taxed.gross), (cny("13.00"), cny("112.99")));
    }

    #[test]
    fn without_a_rate_everything_is_net() {
        let taxed = Taxed::from_gross(cny("100"), Rate::ZERO).unwrap();
        assert_eq!((taxed.net, taxed.tax), (cny("100"), cny("0")));
    }

    #[test]
    fn a_rate_of_minus_one_hundred_per_cent_has_no_net() {
        assert_eq!(Taxed::from_gross(cny("100"), Rate::percent(-100)), Err(MoneyError::ImpossibleRate));
    }

    proptest! {
        #[test]
        fn net_and_tax_add_up(fen in -1_000_000_000_000_i64..1_000_000_000_000, rate in 0_i64..1_000_000) {
            let money = Money::new(Amount::from_stored(fen * 100), Currency::CNY);
            for taxed in [Taxed::from_gross(money, Rate::from_millionths(rate)), Taxed::from_net(money, Rate::from_millionths(rate))] {
                let taxed = taxed.unwrap();
                prop_assert_eq!(taxed.net.plus(taxed.tax).unwrap(), taxed.gross);
                prop_assert_eq!(taxed.net.rounded(), taxed.net);
            }
        }
    }
}
