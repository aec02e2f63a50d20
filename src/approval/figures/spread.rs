//! How times are spread.

use serde::Serialize;
use utoipa::ToSchema;

/// Times in minutes.
///
/// Percentiles are those of the nearest rank: of `n` times in rising order the median is the ⌈n/2⌉-th and the 90th percentile the
/// ⌈0.9 n⌉-th, so that each is a time that was really taken. All are 0 where there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Spread {
    /// How many.
    pub count: u64,
    /// Half of them took no longer.
    pub median: u64,
    /// Nine out of ten took no longer.
    pub ninetieth: u64,
    /// All together.
    pub total: u64,
}

impl Spread {
    /// Of these times, in any order.
    pub fn of(mut times: Vec<u32>) -> Self {
        times.sort_unstable();
        let rank = |tenths: usize| {
            let place = (times.len() * tenths).div_ceil(10).saturating_sub(1);
            times.get(place).copied().map_or(0, u64::from)
        };
        Self {
            count: u64::try_from(times.len()).unwrap_or(u64::MAX),
            median: rank(5),
            ninetieth: rank(9),
            total: times.iter().copied().map(u64::from).sum(),
        }
    }
}

/// So many of `whole` in per cent, to the nearest; nothing of nothing.
pub fn percent(part: u64, whole: u64) -> Option<u32> {
    let share = (part.saturating_mul(100).saturating_add(whole / 2)).checked_div(whole)?;
    u32::try_from(share).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_a_time_that_was_taken() {
        let of = |times: &[u32]| Spread::of(times.to_vec());
        assert_eq!(of(&[]), Spread::default());
        assert_eq!(of(&[7]), Spread { count: 1, median: 7, ninetieth: 7, total: 7 });
        assert_eq!(of(&[40, 10]), Spread { count: 2, median: 10, ninetieth: 40, total: 50 });
        let ten: Vec<u32> = (1..=10).rev().collect();
        assert_eq!(of(&ten), Spread { count: 10, median: 5, ninetieth: 9, total: 55 });
        let eleven: Vec<u32> = (1..=11).collect();
        assert_eq!(of(&eleven), Spread { count: 11, median: 6, ninetieth: 10, total: 66 });
    }

    #[test]
    fn a_share_is_rounded_to_the_nearest_and_nothing_of_nothing() {
        assert_eq!((percent(1, 3), percent(2, 3), percent(1, 2)), (Some(33), Some(67), Some(50)));
        assert_eq!((percent(0, 5), percent(3, 0)), (Some(0), None));
    }
}
