//! The customers, sessions, subscriptions and entitlements of a `FakeKelviq`.

use std::{sync::Arc, time::SystemTime};

use super::{
    checkout_completed::checkout_completed,
    checkout_request::CheckoutRequest,
    customers::{customer::BUYER_EMAIL, records::Customers},
    entitlements::records::Entitlements,
    event::Event,
    fields::is_email,
    sessions::Sessions,
    subscriptions::{events, records::Subscriptions, subscription::Subscription},
};

pub(super) struct Records {
    pub(super) customers: Customers,
    pub(super) sessions: Sessions,
    pub(super) subscriptions: Subscriptions,
    pub(super) entitlements: Entitlements,
}

/// Who pays a session.
pub(super) enum Payer<'a> {
    /// A test, which can also pay where the buyer could not enter an email address.
    Test,
    /// A buyer on the checkout page, with the email address of the form.
    Buyer(Option<&'a str>),
}

/// The result of paying a session.
pub(super) struct Paid {
    /// `checkout.completed`, and `subscription.created` unless the plan is paid once.
    pub(super) events: Vec<Arc<Event>>,
    /// Whether this call paid the session. `false` if it was paid before.
    pub(super) just_now: bool,
}

/// Why a session cannot be paid.
pub(super) enum CannotPay {
    NotFound,
    /// The email address is missing or invalid.
    Email,
    /// The email address is missing, and the session locks it.
    LockedEmail,
}

impl Records {
    /// Creates a session and returns its id. `received` is the request body.
    pub(super) fn create_session(&mut self, received: String, request: CheckoutRequest) -> String {
        let customer_id = request.fields.get("customerId").and_then(|id| id.as_str());
        let customer_id = self.customers.of_session(customer_id);
        self.sessions.create(received, request, customer_id)
    }

    /// Pays a session. Later calls return the events of the first one.
    pub(super) fn pay(&mut self, id: &str, payer: &Payer<'_>) -> Result<Paid, CannotPay> {
        let session = self.sessions.get_mut(id).ok_or(CannotPay::NotFound)?;
        if !session.events.is_empty() {
            return Ok(Paid {
                events: session.events.clone(),
                just_now: false,
            });
        }
        let customer = self.customers.any_mut(&session.customer_id);
        let customer = customer.ok_or(CannotPay::NotFound)?;
        let is_locked = session.is_email_locked();
        let email = match (&customer.email, payer) {
            (None, Payer::Buyer(_)) if is_locked => return Err(CannotPay::LockedEmail),
            (_, Payer::Buyer(Some(email))) if !is_locked => email.trim().to_owned(),
            (Some(email), _) => email.clone(),
            (None, _) => BUYER_EMAIL.to_owned(),
        };
        if !is_email(&email) {
            return Err(CannotPay::Email);
        }
        let country = session.checkout.text("defaultBillingCountry");
        customer.pay(&email, country.unwrap_or("US"));

        let paid = SystemTime::now();
        session.checkout.is_paid = true;
        let mut events = vec![Arc::new(checkout_completed(session, customer, paid))];
        let subscription = Subscription::new(session, paid);
        if subscription.period.is_recurring() {
            events.push(Arc::new(events::created(&subscription, customer)));
        }
        session.subscription_id = Some(subscription.id.clone());
        session.events.clone_from(&events);
        self.subscriptions.add(subscription);
        Ok(Paid {
            events,
            just_now: true,
        })
    }

    /// Changes a subscription and returns the event of the change. `None` if there is no such subscription.
    pub(super) fn change_subscription(
        &mut self,
        id: &str,
        change: impl FnOnce(&mut Subscription),
    ) -> Option<Arc<Event>> {
        let (before, after) = self.subscriptions.change(id, change)?;
        let customer = self.customers.any(&after.customer_id)?;
        Some(Arc::new(events::changed(before, after, customer)))
    }
}
