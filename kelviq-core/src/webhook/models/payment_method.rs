//! Payment methods: the object of `payment_method.created`, `.updated` and `.deleted`.

use super::customer::Customer;
use crate::{model::model, open_enum::open_enum, webhook::event_object::EventObject};

model! {
    /// A saved payment method of a customer, the object of the `payment_method.*` events.
    ///
    /// ```
    /// use kelviq_core::{EventData, Metadata, VerifiedEvent};
    ///
    /// fn on_event(event: &VerifiedEvent) {
    ///     if let EventData::PaymentMethodDeleted(method) = event.data()
    ///         && method.is_default == Some(true)
    ///     {
    ///         println!("customer {:?} needs another payment method", method.customer_id);
    ///     }
    /// }
    /// ```
    pub struct PaymentMethod {
        /// Kelviq's id of the payment method, a number.
        pub id: Option<i64>,
        /// The status.
        pub status: Option<PaymentMethodStatus>,
        /// The application's id of the customer. In orders and invoices, the JSON field `customer_id` is Kelviq's id instead.
        /// Here, Kelviq's id is `customer.kelviq_customer_id`.
        pub customer_id: Option<String>,
        /// The customer.
        pub customer: Option<Customer>,
        /// The type, as named by the payment provider, e.g. `card`, `sepa_debit` or `amazon_pay`.
        pub method_type: Option<String>,
        /// The details.
        pub method_data: Option<PaymentMethodData>,
        /// Whether this is the customer's default payment method.
        pub is_default: Option<bool>,
        /// Kelviq's id of the seller.
        pub organization: Option<String>,
    }
}

impl EventObject for PaymentMethod {
    const KIND: &str = "payment_method";
}

model! {
    /// The details of a payment method.
    ///
    /// The fields are those of cards. For other types, read the JSON of
    /// [`VerifiedEvent::object_json`](crate::VerifiedEvent::object_json).
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
        /// The brand of the card, as named by the payment provider, e.g. `visa`.
        pub brand: Option<String>,
        /// The last four digits of the card number.
        pub last4 (personal): Option<String>,
        /// The month in which the card expires, 1 to 12.
        pub exp_month (personal): Option<i64>,
        /// The year in which the card expires.
        pub exp_year (personal): Option<i64>,
        /// The funding type of the card, as named by the payment provider, e.g. `credit`.
        pub funding: Option<String>,
        /// The country of the card, as an ISO 3166-1 alpha-2 code.
        pub country: Option<String>,
    }
}

open_enum! {
    /// The status of a payment method.
    ///
    /// ```
    /// use kelviq_core::{PaymentMethod, PaymentMethodStatus};
    ///
    /// fn requires_action(method: &PaymentMethod) -> bool {
    ///     method.status == Some(PaymentMethodStatus::RequiresAction)
    /// }
    /// ```
    pub enum PaymentMethodStatus {
        Succeeded = "succeeded",
        /// The customer must complete a step before the payment method can be used.
        RequiresAction = "requires_action",
    }
}
