//! What tells two purchases apart.

use std::{
    any::TypeId,
    hash::{Hash, Hasher},
};

/// A purchase of a customer. Clicks for equal purchases share a session.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Purchase {
    /// The JSON of the request: the plan, the quantities, the customer, and the success and cancel URLs. It is without the
    /// random reference, the client IP address and the metadata, which can differ between two clicks.
    pub(super) request: String,
    /// The name of the offer. `None` for a plan of a handler.
    pub(super) offer: Option<String>,
    pub(super) key: PurchaseKey,
}

/// The application's own key of a purchase, from [`Buyer::purchase_key`](crate::Buyer::purchase_key) or
/// [`CheckoutBuilder::purchase_key`](crate::CheckoutBuilder::purchase_key).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct PurchaseKey {
    /// The type of the buyer, because the keys of two types are unrelated.
    buyer: Option<TypeId>,
    bytes: Vec<u8>,
}

impl PurchaseKey {
    pub(crate) fn of(key: &impl Hash) -> Self {
        let mut bytes = Bytes(Vec::new());
        key.hash(&mut bytes);
        Self {
            buyer: None,
            bytes: bytes.0,
        }
    }

    pub(crate) fn of_buyer<B: 'static>(key: &impl Hash) -> Self {
        Self {
            buyer: Some(TypeId::of::<B>()),
            ..Self::of(key)
        }
    }
}

/// Keeps the hashed bytes themselves: unlike a hash, they never collide for different keys.
struct Bytes(Vec<u8>);

impl Hasher for Bytes {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn finish(&self) -> u64 {
        0
    }
}
