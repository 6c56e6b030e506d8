//! Applications that sell a plan: the workspace's route and extractor, and a hand-written handler.

use std::{
    convert::Infallible,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    extract::{FromRequestParts, State},
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use kelviq_axum::{
    Buyer, Checkout, CheckoutRedirect, Offer, Offers, Reference, Rejection, Sale, Shop, routes,
};
use kelviq_core::{ChargePeriod, CheckoutMetadata, CustomerProfile, Kelviq, ToMetadata};
use lru::LruCache;
use reqwest::{Client, redirect::Policy};
use serde::Deserialize;
use serde_json::json;

use crate::{Result, memory_fill::CAPACITY};

/// The header with the id of the customer. In a real application, this is a session cookie.
pub(crate) const CUSTOMER: &str = "x-customer";

const API_KEY: &str = "server-4Zc1b7Yt9QpLmN3v";

/// Returns the application with this name, which sells with `POST /pro`. `upstream` is the URL of the server that creates
/// sessions.
pub(crate) fn server(name: &str, upstream: &str) -> Result<Router> {
    match name {
        "buyers-route" => route(upstream),
        "buyers-extractor" => {
            let app = Router::new().route("/pro", post(buy));
            Ok(app.with_state(shop(upstream)?))
        }
        "buyers-by-hand" => by_hand(upstream),
        _ => Err(format!("there is no server named {name}").into()),
    }
}

/// Returns the drop-in route.
pub(crate) fn route(upstream: &str) -> Result<Router> {
    let offer = Offer::plan("pro", ChargePeriod::Monthly);
    let offers = Offers::builder(shop(upstream)?)
        .success_path("/thanks")
        .offer("pro", offer)
        .sold_to::<Customer>()
        .build()?;
    Ok(routes(offers))
}

fn shop(upstream: &str) -> Result<Shop> {
    let kelviq = Kelviq::builder(API_KEY).base_url(upstream).build()?;
    Ok(Shop::on_loopback(kelviq))
}

struct Customer(Option<String>);

impl<S: Sync> FromRequestParts<S> for Customer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(customer_of(&parts.headers)))
    }
}

fn customer_of(headers: &HeaderMap) -> Option<String> {
    Some(headers.get(CUSTOMER)?.to_str().ok()?.to_owned())
}

#[derive(CheckoutMetadata)]
struct OrderMetadata {
    order_ref: String,
    seats: u32,
}

impl OrderMetadata {
    fn new(reference: &Reference) -> Self {
        Self {
            order_ref: reference.to_string(),
            seats: 5,
        }
    }
}

impl Buyer for Customer {
    fn customer(&self) -> Option<CustomerProfile> {
        self.0.as_deref().map(CustomerProfile::new)
    }

    async fn metadata(&self, sale: &Sale<'_>) -> axum::response::Result<impl ToMetadata> {
        Ok(OrderMetadata::new(sale.reference()))
    }
}

async fn buy(checkout: Checkout, customer: Customer) -> Result<CheckoutRedirect, Rejection> {
    let order = OrderMetadata::new(checkout.reference());
    let mut checkout = checkout
        .plan("pro", ChargePeriod::Monthly)
        .success_path("/thanks")
        .metadata(order);
    if let Some(customer) = customer.0 {
        checkout = checkout.customer(customer);
    }
    checkout.redirect().await
}

#[derive(Clone)]
struct ByHand {
    client: Client,
    url: String,
    /// The ids of the sessions by their reference.
    sessions: Arc<Mutex<LruCache<String, String>>>,
}

/// Returns the hand-written application.
pub(crate) fn by_hand(upstream: &str) -> Result<Router> {
    let client = Client::builder()
        .no_proxy()
        .redirect(Policy::none())
        .timeout(Duration::from_secs(10));
    let state = ByHand {
        client: client.build()?,
        url: format!("{upstream}/checkout/"),
        sessions: Arc::new(Mutex::new(LruCache::new(CAPACITY))),
    };
    let app = Router::new().route("/pro", post(buy_by_hand));
    Ok(app.with_state(state))
}

async fn buy_by_hand(State(state): State<ByHand>, headers: HeaderMap) -> Response {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Session {
        checkout_url: String,
        checkout_session_id: String,
    }
    static REFERENCES: AtomicU64 = AtomicU64::new(0);
    let reference = format!("{:032x}", REFERENCES.fetch_add(1, Ordering::Relaxed));
    let success_url = format!("http://127.0.0.1:3000/thanks?reference={reference}");
    let mut request = json!({
        "planIdentifier": "pro",
        "chargePeriod": "MONTHLY",
        "successUrl": success_url,
        "metadata": { "order_ref": reference, "seats": 5 },
    });
    if let Some(customer) = customer_of(&headers) {
        request["customerId"] = customer.into();
    }
    let response = state
        .client
        .post(&state.url)
        .bearer_auth(API_KEY)
        .header(header::CONTENT_TYPE, "application/json")
        .body(request.to_string())
        .send();
    let session = async {
        let body = response.await?.error_for_status()?.bytes().await?;
        serde_json::from_slice::<Session>(&body).map_err(Into::into)
    };
    let session: Result<Session> = session.await;
    let Ok(session) = session else {
        return StatusCode::BAD_GATEWAY.into_response();
    };
    let sessions = state.sessions.lock();
    let mut sessions = sessions.unwrap_or_else(PoisonError::into_inner);
    sessions.put(reference, session.checkout_session_id);
    Redirect::to(&session.checkout_url).into_response()
}
