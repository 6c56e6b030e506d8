//! The buyer comes from the application's extractor, never from the request.

use crate::support::buyer::User;
use crate::support::{form, send, with};
use axum::{
    Router,
    body::Body,
    extract::OriginalUri,
    http::{Request, StatusCode},
};
use kelviq_axum::{
    Offer, Offers, OffersBuilder, Shop,
    fake::FakeKelviq,
    kelviq_core::{ChargePeriod, CustomAmount, TaxBehavior},
    routes,
};
use serde_json::json;

fn builder(kelviq: &FakeKelviq) -> OffersBuilder<User> {
    Offers::builder(Shop::new(kelviq.client(), "https://app.example.com").unwrap())
        .offer("pro", Offer::plan("pro", ChargePeriod::Monthly))
        .offer(
            "team",
            Offer::plan("team", ChargePeriod::Yearly).quantity("seats", 2..=50),
        )
        .sold_to::<User>()
}

fn app(kelviq: &FakeKelviq) -> Router {
    Router::new().nest("/checkout", routes(builder(kelviq).build().unwrap()))
}

fn get(path: &str) -> Request<Body> {
    Request::get(path)
        .header("host", "app.example.com")
        .header("sec-fetch-mode", "navigate")
        .header("sec-fetch-dest", "document")
        .header("sec-fetch-site", "none")
        .body(Body::empty())
        .unwrap()
}

#[tokio::test]
async fn customer_email_lock_and_metadata_come_from_the_buyer() {
    let kelviq = FakeKelviq::start().await;
    let hostile =
        "customerId=other&lockEmail=false&metadata%5Border_ref%5D=x&quantity%5Bseats%5D=7";
    let request = with(
        form("/checkout/team?customerId=other", hostile),
        "x-user",
        "cust_789",
    );
    assert_eq!(
        send(&app(&kelviq), request).await.status,
        StatusCode::SEE_OTHER
    );
    let checkout = &kelviq.checkouts()[0];
    assert_eq!(checkout.fields["customerId"], "cust_789");
    assert_eq!(checkout.fields["lockEmail"], true);
    let success_url = checkout.fields["successUrl"].as_str().unwrap();
    let reference = success_url.rsplit_once("reference=").unwrap().1;
    assert_eq!(
        checkout.metadata.as_json(),
        format!(r#"{{"order_ref":"{reference}","offer":"team","seats":7}}"#)
    );
}

#[tokio::test]
async fn a_buyer_who_must_sign_in_returns_to_the_same_offer() {
    let kelviq = FakeKelviq::start().await;
    let app = app(&kelviq);
    let response = send(
        &app,
        form("/checkout/team", "quantity[seats]=7&next=//evil.example"),
    )
    .await;
    assert_eq!(response.status, StatusCode::SEE_OTHER);
    assert_eq!(response.header("cache-control"), "no-store");
    let location = "/sign-in?next=%2Fcheckout%2Fteam%2Fresume%3Fquantity%255Bseats%255D%3D7";
    assert_eq!(response.header("location"), location);

    let page = send(&app, get("/checkout/team/resume?quantity%5Bseats%5D=7")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.body.contains(r#"<form method="post">"#),
        "{}",
        page.body
    );
    assert!(
        page.body.contains(r#"name="quantity[seats]" value="7""#),
        "{}",
        page.body
    );
    assert!(kelviq.checkouts().is_empty());

    let response = send(
        &app,
        with(
            form(
                "/checkout/team/resume?quantity%5Bseats%5D=7",
                "quantity[seats]=7",
            ),
            "x-user",
            "cust_1",
        ),
    )
    .await;
    assert_eq!(response.status, StatusCode::SEE_OTHER);
    assert_eq!(kelviq.checkouts()[0].fields["features"][0]["quantity"], 7);
}

#[tokio::test]
async fn an_offer_can_have_the_name_of_the_resume_page() {
    let kelviq = FakeKelviq::start().await;
    let offers = builder(&kelviq).offer("resume", Offer::plan("resume", ChargePeriod::OneTime));
    let app = Router::new().nest("/checkout", routes(offers.build().unwrap()));
    for path in ["/checkout/resume", "/checkout/resume/resume"] {
        let response = send(&app, form(path, "")).await;
        let location = "/sign-in?next=%2Fcheckout%2Fresume%2Fresume";
        assert_eq!(response.header("location"), location, "{path}");
    }
    let page = send(&app, get("/checkout/resume/resume")).await;
    assert_eq!(page.status, StatusCode::OK);
}

#[tokio::test]
async fn a_script_gets_the_sign_in_url() {
    let kelviq = FakeKelviq::start().await;
    let request = with(form("/checkout/pro", ""), "accept", "application/json");
    let response = send(&app(&kelviq), request).await;
    assert_eq!(response.status, StatusCode::UNAUTHORIZED);
    let body: serde_json::Value = serde_json::from_str(&response.body).unwrap();
    assert_eq!(
        body,
        json!({"error": "sign_in", "signInUrl": "/sign-in?next=%2Fcheckout%2Fpro%2Fresume"})
    );
}

#[tokio::test]
async fn the_resume_page_rejects_unknown_offers_and_invalid_quantities() {
    let kelviq = FakeKelviq::start().await;
    let app = app(&kelviq);
    for (path, status) in [
        ("/checkout/free/resume", StatusCode::NOT_FOUND),
        (
            "/checkout/team/resume?quantity%5Bseats%5D=99",
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            "/checkout/team/resume?quantity%5Bseats%5D=%22%3E%3Cscript%3E",
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            "/checkout/pro/resume?x=%3Cscript%3E&quantity%5B%3Cscript%3E%5D=1",
            StatusCode::OK,
        ),
    ] {
        let response = send(&app, get(path)).await;
        assert_eq!(response.status, status, "{path}");
        assert!(!response.body.contains("script"), "{}", response.body);
    }
}

#[tokio::test]
async fn an_offer_sets_discount_amount_and_country() {
    let kelviq = FakeKelviq::start().await;
    let amount = CustomAmount::new("349.99".parse().unwrap(), "EUR", TaxBehavior::Inclusive);
    let offer = Offer::plan("pro", ChargePeriod::OneTime)
        .discount_code("WELCOME20")
        .custom_amount(amount)
        .default_billing_country("DE")
        .with(|plan| plan.trial_period(14));
    let offers = builder(&kelviq)
        .offer("special", offer)
        .cancel_path("/pricing")
        .build()
        .unwrap();
    let app = Router::new().nest("/checkout", routes(offers));
    let request = with(form("/checkout/special", ""), "x-user", "cust_1");
    assert_eq!(send(&app, request).await.status, StatusCode::SEE_OTHER);
    let mut fields = kelviq.checkouts()[0].fields.clone();
    let success_url = fields["successUrl"].take();
    let (_, reference) = success_url.as_str().unwrap().rsplit_once('=').unwrap();
    assert_eq!(
        fields,
        json!({
            "planIdentifier": "pro", "chargePeriod": "ONE_TIME", "successUrl": null,
            "cancelUrl": format!("https://app.example.com/pricing?reference={reference}"), "customerId": "cust_1", "lockEmail": true,
            "customAmount": 349.99, "currencyCode": "EUR", "taxBehavior": "INCLUSIVE",
            "discountCode": "WELCOME20", "defaultBillingCountry": "DE", "trialPeriod": 14,
        })
    );
}

#[tokio::test]
async fn a_link_sells_only_if_enabled_and_only_to_a_visit() {
    let kelviq = FakeKelviq::start().await;
    assert_eq!(
        send(&app(&kelviq), get("/checkout/team")).await.status,
        StatusCode::METHOD_NOT_ALLOWED
    );

    let offers = builder(&kelviq).sell_on_get().build().unwrap();
    let app = Router::new().nest("/checkout", routes(offers));
    let visit = || {
        with(
            get("/checkout/team?quantity%5Bseats%5D=3"),
            "x-user",
            "cust_1",
        )
    };
    let response = send(&app, visit()).await;
    assert_eq!(response.status, StatusCode::SEE_OTHER);
    assert_eq!(kelviq.checkouts()[0].fields["features"][0]["quantity"], 3);

    let without = |name: &str| {
        let mut request = visit();
        request.headers_mut().remove(name);
        request
    };
    let head = {
        let mut request = visit();
        *request.method_mut() = axum::http::Method::HEAD;
        request
    };
    for request in [
        with(visit(), "sec-purpose", "prefetch;prerender"),
        with(visit(), "purpose", "prefetch"),
        with(visit(), "x-moz", "prefetch"),
        with(visit(), "sec-fetch-mode", "no-cors"),
        with(visit(), "sec-fetch-dest", "image"),
        with(visit(), "sec-fetch-site", "cross-site"),
        without("sec-fetch-site"),
        without("sec-fetch-mode"),
        without("sec-fetch-dest"),
        head,
    ] {
        let headers = request.headers().clone();
        let response = send(&app, request).await;
        assert_eq!(response.status, StatusCode::OK, "{headers:?}");
        assert_eq!(response.header("cache-control"), "no-store");
    }
    assert_eq!(kelviq.checkouts().len(), 1);
    let clicked = with(
        with(visit(), "sec-fetch-site", "cross-site"),
        "sec-fetch-user",
        "?1",
    );
    assert_eq!(send(&app, clicked).await.status, StatusCode::SEE_OTHER);
    let page = send(&app, with(visit(), "purpose", "prefetch")).await;
    assert!(
        page.body.contains(r#"<form method="post">"#),
        "{}",
        page.body
    );
}

#[tokio::test]
async fn the_routes_work_wherever_they_are_nested() {
    let kelviq = FakeKelviq::start().await;
    let offers = builder(&kelviq).build().unwrap();
    let app = Router::new().nest("/{locale}/shop/{offer}/checkout", routes(offers));
    let path = "/de/shop/x/checkout/team";
    let response = send(
        &app,
        with(form(path, "quantity[seats]=2"), "x-user", "cust_1"),
    )
    .await;
    assert_eq!(response.status, StatusCode::SEE_OTHER);
    let sign_in = send(&app, form(path, "quantity[seats]=2")).await;
    assert!(
        sign_in
            .header("location")
            .starts_with("/sign-in?next=%2Fde%2Fshop%2Fx%2Fcheckout%2Fteam%2Fresume")
    );
    let resume = send(&app, get(&format!("{path}/resume?quantity%5Bseats%5D=7"))).await;
    assert!(resume.body.contains(r#"<form method="post">"#) && resume.body.contains("seats: 7"));
}

#[tokio::test]
async fn the_return_path_never_leads_to_another_host() {
    let kelviq = FakeKelviq::start().await;
    let routes: Router = routes(builder(&kelviq).build().unwrap());
    // Like a layer that normalises slashes, so that the routes get another path than the original one.
    for original in [
        "//evil.example/pro",
        "///evil.example/pro",
        "//pro",
        "/checkout/pro",
    ] {
        let mut request = form("/pro", "");
        let path = axum::http::uri::PathAndQuery::from_static(original);
        request.extensions_mut().insert(OriginalUri(path.into()));
        let response = send(&routes, request).await;
        assert_eq!(response.status, StatusCode::SEE_OTHER);
        let location = response.header("location");
        let is_own = original == "/checkout/pro";
        assert_eq!(location.contains("next="), is_own, "{original}: {location}");
    }
}
