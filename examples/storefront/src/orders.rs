//! What was sold, in memory.

use std::{sync::Arc, time::Duration};

use kelviq_axum::Reference;
use kelviq_core::CheckoutMetadata;
use tokio::{sync::watch, time::timeout};

use crate::offers::Plan;

/// What leaves with a checkout, and comes back when it is paid.
#[derive(Clone, Debug, CheckoutMetadata)]
pub(crate) struct OrderMetadata {
    /// The checkout's reference: the thank-you page finds the order by it.
    pub(crate) order_ref: Reference,
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
    /// The checkout's reference; the event's id when there was none to read.
    pub(crate) reference: String,
    pub(crate) event_id: String,
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
pub(crate) struct Orders(Arc<watch::Sender<Vec<Order>>>);

impl Orders {
    /// Keeps an order, once: another with its reference changes nothing.
    pub(crate) fn fulfil(&self, order: Order) {
        let (reference, event_id) = (order.reference.clone(), order.event_id.clone());
        let is_readable = order.metadata.is_some();
        let mut known = None;
        self.0.send_if_modified(|orders| {
            known = find(orders, &reference).map(|known| known.event_id.clone());
            if known.is_none() {
                orders.push(order);
            }
            known.is_none()
        });
        match known {
            None if is_readable => tracing::info!(reference, "order fulfilled"),
            None => {}
            // The inbox has forgotten the event, and Kelviq has sent it again.
            Some(known) if known == event_id => {}
            // Money that no order stands for: a person has to give it back.
            Some(known) => {
                tracing::error!(
                    reference,
                    event_id,
                    paid_by = known,
                    "an order was paid twice"
                );
            }
        }
    }

    /// The order as soon as it is there, if that is soon.
    pub(crate) async fn wait_for(&self, reference: &str, patience: Duration) -> Option<Order> {
        let mut orders = self.0.subscribe();
        let arrival = orders.wait_for(|orders| find(orders, reference).is_some());
        let orders = timeout(patience, arrival).await.ok()?.ok()?;
        find(&orders, reference).cloned()
    }

    /// The newest first.
    pub(crate) fn of_customer(&self, customer_id: &str) -> Vec<Order> {
        let orders = self.0.borrow();
        let theirs = orders
            .iter()
            .filter(|order| order.customer_id.as_deref() == Some(customer_id));
        theirs.rev().cloned().collect()
    }
}

fn find<'a>(orders: &'a [Order], reference: &str) -> Option<&'a Order> {
    orders.iter().find(|order| order.reference == reference)
}
