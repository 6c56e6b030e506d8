//! The comparison of orders and payments.

use std::{
    collections::{BTreeMap, HashMap},
    time::{Duration, Instant},
};

use exactly_once::BoxError;
use kelviq_axum::{PostgresStore, Store, StoreStatus};
use tokio::time::sleep;

use crate::world::World;

/// Maximum time until every payment has its order, and no event or delivery waits. The storefront fetches every 5 minutes
/// the events that were not delivered.
const SETTLE_TIMEOUT: Duration = Duration::from_mins(8);

/// Orders and payments.
pub(crate) struct Comparison {
    pub(crate) payments: usize,
    pub(crate) orders: usize,
    /// Ids of paid sessions without an order.
    pub(crate) missing: Vec<String>,
    /// Ids of sessions with an order and without a payment.
    pub(crate) unpaid: Vec<String>,
    /// Ids of sessions whose order has another reference than the session.
    pub(crate) confused: Vec<String>,
    /// The orders that a person has to review, by reason.
    pub(crate) reviews: BTreeMap<String, u64>,
    pub(crate) store: StoreStatus,
    /// Time from the end of the load to this comparison.
    pub(crate) settled_after: Duration,
}

impl Comparison {
    /// Compares repeatedly, until every payment has its order, every event is handled and every delivery is made, or until
    /// the time is over.
    pub(crate) async fn settle(world: &World, store: &PostgresStore) -> Result<Self, BoxError> {
        let began = Instant::now();
        loop {
            let comparison = Self::new(world, store).await?;
            let is_settled = comparison.missing.is_empty()
                && comparison.store.waiting == 0
                && world.pending_deliveries() == 0;
            if is_settled || began.elapsed() > SETTLE_TIMEOUT {
                return Ok(comparison);
            }
            eprintln!(
                "soak: waiting: {} payments without an order, {} events to handle, {} deliveries to make",
                comparison.missing.len(),
                comparison.store.waiting,
                world.pending_deliveries(),
            );
            sleep(Duration::from_secs(5)).await;
        }
    }

    async fn new(world: &World, store: &PostgresStore) -> Result<Self, BoxError> {
        let settled_after = world.end.elapsed();
        let paid: HashMap<String, Option<String>> = world
            .kelviq
            .checkouts()
            .into_iter()
            .filter(|checkout| checkout.is_paid)
            .map(|checkout| {
                let reference = checkout.metadata.get("order_ref").ok().flatten();
                (checkout.id, reference)
            })
            .collect();
        let orders: Vec<(String, String, Option<String>)> =
            sqlx::query_as("SELECT checkout, reference, review FROM storefront_orders")
                .fetch_all(store.pool())
                .await?;
        let mut comparison = Self {
            payments: paid.len(),
            orders: orders.len(),
            missing: Vec::new(),
            unpaid: Vec::new(),
            confused: Vec::new(),
            reviews: BTreeMap::new(),
            store: store.status().await?,
            settled_after,
        };
        let mut missing = paid.clone();
        for (checkout, reference, review) in orders {
            missing.remove(&checkout);
            match paid.get(&checkout) {
                None => comparison.unpaid.push(checkout),
                Some(expected) if expected.as_ref() != Some(&reference) => {
                    comparison.confused.push(checkout);
                }
                Some(_) => {}
            }
            if let Some(review) = review {
                *comparison.reviews.entry(review).or_default() += 1;
            }
        }
        comparison.missing = missing.into_keys().collect();
        Ok(comparison)
    }
}
