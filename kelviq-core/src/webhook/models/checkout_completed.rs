//! `checkout.completed`: the buyer has paid.

use super::{BillingAddress, BillingType, Customer, Plan, Product};
use crate::{
    DecimalText, FromMetadata, JsonText, Metadata, MetadataError, model::model,
    open_enum::open_enum, webhook::EventObject,
};

model! {
    /// The checkout session that was paid, from `checkout.completed`.
    ///
    /// `M` is what the metadata is read as. Every other field can be absent: Kelviq's documentation promises none.
    ///
    /// There is no subscription id in it. The subscription follows in `subscription.created`; join the two on
    /// [`kelviq_customer_id`](Self::kelviq_customer_id).
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
        /// The checkout session's id, `cs_…`, as it was when the checkout was created.
        pub session_id: Option<String> = "id",
        /// What left with the checkout. An error when it does not fit `M`, with the raw text in it; read from no entries
        /// when Kelviq sent none.
        pub metadata (personal): Result<M, MetadataError>,
        /// Where the session is.
        pub status: Option<SessionStatus>,
        /// Whether something was bought once, or subscribed to.
        pub checkout_type: Option<BillingType>,
        /// Kelviq's own id of the customer, a UUID. The app's id is `customer.customer_id`.
        pub kelviq_customer_id: Option<String> = "customer_id",
        /// Who paid.
        pub customer: Option<Customer>,
        /// In the major unit of the currency, e.g. `10.00`.
        pub amount: Option<DecimalText>,
        /// In the minor unit of the currency, e.g. cents. Use this or `amount`; never derive one from the other.
        pub amount_units: Option<i64>,
        /// ISO 4217, e.g. `USD`.
        pub currency: Option<String>,
        /// The discount code that was used; empty when there was none.
        pub discount_code: Option<String>,
        /// The features that were bought. Kelviq does not document their shape.
        pub features: Option<JsonText>,
        /// What was bought.
        pub plan: Option<Plan>,
        /// What the plan belongs to.
        pub product: Option<Product>,
        /// Where the buyer is billed.
        pub billing_address: Option<BillingAddress>,
        /// What the checkout was opened with.
        pub data: Option<CheckoutData>,
        /// The seller's id at Kelviq.
        pub organization: Option<String>,
        /// When the session was created, RFC 3339.
        pub created_on: Option<String>,
        /// When the session last changed, RFC 3339.
        pub modified_on: Option<String>,
    }
}

impl<M: FromMetadata> EventObject for CheckoutCompleted<M> {}

model! {
    /// What a checkout was opened with.
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
        /// Where the buyer goes on cancelling.
        pub cancel_url (personal): Option<String>,
        /// Where the buyer goes on paying.
        pub success_url (personal): Option<String>,
        /// Whether tax is part of the amount: `INCLUSIVE` or `EXCLUSIVE`.
        pub tax_behavior: Option<String>,
        /// Whether the buyer could enter a discount code.
        pub discounts_enabled: Option<bool>,
    }
}

open_enum! {
    /// Where a checkout session is.
    ///
    /// ```
    /// use kelviq_core::SessionStatus;
    ///
    /// fn may_still_be_paid(status: &SessionStatus) -> bool {
    ///     matches!(status, SessionStatus::Open | SessionStatus::Processing)
    /// }
    /// ```
    pub enum SessionStatus {
        Open = "open",
        Processing = "processing",
        /// The buyer has paid.
        Success = "success",
        Closed = "closed",
        Expired = "expired",
    }
}
