//! Counters by name.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use crate::{expected::Rule, outages::Down};

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

/// Counters of observations. Those that no rule expects are also counted as unexpected.
pub(crate) struct Observations {
    rules: &'static [Rule],
    all: Tally,
    unexpected: Tally,
}

impl Observations {
    pub(crate) fn new(rules: &'static [Rule]) -> Self {
        Self {
            rules,
            all: Tally::default(),
            unexpected: Tally::default(),
        }
    }

    /// Counts what can happen without an outage.
    pub(crate) fn add(&self, name: impl Into<String>) {
        self.add_during(Down::default(), name);
    }

    /// Counts what was observed while, or shortly after, these parts were down.
    pub(crate) fn add_during(&self, down: Down, name: impl Into<String>) {
        let name = name.into();
        match self.rules.iter().find(|rule| name.contains(rule.text)) {
            None => self.unexpected.add(&*name),
            Some(rule) if rule.is_expected(down) => {}
            Some(_) => self.unexpected.add(format!("{name}, without an outage")),
        }
        self.all.add(name);
    }

    pub(crate) fn get(&self, name: &str) -> u64 {
        self.all.get(name)
    }

    pub(crate) fn sum(&self) -> u64 {
        self.all.sum()
    }

    /// Returns all counters, the largest first.
    pub(crate) fn all(&self) -> Vec<(String, u64)> {
        self.all.all()
    }

    /// Returns the counters of what was not expected, the largest first.
    pub(crate) fn unexpected(&self) -> Vec<(String, u64)> {
        self.unexpected.all()
    }
}
