//! The checkout sessions, from created to paid.

use std::{sync::Arc, time::SystemTime};

use kelviq_core::Metadata;
use serde_json::{Map, Value};

use super::{
    event::Event,
    ids,
    judge::Accepted,
    price::{Price, PriceList},
};

/// A checkout session that [`FakeKelviq`](super::FakeKelviq) has created.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FakeCheckout {
    /// The session's id, `cs_…`.
    pub id: String,
    /// The body of the request, exactly as it came.
    pub received: String,
    /// The fields of the request by their camelCase names, as an object; all but the metadata. Unknown ones keep the
    /// names that they came with.
    pub fields: Value,
    /// The metadata, as the text that it came as. Empty when there was none.
    pub metadata: Metadata,
    /// Whether it has been paid.
    pub is_paid: bool,
}

impl FakeCheckout {
    /// A field of the request that is text.
    pub(super) fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field)?.as_str()
    }

    pub(super) fn plan(&self) -> &str {
        self.text("planIdentifier").unwrap_or_default()
    }
}

/// A session and what only the fake knows of it.
#[derive(Clone)]
pub(super) struct Session {
    pub(super) checkout: FakeCheckout,
    /// The app's id of the customer; one of Kelviq's making when the app gave none.
    pub(super) customer_id: String,
    pub(super) price: Price,
    pub(super) created: SystemTime,
    event: Option<Arc<Event>>,
}

/// A session that is paid, perhaps for a while.
pub(super) struct Paid {
    pub(super) event: Arc<Event>,
    /// Whether this very call paid it.
    pub(super) just_now: bool,
}

/// All sessions, oldest first.
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

    /// Creates a session and gives its id.
    pub(super) fn create(&mut self, received: String, accepted: Accepted) -> String {
        let id = ids::session_id();
        let fields: Map<String, Value> = accepted.fields;
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
                metadata: accepted.metadata,
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

    /// Pays a session, once: later calls give the event of the first.
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
        let event = Arc::new(Event::checkout_completed(session, SystemTime::now()));
        session.checkout.is_paid = true;
        session.event = Some(event.clone());
        Some(Paid {
            event,
            just_now: true,
        })
    }

    /// Whether a customer of this id has paid.
    pub(super) fn has_customer(&self, customer_id: &str) -> bool {
        !self.bought_by(customer_id).is_empty()
    }

    pub(super) fn bought_by(&self, customer_id: &str) -> Vec<Session> {
        self.sessions
            .iter()
            .filter(|session| session.checkout.is_paid && session.customer_id == customer_id)
            .cloned()
            .collect()
    }

    pub(super) fn checkouts(&self) -> Vec<FakeCheckout> {
        self.sessions
            .iter()
            .map(|session| session.checkout.clone())
            .collect()
    }
}
