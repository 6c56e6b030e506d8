//! The numbers of forms with one name.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// The number of forms for each name on the page of a request. Clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct FormNumbers(Arc<Mutex<HashMap<String, usize>>>);

impl FormNumbers {
    /// Returns the number of the next form with a name, from 1 on.
    pub(super) fn next(&self, name: &str) -> usize {
        // Nothing panics while the mutex is locked.
        let mut numbers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let number = numbers.entry(name.to_owned()).or_default();
        *number += 1;
        *number
    }
}
