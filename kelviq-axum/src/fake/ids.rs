//! Ids in the same format as Kelviq's.

use uuid::Uuid;

/// Returns a random checkout session id: `cs_…`.
pub(super) fn session_id() -> String {
    format!("cs_{}", random_hex())
}

/// Returns a random UUID.
pub(super) fn uuid() -> String {
    Uuid::new_v4().to_string()
}

/// Returns Kelviq's own id of the app's customer `customer_id`: a UUID, the same one after a restart.
pub(super) fn kelviq_customer_id(customer_id: &str) -> String {
    Uuid::new_v5(&CUSTOMERS, customer_id.as_bytes()).to_string()
}

/// Returns the id of a feature: a UUID, the same one after a restart.
pub(super) fn feature_id(identifier: &str) -> String {
    Uuid::new_v5(&FEATURES, identifier.as_bytes()).to_string()
}

/// Returns 32 random characters for a key or a secret.
pub(super) fn random_hex() -> String {
    Uuid::new_v4().simple().to_string()
}

/// The namespace of the feature ids.
const FEATURES: Uuid = Uuid::from_u128(0x3b1f_52c0_9e7d_4a86_b2c4_60d9_8f15_7ea3);

/// The namespace of the customer ids.
const CUSTOMERS: Uuid = Uuid::from_u128(0x8d0c_6a4e_27b1_4f3d_9c58_1e7a_b3f6_024d);
