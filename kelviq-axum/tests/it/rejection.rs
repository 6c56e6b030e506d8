//! The rejection of the checkout, the portal and the return page, and its response.

use std::{error::Error, time::Duration};

use crate::support::buyer::User;
use crate::support::{form, log::Log, send, with};
use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
    response::IntoResponse,
    routing::get,
};
use kelviq_axum::{
    CheckoutProblem, CheckoutReturn, Offer, Offers, Rejection, RequestedQuantities, SellError,
    Shop,
    fake::{FakeKelviq, Fault},
    kelviq_core::{self, ChargePeriod},
};
use serde_json::{Value, json};

fn shop(kelviq: &FakeKelviq) -> Shop {
    Shop::new(kelviq.client(), "https://app.example.com").unwrap()
}

fn offers(kelviq: &FakeKelviq) -> Offers<User> {
    Offers::builder(shop(kelviq))
        .offer("pro", Offer::plan("pro", ChargePeriod::Monthly))
        .sold_to::<User>()
        .build()
        .unwrap()
}

fn rejection(error: SellError) -> Rejection {
    match error {
        SellError::Rejection(rejection) => rejection,
        SellError::Buyer(response) => panic!("the buyer was rejected: {}", response.status()),
    }
}

#[tokio::test]
async fn it_has_the_cause_and_its_response_contains_a_clone() {
    let kelviq = FakeKelviq::start().await;
    let offers = offers(&kelviq);
    let request = || {
        let request = Request::post("/").header("x-user", "cust_1");
        request.body(()).unwrap().into_parts().0
    };
    kelviq.inject_always(Fault::TooManyRequests {
        retry_after: Duration::from_secs(60),
    });
    let quantities = RequestedQuantities::new();
    let sale = offers.sell("pro", &quantities, &mut request(), &()).await;
    let portal = offers
        .shop()
        .open_portal::<User, _>(&mut request(), &())
        .await;
    let checkout = rejection(sale.unwrap_err());
    let portal = rejection(portal.unwrap_err());
    assert_eq!(checkout.message(), CheckoutProblem::Busy.message());
    assert_eq!(portal.message(), CheckoutProblem::Busy.portal_message());
    for rejection in [checkout, portal] {
        assert_eq!(rejection.to_string(), rejection.message());
        assert_eq!(rejection.problem(), CheckoutProblem::Busy);
        assert_eq!(rejection.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(rejection.retry_after(), Some(Duration::from_secs(60)));
        let cause = rejection.source().unwrap();
        let cause = cause.downcast_ref::<kelviq_core::Error>().unwrap();
        assert_eq!(cause.status(), Some(429));

        let reference = rejection.reference().cloned();
        assert!(reference.is_some());
        let response = rejection.into_response();
        assert_eq!(response.headers()["retry-after"], "60");
        let clone = response.extensions().get::<Rejection>().unwrap();
        assert_eq!(clone.reference(), reference.as_ref());
    }
}

#[tokio::test]
async fn each_operation_has_its_own_title_and_message() {
    let kelviq = FakeKelviq::start().await;
    let thanks = get(async |_: CheckoutReturn| "");
    let app = Router::new()
        .route("/thanks", thanks)
        .with_state(shop(&kelviq))
        .nest("/checkout", kelviq_axum::routes(offers(&kelviq)))
        .route("/billing", kelviq_axum::portal::<User, _>(shop(&kelviq)));
    let cross_site = |path| with(form(path, ""), "sec-fetch-site", "cross-site");
    let thanks = || Request::get("/thanks").body(Body::empty()).unwrap();
    for (request, title, message) in [
        (
            cross_site("/checkout/pro"),
            "Checkout not started",
            CheckoutProblem::CrossSite.message(),
        ),
        (
            cross_site("/billing"),
            "Customer portal not opened",
            CheckoutProblem::CrossSite.portal_message(),
        ),
        (
            thanks(),
            "Order not found",
            CheckoutProblem::MissingReference.message(),
        ),
    ] {
        let page = send(&app, request).await;
        assert!(page.body.contains(&format!("<h1>{title}</h1>")), "{title}");
        assert!(page.body.contains(message), "{title}");
    }

    let log = Log::start();
    let script = send(&app, with(thanks(), "accept", "application/json")).await;
    let lines = log.with("return page");
    assert!(
        lines[0].starts_with("INFO") && lines[0].contains("path=\"/thanks\""),
        "{lines:?}"
    );
    assert_eq!(script.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        serde_json::from_str::<Value>(&script.body).unwrap(),
        json!({
            "error": "no_reference",
            "message": "This address belongs to no order. If you have just paid, your order is safe.",
            "reference": null,
        })
    );
}
