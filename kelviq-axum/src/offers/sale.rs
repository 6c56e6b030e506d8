//! The sale that a buyer's metadata is created for.

use super::choice::Choice;
use crate::reference::Reference;

/// A sale, for which [`Buyer::metadata`](crate::Buyer::metadata) creates the metadata.
///
/// ```
/// use axum::response::Result;
/// use kelviq_axum::{Buyer, Sale};
/// use kelviq_core::{CheckoutMetadata, CustomerProfile, ToMetadata};
///
/// #[derive(CheckoutMetadata)]
/// struct OrderMetadata {
///     order_ref: String,
///     offer: String,
///     seats: Option<u32>,
///     note: Option<String>,
/// }
///
/// struct Guest;
///
/// impl Buyer for Guest {
///     fn customer(&self) -> Option<CustomerProfile> {
///         None
///     }
///
///     async fn metadata(&self, sale: &Sale<'_>) -> Result<impl ToMetadata> {
///         Ok(OrderMetadata {
///             order_ref: sale.reference().to_string(),
///             offer: sale.offer().to_owned(),
///             seats: sale.quantity("seats"),
///             note: sale.field("note").map(str::to_owned),
///         })
///     }
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Sale<'a> {
    offer: &'a str,
    reference: &'a Reference,
    choice: &'a Choice,
}

impl<'a> Sale<'a> {
    pub(super) fn new(offer: &'a str, reference: &'a Reference, choice: &'a Choice) -> Self {
        Self {
            offer,
            reference,
            choice,
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
        self.choice.quantity(feature)
    }

    /// Returns the text of a form field that the offer [allows](crate::Offer::field), with `\n` as the line break. `None` if
    /// the form does not have the field, or the offer does not allow it.
    pub fn field(&self, name: &str) -> Option<&'a str> {
        self.choice.text(name)
    }
}
