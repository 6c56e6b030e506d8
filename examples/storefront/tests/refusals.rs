//! Checkouts that do not start. None of them reaches Kelviq, and each gets a page of the shop's.

mod support;

use std::time::Duration;

use axum::{
    body::Body,
    http::{
        Request,
        header::{ALLOW, CONTENT_SECURITY_POLICY, CONTENT_TYPE, RETRY_AFTER, SET_COOKIE},
    },
};
use kelviq_axum::fake::Answer;
use support::{Page, Storefront};

/// A page of the shop's, and not the plain one of the library.
#[track_caller]
fn assert_is_own(page: &Page, title: &str) {
    page.assert_shows(&format!("<title>{title} · Quillmoor</title>"));
    page.assert_shows(&format!("<h1>{title}</h1>"));
    page.assert_shows(r#"<a class="button" href="/">Back to the plans</a>"#);
    let policy = page.header(CONTENT_SECURITY_POLICY);
    assert!(policy.contains("style-src 'self'"), "{policy}");
    assert!(!page.headers.contains_key(SET_COOKIE));
}

#[tokio::test]
async fn what_is_not_sold_is_not_sold() {
    let shop = Storefront::open().await;
    let large = format!("x={}", "y".repeat(20_000));
    let quantity = "sold for 1 to 50 seats";
    for (path, form, status, sentence) in [
        ("/checkout/nothing", "", 404, "no longer sold"),
        ("/checkout/Starter", "", 404, "no longer sold"),
        ("/checkout/team-yearly", "quantity[seats]=0", 422, quantity),
        ("/checkout/team-yearly", "quantity[seats]=51", 422, quantity),
        (
            "/checkout/team-yearly",
            "quantity[seats]=abc",
            422,
            quantity,
        ),
        ("/checkout/team-yearly", "quantity[seats]=", 422, quantity),
        (
            "/checkout/team-yearly",
            "quantity[seats]=1&quantity[seats]=2",
            422,
            quantity,
        ),
        ("/checkout/starter", &large, 413, "too large"),
    ] {
        let page = shop.visitor().post(path, form).await;
        assert_eq!(page.status, status, "{path} {form}");
        assert_is_own(&page, "Checkout not started");
        page.assert_shows(sentence);
    }
    assert_eq!(shop.kelviq.checkouts(), []);
}

#[tokio::test]
async fn another_site_can_neither_buy_nor_replace_a_visitors_cookie() {
    let shop = Storefront::open().await;
    for site in ["cross-site", "same-site"] {
        let request = Request::post("/checkout/starter")
            .header("sec-fetch-site", site)
            .body(Body::empty());
        let page = shop.visitor().send(request.unwrap()).await;
        assert_eq!(page.status, 403);
        assert_is_own(&page, "Checkout not started");

        let request = Request::get("/")
            .header("sec-fetch-site", site)
            .body(Body::empty());
        let page = shop.visitor().send(request.unwrap()).await;
        assert_eq!(page.status, 200);
        assert!(!page.headers.contains_key(SET_COOKIE));
    }
    assert_eq!(shop.kelviq.checkouts(), []);
}

#[tokio::test]
async fn wrong_methods_are_told_the_right_one() {
    let shop = Storefront::open().await;
    for (page, allow) in [
        (shop.visitor().post("/", "").await, "GET,HEAD"),
        (shop.visitor().get("/checkout/starter").await, "POST"),
        (shop.visitor().get("/billing").await, "POST"),
    ] {
        assert_eq!((page.status.as_u16(), page.header(ALLOW)), (405, allow));
        assert_is_own(&page, "Nothing to see here");
    }
    let page = shop.visitor().get("/webhooks/kelviq").await;
    assert_eq!((page.status.as_u16(), page.header(ALLOW)), (405, "POST"));
}

#[tokio::test]
async fn what_kelviq_does_is_told_with_a_reference() {
    let shop = Storefront::open().await;
    for (answer, status, sentence) in [
        (Answer::Error(401), 502, "could not be started"),
        (Answer::Html, 502, "could not be started"),
        (
            Answer::TooManyRequests {
                retry_after: Duration::from_secs(77),
            },
            503,
            "try again in a moment",
        ),
    ] {
        shop.kelviq.answer_always(answer);
        let page = shop.visitor().post("/checkout/starter", "").await;
        assert_eq!(page.status, status);
        assert_is_own(&page, "Checkout not started");
        page.assert_shows(sentence);
        page.assert_shows(r#"<p class="reference">Reference <code>"#);
        assert_eq!(page.headers.contains_key(RETRY_AFTER), status == 503);
    }
}

#[tokio::test]
async fn a_script_gets_json() {
    let shop = Storefront::open().await;
    let request = Request::post("/checkout/nothing")
        .header("accept", "application/json")
        .body(Body::empty());
    let answer = shop.visitor().send(request.unwrap()).await;
    assert_eq!(answer.status, 404);
    assert_eq!(answer.header(CONTENT_TYPE), "application/json");
    answer.assert_shows(r#""error":"unknown_offer""#);
}
