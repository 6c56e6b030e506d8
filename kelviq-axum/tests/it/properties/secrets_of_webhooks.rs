//! Webhooks and stores print and log neither their secrets nor what an event has about the buyer.

use axum::{Router, http::StatusCode};
use kelviq_axum::{
    Event, MemoryInbox, PostgresStore, SqliteStore, StoredEvent, WebhookRejection, Webhooks,
    webhook,
};
use serde_json::json;
use sqlx::{PgPool, SqlitePool, sqlite::SqliteConnectOptions};
use tokio::net::TcpListener;
use tower::ServiceExt;

use super::{
    output::check_unprinted,
    secrets::{shop, webhook_secret},
};
use crate::support::{
    send,
    webhook::{PATH, signed},
};

#[test]
fn a_webhook_route_prints_neither_its_secret_nor_the_buyer() {
    check_unprinted(async |secret, output| {
        let (own, other) = (webhook_secret(secret), webhook_secret("other"));
        let print = output.clone();
        let on_event = async move |event: Event| {
            print.debug(&(&event, StoredEvent::of(&event.verified)));
            StatusCode::BAD_GATEWAY
        };
        let route = webhook(own.clone(), MemoryInbox::default(), on_event);
        let app: Router = Router::new().route(PATH, route);
        let data = json!({"object": {
            "id": "cs_1",
            "metadata": {"note": secret},
            "customer": {"name": secret, "email": format!("{secret}@example.com")},
            "data": {"success_url": format!("https://app.example.com/?note={secret}")},
        }});
        let body = json!({"id": "evt_1", "type": "checkout.completed", "data": data}).to_string();
        for (signer, body, line, reason) in [
            (&own, &*body, "webhook handler failed", "evt_1"),
            (&other, &*body, "webhook delivery rejected", "signature"),
            (&own, secret, "webhook delivery rejected", "not an event"),
        ] {
            let delivery = signed(signer, "evt_1", body);
            let response = app.clone().oneshot(delivery).await.unwrap();
            if let Some(rejection) = response.extensions().get::<WebhookRejection>() {
                output.error(rejection);
            }
            output.assert_line(&[line, reason]);
        }
    });
}

#[test]
fn a_store_and_its_webhooks_never_print_the_password_of_the_database() {
    check_unprinted(async |secret, output| {
        // Closes every connection.
        let database = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = database.local_addr().unwrap();
        tokio::spawn(async move { while database.accept().await.is_ok() {} });
        let url = format!("postgres://kelviq:{secret}@{address}/shop");
        let store = PostgresStore::new(PgPool::connect_lazy(&url).unwrap());
        output.error(&store.migrate().await.unwrap_err());

        let shop = shop(&format!("server-{secret}"), "http://127.0.0.1:1").store(store.clone());
        let own = webhook_secret(secret);
        let webhooks = Webhooks::new(own.clone(), store.clone(), (), async |_: Event| {})
            .reconcile_with(shop.kelviq().clone())
            .shop(shop.clone());
        output.debug(&(&store, &shop, &webhooks));
        let app = Router::new().route(PATH, webhooks.route());
        let event = r#"{"id":"evt_1","type":"order.created","data":{"object":{}}}"#;
        let response = send(&app, signed(&own, "evt_1", event)).await;
        assert_eq!(response.status, StatusCode::INTERNAL_SERVER_ERROR);
        output.assert_line(&["the event could not be stored"]);

        // The key of an encrypted database.
        let options = SqliteConnectOptions::new().pragma("key", secret.to_owned());
        output.debug(&SqliteStore::new(SqlitePool::connect_lazy_with(options)));
    });
}
