//! The page that buyers come back to never says more than it knows.

mod support;

use axum::http::{StatusCode, header::CACHE_CONTROL};
use support::{Storefront, way_back};

const REFERENCE: &str = "0123456789abcdef0123456789abcdef";

fn thanks(attempt: &str) -> String {
    format!("/thanks?reference={REFERENCE}&attempt={attempt}")
}

#[tokio::test]
async fn it_looks_again_every_two_seconds_and_counts() {
    let mut visitor = Storefront::open().await.visitor();
    for (path, next) in [
        (format!("/thanks?reference={REFERENCE}"), 1),
        (thanks("1"), 2),
        (thanks("29"), 30),
        (thanks("-1"), 1),
        (thanks("x"), 1),
        (thanks(""), 1),
    ] {
        let page = visitor.get(&path).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(page.header(CACHE_CONTROL), "no-store");
        page.assert_shows("We are confirming your payment");
        page.assert_shows(&format!(
            r#"<meta http-equiv="refresh" content="2;url=/thanks?reference={REFERENCE}&amp;attempt={next}">"#
        ));
    }
}

#[tokio::test]
async fn it_gives_up_after_a_minute_and_claims_nothing() {
    let mut visitor = Storefront::open().await.visitor();
    for attempt in ["30", "31", "4294967295"] {
        let page = visitor.get(&thanks(attempt)).await;
        assert_eq!(page.status, StatusCode::OK);
        page.assert_shows("We have no confirmation yet");
        page.assert_shows(r#"href="/orders""#);
        page.assert_hides("http-equiv=\"refresh\"");
        page.assert_hides("is confirmed");
        page.assert_hides("Nothing was charged");
    }
}

#[tokio::test]
async fn an_order_that_arrives_late_is_found_all_the_same() {
    let shop = Storefront::open().await;
    let mut buyer = shop.visitor();
    buyer.post("/checkout/starter", "").await.location();
    let (thanks, _) = way_back(&shop.last_checkout());
    let late = format!("{thanks}&attempt=30");
    buyer
        .get(&late)
        .await
        .assert_shows("We have no confirmation yet");
    shop.pay().await;
    buyer
        .get(&late)
        .await
        .assert_shows("Your payment is confirmed");
}

#[tokio::test]
async fn it_needs_no_cookie() {
    let shop = Storefront::open().await;
    shop.visitor()
        .post("/checkout/starter", "")
        .await
        .location();
    shop.pay().await;
    let (thanks, _) = way_back(&shop.last_checkout());
    let mut other_browser = shop.visitor();
    other_browser
        .get(&thanks)
        .await
        .assert_shows("Your payment is confirmed");
}

#[tokio::test]
async fn what_is_no_reference_gets_a_clear_page() {
    let mut visitor = Storefront::open().await.visitor();
    let long = "a".repeat(65);
    for reference in [
        "",
        "a-b",
        "%3Cscript%3E",
        "a%22b",
        "a%20b",
        "a%0Ab",
        "%FF",
        &long,
    ] {
        let page = visitor.get(&format!("/thanks?reference={reference}")).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{reference}");
        page.assert_shows("This link is not complete");
        page.assert_hides("http-equiv=\"refresh\"");
    }
    let page = visitor.get("/thanks").await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
}
