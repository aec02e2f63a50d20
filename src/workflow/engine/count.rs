//! Counting votes.

use super::super::{Choice, CountRule};

/// What the votes so far make certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It has passed, whatever the others say.
    Passes,
    /// It can no longer pass.
    Fails,
    /// It depends on votes that are not given.
    Open,
}

/// What is certain, from the weight of each vote and what was given. An abstention counts in the entries, not in the approvals.
pub(super) fn outcome(rule: &CountRule, weights: &[u32], given: &[Option<Choice>]) -> Outcome {
    let weigh = |index: usize| match rule {
        CountRule::Weighted { .. } => u64::from(weights.get(index).copied().unwrap_or(0)),
        _ => 1,
    };
    let sum = |wanted: fn(&Option<Choice>) -> bool| -> u64 {
        given.iter().enumerate().filter(|(_, choice)| wanted(choice)).map(|(index, _)| weigh(index)).sum()
    };
    let approvals = sum(|choice| *choice == Some(Choice::Approve));
    let at_most = approvals + sum(Option::is_none);
    let entries = given.len() as u64;
    let enough = |approvals: u64| match rule {
        CountRule::All | CountRule::InOrder => approvals >= entries,
        CountRule::Any => approvals >= 1,
        CountRule::Ratio { percent } => approvals * 100 >= u64::from(*percent) * entries,
        CountRule::Count { approvals: needed } => approvals >= u64::from(*needed),
        CountRule::Weighted { pass } => approvals >= u64::from(*pass),
    };
    match (enough(approvals), enough(at_most)) {
        (true, _) => Outcome::Passes,
        (false, true) => Outcome::Open,
        (false, false) => Outcome::Fails,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const YES: Option<Choice> = Some(Choice::Approve);
    const NO: Option<Choice> = Some(Choice::Reject);
    const ABSTAINED: Option<Choice> = Some(Choice::Abstain);

    fn of(rule: &CountRule, given: &[Option<Choice>]) -> Outcome {
        outcome(rule, &vec![1; given.len()], given)
    }

    #[test]
    fn all_fails_at_the_first_vote_that_is_no_approval() {
        assert_eq!(of(&CountRule::All, &[YES, None]), Outcome::Open);
        assert_eq!(of(&CountRule::All, &[YES, YES]), Outcome::Passes);
        assert_eq!(of(&CountRule::All, &[NO, None]), Outcome::Fails);
        assert_eq!(of(&CountRule::All, &[ABSTAINED, None]), Outcome::Fails);
    }

    #[test]
    fn any_fails_only_when_nobody_is_left() {
        assert_eq!(of(&CountRule::Any, &[NO, None]), Outcome::Open);
        assert_eq!(of(&CountRule::Any, &[NO, YES]), Outcome::Passes);
        assert_eq!(of(&CountRule::Any, &[NO, ABSTAINED]), Outcome::Fails);
    }

    #[test]
    fn a_ratio_counts_abstentions_in_the_entries() {
        let two_thirds = CountRule::Ratio { percent: 66 };
        assert_eq!(of(&two_thirds, &[YES, YES, None]), Outcome::Passes);
        assert_eq!(of(&two_thirds, &[YES, NO, None]), Outcome::Open);
        assert_eq!(of(&two_thirds, &[YES, ABSTAINED, NO]), Outcome::Fails);
        assert_eq!(of(&two_thirds, &[ABSTAINED, NO, None]), Outcome::Fails);
    }

    #[test]
    fn a_count_stops_as_soon_as_it_is_certain() {
        let two = CountRule::Count { approvals: 2 };
        assert_eq!(of(&two, &[YES, YES, None, None]), Outcome::Passes);
        assert_eq!(of(&two, &[NO, NO, None, YES]), Outcome::Open);
        assert_eq!(of(&two, &[NO, NO, NO, YES]), Outcome::Fails);
    }

    #[test]
    fn weights_count_only_where_the_rule_says_so() {
        let pass = CountRule::Weighted { pass: 3 };
        assert_eq!(outcome(&pass, &[3, 1, 1], &[YES, None, None]), Outcome::Passes);
        assert_eq!(outcome(&pass, &[3, 1, 1], &[NO, None, None]), Outcome::Fails);
        assert_eq!(outcome(&CountRule::Any, &[0, 0], &[None, YES]), Outcome::Passes);
    }
}
