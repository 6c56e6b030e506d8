//! The keys of a type, as a constant.

use std::fmt;

/// The keys that a type writes, in order, as far as the type alone says: [`ToMetadata::KEYS`](crate::ToMetadata::KEYS).
///
/// A test that pins them notices when a renamed field would change what leaves for Kelviq:
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
///
/// It is a tree of constants, because the keys of a flattened type may depend on a type parameter.
#[derive(Clone, Copy)]
pub struct MetadataKeys(Node);

#[derive(Clone, Copy)]
enum Node {
    Own(&'static [&'static str]),
    All(&'static [MetadataKeys]),
    Either(&'static [MetadataKeys]),
    Dynamic,
}

impl MetadataKeys {
    /// Keys that only a value knows, such as those of a map.
    pub const DYNAMIC: Self = Self(Node::Dynamic);

    /// These keys.
    pub const fn new(keys: &'static [&'static str]) -> Self {
        Self(Node::Own(keys))
    }

    /// The keys of all `parts`, which are written one after the other.
    pub const fn all(parts: &'static [Self]) -> Self {
        Self(Node::All(parts))
    }

    /// The keys of one of `parts`, such as the variants of an enum.
    pub const fn either(parts: &'static [Self]) -> Self {
        Self(Node::Either(parts))
    }

    /// The keys that are known, each once; of variants, those of every variant.
    pub fn to_vec(&self) -> Vec<&'static str> {
        let mut keys = Vec::new();
        self.each(&mut |key| {
            if !keys.contains(&key) {
                keys.push(key);
            }
        });
        keys
    }

    /// Whether there can be no others: false where a map or a [`Metadata`](crate::Metadata) is among the fields.
    pub fn is_complete(&self) -> bool {
        match self.0 {
            Node::Own(_) => true,
            Node::All(parts) | Node::Either(parts) => parts.iter().all(Self::is_complete),
            Node::Dynamic => false,
        }
    }

    /// Hands every known key to `visit`.
    pub(super) fn each(&self, visit: &mut dyn FnMut(&'static str)) {
        match self.0 {
            Node::Own(own) => {
                for key in own {
                    visit(key);
                }
            }
            Node::All(parts) | Node::Either(parts) => {
                for part in parts {
                    part.each(visit);
                }
            }
            Node::Dynamic => {}
        }
    }

    const fn contains(&self, key: &str) -> bool {
        match self.0 {
            Node::Own(own) => {
                let mut at = 0;
                while at < own.len() {
                    if equal(own[at], key) {
                        return true;
                    }
                    at += 1;
                }
            }
            Node::All(parts) | Node::Either(parts) => {
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
            Node::Own(own) => {
                let mut at = 0;
                while at < own.len() {
                    if other.contains(own[at]) {
                        return Some(own[at]);
                    }
                    at += 1;
                }
            }
            Node::All(parts) | Node::Either(parts) => {
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

/// Fails the build when the flattened `field` of `owner` has a key that one of those `beside` it has too, and names the
/// key and both.
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
                .with("` twice: by the flattened field `")
                .with(field)
                .with("`, and by ")
                .with(other)
                .with("; rename one of them");
            message.fail();
        }
        at += 1;
    }
}

/// A message made at compile time, where there is no `format!`.
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
            Err(_) => panic!("two fields write one metadata key"),
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
