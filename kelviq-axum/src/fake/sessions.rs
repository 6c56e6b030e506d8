//! The checkout sessions, from created to paid.

use std::{sync::Arc, time::SystemTime};

use kelviq_core::Metadata;
use serde_json::{Map, Value};

use super::{event::Event, ids, judge::Accepted};

/// A checkout session that [`FakeKelviq`](super::FakeKelviq) has created.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FakeCheckout {
    /// The session's id, `cs_…`.
    pub id: String,
    /// The body of the request, exactly as it came.
    pub received: String,
    /// The fields of the request by their camelCase names, as an object; all but the metadata.
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

    pub(super) fn price(&self) -> Price {
        let custom = self.fields.get("customAmount").and_then(Value::as_f64);
        Price {
            amount: format!("{:.2}", custom.unwrap_or(29.0)),
            currency: self.text("currencyCode").unwrap_or("USD").to_owned(),
            is_custom: custom.is_some(),
        }
    }
}

/// What a session costs.
pub(super) struct Price {
    /// With two decimals.
    pub(super) amount: String,
    pub(super) currency: String,
    /// Set by the app, not made up.
    pub(super) is_custom: bool,
}

impl Price {
    /// In the minor unit: the digits of the amount.
    pub(super) fn units(&self) -> i64 {
        // At most twelve digits before the point were let in.
        self.amount.replace('.', "").parse().unwrap_or(i64::MAX)
    }
}

/// A session and what only the fake knows of it.
#[derive(Clone)]
pub(super) struct Session {
    pub(super) checkout: FakeCheckout,
    /// The app's id of the customer; one of Kelviq's making when the app gave none.
    pub(super) customer_id: String,
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
#[derive(Default)]
pub(super) struct Sessions(Vec<Session>);

impl Sessions {
    /// Creates a session and gives its id.
    pub(super) fn create(&mut self, received: String, accepted: Accepted) -> String {
        let id = ids::session_id();
        let fields: Map<String, Value> = accepted.fields;
        let customer_id = match fields.get("customerId").and_then(Value::as_str) {
            Some(customer_id) => customer_id.to_owned(),
            None => ids::uuid(),
        };
        self.0.push(Session {
            checkout: FakeCheckout {
                id: id.clone(),
                received,
                fields: Value::Object(fields),
                metadata: accepted.metadata,
                is_paid: false,
            },
            customer_id,
            created: SystemTime::now(),
            event: None,
        });
        id
    }

    pub(super) fn get(&self, id: &str) -> Option<&Session> {
        self.0.iter().find(|session| session.checkout.id == id)
    }

    /// Pays a session, once: later calls give the event of the first.
    pub(super) fn pay(&mut self, id: &str) -> Option<Paid> {
        let session = self
            .0
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

    pub(super) fn bought_by(&self, customer_id: &str) -> Vec<FakeCheckout> {
        self.0
            .iter()
            .filter(|session| session.checkout.is_paid && session.customer_id == customer_id)
            .map(|session| session.checkout.clone())
            .collect()
    }

    pub(super) fn checkouts(&self) -> Vec<FakeCheckout> {
        self.0
            .iter()
            .map(|session| session.checkout.clone())
            .collect()
    }
}
