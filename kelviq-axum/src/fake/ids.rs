//! Ids that look like Kelviq's.

use std::hash::{BuildHasher, DefaultHasher, Hasher, RandomState};

/// A checkout session's id: `cs_…`.
pub(super) fn session_id() -> String {
    format!("cs_{}{:016x}", random_hex(), random())
}

/// A random UUID.
pub(super) fn uuid() -> String {
    uuid_of(random(), random())
}

/// Kelviq's own id of the customer whom the app calls `customer_id`: a UUID, the same one every time.
pub(super) fn kelviq_customer_id(customer_id: &str) -> String {
    let half = |salt: u8| {
        // Unlike a random one, this hasher gives the same answer after a restart.
        let mut hasher = DefaultHasher::new();
        hasher.write_u8(salt);
        hasher.write(customer_id.as_bytes());
        hasher.finish()
    };
    uuid_of(half(1), half(2))
}

/// 32 characters for a key or a secret.
pub(super) fn random_hex() -> String {
    format!("{:016x}{:016x}", random(), random())
}

/// std seeds its hash maps from the operating system and never fails: good enough for a stand-in.
fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

fn uuid_of(high: u64, low: u64) -> String {
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xfff,
        low >> 48 & 0x3fff | 0x8000,
        low & 0xffff_ffff_ffff,
    )
}
