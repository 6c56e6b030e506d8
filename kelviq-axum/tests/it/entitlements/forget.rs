//! Entitlements that are forgotten because they have changed.

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    extract::State,
    http::{Request, StatusCode},
};
use kelviq_axum::{
    CheckoutProblem, Event, MemoryInbox, Shop, SqliteStore, Webhooks, fake::FakeKelviq, webhook,
};
use kelviq_core::{ChargePeriod, CheckoutPlan, CreateCheckoutSession, Entitlements, WebhookSecret};
use tempfile::TempDir;
use tokio::task::JoinHandle;

use super::upstream::{Reply, Upstream, pass, secs};
use crate::support::{
    send,
    webhook::{PATH, signed},
};

fn call(shop: &Shop) -> JoinHandle<Arc<Entitlements>> {
    let shop = shop.clone();
    tokio::spawn(async move { shop.entitlements("cust_1").await.unwrap() })
}

async fn has(shop: &Shop, feature: &str) -> bool {
    shop.entitlements("cust_1").await.unwrap().has(feature)
}

#[tokio::test]
async fn the_next_call_requests_them_and_never_uses_stale_ones() {
    let kelviq = Upstream::start().await;
    let shop = kelviq.shop();
    kelviq.grant(&["analytics"]);
    assert!(has(&shop, "analytics").await);
    let other = shop.entitlements("cust_2").await.unwrap();
    shop.forget_entitlements("cust_1");
    kelviq.grant(&[]);
    assert!(!has(&shop, "analytics").await);
    assert_eq!(kelviq.requests(), 3);
    assert_eq!(shop.entitlements("cust_2").await.unwrap(), other);
    assert_eq!(kelviq.requests(), 3);

    shop.forget_entitlements("cust_2");
    kelviq.reply(Reply::Status(503));
    let error = shop.entitlements("cust_2").await.unwrap_err();
    assert_eq!(error.problem(), CheckoutProblem::Busy);

    // While no request is sent because the last one failed.
    pass(secs(60)).await;
    assert!(!has(&shop, "analytics").await);
    kelviq.grant(&["export"]);
    shop.forget_entitlements("cust_1");
    assert!(has(&shop, "export").await);
}

#[tokio::test]
async fn a_result_that_was_requested_before_is_not_stored() {
    let kelviq = Upstream::start().await;
    let shop = kelviq.shop();
    kelviq.grant(&["old"]);
    let held = kelviq.hold();
    let before = call(&shop);
    kelviq.arrived(1).await;
    shop.forget_entitlements("cust_1");
    drop(held);
    assert!(before.await.unwrap().has("old"));

    // Neither as a fresh result, nor as a stale one.
    kelviq.reply(Reply::Status(503));
    assert!(shop.entitlements("cust_1").await.is_err());
    kelviq.grant(&["new"]);
    assert!(has(&shop, "new").await && !has(&shop, "old").await);
    assert_eq!(kelviq.requests(), 3);
}

#[tokio::test]
async fn a_later_request_and_its_result_are_kept_whichever_response_comes_first() {
    for is_old_first in [true, false] {
        let kelviq = Upstream::start().await;
        let shop = kelviq.shop();
        kelviq.grant(&["old"]);
        let mut old_held = Some(kelviq.hold());
        let before = call(&shop);
        kelviq.arrived(1).await;
        shop.forget_entitlements("cust_1");
        kelviq.grant(&["new"]);
        let new_held = kelviq.hold();
        let after = call(&shop);
        kelviq.arrived(2).await;
        if is_old_first {
            old_held.take();
            assert!(before.await.unwrap().has("old"));
            drop(new_held);
            assert!(after.await.unwrap().has("new"));
        } else {
            drop(new_held);
            assert!(after.await.unwrap().has("new"));
            old_held.take();
            assert!(before.await.unwrap().has("old"));
        }
        assert!(has(&shop, "new").await && !has(&shop, "old").await);
        assert_eq!(kelviq.requests(), 2, "{is_old_first}");
    }
}

/// The delivery of an event about `cust_1`. The other id is Kelviq's own.
fn cancelled(secret: &WebhookSecret, event_id: &str) -> Request<Body> {
    let customer = r#"{"id":"1d9c","customer_id":"cust_1"}"#;
    let object = format!(r#"{{"id":"sub_1","customer_id":"1d9c","customer":{customer}}}"#);
    let body = format!(
        r#"{{"id":"{event_id}","type":"subscription.cancelled","data":{{"object":{object}}}}}"#
    );
    signed(secret, event_id, &body)
}

#[tokio::test]
async fn those_of_the_customer_of_an_event_are_forgotten_once_it_was_handled() {
    async fn on_event(event: Event) -> StatusCode {
        match event.verified.id() {
            "evt_fails" => StatusCode::BAD_GATEWAY,
            _ => StatusCode::OK,
        }
    }
    async fn on_event_with(State(shop): State<Shop>, event: Event) {
        shop.event_handled(&event.verified).await;
    }
    let kelviq = Upstream::start().await;
    let shop = kelviq.shop();
    let folder = TempDir::new().unwrap();
    let store = SqliteStore::open(folder.path().join("shop.db")).await;
    let store = store.unwrap();
    store.migrate().await.unwrap();
    let secret = WebhookSecret::new("kq_whsec_test").unwrap();
    let stored = Webhooks::new(secret.clone(), store, (), on_event).shop(shop.clone());
    let stored: Router = Router::new().route(PATH, stored.route());
    let plain = webhook(secret.clone(), MemoryInbox::default(), on_event_with);
    let plain = Router::new().route(PATH, plain).with_state(shop.clone());

    kelviq.grant(&["analytics"]);
    assert!(has(&shop, "analytics").await);
    let other = shop.entitlements("cust_2").await.unwrap();
    kelviq.grant(&[]);
    let failed = send(&stored, cancelled(&secret, "evt_fails")).await;
    assert_eq!(failed.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(has(&shop, "analytics").await);
    for (router, event_id) in [(&stored, "evt_1"), (&plain, "evt_2")] {
        let requests = kelviq.requests();
        let handled = send(router, cancelled(&secret, event_id)).await;
        assert_eq!(handled.status, StatusCode::OK);
        assert!(!has(&shop, "analytics").await);
        assert_eq!(kelviq.requests(), requests + 1);
    }
    assert_eq!(shop.entitlements("cust_2").await.unwrap(), other);
    assert_eq!(kelviq.requests(), 4);
}

#[tokio::test]
async fn a_feature_is_open_once_it_is_paid_and_closed_once_the_subscription_has_ended() {
    async fn on_event(State(shop): State<Shop>, event: Event) {
        shop.event_handled(&event.verified).await;
    }
    let kelviq = FakeKelviq::builder().feature("pro", "analytics");
    let kelviq = kelviq.start().await.unwrap();
    let shop = Shop::new(kelviq.client(), "https://app.example.com").unwrap();
    let app = webhook(kelviq.webhook_secret(), MemoryInbox::default(), on_event);
    let app = Router::new().route(PATH, app).with_state(shop.clone());
    assert!(!has(&shop, "analytics").await);

    let plan = CheckoutPlan::new("pro", ChargePeriod::Monthly);
    let checkout = CreateCheckoutSession::new(plan, "https://app.example.com/");
    let checkout = checkout.customer_id("cust_1");
    let session = kelviq.client().create_checkout_session(&checkout).await;
    let paid = kelviq.pay(&session.unwrap().checkout_session_id);
    assert!(!has(&shop, "analytics").await);
    paid.deliver_to(&app, PATH).await;
    assert!(has(&shop, "analytics").await);

    let ended = kelviq.cancel_now(&kelviq.subscriptions("cust_1")[0].id);
    assert!(has(&shop, "analytics").await);
    ended.deliver_to(&app, PATH).await;
    assert!(!has(&shop, "analytics").await);
}
