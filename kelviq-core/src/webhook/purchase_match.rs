//! Joining a checkout with the subscription that it started.

use super::models::{
    billing_type::BillingType, checkout_completed::CheckoutCompleted, customer::Customer,
    product::Plan, subscription::Subscription,
};

/// The candidates that belong to the same purchase, from [`CheckoutCompleted::find_subscription`] or
/// [`Subscription::find_checkout`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum PurchaseMatch<T> {
    /// No candidate. The other event has not arrived yet, or the customer or the plan is unknown.
    None,
    /// Exactly one candidate.
    One(T),
    /// Several candidates, all of them. Nothing in the events tells which one it is, so let a person decide.
    Ambiguous(Vec<T>),
}

impl<M> CheckoutCompleted<M> {
    /// Finds the subscription that this checkout started, among the subscriptions that the application has stored.
    ///
    /// A checkout contains no subscription id. The subscription is in the event `subscription.created`, which can arrive
    /// before or after `checkout.completed`. The two have the same [`kelviq_customer_id`](Customer::kelviq_customer_id)
    /// and the same plan. A one-time purchase has no subscription. A checkout from
    /// [`EventSource::CheckoutSession`](crate::EventSource::CheckoutSession) has neither of the two, so it matches nothing.
    ///
    /// A customer can buy the same plan twice, so pass only subscriptions that are not joined with a checkout yet. Several
    /// candidates with the same [`id`](Subscription::id) count as one, and the last of them is returned.
    ///
    /// An application that stores rows in a database can search them in the same way, by both columns. It must not take
    /// the first of several rows.
    ///
    /// ```
    /// use kelviq_core::{CheckoutCompleted, PurchaseMatch, Subscription};
    ///
    /// fn on_checkout(session: &CheckoutCompleted, waiting: &[Subscription]) {
    ///     match session.find_subscription(waiting) {
    ///         PurchaseMatch::One(subscription) => println!("it started {:?}", subscription.id),
    ///         PurchaseMatch::None => println!("keep session {} for subscription.created", session.key()),
    ///         PurchaseMatch::Ambiguous(_) => println!("session {} needs a person", session.key()),
    ///     }
    /// }
    /// ```
    pub fn find_subscription<'a>(
        &self,
        candidates: impl IntoIterator<Item = &'a Subscription>,
    ) -> PurchaseMatch<&'a Subscription> {
        let candidates = candidates
            .into_iter()
            .filter(|subscription| is_same_purchase(self, subscription));
        unambiguous(candidates, |subscription| subscription.id.as_deref())
    }
}

impl Subscription {
    /// Finds the checkout that started this subscription, among the checkouts that the application has stored.
    ///
    /// This is the counterpart of [`CheckoutCompleted::find_subscription`] for a subscription that arrives after its
    /// checkout. Pass only checkouts that are not joined with a subscription yet. Several candidates with the same
    /// [`session_id`](CheckoutCompleted::session_id) count as one, and the last of them is returned.
    ///
    /// ```
    /// use kelviq_core::{CheckoutCompleted, PurchaseMatch, Subscription};
    ///
    /// fn on_subscription_created(subscription: &Subscription, waiting: &[CheckoutCompleted]) {
    ///     match subscription.find_checkout(waiting) {
    ///         PurchaseMatch::One(session) => println!("session {} started it", session.key()),
    ///         PurchaseMatch::None => println!("keep {:?} for checkout.completed", subscription.id),
    ///         PurchaseMatch::Ambiguous(_) => println!("{:?} needs a person", subscription.id),
    ///     }
    /// }
    /// ```
    pub fn find_checkout<'a, M>(
        &self,
        candidates: impl IntoIterator<Item = &'a CheckoutCompleted<M>>,
    ) -> PurchaseMatch<&'a CheckoutCompleted<M>> {
        let candidates = candidates
            .into_iter()
            .filter(|checkout| is_same_purchase(checkout, self));
        unambiguous(candidates, |checkout| checkout.session_id.as_deref())
    }
}

/// Returns `true` if both have the same customer and the same plan. Unknown ones are not the same.
fn is_same_purchase<M>(checkout: &CheckoutCompleted<M>, subscription: &Subscription) -> bool {
    let customer_of_checkout =
        kelviq_customer_id(checkout.customer.as_ref()).or(checkout.kelviq_customer_id.as_deref());
    checkout.checkout_type != Some(BillingType::OneTime)
        && is_same(
            customer_of_checkout,
            kelviq_customer_id(subscription.customer.as_ref()),
        )
        && is_same(
            plan_identifier(checkout.plan.as_ref()),
            plan_identifier(subscription.plan.as_ref()),
        )
}

fn kelviq_customer_id(customer: Option<&Customer>) -> Option<&str> {
    customer?.kelviq_customer_id.as_deref()
}

fn plan_identifier(plan: Option<&Plan>) -> Option<&str> {
    plan?.identifier.as_deref()
}

fn is_same(a: Option<&str>, b: Option<&str>) -> bool {
    a.is_some_and(|text| !text.is_empty()) && a == b
}

/// Counts the candidates. Of those with the same id, only the last counts.
fn unambiguous<'a, T>(
    candidates: impl Iterator<Item = &'a T>,
    id: impl Fn(&'a T) -> Option<&'a str>,
) -> PurchaseMatch<&'a T> {
    let mut found: Vec<&T> = Vec::new();
    for candidate in candidates {
        found.retain(|other| id(other).is_none() || id(other) != id(candidate));
        found.push(candidate);
    }
    match found[..] {
        [] => PurchaseMatch::None,
        [one] => PurchaseMatch::One(one),
        _ => PurchaseMatch::Ambiguous(found),
    }
}
