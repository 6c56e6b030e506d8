//! The object of `checkout.completed`: a paid checkout session.

use sha2::{Digest, Sha256};

use super::{
    billing_type::BillingType,
    customer::{BillingAddress, Customer},
    product::{Plan, Product},
    session_status::SessionStatus,
};
use crate::{
    decimal_text::DecimalText,
    json_text::JsonText,
    metadata::{error::MetadataError, from_metadata::FromMetadata, object::Metadata},
    model::model,
    time_text::TimeText,
    webhook::{event_object::EventObject, usable_key::has_control_character},
};

model! {
    /// A paid checkout session, the object of `checkout.completed`.
    ///
    /// `M` is the type of the metadata. Every other field can be `None`, because Kelviq's documentation guarantees no
    /// field.
    ///
    /// The session contains no subscription id. The event `subscription.created` contains the subscription, and
    /// [`find_subscription`](Self::find_subscription) joins the two.
    ///
    /// ```
    /// use kelviq_core::{CheckoutCompleted, CheckoutMetadata, MetadataError};
    ///
    /// #[derive(CheckoutMetadata)]
    /// struct OrderMetadata {
    ///     order_ref: String,
    /// }
    ///
    /// fn fulfil(session: CheckoutCompleted<OrderMetadata>) -> Result<(), MetadataError> {
    ///     let order = session.metadata?;
    ///     println!("order {} is paid by session {:?}", order.order_ref, session.session_id);
    ///     Ok(())
    /// }
    /// ```
    pub struct CheckoutCompleted<M = Metadata> {
        /// The session's id, `cs_…`. [`CheckoutSession::checkout_session_id`](crate::CheckoutSession::checkout_session_id) has
        /// the same value.
        pub session_id: Option<String> = "id",
        /// The metadata of the checkout. An `Err` contains the original text of metadata that cannot be parsed as `M`.
        /// Missing metadata is parsed like an empty object.
        pub metadata (personal): Result<M, MetadataError>,
        /// The status.
        pub status: Option<SessionStatus>,
        /// Whether this is a one-time purchase or a subscription.
        pub checkout_type: Option<BillingType>,
        /// Kelviq's id of the customer, a UUID. The application's id is `customer.customer_id`.
        pub kelviq_customer_id: Option<String> = "customer_id",
        /// The customer who paid.
        pub customer: Option<Customer>,
        /// The amount in the major unit of the currency, e.g. `10.00`.
        pub amount: Option<DecimalText>,
        /// The amount in the minor unit of the currency, e.g. cents. Use either this or `amount`. Do not derive one from the other.
        pub amount_units: Option<i64>,
        /// The ISO 4217 currency code, e.g. `USD`.
        pub currency: Option<String>,
        /// The discount code that was used. Empty if there was none.
        pub discount_code (personal): Option<String>,
        /// The features that were bought. Kelviq does not document their shape.
        pub features: Option<JsonText>,
        /// The plan that was bought.
        pub plan: Option<Plan>,
        /// The product that the plan belongs to.
        pub product: Option<Product>,
        /// The billing address.
        pub billing_address: Option<BillingAddress>,
        /// Data from the start of the checkout.
        pub data: Option<CheckoutData>,
        /// Kelviq's id of the seller.
        pub organization: Option<String>,
        /// When the session was created, in RFC 3339 format.
        pub created_on: Option<TimeText>,
        /// When the session was last changed, in RFC 3339 format.
        pub modified_on: Option<TimeText>,
        private key: String,
    }
}

impl<M> CheckoutCompleted<M> {
    /// Returns the key under which the checkout is fulfilled once: the session's id, or the event's id if the session's is
    /// missing or blank.
    ///
    /// Kelviq can announce one checkout in several events, each with its own id. What must happen once per checkout is
    /// therefore claimed under this key, e.g. in a unique column, and not under the event's id.
    ///
    /// The key is never blank, has at most 255 bytes and no control characters. For a session's id that is over 200 bytes
    /// or has control characters, the key is `sha256:` and the id's digest in hexadecimal. Both kinds of ids are assigned by
    /// Kelviq, and a session's id starts with `cs_`, unlike an event's, so the two do not collide. Keep the claims of checkouts
    /// apart from those of events, e.g. with the prefix `checkout:`.
    ///
    /// ```
    /// # use std::collections::HashSet;
    /// # use kelviq_core::CheckoutCompleted;
    /// fn fulfil(session: &CheckoutCompleted, fulfilled: &mut HashSet<String>) {
    ///     if fulfilled.insert(format!("checkout:{}", session.key())) {
    ///         println!("fulfil the order");
    ///     }
    /// }
    /// ```
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Sets the key of a session in the event with this id.
    pub(crate) fn set_key(&mut self, event_id: &str) {
        let session_id = self.session_id.as_deref();
        let key = session_id.filter(|id| !id.trim().is_empty());
        self.key = key.map_or_else(|| event_id.to_owned(), checkout_key);
    }
}

impl CheckoutCompleted {
    /// Returns the session with its metadata parsed as `M`. For kelviq-axum; exempt from semantic versioning.
    #[doc(hidden)]
    #[must_use]
    pub fn with_metadata<M: FromMetadata>(self) -> CheckoutCompleted<M> {
        CheckoutCompleted {
            session_id: self.session_id,
            metadata: self.metadata.and_then(|metadata| metadata.parse()),
            status: self.status,
            checkout_type: self.checkout_type,
            kelviq_customer_id: self.kelviq_customer_id,
            customer: self.customer,
            amount: self.amount,
            amount_units: self.amount_units,
            currency: self.currency,
            discount_code: self.discount_code,
            features: self.features,
            plan: self.plan,
            product: self.product,
            billing_address: self.billing_address,
            data: self.data,
            organization: self.organization,
            created_on: self.created_on,
            modified_on: self.modified_on,
            key: self.key,
        }
    }
}

impl<M: FromMetadata> EventObject for CheckoutCompleted<M> {
    const KIND: &str = "checkout_session";

    fn with_event_id(mut self, event_id: &str) -> Self {
        self.set_key(event_id);
        self
    }
}

/// Maximum length of a session's id that is its own key. Leaves space for a prefix in a column with 255 characters.
const MAX_KEY_LENGTH: usize = 200;

/// Returns the key of the checkout with this session id, which is not blank.
pub fn checkout_key(session_id: &str) -> String {
    if session_id.len() <= MAX_KEY_LENGTH && !has_control_character(session_id) {
        session_id.to_owned()
    } else {
        format!("sha256:{}", hex::encode(Sha256::digest(session_id)))
    }
}

model! {
    /// Data from the start of a checkout.
    ///
    /// ```
    /// use kelviq_core::CheckoutCompleted;
    ///
    /// fn came_from(session: &CheckoutCompleted) -> Option<&str> {
    ///     session.data.as_ref()?.referer.as_deref()
    /// }
    /// ```
    pub struct CheckoutData {
        /// The buyer's name.
        pub name (personal): Option<String>,
        /// The buyer's email address.
        pub email (personal): Option<String>,
        /// The page that the buyer came from.
        pub referer (personal): Option<String>,
        /// The URL that the buyer returns to without paying.
        pub cancel_url (personal): Option<String>,
        /// The URL that the buyer returns to after paying.
        pub success_url (personal): Option<String>,
        /// Whether the amount includes tax: `INCLUSIVE` or `EXCLUSIVE`.
        pub tax_behavior: Option<String>,
        /// Whether the buyer could enter a discount code.
        pub discounts_enabled: Option<bool>,
    }
}
