//! Dividing money into shares that add up to it.

use super::amount::grain;
use super::{Amount, Money, MoneyError};

impl Money {
    /// Divides it in the proportion of `weights`, each share in whole minor units; the shares add up to it exactly.
    ///
    /// The remainder rule is the largest remainder: each share is first cut to its minor unit, and the units left over go one
    /// each to the shares that lost most by the cut, the earlier one first among equals. What is finer than the minor unit in
    /// the whole itself goes to the last share with a weight.
    pub fn allocate(self, weights: &[u64]) -> Result<Vec<Self>, MoneyError> {
        let sum: u128 = weights.iter().map(|&weight| u128::from(weight)).sum();
        let sum = i128::try_from(sum).ok().filter(|sum| (1..=i128::from(i64::MAX)).contains(sum));
        let sum = sum.ok_or(MoneyError::NoShares)?;
        let grain = grain(self.currency.decimals());
        let whole = self.amount.ten_thousandths();
        let units = whole / grain;

        let mut shares = Vec::with_capacity(weights.len());
        let mut lost = Vec::with_capacity(weights.len());
        for (place, &weight) in weights.iter().enumerate() {
            // units * weight / sum without leaving 128 bits.
            let weight = i128::from(weight);
            let rest = units % sum * weight;
            shares.push(units / sum * weight + rest / sum);
            lost.push((std::cmp::Reverse((rest % sum).abs()), place));
        }
        let left = units - shares.iter().sum::<i128>();
        lost.sort_unstable();
        for &(_, place) in lost.iter().take(usize::try_from(left.unsigned_abs()).unwrap_or(0)) {
            shares[place] += left.signum();
        }

        let mut shares: Vec<i128> = shares.into_iter().map(|units| units * grain).collect();
        if let Some(last) = weights.iter().rposition(|&weight| weight > 0) {
            shares[last] += whole % grain;
        }
        shares
            .into_iter()
            .map(|count| Ok(Self { amount: Amount::from_ten_thousandths(count)?, currency: self.currency }))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Currency;
    use super::*;
    use proptest::prelude::*;

    fn shares(text: &str, weights: &[u64]) -> Vec<String> {
        let money = Money::new(Amount::parse(text).unwrap(), Currency::CNY);
        money.allocate(weights).unwrap().iter().map(|share| share.amount.to_string()).collect()
    }

    #[test]
    fn units_left_over_go_to_those_who_lost_most() {
        assert_eq!(shares("100", &[1, 1, 1]), ["33.34", "33.33", "33.33"]);
        assert_eq!(shares("10000.01", &[30, 40, 30]), ["3,000.00", "4,000.01", "3,000.00"]);
        assert_eq!(shares("0.05", &[3, 7]), ["0.02", "0.03"]);
        assert_eq!(shares("-100", &[1, 1, 1]), ["-33.34", "-33.33", "-33.33"]);
    }

    #[test]
    fn what_is_finer_than_a_fen_goes_to_the_last_share() {
        assert_eq!(shares("1.0001", &[1, 1, 0]), ["0.50", "0.5001", "0.00"]);
    }

    #[test]
    fn shares_without_weight_cannot_divide() {
        let money = Money::zero(Currency::CNY);
        assert_eq!(money.allocate(&[]), Err(MoneyError::NoShares));
        assert_eq!(money.allocate(&[0, 0]), Err(MoneyError::NoShares));
        assert_eq!(money.allocate(&[u64::MAX]), Err(MoneyError::NoShares));
    }

    proptest! {
        #[test]
        fn shares_add_up_and_differ_by_less_than_a_unit(
            count in any::<i64>(),
            weights in proptest::collection::vec(0_u64..1_000_000_000_000, 1..12),
        ) {
            prop_assume!(weights.iter().any(|&weight| weight > 0));
            let money = Money::new(Amount::from_stored(count), Currency::CNY).rounded();
            let shares = money.allocate(&weights).unwrap();
            prop_assert_eq!(Money::sum(shares.iter().copied(), Currency::CNY).unwrap(), money);
            let sum: i128 = weights.iter().map(|&weight| i128::from(weight)).sum();
            for (share, &weight) in shares.iter().zip(&weights) {
                let off = share.amount.ten_thousandths() * sum - money.amount.ten_thousandths() * i128::from(weight);
                prop_assert!(off.abs() < 100 * sum);
            }
        }
    }
}
