//! SHA-256 digests of values.

use std::hash::{Hash, Hasher};

use sha2::{Digest, Sha256};

/// Returns the digest of a value. Unlike the 64 bits of [`Hasher::finish`], the digests of different values do not collide.
pub(crate) fn digest(value: &impl Hash) -> [u8; 32] {
    let mut bytes = Bytes(Vec::with_capacity(256));
    value.hash(&mut bytes);
    Sha256::digest(bytes.0).into()
}

/// Collects what is hashed, which often is many short parts.
struct Bytes(Vec<u8>);

impl Hasher for Bytes {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn finish(&self) -> u64 {
        0
    }
}
