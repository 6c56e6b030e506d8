//! What was sold, in memory.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kelviq_axum::Reference;
use kelviq_core::{CheckoutMetadata, ToMetadata};

use crate::{
    plan::Plan,
    receipt::{Purchase, Receipt},
};

/// What leaves with a checkout, and comes back when it is paid.
#[derive(Clone, Debug, CheckoutMetadata)]
pub(super) struct OrderMetadata {
    /// The checkout's reference: the thank-you page finds the order by it.
    pub(super) order_ref: Reference,
    #[metadata(rename = "offer")]
    pub(super) plan: Plan,
    /// Who ordered. It is in here too because Kelviq may know a buyer's email under another customer id; metadata comes
    /// back as it left.
    pub(super) customer_id: String,
    /// Only for plans that have seats.
    pub(super) seats: Option<u32>,
}

/// Something that was paid for.
#[derive(Clone, Debug)]
pub(super) struct Order {
    /// The checkout's reference; the event's id when there was none to read.
    pub(super) reference: String,
    pub(super) event_id: String,
    pub(super) customer_id: Option<String>,
    /// With its currency, e.g. `29.00 USD`.
    pub(super) amount: Option<String>,
    /// RFC 3339.
    pub(super) paid_at: Option<String>,
    /// `None`: it was paid, but somebody has to find out what for.
    pub(super) metadata: Option<OrderMetadata>,
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

impl OrderMetadata {
    fn purchase(&self) -> Purchase {
        let metadata = self.to_metadata().unwrap_or_default();
        let record = metadata
            .iter()
            .map(|(key, json)| (key.into_owned(), json.to_owned()))
            .collect();
        Purchase {
            plan: self.plan,
            seats: self.seats,
            record,
        }
    }
}

/// All orders, oldest first. Cloning shares them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Orders(Arc<Mutex<Vec<Order>>>);

impl Orders {
    /// Keeps an order, once: another with its reference changes nothing.
    pub(super) fn fulfil(&self, order: Order) {
        let mut orders = self.lock();
        match orders
            .iter()
            .find(|known| known.reference == order.reference)
        {
            None => {
                if order.metadata.is_some() {
                    tracing::info!(reference = order.reference, "order fulfilled");
                }
                orders.push(order);
            }
            // The inbox has forgotten the event, and Kelviq has sent it again.
            Some(known) if known.event_id == order.event_id => {}
            // Money that no order stands for: a person has to give it back.
            Some(known) => {
                tracing::error!(
                    reference = order.reference,
                    event_id = order.event_id,
                    paid_by = known.event_id,
                    "an order was paid twice"
                );
            }
        }
    }

    /// The order with this reference, if it is here yet.
    pub(crate) fn find(&self, reference: &str) -> Option<Receipt> {
        let orders = self.lock();
        let order = orders.iter().find(|order| order.reference == reference)?;
        Some(order.receipt())
    }

    /// The newest first.
    pub(crate) fn of_customer(&self, customer_id: &str) -> Vec<Receipt> {
        let orders = self.lock();
        let theirs = orders
            .iter()
            .filter(|order| order.customer_id.as_deref() == Some(customer_id));
        theirs.rev().map(Order::receipt).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Order>> {
        // A panic elsewhere leaves the list whole, since every change to it is a single step.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
