//! The numbers of forms with one name.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use leptos::{prelude::use_context, reactive::computed::suspense::SuspenseContext};

/// The forms on the page of a request. Clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct FormNumbers(Arc<Mutex<Numbers>>);

#[derive(Debug, Default)]
struct Numbers {
    suspenses: Vec<SuspenseContext>,
    /// The number of forms for each `<Suspense>` and name.
    forms: HashMap<(usize, String), usize>,
}

impl FormNumbers {
    /// Returns an identifier for the form that is being written: its name, with a number from the second form with this
    /// name on.
    ///
    /// Forms in a `<Suspense>` are numbered separately, because they can be written before or after the rest of the page. The
    /// identifier does not name the `<Suspense>`, because several can be written in any order: forms at the same place in two
    /// of them show each other's errors.
    pub(super) fn next_id(&self, name: &str) -> String {
        // Nothing panics while the mutex is locked.
        let mut numbers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let suspense = use_context().map_or(0, |suspense| numbers.suspense(suspense));
        let form = numbers
            .forms
            .entry((suspense, name.to_owned()))
            .or_default();
        *form += 1;
        match (suspense, *form) {
            (0, 1) => name.to_owned(),
            (0, form) => format!("{name}*{form}"),
            (_, form) => format!("{name}*s{form}"),
        }
    }
}

impl Numbers {
    /// Returns the number of a `<Suspense>`, from 1 on.
    fn suspense(&mut self, suspense: SuspenseContext) -> usize {
        let mut known = self.suspenses.iter();
        let index = known.position(|known| known.tasks == suspense.tasks);
        let index = index.unwrap_or_else(|| {
            self.suspenses.push(suspense);
            self.suspenses.len() - 1
        });
        index + 1
    }
}
