//! Checkouts that do not start: none of them reaches Kelviq, and the page of the button says why. And addresses that
//! are used the wrong way.

mod support;

use std::time::Duration;

use axum::{
    body::Body,
    http::{
        Request,
        header::{ACCEPT, ALLOW, CONTENT_SECURITY_POLICY, LOCATION, RETRY_AFTER, SET_COOKIE},
    },
};
use kelviq_axum::fake::Fault;
use support::{Storefront, form::Form};

#[tokio::test]
async fn a_quantity_that_is_not_sold_is_explained_beside_its_button() {
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
async fn what_is_not_sold_is_not_sold() {
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
async fn an_error_is_gone_with_the_next_click() {
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
    assert_eq!(
        once_more.location(),
        "/?kelviq_failed=team-yearly&kelviq_error=invalid_quantity"
    );
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
        let answer = visitor.send(from_there(form.request())).await;
        assert!(!answer.headers.contains_key(SET_COOKIE));
        let page = Request::get(answer.location()).body(Body::empty());
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
async fn wrong_methods_are_told_the_right_one() {
    let shop = Storefront::open().await;
    let post = || Request::post("/").body(Body::empty()).unwrap();
    for (page, allow) in [
        (shop.visitor().send(post()).await, "GET,HEAD"),
        (shop.visitor().get("/api/kelviq/checkout").await, "POST"),
        (shop.visitor().get("/api/orders").await, "POST"),
    ] {
        assert_eq!((page.status.as_u16(), page.header(ALLOW)), (405, allow));
        page.assert_shows("<title>Nothing to see here · Quillmoor</title>");
        page.assert_shows("<h1>Nothing to see here</h1>");
        page.assert_shows(r#"<a class="button" href="/">Back to the plans</a>"#);
        let policy = page.header(CONTENT_SECURITY_POLICY);
        assert!(policy.contains("style-src 'self'"), "{policy}");
        assert!(!page.headers.contains_key(SET_COOKIE));
    }
    let page = shop.visitor().get("/webhooks/kelviq").await;
    assert_eq!((page.status.as_u16(), page.header(ALLOW)), (405, "POST"));
}

#[tokio::test]
async fn what_kelviq_does_is_told_beside_the_button() {
    let shop = Storefront::open().await;
    let mut buyer = shop.visitor();
    for (answer, message) in [
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
            "The payment service is busy. You have not been charged; please try again in a moment.",
        ),
    ] {
        shop.kelviq.inject_always(answer);
        let form = buyer.get("/").await.form("Buy Starter");
        let page = buyer.submit_and_follow(&form).await;
        assert_eq!(page.status, 200);
        assert_eq!(page.form("Buy Starter").alert(), message);
    }
}

/// The browser's side of the page asks for an answer of its own, and is sent nowhere.
#[tokio::test]
async fn a_script_gets_a_status_and_a_code() {
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
    let answer = send(form).await;
    assert_eq!(answer.status, 503);
    assert_eq!(answer.header(RETRY_AFTER), "77");
    answer.assert_shows("busy");
    assert!(!answer.headers.contains_key(LOCATION));

    let form = shop.visitor().get("/").await.form("Buy Starter");
    let answer = send(form.fill("offer", "nothing")).await;
    assert_eq!(answer.status, 404);
    answer.assert_shows("unknown_offer");
    assert!(!answer.headers.contains_key(LOCATION));
}
