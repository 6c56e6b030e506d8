//! Counters by name.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

/// Counters by name. Unknown names are 0.
#[derive(Default)]
pub(crate) struct Tally(Mutex<BTreeMap<String, u64>>);

impl Tally {
    pub(crate) fn add(&self, name: impl Into<String>) {
        *self.lock().entry(name.into()).or_default() += 1;
    }

    pub(crate) fn get(&self, name: &str) -> u64 {
        self.lock().get(name).copied().unwrap_or_default()
    }

    pub(crate) fn sum(&self) -> u64 {
        self.lock().values().sum()
    }

    /// Returns all counters, the largest first.
    pub(crate) fn all(&self) -> Vec<(String, u64)> {
        let mut all: Vec<_> = self.lock().clone().into_iter().collect();
        all.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        all
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, u64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
