//! Payment methods: the objects of `payment_method.created`, `.updated` and `.deleted`.

use super::Customer;
use crate::{model::model, open_enum::open_enum, webhook::EventObject};

model! {
    /// A payment method that is saved for a customer.
    ///
    /// ```
    /// use kelviq_core::{EventData, Metadata, VerifiedEvent};
    ///
    /// fn on_event(event: &VerifiedEvent) {
    ///     if let EventData::PaymentMethodDeleted(method) = event.data::<Metadata>()
    ///         && method.is_default == Some(true)
    ///     {
    ///         println!("ask {:?} for another one", method.customer_id);
    ///     }
    /// }
    /// ```
    pub struct PaymentMethod {
        /// Kelviq's id of the payment method, a number.
        pub id: Option<i64>,
        /// Whether it can be used.
        pub status: Option<PaymentMethodStatus>,
        /// The app's id of the customer, unlike in orders and invoices, whose `customer_id` is Kelviq's own. That one is
        /// `customer.kelviq_customer_id`.
        pub customer_id: Option<String>,
        /// Whose it is.
        pub customer: Option<Customer>,
        /// The kind, in the payment provider's words: `card`, `sepa_debit`, `amazon_pay`, …
        pub method_type: Option<String>,
        /// What is known about it.
        pub method_data: Option<PaymentMethodData>,
        /// Whether it is the customer's default.
        pub is_default: Option<bool>,
        /// The seller's id at Kelviq.
        pub organization: Option<String>,
    }
}

impl EventObject for PaymentMethod {}

model! {
    /// What is known about a payment method. The fields are a card's; what other kinds have is in the raw object.
    ///
    /// ```
    /// use kelviq_core::PaymentMethodData;
    ///
    /// fn expires_by(card: &PaymentMethodData, year: i64, month: i64) -> bool {
    ///     match (card.exp_year, card.exp_month) {
    ///         (Some(exp_year), Some(exp_month)) => (exp_year, exp_month) <= (year, month),
    ///         _ => false,
    ///     }
    /// }
    /// ```
    pub struct PaymentMethodData {
        /// The card's brand, in the payment provider's words, e.g. `visa`.
        pub brand: Option<String>,
        /// The last four digits of the card's number.
        pub last4 (personal): Option<String>,
        /// The month in which the card expires, 1 to 12.
        pub exp_month (personal): Option<i64>,
        /// The year in which the card expires.
        pub exp_year (personal): Option<i64>,
        /// Where the money comes from, in the payment provider's words, e.g. `credit`.
        pub funding: Option<String>,
        /// The country of the card, ISO 3166-1 alpha-2.
        pub country: Option<String>,
    }
}

open_enum! {
    /// Whether a payment method can be used.
    ///
    /// ```
    /// use kelviq_core::{PaymentMethod, PaymentMethodStatus};
    ///
    /// fn needs_the_customer(method: &PaymentMethod) -> bool {
    ///     method.status == Some(PaymentMethodStatus::RequiresAction)
    /// }
    /// ```
    pub enum PaymentMethodStatus {
        Succeeded = "succeeded",
        /// The customer has to do something first.
        RequiresAction = "requires_action",
    }
}
