//! The portal route: the customer comes from the application.

use std::time::Duration;

use crate::support::buyer::User;
use crate::support::{form, send, with};
use axum::{Router, http::StatusCode};
use kelviq_axum::{
    Offer, Offers, Shop,
    fake::{FakeKelviq, Fault},
    kelviq_core::{ChargePeriod, CheckoutPlan, CreateCheckoutSession},
    portal,
};

fn app(kelviq: &FakeKelviq) -> Router {
    let offers = Offers::builder(Shop::new(kelviq.client(), "https://app.example.com").unwrap())
        .offer("pro", Offer::plan("pro", ChargePeriod::Monthly))
        .sold_to::<User>()
        .build()
        .unwrap();
    Router::new().route("/billing", portal(offers))
}

/// A shop whose customer `cust_1` has paid.
async fn kelviq() -> FakeKelviq {
    let kelviq = FakeKelviq::start().await;
    let request = CreateCheckoutSession::new(
        CheckoutPlan::new("pro", ChargePeriod::Monthly),
        "https://app.example.com/",
    )
    .customer_id("cust_1");
    let session = kelviq
        .client()
        .create_checkout_session(&request)
        .await
        .unwrap();
    let _ = kelviq.pay(&session.checkout_session_id);
    kelviq
}

#[tokio::test]
async fn the_customer_comes_from_the_app_and_never_from_the_request() {
    let kelviq = kelviq().await;
    let app = app(&kelviq);
    let hostile = "customerId=cust_1&customer_id=cust_1";
    let path = "/billing?customerId=cust_1&customer_id=cust_1";
    let other = send(&app, with(form(path, hostile), "x-user", "cust_2")).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);

    let own = send(&app, with(form("/billing", ""), "x-user", "cust_1")).await;
    assert_eq!(own.status, StatusCode::SEE_OTHER);
    assert!(own.header("location").contains("/portal/?token=cpt-"));
    assert_eq!(own.header("cache-control"), "no-store");
    assert_eq!(own.header("referrer-policy"), "no-referrer");

    let script = with(form("/billing", ""), "accept", "application/json");
    let script = send(&app, with(script, "x-user", "cust_1")).await;
    let body: serde_json::Value = serde_json::from_str(&script.body).unwrap();
    assert!(
        body["customerPortalUrl"]
            .as_str()
            .unwrap()
            .contains("token=")
    );
}

#[tokio::test]
async fn a_signed_out_buyer_is_sent_to_sign_in_and_one_without_a_customer_id_gets_404() {
    let kelviq = kelviq().await;
    let app = app(&kelviq);
    let nobody = send(&app, form("/billing", "")).await;
    assert_eq!(
        (nobody.status, nobody.header("location")),
        (StatusCode::SEE_OTHER, "/sign-in")
    );
    let anonymous = send(&app, with(form("/billing", ""), "x-user", "nobody")).await;
    assert_eq!(anonymous.status, StatusCode::NOT_FOUND);
    assert!(anonymous.body.contains("no purchases to manage"));
}

#[tokio::test]
async fn another_site_another_method_or_a_fault_of_kelviq_opens_nothing() {
    let kelviq = kelviq().await;
    let app = app(&kelviq);
    let request = || with(form("/billing", ""), "x-user", "cust_1");
    let cross_site = send(&app, with(request(), "sec-fetch-site", "cross-site")).await;
    assert_eq!(cross_site.status, StatusCode::FORBIDDEN);
    let mut get = request();
    *get.method_mut() = axum::http::Method::GET;
    assert_eq!(send(&app, get).await.status, StatusCode::METHOD_NOT_ALLOWED);

    let busy = Fault::TooManyRequests {
        retry_after: Duration::from_secs(60),
    };
    for (fault, status) in [
        (Fault::Error(401), StatusCode::BAD_GATEWAY),
        (Fault::Error(500), StatusCode::BAD_GATEWAY),
        (Fault::Error(504), StatusCode::GATEWAY_TIMEOUT),
        (busy, StatusCode::SERVICE_UNAVAILABLE),
        (Fault::Html, StatusCode::BAD_GATEWAY),
        (Fault::Redirect, StatusCode::BAD_GATEWAY),
        (Fault::HalfBody, StatusCode::BAD_GATEWAY),
    ] {
        kelviq.inject_next(fault.clone());
        let page = send(&app, request()).await;
        assert_eq!(page.status, status, "{fault:?}");
        let retry_after = if status == StatusCode::SERVICE_UNAVAILABLE {
            "60"
        } else {
            ""
        };
        assert_eq!(page.header("retry-after"), retry_after);
        assert!(page.body.contains("role=\"alert\"") && !page.body.contains("127.0.0.1"));
    }
}
