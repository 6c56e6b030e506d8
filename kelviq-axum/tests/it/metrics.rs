//! Counters, histograms and gauges.

use std::collections::BTreeMap;

use axum::{Router, extract::FromRequestParts, http::StatusCode};
use kelviq_axum::{Event, MemoryInbox, Offer, Offers, Shop, fake::FakeKelviq, routes, webhook};
use kelviq_core::{ChargePeriod, EventType, Metadata, WebhookSecret};
use metrics_util::debugging::{DebugValue, DebuggingRecorder};

use crate::entitlements::upstream::{Reply, Upstream, pass, secs};
use crate::support::{
    buyer::User,
    form, send,
    webhook::{self as delivery, PATH, signed},
    with,
};

/// Returns the counters with their label, and the number of values of each histogram, after a run of `scenario`.
fn recorded(scenario: impl Future<Output = ()>) -> BTreeMap<String, u64> {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    metrics::with_local_recorder(&recorder, || runtime.block_on(scenario));
    let metrics = snapshotter.snapshot().into_vec().into_iter();
    metrics
        .map(|(key, _, _, value)| {
            let labels = key.key().labels().map(|label| label.value().to_owned());
            let name = [key.key().name().to_owned()].into_iter().chain(labels);
            let count = match value {
                DebugValue::Counter(count) => count,
                DebugValue::Histogram(values) => values.len() as u64,
                DebugValue::Gauge(value) => panic!("unexpected gauge {value}"),
            };
            (name.collect::<Vec<_>>().join(" "), count)
        })
        .collect()
}

#[test]
fn checkouts_are_counted_and_rejected_ones_by_problem() {
    let counts = recorded(async {
        let kelviq = FakeKelviq::start().await;
        let offers = || {
            Offers::builder(Shop::new(kelviq.client(), "http://localhost").unwrap())
                .offer("pro", Offer::plan("pro", ChargePeriod::Monthly))
        };
        let app = Router::new()
            .nest("/checkout", routes(offers().build().unwrap()))
            .nest(
                "/members",
                routes(offers().sold_to::<User>().build().unwrap()),
            );
        // A rejection that a handler replaces is not counted.
        let kelviq_shop = Shop::new(kelviq.client(), "http://localhost").unwrap();
        let parts = &mut form("/gold", "").into_parts().0;
        parts.method = axum::http::Method::GET;
        let dropped = kelviq_axum::Checkout::from_request_parts(parts, &kelviq_shop).await;
        assert!(dropped.is_err());
        for (path, status) in [("pro", 303), ("pro", 303), ("gold", 404)] {
            let response = send(&app, form(&format!("/checkout/{path}"), "")).await;
            assert_eq!(response.status.as_u16(), status);
        }
        let named = with(form("/members/pro", ""), "x-user", "cust_1");
        assert_eq!(send(&app, named).await.status, 303);
    });
    assert_eq!(counts["kelviq_checkout_sessions_created_total"], 3);
    assert_eq!(counts["kelviq_requests_rejected_total unknown_offer"], 1);
    assert_eq!(counts.len(), 2, "{counts:?}");
}

#[test]
fn webhooks_are_counted_by_outcome_and_type() {
    async fn on_event(event: Event) -> StatusCode {
        match event.verified.event_type() {
            EventType::Other(_) => StatusCode::BAD_GATEWAY,
            _ => StatusCode::OK,
        }
    }
    let counts = recorded(async {
        let kelviq = FakeKelviq::start().await;
        let secret = kelviq.webhook_secret();
        let route = webhook(secret.clone(), MemoryInbox::default(), on_event);
        let app = Router::new().route(PATH, route);
        let payment = delivery::paid(&kelviq, &Metadata::from_json("{}").unwrap()).await;
        for payment in [&payment, &payment, &payment.again_as_new_event()] {
            assert_eq!(payment.deliver_to(&app, PATH).await.status(), 200);
        }
        let unknown = r#"{"id":"evt_1","type":"cust_1.created"}"#;
        assert_eq!(
            send(&app, signed(&secret, "evt_1", unknown)).await.status,
            500
        );
        let forged = signed(
            &WebhookSecret::new("kq_whsec_other").unwrap(),
            "evt_1",
            unknown,
        );
        assert_eq!(send(&app, forged).await.status, 401);
    });
    for (name, count) in [
        ("kelviq_webhooks_verified_total checkout.completed", 3),
        ("kelviq_webhooks_verified_total other", 1),
        ("kelviq_webhooks_rejected_total signature", 1),
        ("kelviq_webhooks_duplicate_total checkout.completed", 2),
        ("kelviq_webhooks_handled_total checkout.completed", 1),
        ("kelviq_webhooks_failed_total other", 1),
        ("kelviq_webhook_age_seconds", 1),
        ("kelviq_webhook_handler_seconds", 2),
    ] {
        assert_eq!(counts.get(name), Some(&count), "{name} in {counts:?}");
    }
    assert_eq!(counts.len(), 8, "{counts:?}");
}

#[test]
fn requests_for_entitlements_are_counted_by_result() {
    let counts = recorded(async {
        let kelviq = Upstream::start().await;
        let shop = kelviq.shop();
        for _ in 0..2 {
            shop.entitlements("cust_1").await.unwrap();
        }
        pass(secs(60)).await;
        kelviq.reply(Reply::Status(503));
        for _ in 0..2 {
            shop.entitlements("cust_1").await.unwrap();
        }
        shop.entitlements("cust_2").await.unwrap_err();
    });
    for result in ["ok", "stale", "error"] {
        let name = format!("kelviq_entitlements_requests_total {result}");
        assert_eq!(counts.get(&name), Some(&1), "{name} in {counts:?}");
    }
    assert_eq!(counts.len(), 3, "{counts:?}");
}
