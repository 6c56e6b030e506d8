//! The sale that a buyer's metadata is created for.

use super::sold_quantities::SoldQuantities;
use crate::reference::Reference;

/// A sale, for which [`Buyer::metadata`](crate::Buyer::metadata) creates the metadata.
///
/// ```
/// use kelviq_axum::{Buyer, Sale};
/// use kelviq_core::{CheckoutMetadata, ToMetadata};
///
/// #[derive(CheckoutMetadata)]
/// struct OrderMetadata {
///     order_ref: String,
///     offer: String,
///     seats: Option<u32>,
/// }
///
/// struct Guest;
///
/// impl Buyer for Guest {
///     fn customer_id(&self) -> Option<&str> {
///         None
///     }
///
///     fn metadata(&self, sale: &Sale<'_>) -> impl ToMetadata {
///         OrderMetadata {
///             order_ref: sale.reference().to_string(),
///             offer: sale.offer().to_owned(),
///             seats: sale.quantity("seats"),
///         }
///     }
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Sale<'a> {
    offer: &'a str,
    reference: &'a Reference,
    quantities: &'a SoldQuantities,
}

impl<'a> Sale<'a> {
    pub(super) fn new(
        offer: &'a str,
        reference: &'a Reference,
        quantities: &'a SoldQuantities,
    ) -> Self {
        Self {
            offer,
            reference,
            quantities,
        }
    }

    /// Returns the name of the offer.
    pub fn offer(&self) -> &'a str {
        self.offer
    }

    /// Returns the checkout's random reference, which the success URL has as the query parameter `reference`.
    ///
    /// The success page can look up the order by the reference if the metadata contains it.
    pub fn reference(&self) -> &'a Reference {
        self.reference
    }

    /// Returns the quantity of a feature. `None` if the offer does not have the feature.
    pub fn quantity(&self, feature: &str) -> Option<u32> {
        self.quantities.get(feature)
    }
}
