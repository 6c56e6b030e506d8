//! The orders, in the database.

use std::{
    error::Error,
    time::{SystemTime, UNIX_EPOCH},
};

use kelviq_axum::Event;
use kelviq_core::{Metadata, ToMetadata};

use super::{
    database::{Database, in_transaction, with_store},
    order_metadata::OrderMetadata,
};
use crate::{
    day::Day,
    money::format_amount,
    receipt::{Receipt, Review},
};

/// All orders. Clones share the same database.
#[derive(Clone, Debug)]
pub(crate) struct Orders(pub(super) Database);

/// A paid order.
#[derive(Clone, Debug)]
pub(super) struct Order {
    /// The checkout's reference, or the same as `checkout` if the reference could not be read.
    pub(super) reference: String,
    /// The key of the checkout.
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

const INSERT: &str = "INSERT INTO storefront_orders
        (checkout, reference, customer_id, amount, paid_at, metadata, review, recorded_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT DO NOTHING";

/// A fulfilled order precedes those to review.
const FIND: &str = "SELECT reference, amount, paid_at, metadata, review FROM storefront_orders
    WHERE reference = $1 ORDER BY review IS NOT NULL, recorded_at LIMIT 1";

const OF_CUSTOMER: &str =
    "SELECT reference, amount, paid_at, metadata, review FROM storefront_orders
    WHERE customer_id = $1 ORDER BY recorded_at DESC";

/// The selected columns.
type Row = (
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
);

impl Orders {
    /// Stores the order of an event, unless its checkout is already stored. Fulfils it unless it has to be reviewed.
    /// Records the event as handled in the same transaction, so that both happen or neither.
    ///
    /// Kelviq can announce the same checkout again, under the same or another event id.
    pub(super) async fn record(
        &self,
        order: &Order,
        event: &Event<OrderMetadata>,
    ) -> Result<(), Box<dyn Error + Send + Sync>> {
        let metadata = order.metadata.as_ref();
        let metadata = metadata.and_then(|metadata| metadata.to_metadata().ok());
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_micros();
        let now = i64::try_from(now)?;
        let (is_new, is_paid_twice) = in_transaction!(&self.0, tx => {
            let insert = |review: Option<Review>| {
                sqlx::query(INSERT)
                    .bind(&order.checkout)
                    .bind(&order.reference)
                    .bind(&order.customer_id)
                    .bind(&order.amount)
                    .bind(&order.paid_at)
                    .bind(metadata.as_ref().map(Metadata::as_json))
                    .bind(review.map(Review::name))
                    .bind(now)
            };
            let is_new = insert(order.review).execute(&mut *tx).await?.rows_affected() == 1;
            // Either the checkout has an order, or the reference has a fulfilled one.
            let is_paid_twice = !is_new
                && insert(Some(Review::PaidTwice)).execute(&mut *tx).await?.rows_affected() == 1;
            event.complete(&mut tx).await?;
            (is_new, is_paid_twice)
        });
        let Order {
            reference,
            checkout,
            ..
        } = order;
        if is_paid_twice {
            tracing::error!(
                reference,
                checkout,
                "an order was paid twice; refund this second checkout by hand"
            );
        } else if !is_new {
            tracing::info!(reference, checkout, "this checkout already has an order");
        } else if order.review.is_none() {
            tracing::info!(
                reference,
                checkout,
                offer = order.offer(),
                amount = order.amount,
                "order fulfilled"
            );
        }
        Ok(())
    }

    /// Returns the order with this reference, if it has been paid. A fulfilled order precedes those to review.
    pub(crate) async fn find(&self, reference: &str) -> Result<Option<Receipt>, sqlx::Error> {
        let row: Option<Row> = with_store!(&self.0, store => {
            let query = sqlx::query_as(FIND).bind(reference);
            query.fetch_optional(store.pool()).await?
        });
        Ok(row.map(receipt))
    }

    /// Returns the orders of a customer, newest first.
    pub(crate) async fn of_customer(&self, customer_id: &str) -> Result<Vec<Receipt>, sqlx::Error> {
        let rows: Vec<Row> = with_store!(&self.0, store => {
            let query = sqlx::query_as(OF_CUSTOMER).bind(customer_id);
            query.fetch_all(store.pool()).await?
        });
        Ok(rows.into_iter().map(receipt).collect())
    }
}

impl Order {
    fn offer(&self) -> Option<&'static str> {
        let metadata = self.metadata.as_ref()?;
        Some(metadata.plan.offer_name())
    }
}

impl Review {
    const ALL: [Self; 3] = [
        Self::UnknownPurchase,
        Self::UnexpectedStatus,
        Self::PaidTwice,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::UnknownPurchase => "unknown purchase",
            Self::UnexpectedStatus => "unexpected status",
            Self::PaidTwice => "paid twice",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|review| review.name() == name)
    }
}

fn receipt((reference, amount, paid_at, metadata, review): Row) -> Receipt {
    let metadata = metadata.and_then(|json| Metadata::from_json(&json).ok());
    let metadata: Option<OrderMetadata> = metadata.and_then(|metadata| metadata.parse().ok());
    Receipt {
        reference,
        amount: amount.as_deref().map(show_amount),
        paid_on: paid_at.as_deref().and_then(Day::of),
        purchase: metadata.as_ref().map(OrderMetadata::purchase),
        // A name that a later version has stored must not look like a fulfilled order.
        review: review.map(|name| Review::from_name(&name).unwrap_or(Review::UnexpectedStatus)),
    }
}

/// Formats a stored amount, e.g. `29.00 USD`. The currency can be missing.
fn show_amount(amount: &str) -> String {
    match amount.split_once(' ') {
        Some((amount, currency)) => format_amount(amount, Some(currency)),
        None => format_amount(amount, None),
    }
}
