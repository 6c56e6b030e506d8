//! Who buys.

use std::convert::Infallible;

use axum::{extract::FromRequestParts, http::request::Parts};
use kelviq_core::{Metadata, ToMetadata};

use crate::Reference;

/// Who buys: an extractor of the application, such as its signed-in user.
///
/// Its rejection is answered as it is: a buyer who must sign in first is sent there by it.
///
/// ```
/// use axum::{extract::FromRequestParts, http::request::Parts, response::Redirect};
/// use kelviq_axum::{Buyer, Sale, kelviq_core::{CheckoutMetadata, ToMetadata}};
///
/// struct CurrentUser {
///     id: String,
/// }
///
/// impl<S: Send + Sync> FromRequestParts<S> for CurrentUser {
///     type Rejection = Redirect;
///
///     async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Redirect> {
///         Err(Redirect::to("/sign-in")) // in earnest: look the session up
///     }
/// }
///
/// #[derive(CheckoutMetadata)]
/// struct OrderMetadata {
///     order_ref: String,
/// }
///
/// impl Buyer for CurrentUser {
///     fn customer_id(&self) -> Option<&str> {
///         Some(&self.id)
///     }
///
///     fn metadata(&self, sale: &Sale<'_>) -> impl ToMetadata {
///         OrderMetadata { order_ref: sale.reference().to_string() }
///     }
/// }
/// ```
pub trait Buyer: Send + Sync + 'static {
    /// `customerId`: the app's own id of the buyer. `None` lets Kelviq create a customer.
    ///
    /// Two clicks within seconds under one id get one session, so it must be a person's, not an organisation's.
    fn customer_id(&self) -> Option<&str>;

    /// `lockEmail`: whether the buyer must pay under the email that Kelviq has of the customer. `None` leaves it to Kelviq.
    fn lock_email(&self) -> Option<bool> {
        None
    }

    /// What leaves with the checkout and comes back, unchanged, when it is paid.
    fn metadata(&self, sale: &Sale<'_>) -> impl ToMetadata {
        let _ = sale;
        None::<Metadata>
    }
}

/// What is about to be sold.
///
/// ```
/// use kelviq_axum::{Buyer, Sale, kelviq_core::{CheckoutMetadata, ToMetadata}};
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
    quantities: &'a [(String, u32)],
}

impl<'a> Sale<'a> {
    pub(super) fn new(
        offer: &'a str,
        reference: &'a Reference,
        quantities: &'a [(String, u32)],
    ) -> Self {
        Self {
            offer,
            reference,
            quantities,
        }
    }

    /// The name of the offer.
    pub fn offer(&self) -> &'a str {
        self.offer
    }

    /// The checkout's random reference, which comes back as `?reference=…` on the success URL. In the metadata it lets
    /// the success page find the order.
    pub fn reference(&self) -> &'a Reference {
        self.reference
    }

    /// How much of a feature is sold, if the offer has it.
    pub fn quantity(&self, feature: &str) -> Option<u32> {
        let mut quantities = self.quantities.iter();
        quantities
            .find(|(name, _)| name == feature)
            .map(|(_, quantity)| *quantity)
    }
}

/// A buyer nobody knows: Kelviq asks for the email, and creates the customer.
///
/// ```
/// use axum::Router;
/// use kelviq_axum::{Anonymous, Offers, routes};
///
/// // `Offers` alone is the same type.
/// fn checkout(offers: Offers<Anonymous>) -> Router {
///     routes(offers)
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Anonymous;

impl Buyer for Anonymous {
    fn customer_id(&self) -> Option<&str> {
        None
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Anonymous {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self)
    }
}
