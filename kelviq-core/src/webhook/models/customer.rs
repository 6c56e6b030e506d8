//! Customers: the object of `customer.created` and `customer.updated`, and a part of the other objects.

use crate::{
    json_text::JsonText, metadata::object::Metadata, model::model, time_text::TimeText,
    webhook::event_object::EventObject,
};

model! {
    /// A customer, the object of `customer.created` and `customer.updated`.
    ///
    /// In customer events, Kelviq sends all fields. In other objects, it sends only the first five.
    ///
    /// ```
    /// use kelviq_core::Customer;
    ///
    /// fn on_customer(customer: &Customer) {
    ///     if let (Some(user_id), Some(kelviq_id)) = (&customer.customer_id, &customer.kelviq_customer_id) {
    ///         println!("user {user_id} is customer {kelviq_id}");
    ///     }
    /// }
    /// ```
    pub struct Customer {
        /// Kelviq's id of the customer, a UUID. It identifies the customer across events.
        pub kelviq_customer_id: Option<String> = "id",
        /// The application's id of the customer, from the request that created the checkout.
        pub customer_id: Option<String>,
        /// The customer's name.
        pub name (personal): Option<String>,
        /// The customer's email address. Several customers may share one.
        pub email (personal): Option<String>,
        /// The billing address.
        pub billing_address: Option<BillingAddress>,
        /// The metadata of the customer. It is independent of the metadata of checkouts.
        pub metadata: Option<Metadata>,
        /// Additional data about the customer. Kelviq does not document its shape.
        pub details: Option<JsonText>,
        /// The number of subscriptions.
        pub subscriptions: Option<i64>,
        /// Kelviq's id of the seller.
        pub organization: Option<String>,
        /// When the customer was created, in RFC 3339 format.
        pub created_on: Option<TimeText>,
        /// When the customer was last changed, in RFC 3339 format.
        pub modified_on: Option<TimeText>,
    }
}

impl EventObject for Customer {
    const KIND: &str = "customer";
}

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
        /// The first line of the street address.
        pub line1 (personal): Option<String>,
        /// The second line of the street address.
        pub line2 (personal): Option<String>,
        /// The city.
        pub city (personal): Option<String>,
        /// The state or province.
        pub state (personal): Option<String>,
        /// The postal code.
        pub postal_code (personal): Option<String>,
        /// The ISO 3166-1 alpha-2 country code, e.g. `IN`.
        pub country: Option<String>,
    }
}
