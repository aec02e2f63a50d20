//! 疑似拆分: several records that together reach a band which none of them reaches alone.

use crate::kernel::{Amount, MoneyError};

/// The highest of `limits` that `own` stays below and reaches together with `others`.
pub fn reached_together(limits: &[Amount], own: Amount, others: &[Amount]) -> Result<Option<Amount>, MoneyError> {
    let together = others.iter().try_fold(own, |sum, other| sum.plus(*other))?;
    Ok(limits.iter().copied().filter(|limit| own < *limit && *limit <= together).max())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reached(own: i64, others: &[i64]) -> Option<Amount> {
        let amounts: Vec<Amount> = others.iter().copied().map(Amount::from_units).collect();
        let limits = [100_000, 1_000_000].map(Amount::from_units);
        reached_together(&limits, Amount::from_units(own), &amounts).unwrap()
    }

    #[test]
    fn two_below_a_limit_that_reach_it_together_are_seen() {
        assert_eq!(reached(60_000, &[40_000]), Some(Amount::from_units(100_000)));
    }

    #[test]
    fn one_that_reaches_the_limit_alone_hides_nothing() {
        assert_eq!(reached(100_000, &[50_000]), None);
    }

    #[test]
    fn the_highest_limit_is_told() {
        assert_eq!(reached(60_000, &[940_000]), Some(Amount::from_units(1_000_000)));
    }

    #[test]
    fn together_below_every_limit_is_nothing() {
        assert_eq!(reached(40_000, &[59_999]), None);
    }
}
