//! The webhook handler: turns each paid checkout into an order.

use std::error::Error;

use axum::{extract::State, http::StatusCode};
use kelviq_axum::{Event, Reference};
use kelviq_core::{CheckoutCompleted, EventData, Metadata, SessionStatus};
use url::Url;

use super::{
    order_metadata::OrderMetadata,
    orders::{Order, Orders},
};
use crate::receipt::Review;

/// Records an order for each paid checkout and ignores all other events.
///
/// `checkout.completed` is the payment, whatever its fields contain. So every checkout becomes an order. It is fulfilled if
/// its metadata is valid and no other status than `success` contradicts the payment. Otherwise, a person has to review it.
///
/// The order and the event are recorded in one transaction. If that fails, the event is handled again later.
///
/// An order to review is recorded like any other: a retry would find the same event. The route then also handles no later
/// event of the same checkout, even if that one could be fulfilled. So only a person ends a review: they look up the
/// session at Kelviq, then fulfil or refund the order by hand. A real shop would have a page for this; here, the log asks
/// for it.
pub(super) async fn on_event(
    State(orders): State<Orders>,
    event: Event<OrderMetadata>,
) -> Result<(), StatusCode> {
    if let EventData::CheckoutCompleted(session) = &event.data {
        let order = order(&event, session);
        orders.record(&order, &event).await.map_err(|error| {
            let error = &*error as &dyn Error;
            tracing::error!(error, "the order could not be stored");
            StatusCode::INTERNAL_SERVER_ERROR
        })?;
    }
    Ok(())
}

fn order(event: &Event<OrderMetadata>, session: &CheckoutCompleted<OrderMetadata>) -> Order {
    let session_id = session.session_id.as_deref().filter(|id| !id.is_empty());
    let metadata = session.metadata.as_ref();
    let (reference, customer_id) = match metadata {
        Ok(metadata) => (
            Some(metadata.order_ref.clone()),
            Some(metadata.customer_id.clone()),
        ),
        Err(error) => {
            let raw = error.raw();
            let raw = raw.and_then(|json| Metadata::from_json(json).ok());
            let reference = raw.as_ref().and_then(|raw| raw.get("order_ref").ok()?);
            let reference = reference.or_else(|| reference_in(session));
            tracing::error!(
                reference = reference.as_ref().map(tracing::field::display),
                session_id,
                // It names the invalid key, but contains no value.
                %error,
                "paid, but the metadata is invalid; resolve this order by hand"
            );
            let customer = session.customer.as_ref();
            let customer_id = customer.and_then(|customer| customer.customer_id.clone());
            let customer_id = customer_id.or_else(|| raw?.get("customer_id").ok()?);
            (reference, customer_id)
        }
    };
    let is_success = matches!(session.status, None | Some(SessionStatus::Success));
    if !is_success {
        tracing::error!(
            reference = reference.as_ref().map(tracing::field::display),
            session_id,
            status = ?session.status,
            "paid, but the status is unexpected; resolve this order by hand"
        );
    }
    let review = match metadata {
        Err(_) => Some(Review::UnknownPurchase),
        Ok(_) if !is_success => Some(Review::UnexpectedStatus),
        Ok(_) => None,
    };
    let checkout = session.key().to_owned();
    let paid_at = event.verified.created_at().or(session.modified_on.as_ref());
    Order {
        reference: reference.map_or_else(|| checkout.clone(), |reference| reference.to_string()),
        checkout,
        customer_id,
        amount: amount(session),
        paid_at: paid_at.map(ToString::to_string),
        metadata: metadata.ok().cloned(),
        review,
    }
}

/// Returns the amount with its currency, as far as the event contains them.
fn amount<M>(session: &CheckoutCompleted<M>) -> Option<String> {
    let amount = session.amount.as_ref()?;
    Some(match &session.currency {
        Some(currency) => format!("{amount} {currency}"),
        None => amount.to_string(),
    })
}

/// Reads the reference from the URL of the thank-you page.
fn reference_in(session: &CheckoutCompleted<OrderMetadata>) -> Option<Reference> {
    let success_url = session.data.as_ref()?.success_url.as_ref()?;
    let url = Url::parse(success_url).ok()?;
    let mut references = url
        .query_pairs()
        .filter(|(name, _)| name == Reference::PARAMETER);
    references.next()?.1.parse().ok()
}
