//! A sale from the click to the fulfilled order, in one process.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    extract::{FromRef, State},
    http::StatusCode,
    routing::post,
};
use kelviq_axum::{
    Checkout, CheckoutRedirect, Event, MemoryInbox, Rejection, Shop, fake::FakeKelviq, webhook,
};
use kelviq_core::{ChargePeriod, CheckoutMetadata, EventData};
use serde_json::json;

use crate::support::{form, send};

#[derive(Clone, Debug, PartialEq, CheckoutMetadata)]
struct OrderMetadata {
    order_ref: String,
    #[metadata(rename = "source")]
    placed_from: String,
    seats: u32,
    price: f64,
    coupon: Option<String>,
    #[metadata(skip)]
    cart: Vec<String>,
}

fn order() -> OrderMetadata {
    OrderMetadata {
        order_ref: "ABC-123".into(),
        placed_from: "pricing \"page\" é".into(),
        seats: 5,
        price: 1.1,
        coupon: None,
        cart: vec!["not sent".into()],
    }
}

type Fulfilled = Arc<Mutex<Vec<(String, OrderMetadata)>>>;

#[derive(Clone, FromRef)]
struct App {
    shop: Shop,
    fulfilled: Fulfilled,
}

async fn buy(checkout: Checkout) -> Result<CheckoutRedirect, Rejection> {
    checkout
        .plan("pro", ChargePeriod::Monthly)
        .customer("cust_789")
        .quantity("seats", 5)
        .success_path("/thanks?from=checkout")
        .cancel_path("/cancelled")
        .metadata(order())
        .lock_email(true)
        .redirect()
        .await
}

async fn on_event(
    State(fulfilled): State<Fulfilled>,
    event: Event<OrderMetadata>,
) -> Result<(), StatusCode> {
    if let EventData::CheckoutCompleted(session) = event.data {
        let order = session
            .metadata
            .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
        fulfilled
            .lock()
            .unwrap()
            .push((session.session_id.unwrap_or_default(), order));
    }
    Ok(())
}

#[tokio::test]
async fn a_click_becomes_a_fulfilled_order() {
    let kelviq = FakeKelviq::start().await;
    let fulfilled = Fulfilled::default();
    let app = Router::new()
        .route("/buy", post(buy))
        .route(
            "/webhooks/kelviq",
            webhook(kelviq.webhook_secret(), MemoryInbox::default(), on_event),
        )
        .with_state(App {
            shop: Shop::new(kelviq.client(), "https://app.example.com").unwrap(),
            fulfilled: Arc::clone(&fulfilled),
        });

    let response = send(&app, form("/buy", "plan=free&customerId=evil&metadata=x")).await;
    assert_eq!(response.status, StatusCode::SEE_OTHER);
    assert_eq!(response.header("cache-control"), "no-store");
    let checkout = &kelviq.checkouts()[0];
    assert!(
        response
            .header("location")
            .ends_with(&format!("/checkout/{}/", checkout.id))
    );

    let reference = checkout.fields["successUrl"]
        .as_str()
        .unwrap()
        .rsplit_once('=')
        .unwrap()
        .1;
    assert_eq!(reference.len(), 32);
    assert_eq!(
        checkout.received,
        format!(
            concat!(
                r#"{{"planIdentifier":"pro","chargePeriod":"MONTHLY","#,
                r#""successUrl":"https://app.example.com/thanks?from=checkout&reference={}","#,
                r#""cancelUrl":"https://app.example.com/cancelled?reference={}","customerId":"cust_789","lockEmail":true,"#,
                r#""features":[{{"identifier":"seats","quantity":5}}],"#,
                r#""metadata":{{"order_ref":"ABC-123","source":"pricing \"page\" é","seats":5,"price":1.1}}}}"#,
            ),
            reference, reference
        )
    );
    assert_eq!(
        checkout.metadata,
        json!({"order_ref": "ABC-123", "source": "pricing \"page\" é", "seats": 5, "price": 1.1})
    );

    let payment = kelviq.pay(&checkout.id);
    for _ in 0..2 {
        let response = payment.deliver_to(&app, "/webhooks/kelviq").await;
        assert_eq!(response.status(), StatusCode::OK);
    }
    let read_back = OrderMetadata {
        cart: Vec::new(),
        ..order()
    };
    assert_eq!(
        *fulfilled.lock().unwrap(),
        [(checkout.id.clone(), read_back)]
    );
}
