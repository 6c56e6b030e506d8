//! An order that the application stores before the buyer leaves.

use std::{
    convert::Infallible,
    hash::Hash,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use crate::support::{TestResponse, form, log::Log, send, with};
use axum::{
    Router,
    body::{Body, Bytes},
    extract::FromRequestParts,
    http::{Request, StatusCode, header, request::Parts},
    response::{IntoResponse, Redirect, Result},
    routing::post,
};
use futures_util::{StreamExt, stream};
use kelviq_axum::{
    Buyer, Checkout, Offer, Offers, Rejection, Sale, Shop,
    fake::{FakeKelviq, Fault},
    kelviq_core::{ChargePeriod, CheckoutMetadata, CustomerProfile, ToMetadata},
    routes,
};
use serde_json::Value;
use sqlx::{SqlitePool, sqlite::SqlitePoolOptions};
use tokio::{sync::Semaphore, task::yield_now};

#[derive(Clone)]
struct Orders {
    pool: SqlitePool,
    /// Number of clicks that have reached the checkout.
    clicks: Arc<AtomicUsize>,
    /// Number of calls of `metadata`.
    calls: Arc<AtomicUsize>,
    /// Keeps `metadata` waiting.
    gate: Arc<Semaphore>,
}

impl Orders {
    async fn create() -> Self {
        let pool = SqlitePoolOptions::new().max_connections(1);
        let pool = pool.connect("sqlite::memory:").await.unwrap();
        let table = "CREATE TABLE orders (id INTEGER PRIMARY KEY, reference TEXT, user_id INTEGER, offer TEXT, seats INTEGER, note TEXT)";
        sqlx::query(table).execute(&pool).await.unwrap();
        Self {
            pool,
            clicks: Arc::default(),
            calls: Arc::default(),
            gate: Arc::new(Semaphore::new(0)),
        }
    }

    async fn insert(&self, user_id: Option<u32>, sale: &Sale<'_>) -> sqlx::Result<i64> {
        sqlx::query_scalar(
            "INSERT INTO orders (reference, user_id, offer, seats, note) VALUES ($1, $2, $3, $4, $5) RETURNING id",
        )
        .bind(sale.reference().as_str())
        .bind(user_id)
        .bind(sale.offer())
        .bind(sale.quantity("seats"))
        .bind(sale.field("note"))
        .fetch_one(&self.pool)
        .await
    }

    fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }
}

struct Customer {
    id: Option<u32>,
    orders: Orders,
}

impl FromRequestParts<Orders> for Customer {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, orders: &Orders) -> Result<Self, StatusCode> {
        let id = parts.headers.get("x-user");
        Ok(Self {
            id: id.map(|id| id.to_str().unwrap().parse().unwrap()),
            orders: orders.clone(),
        })
    }
}

#[derive(CheckoutMetadata)]
struct OrderMetadata {
    order_id: i64,
}

impl Buyer for Customer {
    fn customer(&self) -> Option<CustomerProfile> {
        self.id.map(CustomerProfile::new)
    }

    fn purchase_key(&self) -> impl Hash {
        self.orders.clicks.fetch_add(1, Ordering::SeqCst);
    }

    async fn metadata(&self, sale: &Sale<'_>) -> Result<impl ToMetadata> {
        self.orders.calls.fetch_add(1, Ordering::SeqCst);
        self.orders.gate.acquire().await.unwrap().forget();
        match sale.field("note") {
            Some("sold out") => {
                let cookie = [(header::SET_COOKIE, "seen=1")];
                return Err((StatusCode::CONFLICT, cookie, "sold out").into());
            }
            Some("large") => return Err(vec![b'x'; 64 * 1024].into()),
            Some("too large") => return Err(vec![b'x'; 64 * 1024 + 1].into()),
            Some("waiting list") => return Err(Redirect::to("/waiting-list").into()),
            Some("panic") => panic!("the panic of the test"),
            Some("slow") => tokio::time::sleep(Duration::from_secs(60)).await,
            Some("panic in the body") => {
                let body = stream::once(async { panic!("the panic of the test") });
                let body = body.map(|()| Ok::<_, Infallible>(Bytes::new()));
                return Err(Body::from_stream(body).into_response().into());
            }
            _ => {}
        }
        let order = self.orders.insert(self.id, sale).await;
        let order_id = order.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
        Ok(OrderMetadata { order_id })
    }
}

fn app(kelviq: &FakeKelviq, orders: &Orders) -> Router {
    let offer = Offer::plan("team", ChargePeriod::Yearly)
        .quantity("seats", 1..=50)
        .field("note");
    let shop = Shop::new(kelviq.client(), "https://app.example.com").unwrap();
    let offers = Offers::builder(shop)
        .offer("team", offer)
        .success_path("/thanks")
        .sold_to::<Customer>()
        .build()
        .unwrap();
    let routes: Router<Orders> = Router::new().nest("/checkout", routes(offers));
    routes.with_state(orders.clone())
}

fn click(note: &str) -> Request<Body> {
    let fields = format!("quantity[seats]=7&note={note}");
    with(form("/checkout/team", &fields), "x-user", "7")
}

/// Sends two clicks. Both wait for `metadata` before it ends.
async fn double_click(app: &Router, orders: &Orders, note: &str) -> [TestResponse; 2] {
    let clicks = orders.clicks.load(Ordering::SeqCst) + 2;
    let send = |request| {
        let app = app.clone();
        tokio::spawn(async move { send(&app, request).await })
    };
    let first = send(click(note));
    let second = send(with(click(note), "accept", "application/json"));
    while orders.clicks.load(Ordering::SeqCst) < clicks {
        yield_now().await;
    }
    // From here to the wait for the first click, nothing of the second one waits.
    for _ in 0..100 {
        yield_now().await;
    }
    orders.gate.add_permits(1);
    [first.await.unwrap(), second.await.unwrap()]
}

/// Returns the reference in the log lines with a text.
fn reference_in(log: &Log, text: &str) -> String {
    let lines = log.with(text);
    assert_eq!(lines.len(), 1, "{lines:?}");
    let (_, rest) = lines[0].split_once("reference=").unwrap();
    rest[..32].to_owned()
}

#[tokio::test]
async fn both_clicks_of_a_double_click_get_the_session_of_one_stored_order() {
    let kelviq = FakeKelviq::start().await;
    let orders = Orders::create().await;
    let app = app(&kelviq, &orders);
    let [first, second] = double_click(&app, &orders, "For+Ada").await;
    let checkout = kelviq.checkouts().pop().unwrap();
    assert_eq!(first.status, StatusCode::SEE_OTHER);
    assert!(first.header("location").contains(&checkout.id));
    assert!(second.body.contains(&checkout.id), "{}", second.body);
    assert_eq!((kelviq.checkouts().len(), orders.calls()), (1, 1));

    assert_eq!(checkout.fields["customerId"], "7");
    assert_eq!(checkout.metadata.as_json(), r#"{"order_id":1}"#);
    let rows: Vec<(String, u32, String, u32, String)> =
        sqlx::query_as("SELECT reference, user_id, offer, seats, note FROM orders")
            .fetch_all(&orders.pool)
            .await
            .unwrap();
    let success_url = checkout.fields["successUrl"].as_str().unwrap();
    let (_, reference) = success_url.split_once("reference=").unwrap();
    let order = (reference.into(), 7, "team".into(), 7, "For Ada".into());
    assert_eq!(rows, [order]);
}

#[tokio::test]
async fn an_order_whose_click_is_cancelled_is_that_of_the_next_click() {
    let kelviq = FakeKelviq::start().await;
    let orders = Orders::create().await;
    let app = app(&kelviq, &orders);
    let cancelled = {
        let app = app.clone();
        tokio::spawn(async move { send(&app, click("")).await })
    };
    while orders.calls() < 1 {
        yield_now().await;
    }
    cancelled.abort();
    assert!(cancelled.await.unwrap_err().is_cancelled());
    orders.gate.add_permits(1);
    let next = send(&app, click("")).await;
    assert_eq!(next.status, StatusCode::SEE_OTHER);
    assert_eq!((kelviq.checkouts().len(), orders.calls()), (1, 1));
}

#[tokio::test]
async fn both_clicks_of_a_double_click_get_the_response_of_one_failure() {
    let kelviq = FakeKelviq::start().await;
    let orders = Orders::create().await;
    let app = app(&kelviq, &orders);
    let log = Log::start();
    for response in double_click(&app, &orders, "sold+out").await {
        assert_eq!(response.status, StatusCode::CONFLICT);
        assert_eq!(response.header("set-cookie"), "seen=1");
        assert_eq!(response.body, "sold out");
    }
    assert_eq!(orders.calls(), 1);
    let line = &log.with("Buyer::metadata returned an error response")[0];
    assert!(line.contains("status=409") && line.contains("offer=\"team\""));

    // The failure is not cached.
    double_click(&app, &orders, "sold+out").await;
    assert_eq!(orders.calls(), 2);
    for response in double_click(&app, &orders, "waiting+list").await {
        assert_eq!(response.status, StatusCode::SEE_OTHER);
        assert_eq!(response.header("location"), "/waiting-list");
    }
    assert!(kelviq.checkouts().is_empty());
}

#[tokio::test]
async fn a_response_may_have_64_kib() {
    let kelviq = FakeKelviq::start().await;
    let orders = Orders::create().await;
    let app = app(&kelviq, &orders);
    for response in double_click(&app, &orders, "large").await {
        assert_eq!(response.status, StatusCode::OK);
        assert_eq!(response.body.len(), 64 * 1024);
    }
    let log = Log::start();
    let [page, json] = double_click(&app, &orders, "too+large").await;
    let reference = reference_in(&log, "could not be read: it must have at most 64 KiB");
    assert_internal_error(&page, &json, &reference);
    assert_eq!(orders.calls(), 2);
}

#[tokio::test]
async fn a_panic_is_logged_with_the_reference_and_both_clicks_get_a_page() {
    let kelviq = FakeKelviq::start().await;
    let orders = Orders::create().await;
    let app = app(&kelviq, &orders);
    let log = Log::start();
    let [page, json] = double_click(&app, &orders, "panic").await;
    let reference = reference_in(&log, "Buyer::metadata panicked");
    assert_internal_error(&page, &json, &reference);
    assert_eq!(orders.calls(), 1);
    assert!(kelviq.checkouts().is_empty());

    let [next, _] = double_click(&app, &orders, "").await;
    assert_eq!(next.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_panic_in_the_body_of_a_response_is_logged_with_the_reference() {
    let kelviq = FakeKelviq::start().await;
    let orders = Orders::create().await;
    let app = app(&kelviq, &orders);
    let log = Log::start();
    let [page, json] = double_click(&app, &orders, "panic+in+the+body").await;
    let reference = reference_in(&log, "Buyer::metadata panicked");
    assert_internal_error(&page, &json, &reference);
}

#[tokio::test]
async fn a_call_that_takes_too_long_is_cancelled_and_the_next_click_calls_again() {
    let kelviq = FakeKelviq::start().await;
    let orders = Orders::create().await;
    let app = app(&kelviq, &orders);
    let log = Log::start();
    tokio::time::pause();
    let [page, json] = double_click(&app, &orders, "slow").await;
    tokio::time::resume();
    let reference = reference_in(&log, "timeout: Buyer::metadata");
    assert_internal_error(&page, &json, &reference);
    assert_eq!(orders.calls(), 1);

    let [next, _] = double_click(&app, &orders, "").await;
    assert_eq!(next.status, StatusCode::SEE_OTHER);
}

fn assert_internal_error(page: &TestResponse, json: &TestResponse, reference: &str) {
    assert_eq!(page.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(page.body.contains("role=\"alert\"") && page.body.contains(reference));
    assert_eq!(json.status, StatusCode::INTERNAL_SERVER_ERROR);
    let json: Value = serde_json::from_str(&json.body).unwrap();
    assert_eq!(json["error"], "internal");
    assert_eq!(json["reference"], reference);
}

#[tokio::test]
async fn a_failure_is_the_same_for_a_buyer_without_an_id() {
    let kelviq = FakeKelviq::start().await;
    let orders = Orders::create().await;
    let app = app(&kelviq, &orders);
    orders.gate.add_permits(3);
    let log = Log::start();
    for (note, status) in [
        ("sold+out", StatusCode::CONFLICT),
        ("panic", StatusCode::INTERNAL_SERVER_ERROR),
        ("", StatusCode::SEE_OTHER),
    ] {
        let mut request = click(note);
        request.headers_mut().remove("x-user");
        assert_eq!(send(&app, request).await.status, status, "{note}");
    }
    assert_eq!(log.with("Buyer::metadata panicked").len(), 1);
    assert_eq!(kelviq.checkouts().len(), 1);
}

#[tokio::test]
async fn an_order_stays_pending_if_kelviq_creates_no_session() {
    let kelviq = FakeKelviq::start().await;
    let orders = Orders::create().await;
    let app = app(&kelviq, &orders);
    kelviq.inject_always(Fault::Error(500));
    for response in double_click(&app, &orders, "").await {
        assert_eq!(response.status, StatusCode::BAD_GATEWAY);
    }
    assert_eq!(orders.calls(), 1);
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM orders")
        .fetch_one(&orders.pool)
        .await
        .unwrap();
    assert_eq!(count, 1);
}

#[tokio::test]
async fn a_handler_takes_the_id_of_a_customer_as_a_number_or_a_text() {
    async fn buy(checkout: Checkout) -> Result<impl IntoResponse, Rejection> {
        let plan = checkout.plan("pro", ChargePeriod::Monthly);
        plan.customer(CustomerProfile::new(7_u64)).redirect().await
    }
    async fn buy_as_text(checkout: Checkout) -> Result<impl IntoResponse, Rejection> {
        let (id, plan) = (String::from("cust_7"), ChargePeriod::Monthly);
        let builder = checkout.plan("pro", plan).customer(&*id);
        builder.customer(id).redirect().await
    }
    let kelviq = FakeKelviq::start().await;
    let shop = Shop::new(kelviq.client(), "https://app.example.com").unwrap();
    let app = Router::new()
        .route("/number", post(buy))
        .route("/text", post(buy_as_text))
        .with_state(shop);
    for (path, id) in [("/number", "7"), ("/text", "cust_7")] {
        assert_eq!(
            send(&app, form(path, "")).await.status,
            StatusCode::SEE_OTHER
        );
        assert_eq!(kelviq.checkouts().pop().unwrap().fields["customerId"], id);
    }
}
