//! The webhook handler: turns a paid checkout into an order.

use axum::extract::State;
use kelviq_axum::{Event, Reference};
use kelviq_core::{CheckoutCompleted, EventData, Metadata, MetadataError, SessionStatus};

use super::{
    order_metadata::OrderMetadata,
    orders::{Order, Orders},
};

/// Fulfils paid checkouts and ignores all other events.
///
/// Always responds with 200, even if the metadata is invalid: a retry would deliver the same metadata, and the payment
/// has been made. Such an order is stored without metadata, and the buyer is shown how to contact the shop.
pub(super) async fn on_event(State(orders): State<Orders>, event: Event<OrderMetadata>) {
    let EventData::CheckoutCompleted(session) = event.data else {
        return;
    };
    if !matches!(session.status, None | Some(SessionStatus::Success)) {
        tracing::warn!(event_id = event.id, status = ?session.status, "ignored a checkout that is not paid");
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
            // The error names the invalid key, but contains no value.
            tracing::error!(event_id = event.id, %error, "paid, but the metadata is invalid; resolve this order by hand");
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

/// Reads the reference alone, which can succeed even if the rest of the metadata is invalid.
fn order_ref(error: &MetadataError) -> Option<Reference> {
    Metadata::from_json(error.raw()?)
        .ok()?
        .get("order_ref")
        .ok()?
}
