//! The extractor of the success page: the reference from the URL, and the state of the checkout.

use std::sync::mpsc::{Sender, channel};

use axum::{
    Json, Router,
    body::Body,
    http::{Request, StatusCode},
    routing::{get, post},
};
use kelviq_axum::{
    Checkout, CheckoutRedirect, CheckoutReturn, CheckoutState, Reference, Rejection, Shop,
    fake::{FakeKelviq, Fault},
};
use kelviq_core::{ChargePeriod, Kelviq};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::support::{TestResponse as Page, form, send};

async fn buy(checkout: Checkout) -> Result<CheckoutRedirect, Rejection> {
    let plan = checkout.plan("pro", ChargePeriod::Monthly);
    let plan = plan
        .success_path("/thanks")
        .cancel_path("/cancelled?from=checkout");
    plan.redirect().await
}

async fn cancelled(checkout: CheckoutReturn) -> String {
    checkout.reference().to_string()
}

async fn thanks(checkout: CheckoutReturn) -> String {
    match checkout.state().await {
        CheckoutState::Paid(session) => format!("paid {}", session.id.unwrap()),
        CheckoutState::Pending => "not yet".into(),
        CheckoutState::Closed => "ended".into(),
        _ => "unknown".into(),
    }
}

fn app(shop: Shop) -> Router {
    Router::new()
        .route("/buy", post(buy))
        .route("/thanks", get(thanks))
        .route("/cancelled", get(cancelled))
        .with_state(shop)
}

async fn open(app: &Router, path: &str) -> Page {
    send(app, Request::get(path).body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn the_page_gets_the_state_without_a_cookie_and_on_any_host() {
    let kelviq = FakeKelviq::start().await;
    let app = app(Shop::new(kelviq.client(), "https://app.example.com").unwrap());
    send(&app, form("/buy", "")).await;
    send(&app, form("/buy", "")).await;
    let [first, second] = &kelviq.checkouts()[..] else {
        panic!("two checkouts")
    };
    let path = |checkout: &kelviq_axum::fake::FakeCheckout| {
        let url = checkout.fields["successUrl"].as_str().unwrap();
        url.strip_prefix("https://app.example.com")
            .unwrap()
            .to_owned()
    };
    let _ = kelviq.pay(&first.id);
    assert_eq!(
        open(&app, &path(first)).await.body,
        format!("paid {}", first.id)
    );
    assert_eq!(open(&app, &path(second)).await.body, "not yet");
}

#[tokio::test]
async fn the_cancel_page_gets_the_same_reference_without_a_request_to_kelviq() {
    let kelviq = FakeKelviq::start().await;
    let shop = Shop::new(kelviq.client(), "https://app.example.com").unwrap();
    let app = app(shop.clone());
    send(&app, form("/buy", "")).await;
    let fields = kelviq.checkouts()[0].fields.clone();
    let path = |field: &str| {
        let url = fields[field].as_str().unwrap();
        url.strip_prefix("https://app.example.com")
            .unwrap()
            .to_owned()
    };
    let (success_path, cancel_path) = (path("successUrl"), path("cancelUrl"));
    // The next request to Kelviq fails.
    kelviq.inject_next(Fault::Error(404));
    let reference = open(&app, &cancel_path).await.body;
    assert_eq!(
        cancel_path,
        format!("/cancelled?from=checkout&reference={reference}")
    );
    assert_eq!(success_path, format!("/thanks?reference={reference}"));
    let reference = reference.parse().unwrap();
    let state = shop.checkout_state(&reference).await;
    assert!(matches!(state, CheckoutState::Unknown), "{state:?}");
}

#[tokio::test]
async fn the_state_is_fetched_by_the_reference_alone() {
    let kelviq = FakeKelviq::start().await;
    let shop = Shop::new(kelviq.client(), "https://app.example.com").unwrap();
    let app = app(shop.clone());
    send(&app, form("/buy", "")).await;
    let checkout = &kelviq.checkouts()[0];
    let url = checkout.fields["successUrl"].as_str().unwrap();
    let reference = url.rsplit_once('=').unwrap().1.parse().unwrap();
    let _ = kelviq.pay(&checkout.id);
    match shop.checkout_state(&reference).await {
        CheckoutState::Paid(session) => assert_eq!(session.id.as_ref(), Some(&checkout.id)),
        state => panic!("{state:?}"),
    }
    let other = "0".repeat(32).parse().unwrap();
    let state = shop.checkout_state(&other).await;
    assert!(matches!(state, CheckoutState::Unknown), "{state:?}");
}

#[tokio::test]
async fn an_invalid_reference_is_400_and_an_unknown_one_has_the_state_unknown() {
    let kelviq = FakeKelviq::start().await;
    let app = app(Shop::new(kelviq.client(), "https://app.example.com").unwrap());
    let unknown = open(&app, &format!("/thanks?reference={}", "0".repeat(32))).await;
    assert_eq!(
        (unknown.status, unknown.body.as_str()),
        (StatusCode::OK, "unknown")
    );
    for query in [
        "",
        "?",
        "?reference=",
        "?reference=abc",
        "?reference=%3Cscript%3E",
        "?ref=1",
        "?reference=0000000000000000000000000000000G",
        "?reference=00000000000000000000000000000000%0A",
    ] {
        let page = open(&app, &format!("/thanks{query}")).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{query}");
        assert!(!page.body.contains("script"));
    }
}

#[test]
fn a_reference_is_parsed_from_its_own_text_only() {
    let text = "0123456789abcdef0123456789abcdef";
    let reference: Reference = text.parse().unwrap();
    assert_eq!(
        (reference.as_str(), reference.to_string().as_str()),
        (text, text)
    );
    let json = serde_json::to_string(&reference).unwrap();
    assert_eq!(serde_json::from_str::<Reference>(&json).unwrap(), reference);
    for text in [
        "",
        "0",
        "0123456789ABCDEF0123456789abcdef",
        "0123456789abcdef0123456789abcdef0",
    ] {
        assert!(text.parse::<Reference>().is_err(), "{text}");
    }
}

#[tokio::test]
async fn concurrent_loads_of_the_page_share_one_request_to_kelviq() {
    let kelviq = FakeKelviq::start().await;
    let app = app(Shop::new(kelviq.client(), "https://app.example.com").unwrap());
    send(&app, form("/buy", "")).await;
    let checkout = &kelviq.checkouts()[0];
    let url = checkout.fields["successUrl"].as_str().unwrap();
    let path = url
        .strip_prefix("https://app.example.com")
        .unwrap()
        .to_owned();
    let _ = kelviq.pay(&checkout.id);
    // One request gets no response. A second request would return the state "paid".
    kelviq.inject_next(Fault::Nothing);
    let mut loads = Vec::new();
    for _ in 0..20 {
        let (app, path) = (app.clone(), path.clone());
        loads.push(tokio::spawn(async move { open(&app, &path).await.body }));
        tokio::task::yield_now().await;
    }
    // A reload cancels the previous load.
    for load in &loads[..19] {
        load.abort();
    }
    let last = loads.pop().unwrap().await.unwrap();
    assert_eq!(last, "not yet");
}

#[tokio::test]
async fn a_404_from_kelviq_is_the_state_unknown() {
    let kelviq = FakeKelviq::start().await;
    let app = app(Shop::new(kelviq.client(), "https://app.example.com").unwrap());
    send(&app, form("/buy", "")).await;
    let url = kelviq.checkouts()[0].fields["successUrl"]
        .as_str()
        .unwrap()
        .to_owned();
    kelviq.inject_next(Fault::Error(404));
    let path = url.strip_prefix("https://app.example.com").unwrap();
    assert_eq!(open(&app, path).await.body, "unknown");
}

/// A Kelviq whose only session and its order have these statuses. Sends the success URL of the session to `created`.
async fn kelviq_with_status(
    status: &'static str,
    order: &'static str,
    created: Sender<String>,
) -> Kelviq {
    const ID: &str = "cs_1";
    let create = async move |Json(request): Json<Value>| {
        let success_url = request["successUrl"].as_str().unwrap();
        created.send(success_url.to_owned()).unwrap();
        let url = format!("http://127.0.0.1/checkout/{ID}/");
        let session = json!({"checkoutUrl": url, "checkoutSessionId": ID});
        (StatusCode::CREATED, Json(session))
    };
    let retrieve = async move || {
        Json(json!({"id": ID, "status": status, "order": {"id": "order_1", "status": order}}))
    };
    let api = Router::new()
        .route("/api/v1/checkout/", post(create))
        .route("/api/v1/checkout/sessions/{id}/", get(retrieve));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, api).await.unwrap() });
    Kelviq::builder("server-test")
        .base_url(&url)
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_session_with_a_paid_order_is_paid_whatever_its_status_is() {
    for (status, order, state) in [
        ("success", "PENDING", "paid cs_1"),
        ("settled", "COMPLETE", "paid cs_1"),
        ("expired", "PARTIAL_REFUND", "paid cs_1"),
        ("processing", "PENDING", "not yet"),
        ("payment_failed", "FAILED", "not yet"),
        ("settled", "FRAUDULENT", "not yet"),
        ("closed", "CANCELLED", "ended"),
    ] {
        let (created, success_urls) = channel();
        let kelviq = kelviq_with_status(status, order, created).await;
        let app = app(Shop::new(kelviq, "https://app.example.com").unwrap());
        let redirect = send(&app, form("/buy", "")).await;
        assert_eq!(redirect.status, StatusCode::SEE_OTHER, "{}", redirect.body);
        let success_url = success_urls.recv().unwrap();
        let path = success_url.strip_prefix("https://app.example.com").unwrap();
        let page = open(&app, path).await;
        assert_eq!(page.body, state, "{status}, {order}");
    }
}
