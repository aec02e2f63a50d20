//! States that were worked out lately, so that the next command on the same case need not read them again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::store::cases::StoredCase;
use crate::db::{Conn, DbError};
use crate::kernel::Hash;
use crate::workflow::Case;

/// So many states are young at most; as many are old.
const YOUNG: usize = 256;

/// States by the head of their chain, which is the hash of all that led to them: whoever finds one needs not ask whether it is
/// still the right one.
#[derive(Default)]
pub(super) struct Recent(Mutex<Generations>);

/// What is used stays young; when the young are too many, the old go and the young are the old.
#[derive(Default)]
struct Generations {
    young: HashMap<Hash, Arc<Case>>,
    old: HashMap<Hash, Arc<Case>>,
}

impl Generations {
    fn find(&mut self, head: Hash) -> Option<Arc<Case>> {
        if let Some(known) = self.young.get(&head) {
            return Some(Arc::clone(known));
        }
        let known = self.old.remove(&head)?;
        self.put(head, Arc::clone(&known));
        Some(known)
    }

    fn put(&mut self, head: Hash, state: Arc<Case>) {
        if self.young.len() >= YOUNG {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(head, state);
    }
}

impl Recent {
    /// Where a case stands.
    pub(super) async fn state(&self, c: &mut Conn<'_>, case: &StoredCase) -> Result<Arc<Case>, DbError> {
        if let Some(known) = self.states(|states| states.find(case.head)) {
            return Ok(known);
        }
        let state = Arc::new(case.state(c).await?);
        self.states(|states| states.put(case.head, Arc::clone(&state)));
        Ok(state)
    }

    /// The state that comes after the one with head `before`.
    pub(super) fn put(&self, before: Hash, head: Hash, state: Case) {
        self.states(|states| {
            states.young.remove(&before);
            states.put(head, Arc::new(state));
        });
    }

    fn states<T>(&self, act: impl FnOnce(&mut Generations) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(seq: u64) -> Case {
        Case { seq, ..Case::default() }
    }

    fn head(number: usize) -> Hash {
        Hash::of(&number.to_le_bytes())
    }

    #[test]
    fn what_is_used_stays_and_what_is_not_goes() {
        let recent = Recent::default();
        recent.put(head(0), head(1), case(1));
        recent.put(head(0), head(2), case(2));
        for number in 3..YOUNG * 3 {
            recent.put(head(0), head(number), case(3));
            assert!(recent.states(|states| states.find(head(1))).is_some());
        }
        assert!(recent.states(|states| states.find(head(2))).is_none());
    }

    #[test]
    fn the_next_state_takes_the_place_of_the_one_before() {
        let recent = Recent::default();
        recent.put(head(0), head(1), case(1));
        recent.put(head(1), head(2), case(2));
        assert!(recent.states(|states| states.find(head(1))).is_none());
        assert_eq!(recent.states(|states| states.find(head(2))).unwrap().seq, 2);
    }
}
