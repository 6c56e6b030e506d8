//! From a paid checkout to an order.

use axum::extract::State;
use kelviq_axum::{Event, Reference};
use kelviq_core::{CheckoutCompleted, EventData, Metadata, MetadataError, SessionStatus};

use super::orders::{Order, OrderMetadata, Orders};

/// Fulfils what was paid. Everything else that Kelviq tells is of no interest to this shop.
///
/// It always answers 200, also when the metadata does not fit: Kelviq's retries would bring the same metadata again,
/// and the money has been paid. Such an order is kept for a person to look at, and the buyer sees that.
pub(super) async fn on_event(State(orders): State<Orders>, event: Event<OrderMetadata>) {
    let EventData::CheckoutCompleted(session) = event.data else {
        return;
    };
    if !matches!(session.status, None | Some(SessionStatus::Success)) {
        tracing::warn!(event_id = event.id, status = ?session.status, "a checkout that is not paid");
        return;
    }
    let amount = amount(&session);
    let (reference, customer_id, metadata) = match session.metadata {
        Ok(metadata) => (
            metadata.order_ref.to_string(),
            Some(metadata.customer_id.clone()),
            Some(metadata),
        ),
        Err(error) => {
            // The error names the key that does not fit, and no value.
            tracing::error!(event_id = event.id, %error, "paid, but the metadata does not fit: look at it by hand");
            let customer = session.customer;
            (
                order_ref(&error)
                    .map_or_else(|| event.id.clone(), |reference| reference.to_string()),
                customer.and_then(|customer| customer.customer_id),
                None,
            )
        }
    };
    orders.fulfil(Order {
        reference,
        event_id: event.id,
        customer_id,
        amount,
        paid_at: event.verified.created_at().map(str::to_owned),
        metadata,
    });
}

fn amount<M>(session: &CheckoutCompleted<M>) -> Option<String> {
    Some(format!(
        "{} {}",
        session.amount.as_ref()?,
        session.currency.as_ref()?
    ))
}

/// The reference, if at least that can be read.
fn order_ref(error: &MetadataError) -> Option<Reference> {
    Metadata::from_json(error.raw()?)
        .ok()?
        .get("order_ref")
        .ok()?
}
