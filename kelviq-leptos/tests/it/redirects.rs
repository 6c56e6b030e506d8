//! Redirects of server functions that also set the response in other ways.

#![allow(clippy::unused_async, reason = "server functions are async")]

use axum::http::{HeaderValue, StatusCode, header};
use kelviq_core::ChargePeriod;
use kelviq_leptos::{BuyerRedirect, CheckoutError, CheckoutProblem, ServerCheckoutBuilder};
use leptos::prelude::*;
use leptos_axum::{ResponseOptions, ResponseParts};

use crate::support::{CHECKOUT, PORTAL, Store, TestResponse, form, script, with};

const CHECKOUT_PAGE: &str = "/checkout/cs_";

async fn pro() -> Result<ServerCheckoutBuilder, CheckoutError> {
    let checkout = kelviq_leptos::checkout().await?;
    Ok(checkout.plan("pro", ChargePeriod::Monthly))
}

/// The task has no Leptos owner, and therefore no `ResponseOptions`.
#[server(endpoint = "buy_in_a_task")]
async fn buy_in_a_task() -> Result<BuyerRedirect, CheckoutError> {
    tokio::spawn(pro().await?.redirect()).await.unwrap()
}

#[server(endpoint = "buy_and_overwrite")]
async fn buy_and_overwrite() -> Result<BuyerRedirect, CheckoutError> {
    let redirect = pro().await?.redirect().await;
    expect_context::<ResponseOptions>().overwrite(ResponseParts::default());
    redirect
}

#[server(endpoint = "buy_and_cache")]
async fn buy_and_cache() -> Result<BuyerRedirect, CheckoutError> {
    let redirect = pro().await?.redirect().await;
    let public = HeaderValue::from_static("public, max-age=60");
    expect_context::<ResponseOptions>().insert_header(header::CACHE_CONTROL, public);
    redirect
}

#[server(endpoint = "buy_between_redirects")]
async fn buy_between_redirects(
    #[server(default)] before: Option<String>,
    #[server(default)] after: Option<String>,
    #[server(default)] fails: bool,
) -> Result<BuyerRedirect, CheckoutError> {
    if let Some(before) = before {
        leptos_axum::redirect(&before);
    }
    let redirect = pro().await?.redirect().await;
    if let Some(after) = after {
        leptos_axum::redirect(&after);
    }
    if fails {
        return Err(CheckoutProblem::Internal.into());
    }
    redirect
}

/// A server function that has nothing to do with a checkout.
#[server(endpoint = "upload")]
async fn upload() -> Result<String, ServerFnError> {
    let options = expect_context::<ResponseOptions>();
    options.set_status(StatusCode::CREATED);
    let location = HeaderValue::from_static("https://evil.example/");
    options.insert_header(header::LOCATION, location);
    Ok("Thank you".into())
}

async fn submit(store: &Store, function: &str, fields: &str) -> TestResponse {
    let url = format!("/api/{function}?kelviq_form=pro&kelviq_page=%2Fplans");
    store.send(form(&url, fields)).await
}

#[tokio::test]
async fn a_form_leads_to_the_checkout_whatever_the_function_does_with_the_response() {
    let store = Store::open().await;
    for function in ["buy_in_a_task", "buy_and_overwrite", "buy_and_cache"] {
        let response = submit(&store, function, "").await;
        let location = response.location();
        assert!(location.contains(CHECKOUT_PAGE), "{function}: {location}");
    }
    assert_eq!(store.kelviq.checkouts().len(), 3);
}

#[tokio::test]
async fn a_response_with_a_url_of_a_buyer_is_never_cached() {
    let store = Store::open().await;
    for function in ["buy_in_a_task", "buy_and_overwrite", "buy_and_cache"] {
        let response = store.send(script(&format!("/api/{function}"), "")).await;
        assert_eq!(response.status, StatusCode::OK, "{function}");
        assert!(response.body.contains(CHECKOUT_PAGE), "{function}");
        assert_eq!(response.header("cache-control"), "no-store", "{function}");
    }
    let checkout = store.send(script(CHECKOUT, "offer=pro")).await;
    assert_eq!(checkout.header("cache-control"), "no-store");
    let _ = store.kelviq.pay(&store.kelviq.checkouts()[3].id);
    let portal = store.send(script(PORTAL, "")).await;
    assert!(portal.body.contains("/portal/?token="), "{portal:?}");
    assert_eq!(portal.header("cache-control"), "no-store");
}

#[tokio::test]
async fn a_form_does_not_follow_the_location_of_a_created_resource() {
    let store = Store::open().await;
    let response = submit(&store, "upload", "").await;
    assert_eq!(
        response.error_page().0,
        "/plans?kelviq_failed=pro&kelviq_error=internal"
    );
    let response = store.send(script("/api/upload", "")).await;
    assert_eq!(response.status, StatusCode::CREATED);
    assert_eq!(response.header("location"), "https://evil.example/");
    assert_eq!(response.header("cache-control"), "");
}

#[tokio::test]
async fn a_checkout_takes_precedence_over_a_redirect_through_leptos_unless_the_function_fails() {
    let store = Store::open().await;
    for (fields, expected) in [
        ("after=/after", CHECKOUT_PAGE),
        ("before=/before", CHECKOUT_PAGE),
        ("after=/after&fails=true", "/after"),
        ("before=/before&fails=true", "/before"),
        ("fails=true", "kelviq_error=internal"),
    ] {
        let response = submit(&store, "buy_between_redirects", fields).await;
        let location = response.location();
        assert!(location.contains(expected), "{fields}: {location}");
    }
}

#[tokio::test]
async fn a_rejection_in_the_format_of_the_response_is_a_redirect() {
    let store = Store::open().await;
    for (function, fields) in [("kelviq/checkout", "offer=pro"), ("kelviq/portal", "")] {
        let url = format!("/api/{function}?kelviq_form=pro&kelviq_page=%2Fplans");
        let plain = store.send(with(form(&url, fields), "x-user", "expired"));
        assert_eq!(plain.await.location(), "/expired");
        let script = with(
            script(&format!("/api/{function}"), fields),
            "x-user",
            "expired",
        );
        let response = store.send(script).await;
        assert_eq!(response.body, r#""/expired""#);
        assert_eq!(response.header("cache-control"), "no-store");
    }
}
