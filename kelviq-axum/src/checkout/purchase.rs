//! What tells two purchases apart.

use std::{any::TypeId, hash::Hash};

use crate::digest::digest;

/// A purchase of a customer. Clicks for equal purchases share a session.
///
/// It has the digests of the texts that tell purchases apart, so that it is small and yet never equal for different texts.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Purchase {
    purchase: [u8; 32],
    key: PurchaseKey,
}

impl Purchase {
    /// `purchase` is what is sold to whom, without the random reference, the client IP address and the metadata, which can differ
    /// between two clicks.
    pub(super) fn new(purchase: &impl Hash, key: PurchaseKey) -> Self {
        Self {
            purchase: digest(purchase),
            key,
        }
    }
}

/// The application's own key of a purchase, from [`Buyer::purchase_key`](crate::Buyer::purchase_key) or
/// [`CheckoutBuilder::purchase_key`](crate::CheckoutBuilder::purchase_key).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct PurchaseKey {
    /// The type of the buyer, because the keys of two types are unrelated.
    buyer: Option<TypeId>,
    digest: [u8; 32],
}

impl PurchaseKey {
    pub(crate) fn of(key: &impl Hash) -> Self {
        Self {
            buyer: None,
            digest: digest(key),
        }
    }

    pub(crate) fn of_buyer<B: 'static>(key: &impl Hash) -> Self {
        Self {
            buyer: Some(TypeId::of::<B>()),
            ..Self::of(key)
        }
    }
}
