//! What was sold, in memory.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kelviq_core::CheckoutMetadata;

use crate::offers::Plan;

/// What leaves with a checkout, and comes back when it is paid.
#[derive(Clone, Debug, CheckoutMetadata)]
pub(crate) struct OrderMetadata {
    /// The checkout's reference: the thank-you page finds the order by it.
    pub(crate) order_ref: String,
    #[metadata(rename = "offer")]
    pub(crate) plan: Plan,
    /// Who ordered. It is in here too because Kelviq may know a buyer's email under another customer id; metadata comes
    /// back as it left.
    pub(crate) customer_id: String,
    /// Only for plans that have seats.
    pub(crate) seats: Option<u32>,
}

/// Something that was paid for.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) reference: String,
    pub(crate) customer_id: Option<String>,
    /// With its currency, e.g. `29.00 USD`.
    pub(crate) amount: Option<String>,
    /// RFC 3339.
    pub(crate) paid_at: Option<String>,
    /// `None`: it was paid, but somebody has to find out what for.
    pub(crate) metadata: Option<OrderMetadata>,
}

/// All orders, oldest first. Cloning shares them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Orders(Arc<Mutex<Vec<Order>>>);

impl Orders {
    /// Keeps an order, once: another with its reference changes nothing.
    pub(crate) fn fulfil(&self, order: Order) {
        let mut orders = self.lock();
        if orders
            .iter()
            .all(|known| known.reference != order.reference)
        {
            tracing::info!(reference = order.reference, "order fulfilled");
            orders.push(order);
        }
    }

    pub(crate) fn find(&self, reference: &str) -> Option<Order> {
        let orders = self.lock();
        orders
            .iter()
            .find(|order| order.reference == reference)
            .cloned()
    }

    /// The newest first.
    pub(crate) fn of_customer(&self, customer_id: &str) -> Vec<Order> {
        let orders = self.lock();
        let theirs = orders
            .iter()
            .filter(|order| order.customer_id.as_deref() == Some(customer_id));
        theirs.rev().cloned().collect()
    }

    /// Locks; a panic elsewhere leaves the list whole, since every change to it is a single push.
    fn lock(&self) -> MutexGuard<'_, Vec<Order>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
