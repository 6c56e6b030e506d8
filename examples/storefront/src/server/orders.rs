//! The orders, in memory.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::order_metadata::OrderMetadata;
use crate::receipt::Receipt;

/// All orders, oldest first. Clones share the same list.
#[derive(Clone, Debug, Default)]
pub(crate) struct Orders(Arc<Mutex<Vec<Order>>>);

/// A paid order.
#[derive(Clone, Debug)]
pub(super) struct Order {
    /// The checkout's reference, or the event's id if the reference could not be read.
    pub(super) reference: String,
    pub(super) event_id: String,
    pub(super) customer_id: Option<String>,
    /// The amount and its currency, e.g. `29.00 USD`.
    pub(super) amount: Option<String>,
    /// The time of the payment in RFC 3339.
    pub(super) paid_at: Option<String>,
    /// `None` if the metadata could not be read, so that the purchase has to be looked up by hand.
    pub(super) metadata: Option<OrderMetadata>,
}

impl Orders {
    /// Stores an order, unless there is already one with its reference.
    pub(super) fn fulfil(&self, order: Order) {
        let mut orders = self.lock();
        match orders
            .iter()
            .find(|existing| existing.reference == order.reference)
        {
            None => {
                if order.metadata.is_some() {
                    tracing::info!(reference = order.reference, "order fulfilled");
                }
                orders.push(order);
            }
            // Kelviq has delivered the event again after the inbox evicted it.
            Some(existing) if existing.event_id == order.event_id => {}
            // A second payment for the same order, which has to be refunded by hand.
            Some(existing) => {
                tracing::error!(
                    reference = order.reference,
                    event_id = order.event_id,
                    paid_by = existing.event_id,
                    "an order was paid twice"
                );
            }
        }
    }

    /// Returns the order with this reference, if it has been paid.
    pub(crate) fn find(&self, reference: &str) -> Option<Receipt> {
        let orders = self.lock();
        let order = orders.iter().find(|order| order.reference == reference)?;
        Some(order.receipt())
    }

    /// Returns the orders of a customer, newest first.
    pub(crate) fn of_customer(&self, customer_id: &str) -> Vec<Receipt> {
        let orders = self.lock();
        let matching = orders
            .iter()
            .filter(|order| order.customer_id.as_deref() == Some(customer_id));
        matching.rev().map(Order::receipt).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Order>> {
        // Every change is a single push, so the list is valid even if a thread panicked while it had the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Order {
    fn receipt(&self) -> Receipt {
        let paid_on = self.paid_at.as_deref().and_then(|time| time.get(..10));
        Receipt {
            reference: self.reference.clone(),
            amount: self.amount.clone(),
            paid_on: paid_on.map(str::to_owned),
            purchase: self.metadata.as_ref().map(OrderMetadata::purchase),
        }
    }
}
