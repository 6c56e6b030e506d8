//! One session, as the API describes it.

use crate::{
    BillingType, DecimalText, JsonText, Metadata, OrderStatus, SessionStatus, SubscriptionStatus,
    model::model,
};

model! {
    /// A checkout session's state, from
    /// [`Kelviq::retrieve_checkout_session`](crate::Kelviq::retrieve_checkout_session) and
    /// [`Kelviq::list_checkout_sessions`](crate::Kelviq::list_checkout_sessions).
    ///
    /// Every field can be absent: Kelviq's documentation promises none. A list leaves out `order`, `subscription` and
    /// `payment_method`.
    ///
    /// ```
    /// use kelviq_core::{CheckoutSessionDetails, SessionStatus};
    ///
    /// fn state(session: &CheckoutSessionDetails) -> &'static str {
    ///     match &session.status {
    ///         Some(SessionStatus::Success) => "paid",
    ///         Some(SessionStatus::Closed | SessionStatus::Expired) => "not paid",
    ///         _ => "not paid yet",
    ///     }
    /// }
    /// ```
    pub struct CheckoutSessionDetails {
        /// The session's id, `cs_…`.
        pub id: Option<String>,
        /// Where the session is: [`Success`](SessionStatus::Success) is paid.
        pub status: Option<SessionStatus>,
        /// Who buys.
        pub customer: Option<SessionCustomer>,
        /// What is bought belongs to this product.
        pub product: Option<SessionProduct>,
        /// Where the buyer is billed: the JSON of an address.
        pub billing_address (personal): Option<JsonText> = "billingAddress",
        /// The discount code that was used.
        pub discount_code: Option<String> = "discountCode",
        /// The buyer's tax id.
        pub tax_id (personal): Option<String> = "taxId",
        /// ISO 4217; Kelviq writes it in lower case here.
        pub currency: Option<String>,
        /// The currency's symbol.
        pub currency_symbol: Option<String> = "currencySymbol",
        /// When the session was created, RFC 3339.
        pub created_on: Option<String> = "createdOn",
        /// The plan and add-ons of the session. Kelviq does not document their shape.
        pub selected_data: Option<JsonText> = "selectedData",
        /// What was offered on the checkout page. Kelviq does not document its shape.
        pub offering_data: Option<JsonText> = "offeringData",
        /// What the checkout was opened with. Kelviq does not document its shape.
        pub data (personal): Option<JsonText>,
        /// What the buyer entered into fields of the seller's own.
        pub custom_fields_data (personal): Option<JsonText> = "customFieldsData",
        /// What left with the checkout; read it with [`Metadata::parse`].
        pub metadata: Option<Metadata>,
        /// How the checkout page looks.
        pub customization: Option<JsonText>,
        /// The trial's length in days.
        pub trial_period: Option<i64> = "trialPeriod",
        /// The first order of the session, once there is one.
        pub order: Option<SessionOrder>,
        /// The subscription of the order, if it began one.
        pub subscription: Option<SessionSubscription>,
        /// How the order was paid.
        pub payment_method: Option<SessionPaymentMethod> = "paymentMethod",
    }
}

model! {
    /// The customer of a session.
    ///
    /// ```
    /// use kelviq_core::CheckoutSessionDetails;
    ///
    /// // Before a user sees a session: is it theirs?
    /// fn belongs_to(session: &CheckoutSessionDetails, user_id: &str) -> bool {
    ///     let customer = session.customer.as_ref();
    ///     customer.and_then(|customer| customer.customer_id.as_deref()) == Some(user_id)
    /// }
    /// ```
    pub struct SessionCustomer {
        /// The app's own id of the customer.
        pub customer_id: Option<String> = "customerId",
        /// The customer's name.
        pub name (personal): Option<String>,
        /// The customer's email address.
        pub email (personal): Option<String>,
    }
}

model! {
    /// The product of a session.
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
        /// The name, as buyers see it.
        pub name: Option<String>,
    }
}

model! {
    /// The order that a session led to.
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
        /// How far the order is.
        pub status: Option<OrderStatus>,
        /// When it was paid, RFC 3339.
        pub paid_at: Option<String> = "paidAt",
        /// When it was created, RFC 3339.
        pub created_on: Option<String> = "createdOn",
        /// Whether it is for something bought once, or for a subscription.
        pub billing_type: Option<BillingType> = "billingType",
        /// Whether it is for a trial.
        pub is_trial: Option<bool> = "isTrial",
        /// Before discount and tax, in the major unit of the currency.
        pub amount_subtotal: Option<DecimalText> = "amountSubtotal",
        /// The discount, in the major unit of the currency.
        pub amount_discount: Option<DecimalText> = "amountDiscount",
        /// The tax, in the major unit of the currency.
        pub amount_tax: Option<DecimalText> = "amountTax",
        /// What was paid, in the major unit of the currency.
        pub amount_total: Option<DecimalText> = "amountTotal",
        /// ISO 4217, e.g. `USD`.
        pub sale_currency: Option<String> = "saleCurrency",
        /// The currency's symbol.
        pub sale_currency_symbol: Option<String> = "saleCurrencySymbol",
        /// The invoice's id, `INV-…`.
        pub invoice_id: Option<String> = "invoiceId",
    }
}

model! {
    /// The subscription that a session began.
    ///
    /// ```
    /// use kelviq_core::{SessionSubscription, SubscriptionStatus};
    ///
    /// fn runs_until(subscription: &SessionSubscription) -> Option<&str> {
    ///     match subscription.status {
    ///         Some(SubscriptionStatus::Active | SubscriptionStatus::Trialing) => {
    ///             subscription.billing_period_end_time.as_deref()
    ///         }
    ///         _ => None,
    ///     }
    /// }
    /// ```
    pub struct SessionSubscription {
        /// Kelviq's id of the subscription, a UUID.
        pub id: Option<String>,
        /// Whether it is running.
        pub status: Option<SubscriptionStatus>,
        /// How often it is charged, in words.
        pub recurrence: Option<String>,
        /// How many of `recurrence_type` are between two charges.
        pub recurrence_unit: Option<i64> = "recurrenceUnit",
        /// The unit of time between two charges, e.g. `MONTH`.
        pub recurrence_type: Option<String> = "recurrenceType",
        /// When the current billing period began, RFC 3339.
        pub billing_period_start_time: Option<String> = "billingPeriodStartTime",
        /// When the current billing period ends, RFC 3339.
        pub billing_period_end_time: Option<String> = "billingPeriodEndTime",
        /// The day on which it begins, `YYYY-MM-DD`.
        pub start_date: Option<String> = "startDate",
        /// The day on which it ends, `YYYY-MM-DD`.
        pub end_date: Option<String> = "endDate",
        /// In the major unit of the currency.
        pub amount: Option<DecimalText>,
        /// ISO 4217; Kelviq writes it in lower case here.
        pub currency: Option<String>,
        /// How many days of the trial remain.
        pub trial_days_remaining: Option<i64> = "trialDaysRemaining",
        /// Whether it is for something bought once, or for a subscription.
        pub billing_type: Option<BillingType> = "billingType",
    }
}

model! {
    /// How the order of a session was paid.
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
        /// The kind, e.g. `card`.
        pub payment_method_type: Option<String> = "paymentMethodType",
        /// The brand, e.g. `visa`.
        pub payment_method_name: Option<String> = "paymentMethodName",
        /// The last four digits.
        pub last4 (personal): Option<String>,
    }
}
