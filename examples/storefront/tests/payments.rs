//! Events that are not quite a sale: what becomes of the money is in the log.

#![expect(clippy::unwrap_used, reason = "a test may fail in its helpers")]

mod support;

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use http_body_util::BodyExt;
use kelviq_core::{ChargePeriod, CheckoutPlan, CreateCheckoutSession, Metadata};
use support::{Storefront, WEBHOOKS, return_path};
use tower::ServiceExt;
use tracing::subscriber::DefaultGuard;

/// What this thread logs.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn capture() -> (Self, DefaultGuard) {
        let log = Self::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        (log, tracing::subscriber::set_default(subscriber))
    }

    /// The lines that say `text`.
    fn count(&self, text: &str) -> usize {
        let log = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        log.lines().filter(|line| line.contains(text)).count()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn money_that_no_order_stands_for_is_an_error_in_the_log() {
    let (log, _guard) = Log::capture();
    let shop = Storefront::open().await;
    let mut buyer = shop.visitor();
    buyer.click("Buy Starter").await.location();
    shop.pay().await;
    assert_eq!(log.count("order fulfilled"), 1);

    // Another session with the same metadata, paid as well.
    let request = CreateCheckoutSession::new(
        CheckoutPlan::new("starter", ChargePeriod::OneTime),
        "https://shop.example/",
    )
    .metadata(shop.last_checkout().metadata);
    let session = shop.kelviq.client().create_checkout_session(&request).await;
    let event_id = shop
        .kelviq
        .pay(&session.unwrap().checkout_session_id)
        .event_id()
        .to_owned();
    shop.pay().await;
    assert_eq!(log.count("ERROR"), 1);
    assert_eq!(log.count("an order was paid twice"), 1);
    assert!(log.count(&event_id) > 0);
    assert_eq!(log.count("order fulfilled"), 1);
    let orders = buyer.get("/orders").await;
    assert_eq!(orders.html.matches("<article").count(), 1);
}

#[tokio::test]
async fn what_nobody_can_read_is_not_fulfilled() {
    let (log, _guard) = Log::capture();
    let shop = Storefront::open().await;
    let request = CreateCheckoutSession::new(
        CheckoutPlan::new("starter", ChargePeriod::OneTime),
        "https://shop.example/",
    )
    .metadata(Metadata::from_json(r#"{"something":"else"}"#).unwrap());
    let session = shop.kelviq.client().create_checkout_session(&request).await;
    session.unwrap();
    shop.pay().await;
    assert_eq!(log.count("order fulfilled"), 0);
    assert_eq!(log.count("the metadata does not fit"), 1);
}

/// Kelviq documents no other status here, but `open` and `expired` are words that it has.
#[tokio::test]
async fn only_success_or_silence_means_paid() {
    for (status, is_paid) in [
        (r#""success""#, true),
        ("null", true),
        (r#""open""#, false),
        (r#""expired""#, false),
        (r#""refused""#, false),
    ] {
        let (log, _guard) = Log::capture();
        let shop = Storefront::open().await;
        let mut buyer = shop.visitor();
        buyer.click("Buy Starter").await.location();
        let event = shop.kelviq.pay(&shop.last_checkout().id).request(WEBHOOKS);
        let (mut parts, body) = event.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let body = String::from_utf8(body.into()).unwrap();
        let body = body.replace(r#""status":"success""#, &format!(r#""status":{status}"#));
        let header = |name: &str| parts.headers[name].to_str().unwrap();
        let (id, time) = (header("webhook-id"), header("webhook-timestamp"));
        let signature = shop.kelviq.webhook_secret().sign(id, time, body.as_bytes());
        parts
            .headers
            .insert("webhook-signature", signature.parse().unwrap());
        let event = Request::from_parts(parts, Body::from(body));
        let answer = shop.router.clone().oneshot(event).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);

        let (thanks, _) = return_path(&shop.last_checkout());
        let page = buyer.get(&thanks).await;
        if is_paid {
            page.assert_shows("Your payment is confirmed");
        } else {
            page.assert_shows("We are confirming your payment");
            assert_eq!(log.count("a checkout that is not paid"), 1);
        }
    }
}
