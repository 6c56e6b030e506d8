//! The webhook handler: turns each paid checkout into an order.

use axum::extract::State;
use kelviq_axum::{Event, Reference, Shop};
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
/// Always responds with 200: a retry would deliver the same event again. The route then also handles no later event of the
/// same checkout, even if that one could be fulfilled. So only a person ends a review: they look up the session at Kelviq,
/// then fulfil or refund the order by hand. A real shop would have a page for this; here, the log asks for it.
pub(super) async fn on_event(
    State((shop, orders)): State<(Shop, Orders)>,
    event: Event<OrderMetadata>,
) {
    if let EventData::CheckoutCompleted(session) = event.data {
        // Otherwise a click within 5 s would lead to the paid checkout.
        shop.session_ended(session.key()).await;
        let created_at = event.verified.created_at().map(str::to_owned);
        orders.record(order(event.id, created_at, session));
    }
}

fn order(
    event_id: String,
    created_at: Option<String>,
    session: CheckoutCompleted<OrderMetadata>,
) -> Order {
    let amount = amount(&session);
    let session_id = session.session_id.filter(|id| !id.is_empty());
    let raw = session
        .metadata
        .as_ref()
        .err()
        .and_then(|error| error.raw());
    let raw = raw.and_then(|json| Metadata::from_json(json).ok());
    let customer = session.customer.and_then(|customer| customer.customer_id);
    let success_url = session.data.and_then(|data| data.success_url);

    let (reference, customer_id, metadata) = match session.metadata {
        Ok(metadata) => (
            Some(metadata.order_ref.clone()),
            Some(metadata.customer_id.clone()),
            Some(metadata),
        ),
        Err(error) => {
            let reference = raw.as_ref().and_then(|raw| raw.get("order_ref").ok()?);
            let reference = reference.or_else(|| reference_in(&success_url?));
            tracing::error!(
                reference = reference.as_ref().map(tracing::field::display),
                session_id,
                // It names the invalid key, but contains no value.
                %error,
                "paid, but the metadata is invalid; resolve this order by hand"
            );
            let customer_id = customer.or_else(|| raw?.get("customer_id").ok()?);
            (reference, customer_id, None)
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
        None => Some(Review::UnknownPurchase),
        Some(_) if !is_success => Some(Review::UnexpectedStatus),
        Some(_) => None,
    };
    let checkout = session_id.unwrap_or(event_id);
    Order {
        reference: reference.map_or_else(|| checkout.clone(), |reference| reference.to_string()),
        checkout,
        customer_id,
        amount,
        paid_at: created_at.or(session.modified_on),
        metadata,
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
fn reference_in(success_url: &str) -> Option<Reference> {
    let url = Url::parse(success_url).ok()?;
    let mut references = url
        .query_pairs()
        .filter(|(name, _)| name == Reference::PARAMETER);
    references.next()?.1.parse().ok()
}
