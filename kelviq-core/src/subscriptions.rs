//! The list of a customer's subscriptions.

use crate::{
    client::{
        kelviq::Kelviq,
        pagination::{PAGE_SIZE, Pages, paginate},
    },
    json::RawObject,
    model::Model,
    snake_case::with_snake_case_keys,
    validation::Validation,
    webhook::models::{product::Product, subscription::Subscription},
};

impl Kelviq {
    /// Lists the current subscriptions of a customer (`GET /subscriptions/`).
    ///
    /// `customer_id` is the application's id of the customer. The list has the latest state of each subscription, without those
    /// that ended before today and those that were replaced. A customer that Kelviq does not know has none. A page is fetched
    /// when it is needed.
    ///
    /// One-time purchases can be in the list: their
    /// [`billing_type`](crate::Subscription::billing_type) is [`OneTime`](crate::BillingType::OneTime).
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use kelviq_core::{Error, Kelviq};
    ///
    /// async fn has_plan(kelviq: &Kelviq, user_id: &str, plan: &str) -> Result<bool, Error> {
    ///     let mut subscriptions = kelviq.list_subscriptions(user_id);
    ///     while let Some(subscription) = subscriptions.try_next().await? {
    ///         let its_plan = subscription.plan.as_ref().and_then(|plan| plan.identifier.as_deref());
    ///         if its_plan == Some(plan) && subscription.is_current(SystemTime::now()) {
    ///             return Ok(true);
    ///         }
    ///     }
    ///     Ok(false)
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// The list ends after an error. The errors are those of [`create_checkout_session`](Self::create_checkout_session).
    pub fn list_subscriptions(&self, customer_id: &str) -> Pages<Subscription> {
        let mut check = Validation::default();
        check.customer_id("customer_id", customer_id);
        let query = check
            .finish()
            .map(|()| vec![("customer_id", customer_id.to_owned())]);
        let path = vec!["subscriptions".to_owned()];
        paginate(self.clone(), path, query, PAGE_SIZE, read)
    }
}

/// Reads a subscription of the list. Unlike in events, the product is only a name, and the customer only the application's id.
fn read(json: &str) -> Option<Subscription> {
    let json = with_snake_case_keys(json);
    let object = RawObject::parse_lenient(&json)?;
    let mut subscription = Subscription::read_fields(&object);
    subscription.customer_id = object.get("customer_id");
    if subscription.product.is_none() {
        let name: Option<String> = object.get("product");
        subscription.product = name.map(|name| Product {
            id: None,
            name: Some(name),
        });
    }
    Some(subscription)
}
