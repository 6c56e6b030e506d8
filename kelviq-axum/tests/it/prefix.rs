//! A public URL with a path, with and without a proxy that strips it.

use crate::support::{buyer::User, form, send, with};
use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
    routing::get,
};
use kelviq_axum::{
    CheckoutReturn, Offer, Offers, Shop, fake::FakeKelviq, kelviq_core::ChargePeriod, portal,
    routes,
};

fn app(kelviq: &FakeKelviq, public_url: &str) -> Router {
    let shop = Shop::new(kelviq.client(), public_url).unwrap();
    let offers = Offers::builder(shop.clone())
        .offer("pro", Offer::plan("pro", ChargePeriod::Monthly))
        .sold_to::<User>()
        .build()
        .unwrap();
    Router::new()
        .route("/thanks", get(async |_: CheckoutReturn| ""))
        .with_state(shop)
        .route("/billing", portal::<User, _>(offers.shop().clone()))
        .nest("/checkout", routes(offers))
}

#[tokio::test]
async fn the_return_path_and_the_link_of_error_pages_have_the_path_of_the_public_url_once() {
    let kelviq = FakeKelviq::start().await;
    let at = |public_url| app(&kelviq, public_url);
    let shop = "https://a.example/shop";
    for (app, path, next) in [
        (at(shop), "/checkout/pro", "/shop/checkout/pro/resume"),
        (
            at("https://a.example/shop/"),
            "/checkout/pro",
            "/shop/checkout/pro/resume",
        ),
        (
            at(shop),
            "/checkout/pro/resume",
            "/shop/checkout/pro/resume",
        ),
        (
            Router::new().nest("/shop", at(shop)),
            "/shop/checkout/pro",
            "/shop/checkout/pro/resume",
        ),
        (
            Router::new().nest("/de", at(shop)),
            "/de/checkout/pro",
            "/shop/de/checkout/pro/resume",
        ),
        (
            Router::new().nest("/shop", Router::new().nest("/de", at(shop))),
            "/shop/de/checkout/pro",
            "/shop/de/checkout/pro/resume",
        ),
        (
            Router::new().nest("/shopping", at(shop)),
            "/shopping/checkout/pro",
            "/shop/shopping/checkout/pro/resume",
        ),
        (
            at("https://a.example"),
            "/checkout/pro",
            "/checkout/pro/resume",
        ),
        (at("https://a.example"), "/billing", "/billing"),
        (at(shop), "/billing", "/shop/billing"),
        (
            Router::new().nest("/shop", at(shop)),
            "/shop/billing",
            "/shop/billing",
        ),
        (
            at("https://a.example/a/b"),
            "/checkout/pro",
            "/a/b/checkout/pro/resume",
        ),
    ] {
        let response = send(&app, form(path, "")).await;
        assert_eq!(response.status, StatusCode::SEE_OTHER, "{path}");
        let next = format!("/sign-in?next={}", next.replace('/', "%2F"));
        assert_eq!(response.header("location"), next, "{path}");
    }

    for (public_url, home) in [
        ("https://a.example", "/"),
        (shop, "/shop/"),
        ("https://a.example/a&b/\"x", "/a&amp;b/%22x/"),
    ] {
        let app = at(public_url);
        let thanks = Request::get("/thanks").body(Body::empty()).unwrap();
        let cross_site = |path| with(form(path, ""), "sec-fetch-site", "cross-site");
        for request in [
            thanks,
            form("/checkout/gone", ""),
            cross_site("/checkout/pro"),
            cross_site("/billing"),
        ] {
            let page = send(&app, request).await;
            let link = format!("<a href=\"{home}\">Back to the shop</a>");
            assert!(page.body.contains(&link), "{}", page.body);
        }
    }
}
