//! Checkouts that do not start. None of them reaches Kelviq.

mod support;

use axum::{body::Body, http::Request};
use support::Storefront;

#[tokio::test]
async fn what_is_not_sold_is_not_sold() {
    let shop = Storefront::open().await;
    let mut visitor = shop.visitor();
    let large = format!("x={}", "y".repeat(20_000));
    for (path, form, status) in [
        ("/checkout/nothing", "", 404),
        ("/checkout/Starter", "", 404),
        ("/checkout/team-yearly", "quantity[seats]=0", 422),
        ("/checkout/team-yearly", "quantity[seats]=51", 422),
        ("/checkout/team-yearly", "quantity[seats]=abc", 422),
        ("/checkout/team-yearly", "quantity[seats]=", 422),
        (
            "/checkout/team-yearly",
            "quantity[seats]=1&quantity[seats]=2",
            422,
        ),
        ("/checkout/starter", &large, 413),
    ] {
        let page = visitor.post(path, form).await;
        assert_eq!(page.status, status, "{path} {form}");
        page.assert_shows("Checkout not started");
    }
    assert_eq!(shop.kelviq.checkouts(), []);
}

#[tokio::test]
async fn another_site_cannot_buy_in_a_visitors_name() {
    let shop = Storefront::open().await;
    let request = Request::post("/checkout/starter")
        .header("sec-fetch-site", "cross-site")
        .body(Body::empty());
    let page = shop.visitor().send(request.unwrap()).await;
    assert_eq!(page.status, 403);
    assert_eq!(shop.kelviq.checkouts(), []);
}
