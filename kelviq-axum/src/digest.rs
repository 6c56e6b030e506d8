//! SHA-256 digests of values.

use std::hash::{Hash, Hasher};

use sha2::{Digest, Sha256};

/// Returns the digest of a value. Unlike the 64 bits of [`Hasher::finish`], the digests of different values do not collide.
pub(crate) fn digest(value: &impl Hash) -> [u8; 32] {
    let mut hasher = Sha256Hasher(Sha256::new());
    value.hash(&mut hasher);
    hasher.0.finalize().into()
}

struct Sha256Hasher(Sha256);

impl Hasher for Sha256Hasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        0
    }
}
