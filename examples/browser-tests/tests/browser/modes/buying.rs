//! From the click to the order.

use browser_tests::WEBHOOKS;

use super::{Tests, mode::Mode, visit::Visit};
use crate::support::{
    browser::Browser,
    target::{button, field},
};

pub(super) fn tests(tests: &mut Tests<'_>) {
    tests.add(
        "what_is_paid_for_is_fulfilled",
        what_is_paid_for_is_fulfilled,
    );
    tests.add(
        "an_order_that_is_there_already_is_shown_at_once",
        an_order_that_is_there_already_is_shown_at_once,
    );
}

async fn what_is_paid_for_is_fulfilled(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    let webhook = visit.hold(WEBHOOKS);
    visit.open_plans().await;
    browser.fill(field("Team seats"), "7").await;
    browser.click(button("Buy Team")).await;

    visit.is_at_checkout().await;
    let checkout = visit.kelviq().checkouts().pop().unwrap();
    assert_eq!(checkout.fields["planIdentifier"], "team");
    assert_eq!(checkout.fields["customerId"], "cust_1");
    browser.click("button.primary").await;

    // Kelviq's word has not come yet.
    browser.arrives_at(&visit.at("/thanks?reference=")).await;
    browser
        .shows_in("h1", "We are confirming your payment")
        .await;
    visit.is_ready("thanks").await;
    if visit.is_scripted() {
        browser.execute("window.known = true").await;
        // It asks once in a second. The browser would have loaded the page again by now, had it not been told otherwise.
        browser
            .wait_until("the page to ask a few times", async || {
                Ok(visit.requests_to("/api/find_order") >= 5)
            })
            .await;
    }

    // Nobody touches the page from here on.
    webhook.release();
    browser.shows_in("h1", "Thank you, cust_1").await;
    shows_the_order(browser, "team", "7").await;
    if visit.is_scripted() {
        let known = browser.execute("return window.known").await;
        assert_eq!(known, true, "the page was loaded again");
        assert_eq!(visit.requests_to("/thanks"), 1);
    } else {
        assert!(visit.requests_to("/thanks") > 1);
    }
    let announced = browser.announces("Thank you, cust_1").await;
    assert_eq!(announced.role, "status");
    browser.assert_no_console_errors().await;
}

async fn an_order_that_is_there_already_is_shown_at_once(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    visit.open_plans().await;
    browser.click(button("Go Pro")).await;
    visit.is_at_checkout().await;
    let checkout = visit.kelviq().checkouts().pop().unwrap();
    browser.click("button.primary").await;
    browser.shows_in("h1", "Thank you, cust_1").await;

    let success_url = checkout.fields["successUrl"].as_str().unwrap();
    browser.goto(success_url).await;
    visit.is_ready("thanks").await;
    browser.shows_in("h1", "Thank you, cust_1").await;
    shows_the_order(browser, "pro", "").await;
    browser.assert_no_console_errors().await;
}

/// What the checkout's metadata said has come back.
async fn shows_the_order(browser: &Browser, offer: &str, seats: &str) {
    assert_eq!(browser.text("#offer").await, offer);
    assert_eq!(browser.text("#seats").await, seats);
    let reference = browser.text("#reference").await;
    let url = browser.url().await;
    assert!(
        url.ends_with(&format!("?reference={reference}")),
        "{reference} at {url}"
    );
}
