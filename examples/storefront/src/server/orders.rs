//! The orders, in memory.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::order_metadata::OrderMetadata;
use crate::receipt::{Receipt, Review};

/// All orders, oldest first. Clones share the same list.
#[derive(Clone, Debug, Default)]
pub(crate) struct Orders(Arc<Mutex<Vec<Order>>>);

/// A paid order.
#[derive(Clone, Debug)]
pub(super) struct Order {
    /// The checkout's reference, or the same as `checkout` if the reference could not be read.
    pub(super) reference: String,
    /// The checkout's session id, or the event's id if the event has none.
    pub(super) checkout: String,
    pub(super) customer_id: Option<String>,
    /// The amount and its currency, e.g. `29.00 USD`.
    pub(super) amount: Option<String>,
    /// The time of the payment in RFC 3339.
    pub(super) paid_at: Option<String>,
    /// `None` if the metadata could not be read, so that the purchase has to be looked up by hand.
    pub(super) metadata: Option<OrderMetadata>,
    /// `None` if the order is fulfilled. Otherwise, the reason why a person has to look at it.
    pub(super) review: Option<Review>,
}

impl Orders {
    /// Stores an order, unless its checkout is already stored. Fulfils it unless it has to be reviewed.
    ///
    /// Kelviq can announce the same checkout again, under the same or another event id.
    pub(super) fn record(&self, mut order: Order) {
        let mut orders = self.lock();
        let is_stored = orders
            .iter()
            .any(|existing| existing.checkout == order.checkout);
        if is_stored {
            tracing::info!(
                reference = order.reference,
                checkout = order.checkout,
                "this checkout already has an order"
            );
            return;
        }
        if order.review.is_none() {
            let fulfilled = orders.iter().find(|existing| {
                existing.reference == order.reference && existing.review.is_none()
            });
            if let Some(fulfilled) = fulfilled {
                tracing::error!(
                    reference = order.reference,
                    checkout = order.checkout,
                    paid_by = fulfilled.checkout,
                    "an order was paid twice; refund the second checkout by hand"
                );
                order.review = Some(Review::PaidTwice);
            } else {
                tracing::info!(
                    reference = order.reference,
                    checkout = order.checkout,
                    offer = order.offer(),
                    amount = order.amount,
                    "order fulfilled"
                );
            }
        }
        orders.push(order);
    }

    /// Returns the order with this reference, if it has been paid. A fulfilled order precedes those to review.
    pub(crate) fn find(&self, reference: &str) -> Option<Receipt> {
        let orders = self.lock();
        let order = orders
            .iter()
            .filter(|order| order.reference == reference)
            .min_by_key(|order| order.review.is_some())?;
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
    fn offer(&self) -> Option<&'static str> {
        let metadata = self.metadata.as_ref()?;
        Some(metadata.plan.offer_name())
    }

    fn receipt(&self) -> Receipt {
        let paid_on = self.paid_at.as_deref().and_then(|time| time.get(..10));
        Receipt {
            reference: self.reference.clone(),
            amount: self.amount.clone(),
            paid_on: paid_on.map(str::to_owned),
            purchase: self.metadata.as_ref().map(OrderMetadata::purchase),
            review: self.review,
        }
    }
}
