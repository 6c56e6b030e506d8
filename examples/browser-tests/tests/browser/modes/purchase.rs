//! Purchases, from the click to the order.

use browser_tests::WEBHOOKS;

use super::{mode::Mode, mode_suite::ModeSuite, visit::Visit};
use crate::support::{
    browser::Browser,
    target::{button, field},
};

pub(super) fn tests(tests: &mut ModeSuite<'_>) {
    tests.add(
        "a_paid_checkout_becomes_an_order",
        a_paid_checkout_becomes_an_order,
    );
    tests.add(
        "an_existing_order_is_shown_immediately",
        an_existing_order_is_shown_immediately,
    );
}

async fn a_paid_checkout_becomes_an_order(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    let webhook = visit.hold(WEBHOOKS);
    visit.open_plans().await;
    browser.fill(field("Team seats"), "7").await;
    browser.click(button("Buy Team")).await;

    visit.wait_for_checkout().await;
    let checkout = visit.kelviq().checkouts().pop().unwrap();
    assert_eq!(checkout.fields["planIdentifier"], "team");
    assert_eq!(checkout.fields["customerId"], "cust_1");
    browser.click("button.primary").await;

    // The webhook is held back.
    browser
        .wait_for_url_prefix(&visit.url("/thanks?reference="))
        .await;
    browser
        .wait_for_text_in("h1", "We are confirming your payment")
        .await;
    visit.wait_for_hydration("thanks").await;
    if visit.is_hydrated() {
        browser.execute("window.visited = true").await;
        // The page polls once a second. In this time, a page without JavaScript would have been reloaded.
        browser
            .wait_until("the page to poll a few times", async || {
                Ok(visit.count_requests("/api/find_order") >= 5)
            })
            .await;
    }

    // From here on, the page updates without any input.
    webhook.release();
    browser.wait_for_text_in("h1", "Thank you, cust_1").await;
    assert_shows_order(browser, "team", "7").await;
    if visit.is_hydrated() {
        let visited = browser.execute("return window.visited").await;
        assert_eq!(visited, true, "the page was reloaded");
        assert_eq!(visit.count_requests("/thanks"), 1);
    } else {
        assert!(visit.count_requests("/thanks") > 1);
    }
    let announced = browser.wait_for_live_region("Thank you, cust_1").await;
    assert_eq!(announced.role, "status");
    browser.assert_no_console_errors().await;
}

async fn an_existing_order_is_shown_immediately(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    visit.open_plans().await;
    browser.click(button("Go Pro")).await;
    visit.wait_for_checkout().await;
    let checkout = visit.kelviq().checkouts().pop().unwrap();
    browser.click("button.primary").await;
    browser.wait_for_text_in("h1", "Thank you, cust_1").await;

    let success_url = checkout.fields["successUrl"].as_str().unwrap();
    browser.goto(success_url).await;
    visit.wait_for_hydration("thanks").await;
    browser.wait_for_text_in("h1", "Thank you, cust_1").await;
    assert_shows_order(browser, "pro", "").await;
    browser.assert_no_console_errors().await;
}

/// Asserts that the page shows the order from the metadata.
async fn assert_shows_order(browser: &Browser, offer: &str, seats: &str) {
    assert_eq!(browser.text("#offer").await, offer);
    assert_eq!(browser.text("#seats").await, seats);
    let reference = browser.text("#reference").await;
    let url = browser.url().await;
    assert!(
        url.ends_with(&format!("?reference={reference}")),
        "{reference} at {url}"
    );
}
