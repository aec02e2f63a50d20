//! A small memory of what was worked out lately.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

/// Values by a key that tells them apart for ever, so that whoever finds one need not ask whether it is still right. At most twice
/// `young` are kept: what is used stays young; when the young are too many, the old go and the young are the old.
pub struct Recent<K, V> {
    young: usize,
    generations: Mutex<(HashMap<K, V>, HashMap<K, V>)>,
}

impl<K: Hash + Eq + Clone, V: Clone> Recent<K, V> {
    /// An empty one.
    pub fn new(young: usize) -> Self {
        Self { young, generations: Mutex::default() }
    }

    /// What is known under a key.
    pub fn find(&self, key: &K) -> Option<V> {
        let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        let (young, old) = &mut *generations;
        if let Some(known) = young.get(key) {
            return Some(known.clone());
        }
        let (key, known) = old.remove_entry(key)?;
        put(&mut generations, self.young, key, known.clone());
        Some(known)
    }

    /// Remembers a value.
    pub fn put(&self, key: K, value: V) {
        let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        put(&mut generations, self.young, key, value);
    }

    /// Remembers a value in the place of another, which is hardly asked for again.
    pub fn replace(&self, before: &K, key: K, value: V) {
        let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        generations.0.remove(before);
        put(&mut generations, self.young, key, value);
    }
}

fn put<K: Hash + Eq, V>((young, old): &mut (HashMap<K, V>, HashMap<K, V>), most: usize, key: K, value: V) {
    if young.len() >= most {
        *old = std::mem::take(young);
    }
    young.insert(key, value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_stays_and_what_is_not_goes() {
        let recent = Recent::new(8);
        recent.put(1, "used");
        recent.put(2, "unused");
        for number in 3..24 {
            recent.put(number, "other");
            assert_eq!(recent.find(&1), Some("used"));
        }
        assert_eq!(recent.find(&2), None);
    }

    #[test]
    fn what_takes_the_place_of_another_is_found_instead_of_it() {
        let recent = Recent::new(8);
        recent.put(1, "before");
        recent.replace(&1, 2, "after");
        assert_eq!((recent.find(&1), recent.find(&2)), (None, Some("after")));
    }
}
