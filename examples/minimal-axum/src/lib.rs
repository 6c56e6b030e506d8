//! The application: a page with a button, the checkout and webhook routes, and a success page.

use axum::{
    Router,
    extract::State,
    response::Html,
    routing::{get, post},
};
use kelviq_axum::{
    Checkout, CheckoutRedirect, CheckoutReturn, CheckoutState, Event, MemoryInbox, Rejection, Shop,
    webhook,
};
use kelviq_core::{ChargePeriod, CheckoutMetadata, EventData, WebhookSecret};

/// The metadata that the application sends with a checkout and receives when it is paid.
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
        // In a real application: .customer(…) with the id of the signed-in user. A double click then creates one session.
        .quantity("seats", metadata.seats)
        .success_path("/thanks")
        .metadata(&metadata)
        .redirect()
        .await
}

async fn on_event(State(shop): State<Shop>, event: Event<OrderMetadata>) {
    if let EventData::CheckoutCompleted(session) = event.data {
        shop.session_ended(session.key()).await; // another click starts another checkout
        match session.metadata {
            Ok(order) => tracing::info!(?order, "paid"), // in a real application: fulfil the order
            // Kept for a person to look at: the payment has been made, so a retry does not help.
            Err(error) => {
                let session_id = session.session_id;
                tracing::error!(event.id, session_id, %error, "paid, but the metadata is invalid");
            }
        }
    }
}

const HOME: Html<&str> =
    Html(r#"<form method="post" action="/buy"><button>Buy Pro</button></form>"#);

/// The success page. Anyone can open it, so it shows the state at Kelviq. Orders are fulfilled by the webhook only.
async fn thanks(checkout: CheckoutReturn) -> &'static str {
    match checkout.state().await {
        CheckoutState::Paid(_) => "Thank you! We have received your payment.",
        CheckoutState::Closed => "Nothing was paid.",
        _ => "We are confirming your payment. Please load this page again in a moment.",
    }
}

/// Creates the router, for the program and for tests.
pub fn app(shop: Shop, secret: WebhookSecret) -> Router {
    Router::new()
        .route("/", get(HOME))
        .route("/buy", post(buy))
        .route("/thanks", get(thanks))
        .route(
            "/webhooks/kelviq",
            webhook(secret, MemoryInbox::default(), on_event),
        )
        .with_state(shop)
}
