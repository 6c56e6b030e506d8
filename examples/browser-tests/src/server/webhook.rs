//! The webhook handler.

use axum::extract::State;
use kelviq_axum::{Event, kelviq_core::EventData};

use super::{orders::OrderMetadata, state::AppState};
use crate::order::Order;

/// Stores an order for each paid checkout.
pub(super) async fn on_event(State(state): State<AppState>, event: Event<OrderMetadata>) {
    if let EventData::CheckoutCompleted(session) = event.data
        && let Ok(metadata) = session.metadata
    {
        state.orders.add(Order {
            reference: metadata.order_ref.to_string(),
            offer: metadata.offer,
            seats: metadata.seats,
            customer: metadata.customer,
        });
    }
}
