//! Discount codes that Kelviq declines.

use crate::support::{form, log::Log, send, with};
use axum::{
    Router,
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use kelviq_axum::{
    Checkout, CheckoutProblem, Offer, Offers, Shop,
    fake::{FakeKelviq, Fault},
    kelviq_core::ChargePeriod,
    routes,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Coupon {
    code: String,
}

/// Shows the error next to the field.
async fn buy(checkout: Checkout, Query(coupon): Query<Coupon>) -> Response {
    let plan = checkout.plan("pro", ChargePeriod::Monthly);
    let plan = plan.with(|plan| plan.discount_code(coupon.code));
    match plan.redirect().await {
        Ok(redirect) => redirect.into_response(),
        Err(rejection) if rejection.problem() == CheckoutProblem::InvalidDiscountCode => {
            let fields = rejection.field_errors().iter();
            let fields: Vec<_> = fields.map(|error| error.field.as_str()).collect();
            Redirect::to(&format!("/pricing?invalid={}", fields.join(","))).into_response()
        }
        Err(rejection) => rejection.into_response(),
    }
}

fn app(kelviq: &FakeKelviq) -> Router {
    let shop = Shop::new(kelviq.client(), "https://app.example.com").unwrap();
    let pro = Offer::plan("pro", ChargePeriod::Monthly).discount_code("WELCOME20");
    let offers = Offers::builder(shop.clone()).offer("pro", pro);
    Router::new()
        .route("/buy", post(buy))
        .with_state(shop)
        .nest("/checkout", routes(offers.build().unwrap()))
}

#[tokio::test]
async fn a_declined_code_is_422_with_a_message_for_the_buyer() {
    let kelviq = FakeKelviq::start().await;
    let app = app(&kelviq);
    for field in ["discountCode", "discount_code"] {
        kelviq.inject_next(Fault::InvalidField(field.into()));
        let log = Log::start();
        let page = send(&app, form("/checkout/pro", "")).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.body.contains("This discount code is not valid"));
        // The code of an offer is the application's mistake.
        assert!(log.with("the checkout could not be started")[0].starts_with("ERROR"));

        kelviq.inject_next(Fault::InvalidField(field.into()));
        let script = with(form("/checkout/pro", ""), "accept", "application/json");
        let script = send(&app, script).await;
        assert!(script.body.contains("\"invalid_discount_code\""));
    }
    kelviq.inject_next(Fault::InvalidField("successUrl".into()));
    let other = send(&app, form("/checkout/pro", "")).await;
    assert_eq!(other.status, StatusCode::BAD_GATEWAY);
    assert!(kelviq.checkouts().is_empty());
}

#[tokio::test]
async fn a_handler_reads_the_field_errors() {
    let kelviq = FakeKelviq::start().await;
    let app = app(&kelviq);
    kelviq.inject_next(Fault::InvalidField("discountCode".into()));
    let log = Log::start();
    let declined = send(&app, form("/buy?code=EXPIRED", "")).await;
    assert_eq!(declined.header("location"), "/pricing?invalid=discountCode");
    let lines = log.with("a discount code was declined");
    assert!(
        lines[0].starts_with("INFO") && !lines[0].contains("EXPIRED"),
        "{lines:?}"
    );

    let empty = send(&app, form("/buy?code=", "")).await;
    assert_eq!(empty.header("location"), "/pricing?invalid=discountCode");
    let accepted = send(&app, form("/buy?code=WELCOME20", "")).await;
    assert_eq!(accepted.status, StatusCode::SEE_OTHER);
    assert_eq!(kelviq.checkouts()[0].fields["discountCode"], "WELCOME20");
}
