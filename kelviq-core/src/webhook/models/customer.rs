//! Customers: the objects of `customer.created` and `customer.updated`, and a part of all others.

use crate::{JsonText, Metadata, model::model, webhook::EventObject};

model! {
    /// A customer.
    ///
    /// The customer events carry all fields; inside of other objects Kelviq sends the first five.
    ///
    /// ```
    /// use kelviq_core::Customer;
    ///
    /// fn on_customer(customer: &Customer) {
    ///     if let (Some(user_id), Some(kelviq_id)) = (&customer.customer_id, &customer.kelviq_customer_id) {
    ///         println!("the user {user_id} is {kelviq_id} at Kelviq");
    ///     }
    /// }
    /// ```
    pub struct Customer {
        /// Kelviq's own id, a UUID; the one to join events on.
        pub kelviq_customer_id: Option<String> = "id",
        /// The app's id of the customer, as it was given when the checkout was created.
        pub customer_id: Option<String>,
        /// The customer's name.
        pub name (personal): Option<String>,
        /// The customer's email address. Several customers may share one.
        pub email (personal): Option<String>,
        /// Where the customer is billed.
        pub billing_address: Option<BillingAddress>,
        /// The metadata of the customer, which is not the checkout's.
        pub metadata: Option<Metadata>,
        /// What Kelviq adds about the customer. Its shape is not documented.
        pub details: Option<JsonText>,
        /// How many subscriptions the customer has.
        pub subscriptions: Option<i64>,
        /// The seller's id at Kelviq.
        pub organization: Option<String>,
        /// When the customer was created, RFC 3339.
        pub created_on: Option<String>,
        /// When the customer last changed, RFC 3339.
        pub modified_on: Option<String>,
    }
}

impl EventObject for Customer {}

model! {
    /// A billing address.
    ///
    /// ```
    /// use kelviq_core::CheckoutCompleted;
    ///
    /// fn country(session: &CheckoutCompleted) -> Option<&str> {
    ///     session.billing_address.as_ref()?.country.as_deref()
    /// }
    /// ```
    pub struct BillingAddress {
        /// The first line.
        pub line1 (personal): Option<String>,
        /// The second line.
        pub line2 (personal): Option<String>,
        /// The city.
        pub city (personal): Option<String>,
        /// The state or province.
        pub state (personal): Option<String>,
        /// The postal code.
        pub postal_code (personal): Option<String>,
        /// ISO 3166-1 alpha-2, e.g. `IN`.
        pub country: Option<String>,
    }
}
