//! The webhook handler.

use axum::extract::State;
use kelviq_axum::{Event, kelviq_core::EventData};
use leptos::logging::error;

use super::{orders::OrderMetadata, state::AppState};
use crate::order::Order;

/// Stores an order for each paid checkout. Invalid metadata is logged.
pub(super) async fn on_event(State(state): State<AppState>, event: Event<OrderMetadata>) {
    let EventData::CheckoutCompleted(session) = event.data else {
        return;
    };
    match session.metadata {
        Ok(metadata) => state.orders.add(Order {
            reference: metadata.order_ref.to_string(),
            offer: metadata.offer,
            seats: metadata.seats,
            customer: metadata.customer,
        }),
        Err(error) => error!(
            "event {}, session {:?}: paid, but the metadata is invalid: {error}",
            event.id, session.session_id
        ),
    }
}
