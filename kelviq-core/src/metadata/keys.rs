//! The keys of a type as a constant.

use std::fmt;

/// The keys that a type can write, as far as they are known at compile time:
/// [`ToMetadata::KEYS`](crate::ToMetadata::KEYS).
///
/// Assert the keys in a test to detect that renaming a field changes what is sent to Kelviq:
///
/// ```
/// use kelviq_core::{CheckoutMetadata, ToMetadata};
///
/// #[derive(CheckoutMetadata)]
/// struct OrderMetadata {
///     order_ref: String,
///     #[metadata(rename = "source")]
///     placed_from: String,
/// }
///
/// assert_eq!(OrderMetadata::KEYS.to_vec(), ["order_ref", "source"]);
/// assert!(OrderMetadata::KEYS.is_complete());
/// ```
#[derive(Clone, Copy)]
pub struct MetadataKeys(Node);

/// A tree, because the keys of a flattened type may depend on a type parameter.
#[derive(Clone, Copy)]
enum Node {
    Keys(&'static [&'static str]),
    /// Further keys under which fields are read, but not written.
    Aliases(&'static [&'static str]),
    Parts(&'static [MetadataKeys]),
    Dynamic,
}

/// Creates keys that are written and read.
pub const fn keys(keys: &'static [&'static str]) -> MetadataKeys {
    MetadataKeys(Node::Keys(keys))
}

/// Creates keys that are only read.
pub const fn aliases(keys: &'static [&'static str]) -> MetadataKeys {
    MetadataKeys(Node::Aliases(keys))
}

/// Combines the keys of fields or of variants.
pub const fn combined(parts: &'static [MetadataKeys]) -> MetadataKeys {
    MetadataKeys(Node::Parts(parts))
}

impl MetadataKeys {
    /// Keys that are known only at run time, such as those of a map.
    pub const DYNAMIC: Self = Self(Node::Dynamic);

    /// Returns the known keys in order and without duplicates. For an enum, the keys of all variants.
    pub fn to_vec(&self) -> Vec<&'static str> {
        let mut keys = Vec::new();
        self.collect_written(&mut keys);
        keys
    }

    /// Returns `true` if all keys are known, and `false` if a map or a [`Metadata`](crate::Metadata) is among the fields.
    pub fn is_complete(&self) -> bool {
        match self.0 {
            Node::Keys(_) | Node::Aliases(_) => true,
            Node::Parts(parts) => parts.iter().all(Self::is_complete),
            Node::Dynamic => false,
        }
    }

    /// Calls `visit` with every known key, including aliases.
    pub(super) fn for_each(&self, visit: &mut dyn FnMut(&'static str)) {
        match self.0 {
            Node::Keys(keys) | Node::Aliases(keys) => {
                for key in keys {
                    visit(key);
                }
            }
            Node::Parts(parts) => {
                for part in parts {
                    part.for_each(visit);
                }
            }
            Node::Dynamic => {}
        }
    }

    fn collect_written(&self, collected: &mut Vec<&'static str>) {
        match self.0 {
            Node::Keys(keys) => {
                for key in keys {
                    if !collected.contains(key) {
                        collected.push(key);
                    }
                }
            }
            Node::Parts(parts) => {
                for part in parts {
                    part.collect_written(collected);
                }
            }
            Node::Aliases(_) | Node::Dynamic => {}
        }
    }

    const fn contains(&self, key: &str) -> bool {
        match self.0 {
            Node::Keys(keys) | Node::Aliases(keys) => {
                let mut at = 0;
                while at < keys.len() {
                    if equal(keys[at], key) {
                        return true;
                    }
                    at += 1;
                }
            }
            Node::Parts(parts) => {
                let mut at = 0;
                while at < parts.len() {
                    if parts[at].contains(key) {
                        return true;
                    }
                    at += 1;
                }
            }
            Node::Dynamic => {}
        }
        false
    }

    const fn first_in_both(&self, other: &Self) -> Option<&'static str> {
        match self.0 {
            Node::Keys(keys) | Node::Aliases(keys) => {
                let mut at = 0;
                while at < keys.len() {
                    if other.contains(keys[at]) {
                        return Some(keys[at]);
                    }
                    at += 1;
                }
            }
            Node::Parts(parts) => {
                let mut at = 0;
                while at < parts.len() {
                    if let Some(key) = parts[at].first_in_both(other) {
                        return Some(key);
                    }
                    at += 1;
                }
            }
            Node::Dynamic => {}
        }
        None
    }
}

impl fmt::Debug for MetadataKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut list = f.debug_list();
        list.entries(self.to_vec());
        if self.is_complete() {
            list.finish()
        } else {
            list.finish_non_exhaustive()
        }
    }
}

/// Fails the build if the flattened `field` of `owner` and any field in `beside` have the same key. The message names the
/// key and both fields.
#[track_caller]
pub const fn assert_distinct(
    owner: &str,
    field: &str,
    flattened: MetadataKeys,
    beside: &[(&str, MetadataKeys)],
) {
    let mut at = 0;
    while at < beside.len() {
        let (other, keys) = beside[at];
        if let Some(key) = flattened.first_in_both(&keys) {
            let message = Message::new()
                .with("`")
                .with(owner)
                .with("` has the metadata key `")
                .with(key)
                .with("` twice: in the flattened field `")
                .with(field)
                .with("` and in ")
                .with(other)
                .with("; rename one of them");
            message.fail();
        }
        at += 1;
    }
}

/// A message that is built at compile time, where `format!` is not available.
struct Message {
    text: [u8; 1024],
    len: usize,
}

impl Message {
    const fn new() -> Self {
        Self {
            text: [0; 1024],
            len: 0,
        }
    }

    const fn with(mut self, part: &str) -> Self {
        let part = part.as_bytes();
        let mut at = 0;
        while at < part.len() && self.len < self.text.len() {
            self.text[self.len] = part[at];
            self.len += 1;
            at += 1;
        }
        self
    }

    #[track_caller]
    const fn fail(&self) {
        match std::str::from_utf8(self.text.split_at(self.len).0) {
            Ok(message) => panic!("{}", message),
            Err(_) => panic!("two fields have the same metadata key"),
        }
    }
}

const fn equal(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}
