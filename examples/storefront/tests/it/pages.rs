//! Headers and layout of the pages, static assets, and visitors' cookies.

use axum::{
    body::Body,
    http::{
        Request, StatusCode,
        header::{
            CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, REFERRER_POLICY,
            SET_COOKIE, X_CONTENT_TYPE_OPTIONS,
        },
    },
};
use http_body_util::BodyExt;
use kelviq_axum::Shop;
use kelviq_core::{Kelviq, WebhookSecret};
use storefront::{Database, DatabaseUrl};
use tempfile::TempDir;
use tower::ServiceExt;

use crate::support::storefront::{Storefront, app};

const THANKS: &str = "/thanks?reference=0123456789abcdef0123456789abcdef";

#[tokio::test]
async fn every_page_is_complete_and_has_security_headers() {
    let shop = Storefront::open().await;
    let mut visitor = shop.visitor();
    for (path, status, title) in [
        ("/", 200, "Plans"),
        ("/orders", 200, "Your orders"),
        ("/account", 200, "Account"),
        ("/plan", 200, "Your plan"),
        ("/drafts", 200, "Comments on your drafts"),
        ("/cancelled", 200, "Left the checkout?"),
        (THANKS, 200, "Not confirmed yet"),
        ("/thanks", 400, "Which order?"),
        ("/nothing/here", 404, "Page not found"),
    ] {
        let page = visitor.get(path).await;
        assert_eq!(page.status, status, "{path}");
        page.assert_shows(r#"<!DOCTYPE html><html lang="en">"#);
        page.assert_shows(&format!("<title>{title} · Quillmoor</title>"));
        assert_eq!(page.html.matches("<h1>").count(), 1, "{path}");
        page.assert_shows("Test shop: nobody is charged.");
        assert_eq!(page.header(X_CONTENT_TYPE_OPTIONS), "nosniff");
        assert_eq!(page.header(REFERRER_POLICY), "same-origin");
        assert_eq!(page.header(CACHE_CONTROL), "no-store");
        let policy = page.header(CONTENT_SECURITY_POLICY);
        assert!(policy.starts_with("default-src 'none'; "), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(
            policy.contains("form-action 'self' ") && policy.contains(" http://127.0.0.1:*"),
            "{policy}"
        );
    }
}

/// A visit proves neither that the buyer paid nor that they did not.
#[tokio::test]
async fn the_page_after_a_cancelled_checkout_claims_nothing() {
    let mut visitor = Storefront::open().await.visitor();
    let page = visitor
        .get("/cancelled?reference=0123456789abcdef0123456789abcdef")
        .await;
    page.assert_shows("If you have not paid, nothing is charged");
    page.assert_shows("If you have paid, please do not pay again");
    for claim in [
        "You left",
        "Nothing was charged",
        "You have not",
        "was cancelled",
    ] {
        page.assert_hides(claim);
    }
}

#[tokio::test]
async fn with_kelviq_the_policy_allows_its_pages_and_the_cookie_is_secure() {
    let kelviq = Kelviq::builder("server-test").build().unwrap();
    let shop = Shop::new(kelviq, "https://shop.example").unwrap();
    let secret = WebhookSecret::new("kq_whsec_test").unwrap();
    let folder = TempDir::new().unwrap();
    let url = DatabaseUrl::Sqlite(folder.path().join("shop.db"));
    let database = Database::open(&url).await.unwrap();
    let response = app(shop, secret, None, database)
        .router
        .oneshot(Request::get("/").body(Body::empty()).unwrap())
        .await
        .unwrap();
    let policy = response.headers()[CONTENT_SECURITY_POLICY]
        .to_str()
        .unwrap();
    assert!(
        policy.ends_with("form-action 'self' https://kelviq.com https://*.kelviq.com"),
        "{policy}"
    );
    let cookie = response.headers()[SET_COOKIE].to_str().unwrap();
    assert!(
        cookie.ends_with("; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax; Secure"),
        "{cookie}"
    );
    let html = response.into_body().collect().await.unwrap().to_bytes();
    let html = String::from_utf8(html.into()).unwrap();
    assert!(!html.contains("nobody is charged"), "{html}");
}

#[tokio::test]
async fn the_style_sheet_and_the_icon_are_served() {
    let mut visitor = Storefront::open().await.visitor();
    let page = visitor.get("/").await;
    let (_, rest) = page
        .html
        .split_once(r#"<link rel="stylesheet" href=""#)
        .unwrap();
    let (style, _) = rest.split_once('"').unwrap();
    for (path, content_type) in [
        (style, "text/css; charset=utf-8"),
        ("/icon.svg", "image/svg+xml"),
    ] {
        let asset = visitor.get(path).await;
        assert_eq!(asset.status, StatusCode::OK);
        assert_eq!(asset.header(CONTENT_TYPE), content_type);
        assert!(asset.header(CACHE_CONTROL).starts_with("public"));
        assert!(!asset.headers.contains_key(SET_COOKIE));
    }
}

#[tokio::test]
async fn visitors_see_their_own_orders_only() {
    let shop = Storefront::open().await;
    let (mut first, mut second) = (shop.visitor(), shop.visitor());
    first.click("Buy Starter").await.location();
    shop.pay().await;
    second.click("Go Pro").await.location();
    shop.pay().await;

    let orders = first.get("/orders").await;
    orders.assert_shows("<h2>Starter</h2>");
    orders.assert_hides("Pro, monthly");
    let orders = second.get("/orders").await;
    orders.assert_shows("<h2>Pro, monthly</h2>");
    orders.assert_hides("<h2>Starter</h2>");
    shop.visitor()
        .get("/orders")
        .await
        .assert_shows("There is nothing here yet");
}

#[tokio::test]
async fn a_valid_cookie_is_kept_and_an_invalid_one_is_replaced() {
    let shop = Storefront::open().await;
    let mut visitor = shop.visitor();
    visitor.get("/").await;
    assert!(
        !visitor
            .get("/orders")
            .await
            .headers
            .contains_key(SET_COOKIE)
    );

    for cookie in [
        "visitor=",
        "visitor=x",
        "visitor=../../../../../../../../../../..",
        "other=1",
    ] {
        visitor.cookie = Some(cookie.into());
        let page = visitor.get("/").await;
        assert_eq!(
            page.header(SET_COOKIE).split('=').next(),
            Some("visitor"),
            "{cookie}"
        );
    }
    // Cookies set by other applications may not be valid text.
    let ours = visitor.cookie.clone().unwrap();
    let among_others = [b"a=\xff\xfe; ", ours.as_bytes(), b";c=\"d\""].concat();
    let request = Request::get("/")
        .header(COOKIE, among_others)
        .body(Body::empty())
        .unwrap();
    let response = shop.router.clone().oneshot(request).await.unwrap();
    assert!(!response.headers().contains_key(SET_COOKIE));
}
