//! Rejected checkouts: they do not reach Kelviq, and the page explains the error next to the button. Also requests with
//! unsupported methods.

use std::time::Duration;

use axum::{
    body::Body,
    http::{
        Request,
        header::{ACCEPT, ALLOW, CONTENT_SECURITY_POLICY, LOCATION, RETRY_AFTER, SET_COOKIE},
    },
};
use kelviq_axum::fake::Fault;

use crate::support::{form::Form, log, storefront::Storefront};

#[tokio::test]
async fn an_invalid_quantity_is_explained_next_to_its_button() {
    let shop = Storefront::open().await;
    let mut buyer = shop.visitor();
    for seats in ["0", "51", "abc", "", "-1", "1.5"] {
        let form = buyer.get("/").await.form("Buy Team");
        let page = buyer
            .submit_and_follow(&form.fill("quantity[seats]", seats))
            .await;
        assert_eq!(page.status, 200);
        page.assert_shows("<title>Plans · Quillmoor</title>");
        assert_eq!(
            page.form("Buy Team").alert(),
            "The Team plan is sold for 1 to 50 seats. Please choose a whole number in that range. Nothing was charged."
        );
        assert_eq!(page.html.matches(r#"role="alert""#).count(), 1);
    }
    assert_eq!(shop.kelviq.checkouts(), []);
}

#[tokio::test]
async fn forged_forms_are_rejected() {
    let shop = Storefront::open().await;
    let mut buyer = shop.visitor();
    let page = buyer.get("/").await;
    let starter = || page.form("Buy Starter");
    let team = page.form("Buy Team");
    let large = "y".repeat(20_000);
    for form in [
        starter().fill("offer", "nothing"),
        starter().fill("offer", "Starter"),
        starter().fill("offer", ""),
        starter().forge("x", &large),
        team.forge("quantity[seats]", "2"),
    ] {
        let page = buyer.submit_and_follow(&form).await;
        assert_eq!(page.html.matches(r#"role="alert""#).count(), 1);
    }
    assert_eq!(shop.kelviq.checkouts(), []);
}

#[tokio::test]
async fn an_error_disappears_with_the_next_click() {
    let shop = Storefront::open().await;
    let mut buyer = shop.visitor();
    let form = buyer
        .get("/")
        .await
        .form("Buy Team")
        .fill("quantity[seats]", "0");
    let page = buyer.submit_and_follow(&form).await;
    let again = page.form("Buy Team").fill("quantity[seats]", "0");
    let once_more = buyer.submit(&again).await;
    let error = "/?kelviq_failed=team-yearly&kelviq_error=invalid_quantity&kelviq_reference=";
    assert!(once_more.location().starts_with(error));
    assert_eq!(once_more.location().matches("kelviq_reference").count(), 1);
    let checkout = buyer.submit(&page.form("Buy Team")).await;
    assert!(checkout.location().contains("/checkout/cs_"));
}

#[tokio::test]
async fn another_site_can_neither_buy_nor_replace_a_visitors_cookie() {
    let shop = Storefront::open().await;
    let form = shop.visitor().get("/").await.form("Buy Starter");
    for site in ["cross-site", "same-site"] {
        let from_there = |mut request: Request<Body>| {
            let headers = request.headers_mut();
            headers.insert("sec-fetch-site", site.parse().unwrap());
            request
        };
        let mut visitor = shop.visitor();
        let response = visitor.send(from_there(form.request())).await;
        assert!(!response.headers.contains_key(SET_COOKIE));
        let page = Request::get(response.location()).body(Body::empty());
        let page = visitor.send(from_there(page.unwrap())).await;
        assert_eq!(page.status, 200);
        assert!(!page.headers.contains_key(SET_COOKIE));
        assert_eq!(
            page.form("Buy Starter").alert(),
            "This request came from another site, so no checkout was started."
        );
    }
    assert_eq!(shop.kelviq.checkouts(), []);
}

#[tokio::test]
async fn unsupported_methods_get_the_allowed_ones() {
    let shop = Storefront::open().await;
    let post = || Request::post("/").body(Body::empty()).unwrap();
    for (page, allow) in [
        (shop.visitor().send(post()).await, "GET,HEAD"),
        (shop.visitor().get("/api/kelviq/checkout").await, "POST"),
        (shop.visitor().get("/api/orders").await, "POST"),
    ] {
        assert_eq!((page.status.as_u16(), page.header(ALLOW)), (405, allow));
        page.assert_shows("<title>No page at this address · Quillmoor</title>");
        page.assert_shows("<h1>There is no page at this address</h1>");
        page.assert_shows("That has not ordered or changed anything.");
        page.assert_shows(r#"<a class="button" href="/">See the plans</a>"#);
        let policy = page.header(CONTENT_SECURITY_POLICY);
        assert!(policy.contains("style-src 'self'"), "{policy}");
        assert!(!page.headers.contains_key(SET_COOKIE));
    }
    let page = shop.visitor().get("/webhooks/kelviq").await;
    assert_eq!((page.status.as_u16(), page.header(ALLOW)), (405, "POST"));
}

#[tokio::test]
async fn errors_of_kelviq_are_explained_next_to_the_button() {
    let shop = Storefront::open().await;
    let mut buyer = shop.visitor();
    for (fault, message) in [
        (
            Fault::Error(401),
            "The checkout could not be started. You have not been charged; please try again later.",
        ),
        (
            Fault::Html,
            "The checkout could not be started. You have not been charged; please try again later.",
        ),
        (
            Fault::TooManyRequests {
                retry_after: Duration::from_secs(77),
            },
            "The payment service is busy. You have not been charged; please try again later.",
        ),
    ] {
        shop.kelviq.inject_always(fault);
        let form = buyer.get("/").await.form("Buy Starter");
        let page = buyer.submit_and_follow(&form).await;
        assert_eq!(page.status, 200);
        let form = page.form("Buy Starter");
        let (alert, reference) = form.alert_and_reference();
        assert_eq!(alert, message);
        let line = "the checkout could not be started";
        assert_eq!(log::count_both(line, reference), 1);
    }
}

/// Hydrated buttons accept JSON only, and do not follow redirects.
#[tokio::test]
async fn scripts_get_a_status_and_an_error_code() {
    let shop = Storefront::open().await;
    let form = shop.visitor().get("/").await.form("Buy Starter");
    let send = async |form: Form| {
        let mut request = form.request();
        let json = "application/json".parse().unwrap();
        request.headers_mut().insert(ACCEPT, json);
        shop.visitor().send(request).await
    };
    shop.kelviq.inject_next(Fault::TooManyRequests {
        retry_after: Duration::from_secs(77),
    });
    let response = send(form).await;
    assert_eq!(response.status, 503);
    assert_eq!(response.header(RETRY_AFTER), "77");
    response.assert_shows("busy");
    assert!(!response.headers.contains_key(LOCATION));

    let form = shop.visitor().get("/").await.form("Buy Starter");
    let response = send(form.fill("offer", "nothing")).await;
    assert_eq!(response.status, 404);
    response.assert_shows("unknown_offer");
    assert!(!response.headers.contains_key(LOCATION));
}
