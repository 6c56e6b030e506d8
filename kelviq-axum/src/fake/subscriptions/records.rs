//! The states of all subscriptions.

use std::{collections::HashSet, time::SystemTime};

use super::subscription::Subscription;

/// The states of all subscriptions, oldest first. Each change adds a state.
#[derive(Default)]
pub(crate) struct Subscriptions {
    states: Vec<Subscription>,
}

impl Subscriptions {
    pub(crate) fn add(&mut self, subscription: Subscription) {
        self.states.push(subscription);
    }

    /// Returns a subscription in its latest state.
    pub(crate) fn get(&self, id: &str) -> Option<&Subscription> {
        let mut states = self.states.iter().rev();
        states.find(|subscription| subscription.id == id)
    }

    /// Changes a subscription, and returns the states before and after the change. `None` if there is no such
    /// subscription.
    pub(crate) fn change(
        &mut self,
        id: &str,
        change: impl FnOnce(&mut Subscription),
    ) -> Option<(&Subscription, &Subscription)> {
        let position = self.states.iter().rposition(|state| state.id == id)?;
        let mut after = self.states[position].clone();
        change(&mut after);
        after.modified = SystemTime::now();
        self.states.push(after);
        Some((&self.states[position], self.states.last()?))
    }

    /// Returns every state, newest first.
    pub(crate) fn states(&self) -> impl DoubleEndedIterator<Item = &Subscription> {
        self.states.iter().rev()
    }

    /// Returns each subscription in its latest state, newest first.
    pub(crate) fn latest(&self) -> impl DoubleEndedIterator<Item = &Subscription> {
        let mut seen = HashSet::new();
        let latest = self.states().filter(|state| seen.insert(&state.id));
        latest.collect::<Vec<_>>().into_iter()
    }
}
