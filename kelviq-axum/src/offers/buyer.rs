//! The extractor for the buyer.

use std::{convert::Infallible, hash::Hash};

use axum::{extract::FromRequestParts, http::request::Parts};
use kelviq_core::{Metadata, ToMetadata};

use super::sale::Sale;

/// An extractor of the application for the buyer, such as its signed-in user.
///
/// Its rejection becomes the response, e.g. a redirect to the sign-in page. A rejection that is either a redirect or JSON
/// must be chosen by [`ResponseFormat::of`](crate::ResponseFormat::of), as [`SignIn`](crate::SignIn) does. Do not read the
/// `Accept` header: under `kelviq_leptos::CheckoutLayer` it is `application/json`, even if a browser submitted the form.
///
/// ```
/// use axum::{extract::FromRequestParts, http::request::Parts, response::Redirect};
/// use kelviq_axum::{Buyer, Sale};
/// use kelviq_core::{CheckoutMetadata, ToMetadata};
///
/// struct CurrentUser {
///     id: String,
/// }
///
/// impl<S: Send + Sync> FromRequestParts<S> for CurrentUser {
///     type Rejection = Redirect;
///
///     async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Redirect> {
///         Err(Redirect::to("/sign-in")) // a real application looks up the session first
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
    /// Returns `customerId`: the application's own id of the buyer. With `None`, Kelviq creates a customer.
    ///
    /// Two clicks with the same id within 5 s get the same session if they are for the same purchase: for the same offer and
    /// quantities, with the same [`purchase_key`](Self::purchase_key). So the id must identify a person, not an
    /// organisation.
    fn customer_id(&self) -> Option<&str>;

    /// Returns `lockEmail`: whether the email address on the checkout page is read-only. With `None`, Kelviq's default
    /// applies, which is `false`.
    fn lock_email(&self) -> Option<bool> {
        None
    }

    /// Returns a key that tells purchases of the same customer apart. The default is the same for all purchases.
    ///
    /// A buyer who buys the same offer for two workspaces within 5 s gets two sessions if the key is the id of the workspace.
    /// The key is not sent to Kelviq. It must be cheap, and equal for two clicks of a double click: it is computed for every
    /// click, unlike the [`metadata`](Self::metadata), which is created once per session and does not tell purchases apart.
    ///
    /// ```
    /// use std::hash::Hash;
    /// # use kelviq_axum::Buyer;
    ///
    /// struct Member {
    ///     user_id: String,
    ///     workspace_id: u64,
    /// }
    ///
    /// impl Buyer for Member {
    ///     fn customer_id(&self) -> Option<&str> {
    ///         Some(&self.user_id)
    ///     }
    ///
    ///     fn purchase_key(&self) -> impl Hash {
    ///         self.workspace_id
    ///     }
    /// }
    /// ```
    fn purchase_key(&self) -> impl Hash {}

    /// Returns the metadata of the checkout, which Kelviq includes unchanged in `checkout.completed`.
    ///
    /// It is created once per session. If it depends on more than the customer, the offer and the quantities, such as on the
    /// workspace that is paid for, [`purchase_key`](Self::purchase_key) must depend on that too.
    fn metadata(&self, sale: &Sale<'_>) -> impl ToMetadata {
        let _ = sale;
        None::<Metadata>
    }
}

/// A buyer without a customer id. Kelviq's checkout page asks for the email address and creates the customer.
///
/// ```
/// use axum::Router;
/// use kelviq_axum::{Anonymous, Offers, routes};
///
/// // `Offers` without a type parameter is the same type.
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
