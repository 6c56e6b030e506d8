//! Sales to requests outside of the routes.

use crate::support::buyer::User;
use axum::{
    http::{Request, StatusCode, request::Parts},
    response::IntoResponse,
};
use kelviq_axum::{
    CheckoutProblem, Offer, Offers, RequestedQuantities, ResponseFormat, ReturnPath, SellError,
    Shop, fake::FakeKelviq, kelviq_core::ChargePeriod,
};

fn offers(kelviq: &FakeKelviq) -> Offers<User> {
    Offers::builder(Shop::new(kelviq.client(), "https://app.example.com").unwrap())
        .offer(
            "team",
            Offer::plan("team", ChargePeriod::Yearly).quantity("seats", 1..=50),
        )
        .success_path("/thanks")
        .sold_to::<User>()
        .build()
        .unwrap()
}

fn request(headers: &[(&str, &str)]) -> Parts {
    let request = headers
        .iter()
        .fold(Request::post("/"), |request, (name, value)| {
            request.header(*name, *value)
        });
    request.body(()).unwrap().into_parts().0
}

fn seats(text: &str) -> RequestedQuantities {
    RequestedQuantities::from_iter([("seats", text)])
}

#[tokio::test]
async fn an_offer_is_sold_as_by_the_routes() {
    let kelviq = FakeKelviq::start().await;
    let mut parts = request(&[("x-user", "cust_1")]);
    let redirect = offers(&kelviq)
        .sell("team", &seats("7"), &mut parts, &())
        .await
        .unwrap();
    let checkout = kelviq.checkouts().pop().unwrap();
    assert_eq!(redirect.session_id(), checkout.id);
    assert_eq!(checkout.fields["customerId"], "cust_1");
    assert_eq!(checkout.fields["features"][0]["quantity"], 7);
}

#[tokio::test]
async fn a_request_is_rejected_as_by_the_routes() {
    let kelviq = FakeKelviq::start().await;
    let offers = offers(&kelviq);
    let user = ("x-user", "cust_1");
    for (name, quantity, headers, problem) in [
        ("gone", "7", vec![user], CheckoutProblem::UnknownOffer),
        ("team", "51", vec![user], CheckoutProblem::InvalidQuantity),
        (
            "team",
            "7",
            vec![user, ("sec-fetch-site", "cross-site")],
            CheckoutProblem::CrossSite,
        ),
    ] {
        let result = offers
            .sell(name, &seats(quantity), &mut request(&headers), &())
            .await;
        match result {
            Err(SellError::Rejection(rejection)) => assert_eq!(rejection.problem(), problem),
            other => panic!("{problem:?}: {other:?}"),
        }
    }
    assert!(kelviq.checkouts().is_empty());
}

#[tokio::test]
async fn an_offer_is_sold_and_the_portal_is_opened_by_post_only() {
    let kelviq = FakeKelviq::start().await;
    let offers = offers(&kelviq);
    for method in ["GET", "HEAD", "PUT"] {
        let request = || {
            let mut parts = request(&[("x-user", "cust_1")]);
            parts.method = method.parse().unwrap();
            parts
        };
        let sale = offers.sell("team", &seats("7"), &mut request(), &()).await;
        let portal = offers
            .shop()
            .open_portal::<User, _>(&mut request(), &())
            .await;
        for response in [sale.into_response(), portal.into_response()] {
            assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
            assert_eq!(response.headers()["allow"], "POST");
        }
    }
    assert!(kelviq.checkouts().is_empty());
}

#[tokio::test]
async fn a_buyer_who_must_sign_in_returns_to_the_path_that_the_application_sets() {
    let kelviq = FakeKelviq::start().await;
    let mut parts = request(&[]);
    parts
        .extensions
        .insert(ReturnPath::new("/pricing?period=year").unwrap());
    let error = offers(&kelviq)
        .sell("team", &seats("7"), &mut parts, &())
        .await
        .unwrap_err();
    let response = error.into_response();
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    assert_eq!(
        response.headers()["location"],
        "/sign-in?next=%2Fpricing%3Fperiod%3Dyear"
    );
}

#[tokio::test]
async fn the_format_in_the_extensions_takes_precedence_over_accept() {
    let kelviq = FakeKelviq::start().await;
    let offers = offers(&kelviq);
    for (format, sold, sign_in) in [
        (None, StatusCode::OK, StatusCode::UNAUTHORIZED),
        (
            Some(ResponseFormat::Html),
            StatusCode::SEE_OTHER,
            StatusCode::SEE_OTHER,
        ),
    ] {
        for (user, status) in [(Some(("x-user", "cust_1")), sold), (None, sign_in)] {
            let accept = ("accept", "application/json");
            let headers: Vec<_> = user.into_iter().chain([accept]).collect();
            let mut parts = request(&headers);
            if let Some(format) = format {
                parts.extensions.insert(format);
            }
            let result = offers.sell("team", &seats("7"), &mut parts, &()).await;
            assert_eq!(result.into_response().status(), status, "{format:?}");
        }
    }
}

#[tokio::test]
async fn conflicting_quantities_of_a_feature_are_invalid() {
    let kelviq = FakeKelviq::start().await;
    let offers = offers(&kelviq);
    let user = [("x-user", "cust_1")];
    for (quantities, is_valid) in [
        (vec![("seats", "7"), ("seats", "7"), ("other", "x")], true),
        (vec![("seats", "7"), ("seats", "8"), ("seats", "7")], false),
    ] {
        let quantities = RequestedQuantities::from_iter(quantities);
        let result = offers
            .sell("team", &quantities, &mut request(&user), &())
            .await;
        assert_eq!(result.is_ok(), is_valid, "{quantities:?}");
    }
}

#[test]
fn a_return_path_stays_in_the_application() {
    for path in ["/", "/pricing", "/pricing?period=year&x=/y", "/a//b"] {
        assert_eq!(ReturnPath::new(path).unwrap().as_str(), path);
    }
    for path in [
        "",
        "pricing",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
    ] {
        assert_eq!(ReturnPath::new(path), None, "{path:?}");
    }
}
