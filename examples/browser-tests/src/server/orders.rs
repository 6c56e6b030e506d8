//! What was paid for, in memory, as the webhook said.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::State;
use kelviq_axum::{
    Event, Reference,
    kelviq_core::{CheckoutMetadata, EventData},
};
use leptos::prelude::use_context;

use super::app::App;
use crate::Order;

/// What leaves with a checkout, and comes back when it is paid.
#[derive(CheckoutMetadata)]
pub(super) struct OrderMetadata {
    pub(super) order_ref: Reference,
    pub(super) offer: String,
    pub(super) seats: Option<u32>,
    pub(super) customer: String,
}

/// All orders. Cloning shares them.
#[derive(Clone, Default)]
pub(super) struct Orders(Arc<Mutex<Vec<Order>>>);

impl Orders {
    fn lock(&self) -> MutexGuard<'_, Vec<Order>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) async fn on_event(State(app): State<App>, event: Event<OrderMetadata>) {
    if let EventData::CheckoutCompleted(session) = event.data
        && let Ok(metadata) = session.metadata
    {
        app.orders.lock().push(Order {
            reference: metadata.order_ref.to_string(),
            offer: metadata.offer,
            seats: metadata.seats,
            customer: metadata.customer,
        });
    }
}

/// The order with this reference, if it has been paid.
pub(crate) fn find_order(reference: &str) -> Option<Order> {
    let orders = use_context::<Orders>()?;
    let orders = orders.lock();
    orders
        .iter()
        .find(|order| order.reference == reference)
        .cloned()
}
