//! The extractor for the buyer.

use std::{convert::Infallible, future::ready, hash::Hash};

use axum::{extract::FromRequestParts, http::request::Parts, response::Result};
use kelviq_core::{CustomerProfile, Metadata, ToMetadata};

use super::sale::Sale;

/// An extractor of the application for the buyer, such as its signed-in user.
///
/// Its rejection becomes the response, e.g. a redirect to the sign-in page. A rejection that is either a redirect or JSON
/// must be chosen by [`ResponseFormat::of`](crate::ResponseFormat::of), as [`SignIn`](crate::SignIn) does. Do not read the
/// `Accept` header: under `kelviq_leptos::CheckoutLayer` it is `application/json`, even if a browser submitted the form.
///
/// ```
/// use axum::{extract::FromRequestParts, http::request::Parts, response::Result};
/// use kelviq_axum::{Buyer, Sale, SignIn};
/// use kelviq_core::{CheckoutMetadata, CustomerProfile, ToMetadata};
///
/// struct CurrentUser {
///     id: i64,
///     email: String,
/// }
///
/// impl<S: Send + Sync> FromRequestParts<S> for CurrentUser {
///     type Rejection = SignIn;
///
///     async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, SignIn> {
///         Err(SignIn::at("/sign-in", parts)) // a real application looks up the session first
///     }
/// }
///
/// #[derive(CheckoutMetadata)]
/// struct OrderMetadata {
///     order_ref: String,
/// }
///
/// impl Buyer for CurrentUser {
///     fn customer(&self) -> Option<CustomerProfile> {
///         Some(CustomerProfile::new(self.id).email(&self.email))
///     }
///
///     async fn metadata(&self, sale: &Sale<'_>) -> Result<impl ToMetadata> {
///         Ok(OrderMetadata { order_ref: sale.reference().to_string() })
///     }
/// }
/// ```
///
/// # A pending order
///
/// [`metadata`](Self::metadata) can store the order before the buyer leaves for the checkout page. The extractor keeps what
/// it needs for that:
///
/// ```
/// # #[cfg(feature = "sqlite")] {
/// use axum::{
///     extract::{FromRef, FromRequestParts},
///     http::{StatusCode, request::Parts},
///     response::Result,
/// };
/// use kelviq_axum::{Buyer, Sale, SignIn};
/// use kelviq_core::{CheckoutMetadata, CustomerProfile, ToMetadata};
/// use sqlx::SqlitePool;
///
/// struct CurrentUser {
///     id: i64,
///     pool: SqlitePool,
/// }
/// # impl<S: Send + Sync> FromRequestParts<S> for CurrentUser where SqlitePool: FromRef<S> {
/// #     type Rejection = SignIn;
/// #     async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, SignIn> {
/// #         Ok(Self { id: 1, pool: SqlitePool::from_ref(state) })
/// #     }
/// # }
///
/// #[derive(CheckoutMetadata)]
/// struct OrderMetadata {
///     order_id: i64,
/// }
///
/// impl Buyer for CurrentUser {
///     fn customer(&self) -> Option<CustomerProfile> {
///         Some(CustomerProfile::new(self.id))
///     }
///
///     async fn metadata(&self, sale: &Sale<'_>) -> Result<impl ToMetadata> {
///         let order_id = self.insert_order(sale).await.map_err(|error| {
///             eprintln!("order {}: {error}", sale.reference());
///             StatusCode::INTERNAL_SERVER_ERROR
///         })?;
///         Ok(OrderMetadata { order_id })
///     }
/// }
///
/// impl CurrentUser {
///     async fn insert_order(&self, sale: &Sale<'_>) -> sqlx::Result<i64> {
///         sqlx::query_scalar("INSERT INTO orders (reference, user_id, offer, note) VALUES ($1, $2, $3, $4) RETURNING id")
///             .bind(sale.reference().as_str())
///             .bind(self.id)
///             .bind(sale.offer())
///             .bind(sale.field("note"))
///             .fetch_one(&self.pool)
///             .await
///     }
/// }
/// # }
/// ```
///
/// An order can stay pending: Kelviq can fail to create the session afterwards, and buyers can leave without paying.
pub trait Buyer: Send + Sync + 'static {
    /// Returns the customer: the application's own id of the buyer (`customerId`), and what the application knows of the buyer.
    /// With `None`, Kelviq creates a customer.
    ///
    /// Two clicks with the same id within 5 s get the same session if they are for the same purchase: for the same offer,
    /// quantities and form fields, with the same [`purchase_key`](Self::purchase_key). So the id must identify a person, not an
    /// organisation.
    ///
    /// Kelviq's checkout page takes email address and name from its record of the customer. Before a session is created, a
    /// profile with one of them is written there: Kelviq's customer is updated, or created. A profile is written once in 6 h by
    /// each process, and again when it has changed. The sale goes on if Kelviq refuses the profile, if the id is that of an
    /// archived customer, or if the profile is not written within 5 s. The log then has a warning with the names of the fields,
    /// and `lockEmail` is not sent for a profile with an email address, because the field could be empty.
    ///
    /// ```
    /// use kelviq_axum::Buyer;
    /// use kelviq_core::CustomerProfile;
    ///
    /// struct Member {
    ///     id: u64,
    ///     email: String,
    ///     name: Option<String>,
    /// }
    ///
    /// impl Buyer for Member {
    ///     fn customer(&self) -> Option<CustomerProfile> {
    ///         let profile = CustomerProfile::new(self.id).email(&self.email);
    ///         Some(match &self.name {
    ///             Some(name) => profile.name(name),
    ///             None => profile,
    ///         })
    ///     }
    /// }
    ///
    /// /// A buyer of whom the application has only an id.
    /// struct Visitor {
    ///     id: u64,
    /// }
    ///
    /// impl Buyer for Visitor {
    ///     fn customer(&self) -> Option<CustomerProfile> {
    ///         Some(CustomerProfile::new(self.id))
    ///     }
    /// }
    /// ```
    fn customer(&self) -> Option<CustomerProfile>;

    /// Returns `lockEmail`: whether the email address on the checkout page is read-only. With `None`, Kelviq's default
    /// applies, which is `false`.
    ///
    /// Lock it only if the [`customer`](Self::customer) has an email address: otherwise, an empty field would be locked.
    fn lock_email(&self) -> Option<bool> {
        None
    }

    /// Returns a key that tells purchases of the same customer apart. The default is the same for all purchases.
    ///
    /// A buyer who buys the same offer for two workspaces within 5 s gets two sessions if the key is the id of the workspace.
    /// The key is not sent to Kelviq. It must be cheap, and equal for two clicks of a double click: it is computed for every
    /// click of a [`customer`](Self::customer) with an id, unlike the [`metadata`](Self::metadata), which is created once per
    /// session and does not tell purchases apart.
    ///
    /// ```
    /// use std::hash::Hash;
    /// # use kelviq_axum::Buyer;
    /// # use kelviq_core::CustomerProfile;
    ///
    /// struct Member {
    ///     user_id: u64,
    ///     workspace_id: u64,
    /// }
    ///
    /// impl Buyer for Member {
    ///     fn customer(&self) -> Option<CustomerProfile> {
    ///         Some(CustomerProfile::new(self.user_id))
    ///     }
    ///
    ///     fn purchase_key(&self) -> impl Hash {
    ///         self.workspace_id
    ///     }
    /// }
    /// ```
    fn purchase_key(&self) -> impl Hash {}

    /// Returns the metadata of the checkout, which Kelviq includes unchanged in `checkout.completed`. The default is none.
    ///
    /// Write it as `async fn metadata(&self, sale: &Sale<'_>) -> axum::response::Result<impl ToMetadata>`.
    ///
    /// It is called once per session, before the session is created. Both clicks of a double click wait for the same call. If the
    /// first request is cancelled, the call continues in another task, so it must not read task-local values or the context
    /// of Leptos; read these in the extractor.
    ///
    /// If the metadata depends on more than the customer, the offer, the quantities and the form fields, such as on the
    /// workspace that is paid for, [`purchase_key`](Self::purchase_key) must depend on that too.
    ///
    /// # Errors
    ///
    /// The error becomes the response, also to the second click of a double click, and no session is created. The next click
    /// calls the method again. The body of the response can have up to 64 KiB; a larger one is replaced with 500, like a
    /// panic, and like a call that takes longer than 30 s, which is cancelled. Under `kelviq_leptos::CheckoutLayer`, a
    /// redirect is followed, and the status of another response selects the message below the button.
    fn metadata(&self, sale: &Sale<'_>) -> impl Future<Output = Result<impl ToMetadata>> + Send {
        let _ = sale;
        ready(Ok(None::<Metadata>))
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
    fn customer(&self) -> Option<CustomerProfile> {
        None
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Anonymous {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self)
    }
}
