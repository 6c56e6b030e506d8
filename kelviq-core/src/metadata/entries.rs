//! The entries of metadata, which are found and changed by key.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use crate::json::{ObjectWriter, RawObject};

/// The entries of a JSON object in order, including those with duplicate keys. The values are JSON text.
#[derive(Clone, Default)]
pub(super) struct Entries {
    /// Keys and values by a number that is larger for later entries.
    ordered: BTreeMap<usize, (Arc<str>, String)>,
    /// The numbers of the entries with each key, in order and at least one.
    numbers: HashMap<Arc<str>, Vec<usize>>,
}

impl Entries {
    pub(super) fn new(object: &RawObject<'_>) -> Self {
        let mut entries = Self::default();
        for (key, value) in object.entries() {
            entries.push(key, value.get().to_owned());
        }
        entries
    }

    /// Returns the text of the object, without white space between entries.
    pub(super) fn to_json(&self) -> String {
        let mut writer = ObjectWriter::default();
        for (key, value) in self.iter() {
            writer.raw_field(key, value);
        }
        writer.finish()
    }

    pub(super) fn len(&self) -> usize {
        self.ordered.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> + Clone {
        self.ordered.values().map(|(key, value)| (&**key, &**value))
    }

    /// Returns the entries in order, and only the last of several duplicate keys.
    pub(super) fn last_entries(&self) -> impl Iterator<Item = (&str, &str)> {
        let is_last = |number: &usize, key: &str| {
            let numbers = self.numbers.get(key);
            numbers.and_then(|numbers| numbers.last()) == Some(number)
        };
        let entries = self.ordered.iter();
        entries
            .filter(move |(number, (key, _))| is_last(number, key))
            .map(|(_, (key, value))| (&**key, &**value))
    }

    /// Returns the value under `key`; the last of several.
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        let number = self.numbers.get(key)?.last()?;
        self.ordered.get(number).map(|(_, value)| &**value)
    }

    /// Replaces the first entry with `key` and removes the others, or adds an entry at the end.
    pub(super) fn set(&mut self, key: &str, value: String) {
        let Some(numbers) = self.numbers.get_mut(key) else {
            return self.push(key, value);
        };
        for number in numbers.drain(1..) {
            self.ordered.remove(&number);
        }
        let first = numbers.first();
        if let Some((_, replaced)) = first.and_then(|first| self.ordered.get_mut(first)) {
            *replaced = value;
        }
    }

    /// Removes all entries with `key` and returns the value of the last one.
    pub(super) fn remove(&mut self, key: &str) -> Option<String> {
        let numbers = self.numbers.remove(key)?;
        let removed = numbers
            .iter()
            .filter_map(|number| self.ordered.remove(number));
        removed.last().map(|(_, value)| value)
    }

    fn push(&mut self, key: &str, value: String) {
        let last = self.ordered.last_key_value();
        let number = last.map_or(0, |(number, _)| number + 1);
        let key: Arc<str> = key.into();
        self.numbers
            .entry(Arc::clone(&key))
            .or_default()
            .push(number);
        self.ordered.insert(number, (key, value));
    }
}
