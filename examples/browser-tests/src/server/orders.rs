//! The paid orders, in memory.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kelviq_axum::{Reference, kelviq_core::CheckoutMetadata};
use leptos::prelude::use_context;

use crate::order::Order;

/// The metadata that is sent with a checkout and returned once it is paid.
#[derive(CheckoutMetadata)]
pub(super) struct OrderMetadata {
    pub(super) order_ref: Reference,
    pub(super) offer: String,
    pub(super) seats: Option<u32>,
    pub(super) customer: String,
}

/// All orders. Clones share the same list.
#[derive(Clone, Default)]
pub(super) struct Orders(Arc<Mutex<Vec<Order>>>);

impl Orders {
    pub(super) fn add(&self, order: Order) {
        self.lock().push(order);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Order>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the order with this reference, if it has been paid.
pub(crate) fn find_order(reference: &str) -> Option<Order> {
    let orders = use_context::<Orders>()?;
    let orders = orders.lock();
    orders
        .iter()
        .find(|order| order.reference == reference)
        .cloned()
}
