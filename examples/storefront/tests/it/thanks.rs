//! The page that buyers return to confirms a payment only once its webhook has arrived.

use std::time::Duration;

use axum::http::{StatusCode, header::CACHE_CONTROL};
use kelviq_axum::Store;
use tokio::time::{Instant, sleep};

use crate::support::{
    clock::PausedClock,
    log,
    storefront::{Storefront, return_path},
};

const THANKS: &str = "/thanks?reference=0123456789abcdef0123456789abcdef";

/// Checks the times at which the browser loads the page, in seconds since the buyer returned.
#[tokio::test]
async fn it_reloads_often_for_a_minute_without_confirming_anything() {
    let shop = Storefront::open().await;
    // As after a sale by another process.
    let (_, reference) = THANKS.split_once('=').unwrap();
    let store = shop.sqlite();
    store.insert_reference(reference, "cs_1").await.unwrap();
    log::clear();
    let mut buyer = shop.visitor();
    let clock = PausedClock::new(shop.sqlite().pool());
    let returned = Instant::now();
    let mut loads = Vec::new();
    let last = loop {
        loads.push(returned.elapsed().as_secs());
        let page = clock.run(buyer.get(THANKS)).await;
        let seconds = page.reload_after().unwrap();
        if seconds == 60 {
            break page;
        }
        page.assert_shows("We are confirming your payment");
        page.assert_shows(&format!(
            r#"<a href="{THANKS}" rel="external">Look again</a>"#
        ));
        assert_eq!(page.header(CACHE_CONTROL), "no-store");
        clock.run(sleep(Duration::from_secs(seconds))).await;
    };
    assert_eq!(loads, [0, 4, 15, 26, 37, 48, 59]);
    assert_eq!(returned.elapsed().as_secs(), 60);
    assert_eq!(last.status, StatusCode::OK);
    last.assert_shows("We have no confirmation yet");
    let position = |text: &str| last.html.find(text).unwrap_or_else(|| panic!("{text}"));
    let (warning, orders, help) = (
        position("If you have paid, please do not pay again."),
        position("the orders page"),
        position("help@quillmoor.example"),
    );
    assert!(warning < orders && orders < help);
    let line = "no order for a buyer who returned from the checkout";
    assert_eq!(log::count_both(line, "0123456789abcdef0123456789abcdef"), 1);
    for claim in ["is confirmed", "Nothing was charged", "will appear"] {
        last.assert_hides(claim);
    }

    // Afterwards, it responds immediately.
    let requested = Instant::now();
    let page = buyer.get(THANKS).await;
    page.assert_shows("We have no confirmation yet");
    assert_eq!(requested.elapsed(), Duration::ZERO);
}

#[tokio::test]
async fn the_page_shows_the_order_as_soon_as_it_is_paid() {
    let shop = Storefront::open().await;
    let mut buyer = shop.visitor();
    buyer.click("Buy Starter").await.location();
    let (thanks, _) = return_path(&shop.last_checkout());
    let first = buyer.get(&thanks).await;
    first.assert_shows("We are confirming your payment");

    // The request starts before the payment.
    let (page, ()) = tokio::join!(biased; buyer.get(&thanks), shop.pay());
    page.assert_shows("<h1>Thank you</h1>");
    page.assert_shows("Your payment is confirmed");
    assert_eq!(page.reload_after(), None);
}

#[tokio::test]
async fn an_order_is_found_even_if_it_arrives_late() {
    let shop = Storefront::open().await;
    let mut buyer = shop.visitor();
    buyer.click("Buy Starter").await.location();
    let (thanks, _) = return_path(&shop.last_checkout());
    let clock = PausedClock::new(shop.sqlite().pool());
    let mut load = async || clock.run(buyer.get(&thanks)).await;
    while load().await.reload_after() != Some(60) {}
    drop(clock);
    shop.pay().await;
    buyer
        .get(&thanks)
        .await
        .assert_shows("Your payment is confirmed");
}

#[tokio::test]
async fn it_needs_no_cookie() {
    let shop = Storefront::open().await;
    shop.visitor().click("Buy Starter").await.location();
    shop.pay().await;
    let (thanks, _) = return_path(&shop.last_checkout());
    let mut other_browser = shop.visitor();
    other_browser
        .get(&thanks)
        .await
        .assert_shows("Your payment is confirmed");
}

#[tokio::test]
async fn an_invalid_reference_is_explained() {
    let mut visitor = Storefront::open().await.visitor();
    let (long, upper) = ("a".repeat(33), "A".repeat(32));
    for reference in [
        "",
        "abc",
        "%3Cscript%3E",
        "a%22b",
        "a%20b",
        "a%0Ab",
        "%FF",
        &long,
        &upper,
    ] {
        let page = visitor.get(&format!("/thanks?reference={reference}")).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{reference}");
        page.assert_shows("Part of this link is missing");
        page.assert_shows("please do not pay again");
        assert_eq!(page.reload_after(), None);
    }
    let page = visitor.get("/thanks").await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
}
