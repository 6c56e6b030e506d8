//! The button that leads to the customer portal.

mod support;

use axum::http::header::SET_COOKIE;
use support::Storefront;

const BUTTON: &str = r#"<form class="billing" method="post" action="/billing">"#;

#[tokio::test]
async fn buyers_get_to_their_portal() {
    let shop = Storefront::open().await;
    let mut buyer = shop.visitor();
    buyer.get("/orders").await.assert_hides(BUTTON);
    buyer.post("/checkout/starter", "").await.location();
    shop.pay().await;
    buyer.get("/orders").await.assert_shows("Manage billing");
    let answer = buyer.post("/billing", "").await;
    let portal = answer.location();
    assert!(portal.contains("/portal/?token="), "{portal}");
}

#[tokio::test]
async fn who_bought_nothing_has_none() {
    let shop = Storefront::open().await;
    let answer = shop.visitor().post("/billing", "").await;
    assert_eq!(answer.status, 404);
    answer.assert_shows("Billing not opened");
    answer.assert_shows("There is nothing to manage here.");
    assert!(!answer.headers.contains_key(SET_COOKIE));
}
