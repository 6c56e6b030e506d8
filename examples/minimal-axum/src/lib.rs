//! The application: a button, two routes for the sale, and a page to come back to.

use axum::{
    Router,
    response::Html,
    routing::{get, post},
};
use kelviq_axum::{Checkout, CheckoutRedirect, Event, MemoryInbox, Rejection, Shop, webhook};
use kelviq_core::{ChargePeriod, CheckoutMetadata, EventData, WebhookSecret};

/// What the application wants to know about an order when it is paid.
#[derive(Debug, CheckoutMetadata)]
struct OrderMetadata {
    order_ref: String,
    source: String,
    seats: u32,
    coupon: Option<String>,
}

async fn buy(checkout: Checkout) -> Result<CheckoutRedirect, Rejection> {
    let metadata = OrderMetadata {
        order_ref: checkout.reference().to_string(),
        source: "pricing_page".into(),
        seats: 5,
        coupon: None,
    };
    checkout
        .plan("pro", ChargePeriod::Monthly)
        .customer_id("cust_789") // in earnest: the signed-in user's id
        .quantity("seats", metadata.seats)
        .success_path("/thanks")
        .metadata(&metadata)
        .redirect()
        .await
}

async fn on_event(event: Event<OrderMetadata>) {
    if let EventData::CheckoutCompleted(session) = event.data {
        match session.metadata {
            Ok(order) => tracing::info!(?order, "paid"), // in earnest: fulfil the order
            Err(error) => tracing::error!(event.id, %error, "paid, but what for?"),
        }
    }
}

const HOME: Html<&str> =
    Html(r#"<form method="post" action="/buy"><button>Buy Pro</button></form>"#);
/// Says no more than a visit here proves: the webhook tells whether the order is paid.
const THANKS: &str = "Thank you! We are confirming your order.";

/// The routes, for `main` and for tests.
pub fn app(shop: Shop, secret: WebhookSecret) -> Router {
    Router::new()
        .route("/", get(HOME))
        .route("/buy", post(buy))
        .route("/thanks", get(THANKS))
        .route(
            "/webhooks/kelviq",
            webhook(secret, MemoryInbox::default(), on_event),
        )
        .with_state(shop)
}
