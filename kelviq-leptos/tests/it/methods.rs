//! Server functions that are called with another method than POST.

#![allow(clippy::unused_async, reason = "server functions are async")]

use axum::{
    http::{Method, StatusCode},
    routing::any,
};
use kelviq_core::ChargePeriod;
use kelviq_leptos::{BuyerRedirect, CheckoutError, CheckoutLayer};
use leptos::{prelude::*, server_fn::codec::GetUrl};

use crate::support::{CHECKOUT, Log, PORTAL, Store, form};

/// A server function of the application that a link can call.
#[server(endpoint = "buy_by_get", input = GetUrl)]
async fn buy_by_get() -> Result<BuyerRedirect, CheckoutError> {
    let checkout = kelviq_leptos::checkout().await?;
    checkout.plan("pro", ChargePeriod::Monthly).redirect().await
}

#[tokio::test]
async fn every_other_method_is_405_with_one_line_in_the_log() {
    let store = Store::with_layer(|router, offers| {
        let handler = any(leptos_axum::handle_server_fns);
        let application = axum::Router::new().route("/any/{*server_fn}", handler.clone());
        router
            .route("/api/buy_by_get", handler)
            .merge(application)
            .layer(CheckoutLayer::new(offers))
    })
    .await;
    store.send(form(CHECKOUT, "offer=gone")).await; // logs that the buyer's IP address is unknown
    for path in [CHECKOUT, PORTAL, "/api/buy_by_get"] {
        for method in [Method::GET, Method::HEAD, Method::PUT] {
            if path == "/api/buy_by_get" && method != Method::GET {
                continue;
            }
            let mut request = form(path, "");
            *request.method_mut() = method.clone();
            let (log, _guard) = Log::record();
            let response = store.send(request).await;
            assert_eq!(response.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
            assert_eq!(response.header("allow"), "POST", "{method} {path}");
            assert_eq!(log.text().lines().count(), 1, "{}", log.text());
        }
    }
    assert!(store.kelviq.checkouts().is_empty());
}
