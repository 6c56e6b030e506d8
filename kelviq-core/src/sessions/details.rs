//! The details of a checkout session.

use crate::{
    decimal_text::DecimalText,
    json_text::JsonText,
    metadata::object::Metadata,
    model::model,
    time_text::TimeText,
    webhook::models::{
        billing_type::BillingType, order::OrderStatus, session_status::SessionStatus,
        subscription::SubscriptionStatus,
    },
};

model! {
    /// The details of a checkout session, from
    /// [`Kelviq::retrieve_checkout_session`](crate::Kelviq::retrieve_checkout_session) and
    /// [`Kelviq::list_checkout_sessions`](crate::Kelviq::list_checkout_sessions).
    ///
    /// Every field can be `None`, because Kelviq's documentation guarantees no field. In a list, `order`, `subscription`
    /// and `payment_method` are always `None`.
    ///
    /// ```
    /// use kelviq_core::{CheckoutSessionDetails, SessionStatus};
    ///
    /// fn state(session: &CheckoutSessionDetails) -> &'static str {
    ///     match &session.status {
    ///         _ if session.is_paid() => "paid",
    ///         Some(SessionStatus::Closed | SessionStatus::Expired) => "not paid",
    ///         _ => "not paid yet",
    ///     }
    /// }
    /// ```
    pub struct CheckoutSessionDetails {
        /// The session's id, `cs_…`.
        pub id: Option<String>,
        /// The status. Kelviq can add values: use [`is_paid`](Self::is_paid) to find out whether the session is paid.
        pub status: Option<SessionStatus>,
        /// The buyer.
        pub customer: Option<SessionCustomer>,
        /// The product that is sold.
        pub product: Option<SessionProduct>,
        /// The billing address, as JSON.
        pub billing_address (personal): Option<JsonText> = "billingAddress",
        /// The discount code that was used.
        pub discount_code (personal): Option<String> = "discountCode",
        /// The buyer's tax id.
        pub tax_id (personal): Option<String> = "taxId",
        /// The ISO 4217 currency code, in lower case.
        pub currency: Option<String>,
        /// The currency's symbol.
        pub currency_symbol: Option<String> = "currencySymbol",
        /// When the session was created, in RFC 3339 format.
        pub created_on: Option<TimeText> = "createdOn",
        /// The plan and add-ons of the session. Kelviq does not document their shape.
        pub selected_data: Option<JsonText> = "selectedData",
        /// The offering on the checkout page. Kelviq does not document its shape.
        pub offering_data: Option<JsonText> = "offeringData",
        /// Data from the start of the checkout. Kelviq does not document its shape.
        pub data (personal): Option<JsonText>,
        /// The buyer's input in custom fields.
        pub custom_fields_data (personal): Option<JsonText> = "customFieldsData",
        /// The metadata of the checkout. [`Metadata::parse`] converts it into a struct.
        pub metadata: Option<Metadata>,
        /// The appearance of the checkout page.
        pub customization: Option<JsonText>,
        /// The length of the trial in days.
        pub trial_period: Option<i64> = "trialPeriod",
        /// The first order of the session, if there is one.
        pub order: Option<SessionOrder>,
        /// The subscription that the order started, if there is one.
        pub subscription: Option<SessionSubscription>,
        /// The payment method of the order.
        pub payment_method: Option<SessionPaymentMethod> = "paymentMethod",
    }
}

impl CheckoutSessionDetails {
    /// Returns `true` if the buyer has paid: the session's status is [`Success`](SessionStatus::Success), or its order is
    /// paid.
    ///
    /// The order counts as well, so that a status that Kelviq adds does not hide a payment. An order that was partially
    /// refunded is paid. In a list, sessions have no order, so only the status counts there.
    ///
    /// ```
    /// # use kelviq_core::{Error, Kelviq};
    /// async fn may_download(kelviq: &Kelviq, session_id: &str) -> Result<bool, Error> {
    ///     let session = kelviq.retrieve_checkout_session(session_id).await?;
    ///     Ok(session.is_paid())
    /// }
    /// ```
    pub fn is_paid(&self) -> bool {
        let is_order_paid = |order: &SessionOrder| match &order.status {
            Some(OrderStatus::Complete | OrderStatus::PartialRefund) => true,
            None | Some(OrderStatus::Other(_)) => order.paid_at.is_some(),
            Some(_) => false,
        };
        self.status == Some(SessionStatus::Success)
            || self.order.as_ref().is_some_and(is_order_paid)
    }
}

model! {
    /// The customer of a checkout session.
    ///
    /// ```
    /// use kelviq_core::CheckoutSessionDetails;
    ///
    /// // Check this before showing a session to a user.
    /// fn belongs_to(session: &CheckoutSessionDetails, user_id: &str) -> bool {
    ///     let customer = session.customer.as_ref();
    ///     customer.and_then(|customer| customer.customer_id.as_deref()) == Some(user_id)
    /// }
    /// ```
    pub struct SessionCustomer {
        /// The application's id for the customer.
        pub customer_id: Option<String> = "customerId",
        /// The customer's name.
        pub name (personal): Option<String>,
        /// The customer's email address.
        pub email (personal): Option<String>,
    }
}

model! {
    /// The product of a checkout session.
    ///
    /// ```
    /// use kelviq_core::CheckoutSessionDetails;
    ///
    /// fn is_for(session: &CheckoutSessionDetails, product: &str) -> bool {
    ///     let sold = session.product.as_ref();
    ///     sold.and_then(|sold| sold.identifier.as_deref()) == Some(product)
    /// }
    /// ```
    pub struct SessionProduct {
        /// Kelviq's id of the product, a UUID.
        pub id: Option<String>,
        /// The product's identifier.
        pub identifier: Option<String>,
        /// The name that buyers see.
        pub name: Option<String>,
    }
}

model! {
    /// The order of a checkout session.
    ///
    /// ```
    /// use kelviq_core::SessionOrder;
    ///
    /// fn receipt(order: &SessionOrder) -> Option<String> {
    ///     let (total, tax) = (order.amount_total.as_ref()?, order.amount_tax.as_ref()?);
    ///     let currency = order.sale_currency.as_ref()?;
    ///     Some(format!("{total} {currency}, of which {tax} {currency} tax"))
    /// }
    /// ```
    pub struct SessionOrder {
        /// The order's id, `ORD-…`.
        pub id: Option<String>,
        /// The status.
        pub status: Option<OrderStatus>,
        /// When the order was paid, in RFC 3339 format.
        pub paid_at: Option<TimeText> = "paidAt",
        /// When the order was created, in RFC 3339 format.
        pub created_on: Option<TimeText> = "createdOn",
        /// Whether this is a one-time purchase or a subscription.
        pub billing_type: Option<BillingType> = "billingType",
        /// Whether this is an order for a trial.
        pub is_trial: Option<bool> = "isTrial",
        /// The amount before discount and tax, in the major unit of the currency.
        pub amount_subtotal: Option<DecimalText> = "amountSubtotal",
        /// The discount, in the major unit of the currency.
        pub amount_discount: Option<DecimalText> = "amountDiscount",
        /// The tax, in the major unit of the currency.
        pub amount_tax: Option<DecimalText> = "amountTax",
        /// The amount that was paid, in the major unit of the currency.
        pub amount_total: Option<DecimalText> = "amountTotal",
        /// The ISO 4217 currency code, e.g. `USD`.
        pub sale_currency: Option<String> = "saleCurrency",
        /// The currency's symbol.
        pub sale_currency_symbol: Option<String> = "saleCurrencySymbol",
        /// The invoice's id, `INV-…`.
        pub invoice_id: Option<String> = "invoiceId",
    }
}

model! {
    /// The subscription that a checkout session started.
    ///
    /// ```
    /// use kelviq_core::{SessionSubscription, SubscriptionStatus};
    ///
    /// fn runs_until(subscription: &SessionSubscription) -> Option<&str> {
    ///     match subscription.status {
    ///         Some(SubscriptionStatus::Incomplete | SubscriptionStatus::IncompleteExpired) => None,
    ///         _ => subscription.billing_period_end_time.as_deref(),
    ///     }
    /// }
    /// ```
    pub struct SessionSubscription {
        /// Kelviq's id of the subscription, a UUID.
        pub id: Option<String>,
        /// The status.
        pub status: Option<SubscriptionStatus>,
        /// A description of how often the subscription is charged.
        pub recurrence: Option<String>,
        /// The number of `recurrence_type` units between two charges.
        pub recurrence_unit: Option<i64> = "recurrenceUnit",
        /// The unit of time between two charges, e.g. `MONTH`.
        pub recurrence_type: Option<String> = "recurrenceType",
        /// When the current billing period started, in RFC 3339 format.
        pub billing_period_start_time: Option<TimeText> = "billingPeriodStartTime",
        /// When the current billing period ends, in RFC 3339 format.
        pub billing_period_end_time: Option<TimeText> = "billingPeriodEndTime",
        /// The first day, `YYYY-MM-DD`.
        pub start_date: Option<TimeText> = "startDate",
        /// The last day, `YYYY-MM-DD`.
        pub end_date: Option<TimeText> = "endDate",
        /// The amount of one charge, in the major unit of the currency.
        pub amount: Option<DecimalText>,
        /// The ISO 4217 currency code, in lower case.
        pub currency: Option<String>,
        /// The remaining days of the trial.
        pub trial_days_remaining: Option<i64> = "trialDaysRemaining",
        /// Whether this is a one-time purchase or a subscription.
        pub billing_type: Option<BillingType> = "billingType",
    }
}

model! {
    /// The payment method of the order of a checkout session.
    ///
    /// ```
    /// use kelviq_core::SessionPaymentMethod;
    ///
    /// fn label(method: &SessionPaymentMethod) -> Option<String> {
    ///     let brand = method.payment_method_name.as_deref()?;
    ///     Some(format!("{brand} •••• {}", method.last4.as_deref()?))
    /// }
    /// ```
    pub struct SessionPaymentMethod {
        /// The type, e.g. `card`.
        pub payment_method_type: Option<String> = "paymentMethodType",
        /// The brand, e.g. `visa`.
        pub payment_method_name: Option<String> = "paymentMethodName",
        /// The last four digits.
        pub last4 (personal): Option<String>,
    }
}
