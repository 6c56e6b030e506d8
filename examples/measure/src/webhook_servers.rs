//! Servers that receive deliveries: the workspace's route, and hand-written ones.

use std::{
    hint::black_box,
    io,
    time::{SystemTime, UNIX_EPOCH},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use hmac::{Hmac, KeyInit, Mac};
use kelviq_axum::{Event, MemoryInbox, webhook};
use kelviq_core::{CheckoutMetadata, EventData, WebhookSecret};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use sha2::Sha256;

use crate::{Result, webhook_delivery::SECRET};

/// Returns the server with this name.
pub(crate) fn server(name: &str, arguments: &[String]) -> Result<Router> {
    let waits = arguments.iter().any(|argument| argument == "waits");
    if arguments.iter().any(|argument| argument == "logged") {
        tracing_subscriber::fmt()
            .with_max_level(tracing_subscriber::filter::LevelFilter::INFO)
            .with_writer(io::sink)
            .init();
    }
    let route = match name {
        "webhook-route" => webhook(
            WebhookSecret::new(SECRET)?,
            MemoryInbox::default(),
            on_event,
        ),
        "webhook-field" => post(read_field),
        "webhook-value" => post(read_value),
        "webhook-empty" => post(async |_: Bytes| ()),
        _ => return Err(format!("there is no server named {name}").into()),
    };
    Ok(Router::new().route("/", route).with_state(waits))
}

#[derive(CheckoutMetadata)]
struct OrderMetadata {
    order_ref: String,
    seats: u32,
}

async fn on_event(State(waits): State<bool>, event: Event<OrderMetadata>) -> StatusCode {
    wait_if(waits).await;
    match event.data {
        EventData::CheckoutCompleted(session) => match session.metadata {
            Ok(order) => {
                black_box((order.order_ref, order.seats));
                StatusCode::OK
            }
            Err(_) => StatusCode::UNPROCESSABLE_ENTITY,
        },
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

async fn read_field(
    State(waits): State<bool>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(), StatusCode> {
    let event: Delivered = verify(&headers, &body)?;
    wait_if(waits).await;
    black_box(event.id);
    Ok(())
}

async fn read_value(
    State(waits): State<bool>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(), StatusCode> {
    let event: Value = verify(&headers, &body)?;
    wait_if(waits).await;
    black_box(&event["data"]["object"]["metadata"]["order_ref"]);
    Ok(())
}

/// Suspends the handler once.
async fn wait_if(waits: bool) {
    if waits {
        tokio::task::yield_now().await;
    }
}

/// The field of an event that the hand-written handlers read.
#[derive(Deserialize)]
pub(crate) struct Delivered {
    pub(crate) id: String,
}

/// Verifies a delivery and parses its body. An error is the status of the response.
pub(crate) fn verify<T: DeserializeOwned>(
    headers: &HeaderMap,
    body: &[u8],
) -> Result<T, StatusCode> {
    if !is_signed(headers, body) {
        return Err(StatusCode::UNAUTHORIZED);
    }
    serde_json::from_slice(body).map_err(|_| StatusCode::BAD_REQUEST)
}

/// Checks the signature of a delivery as Kelviq's guide describes it.
fn is_signed(headers: &HeaderMap, body: &[u8]) -> bool {
    let header = |name: &str| headers.get(name)?.to_str().ok();
    let (Some(id), Some(timestamp), Some(signature)) = (
        header("webhook-id"),
        header("webhook-timestamp"),
        header("webhook-signature"),
    ) else {
        return false;
    };
    let Ok(now) = SystemTime::now().duration_since(UNIX_EPOCH) else {
        return false;
    };
    let is_recent = timestamp
        .parse::<u64>()
        .is_ok_and(|seconds| seconds.abs_diff(now.as_secs()) <= 300);
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()) else {
        return false;
    };
    for part in [id.as_bytes(), b".", timestamp.as_bytes(), b".", body] {
        mac.update(part);
    }
    let digest = signature.strip_prefix("v1,").map(hex::decode);
    is_recent && matches!(digest, Some(Ok(digest)) if mac.verify_slice(&digest).is_ok())
}
