//! The checkout sessions of a `FakeKelviq`.

use std::{sync::Arc, time::SystemTime};

use serde_json::Value;

use super::{
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

impl Sessions {
    pub(super) fn new(prices: PriceList) -> Self {
        Self {
            sessions: Vec::new(),
            prices,
        }
    }

    /// Creates a session of a customer and returns its id. `received` is the request body.
    pub(super) fn create(
        &mut self,
        received: String,
        request: CheckoutRequest,
        customer_id: String,
    ) -> String {
        let id = ids::session_id();
        let price = Price::new(&request.fields, &self.prices);
        self.sessions.push(Session {
            checkout: FakeCheckout {
                id: id.clone(),
                received,
                fields: Value::Object(request.fields),
                metadata: request.metadata,
                is_paid: false,
            },
            customer_id,
            price,
            created: SystemTime::now(),
            events: Vec::new(),
            subscription_id: None,
        });
        id
    }

    pub(super) fn get(&self, id: &str) -> Option<&Session> {
        self.sessions
            .iter()
            .find(|session| session.checkout.id == id)
    }

    pub(super) fn get_mut(&mut self, id: &str) -> Option<&mut Session> {
        self.sessions
            .iter_mut()
            .find(|session| session.checkout.id == id)
    }

    /// Returns the `subscription.created` event of a subscription.
    pub(super) fn subscription_created(&self, subscription_id: &str) -> Option<Arc<Event>> {
        let mut sessions = self.sessions.iter();
        let is_its_session =
            |session: &&Session| session.subscription_id.as_deref() == Some(subscription_id);
        sessions.find(is_its_session)?.events.get(1).cloned()
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
