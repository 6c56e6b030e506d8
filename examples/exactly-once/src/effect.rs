//! What a handler does for an event.

use std::fmt;

use kelviq_axum::Event;
use kelviq_core::{CheckoutMetadata, EventData};

/// The metadata of each checkout.
#[derive(CheckoutMetadata)]
pub(crate) struct OrderMetadata {
    pub(crate) order_ref: String,
}

/// The effect of an event: a row that should exist once for each checkout, and once for each event of another type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Effect {
    pub(crate) key: String,
    /// The order from the metadata of a checkout.
    pub(crate) order_ref: String,
}

impl Effect {
    pub(crate) fn of(event: &Event<OrderMetadata>) -> Self {
        match &event.data {
            EventData::CheckoutCompleted(session) => Self {
                key: session.key().to_owned(),
                order_ref: match &session.metadata {
                    Ok(order) => order.order_ref.clone(),
                    Err(error) => error.to_string(),
                },
            },
            _ => Self {
                key: event.id.clone(),
                order_ref: String::new(),
            },
        }
    }
}

/// The handlers that are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Handler {
    /// Records the event in the transaction that has the effect.
    InTransaction,
    /// Leaves the record to the route.
    Plain,
}

impl Handler {
    pub(crate) const ALL: [Self; 2] = [Self::InTransaction, Self::Plain];

    /// Returns the prefix of the handler's tables.
    pub(crate) fn prefix(self) -> &'static str {
        match self {
            Self::InTransaction => "tx_",
            Self::Plain => "plain_",
        }
    }

    /// Returns the path of the handler's webhook route.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::InTransaction => "/in-transaction",
            Self::Plain => "/plain",
        }
    }
}

impl fmt::Display for Handler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::InTransaction => "in transaction",
            Self::Plain => "plain",
        })
    }
}
