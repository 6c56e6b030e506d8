//! The checkout sessions of a `FakeKelviq`.

use std::{sync::Arc, time::SystemTime};

use serde_json::{Map, Value};

use super::{
    checkout_completed::checkout_completed,
    checkout_request::CheckoutRequest,
    event::Event,
    ids,
    price::{Price, PriceList},
    session::{FakeCheckout, Session},
};

/// All checkout sessions, oldest first.
pub(super) struct Sessions {
    sessions: Vec<Session>,
    prices: PriceList,
}

/// The result of paying a session.
pub(super) struct Paid {
    pub(super) event: Arc<Event>,
    /// Whether this call paid the session. `false` if it was paid before.
    pub(super) just_now: bool,
}

impl Sessions {
    pub(super) fn new(prices: PriceList) -> Self {
        Self {
            sessions: Vec::new(),
            prices,
        }
    }

    /// Creates a session and returns its id. `received` is the request body.
    pub(super) fn create(&mut self, received: String, request: CheckoutRequest) -> String {
        let id = ids::session_id();
        let fields: Map<String, Value> = request.fields;
        let customer_id = match fields.get("customerId").and_then(Value::as_str) {
            Some(customer_id) => customer_id.to_owned(),
            None => ids::uuid(),
        };
        let price = Price::new(&fields, &self.prices);
        self.sessions.push(Session {
            checkout: FakeCheckout {
                id: id.clone(),
                received,
                fields: Value::Object(fields),
                metadata: request.metadata,
                is_paid: false,
            },
            customer_id,
            price,
            created: SystemTime::now(),
            event: None,
        });
        id
    }

    pub(super) fn get(&self, id: &str) -> Option<&Session> {
        self.sessions
            .iter()
            .find(|session| session.checkout.id == id)
    }

    /// Pays a session. Later calls return the event of the first one. `None` if there is no such session.
    pub(super) fn pay(&mut self, id: &str) -> Option<Paid> {
        let session = self
            .sessions
            .iter_mut()
            .find(|session| session.checkout.id == id)?;
        if let Some(event) = &session.event {
            return Some(Paid {
                event: event.clone(),
                just_now: false,
            });
        }
        let event = Arc::new(checkout_completed(session, SystemTime::now()));
        session.checkout.is_paid = true;
        session.event = Some(event.clone());
        Some(Paid {
            event,
            just_now: true,
        })
    }

    /// Returns whether a customer with this id has paid a session.
    pub(super) fn has_customer(&self, customer_id: &str) -> bool {
        !self.paid_by(customer_id).is_empty()
    }

    /// Returns the sessions that a customer has paid.
    pub(super) fn paid_by(&self, customer_id: &str) -> Vec<Session> {
        self.sessions
            .iter()
            .filter(|session| session.checkout.is_paid && session.customer_id == customer_id)
            .cloned()
            .collect()
    }

    pub(super) fn newest_first(&self) -> impl Iterator<Item = &Session> {
        self.sessions.iter().rev()
    }

    pub(super) fn checkouts(&self) -> Vec<FakeCheckout> {
        self.sessions
            .iter()
            .map(|session| session.checkout.clone())
            .collect()
    }
}
