//! Busy buttons, and repeated clicks.

use super::{
    mode::Mode,
    mode_suite::ModeSuite,
    visit::{BUY_SEATS, CHECKOUT, Visit},
};
use crate::support::{
    browser::Browser,
    settings::Settings,
    target::{button, link},
};

pub(super) fn tests(tests: &mut ModeSuite<'_>) {
    let desktop = Settings::default();
    // Without a script, the browser shows the pending navigation.
    tests.add_hydrated(
        "a_button_is_busy_during_the_request",
        desktop.clone(),
        a_button_is_busy_during_the_request,
    );
    tests.add_hydrated(
        "the_button_of_a_form_is_busy_during_the_request",
        desktop.clone(),
        the_button_of_a_form_is_busy_during_the_request,
    );
    tests.add_hydrated(
        "navigating_away_cancels_the_redirect",
        desktop.clone(),
        navigating_away_cancels_the_redirect,
    );
    tests.add_with(
        "a_double_click_creates_one_checkout",
        &desktop.without_waiting_for_pages(),
        a_double_click_creates_one_checkout,
    );
}

async fn a_button_is_busy_during_the_request(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    visit.open_plans().await;
    let mut checkout = visit.hold(CHECKOUT);
    browser.click(button("Go Pro")).await;
    checkout.wait_for_requests(1).await;
    assert_busy(browser, "Go Pro").await;
    let go_pro = browser.accessible("#go-pro").await;
    assert!(go_pro.is("busy"), "{go_pro:?}");
    assert!(!go_pro.is("disabled"), "{go_pro:?}");

    // Further clicks have no effect, not even after the response.
    browser.click(button("Go Pro")).await;
    browser.click(button("Go Pro")).await;
    checkout.release();
    visit.wait_for_checkout().await;
    assert_eq!(visit.count_requests(CHECKOUT), 1);
    browser.assert_no_console_errors().await;
}

async fn the_button_of_a_form_is_busy_during_the_request(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    visit.open_plans().await;
    let mut checkout = visit.hold(BUY_SEATS);
    browser.click(button("Buy Seats")).await;
    checkout.wait_for_requests(1).await;
    assert_busy(browser, "Buy Seats").await;
    checkout.release();
    visit.wait_for_checkout().await;
    browser.assert_no_console_errors().await;
}

/// Asserts that this button is the only busy one, is announced as such, and keeps the focus.
async fn assert_busy(browser: &Browser, button: &str) {
    let announced = browser.wait_for_live_region("Opening the checkout…").await;
    assert_eq!(announced.role, "status");
    assert_eq!(announced.live, "polite");
    assert_eq!(browser.texts("[aria-busy=true]").await, [button]);
    assert_eq!(browser.active_element().await.text, button);
    assert!(browser.texts(":disabled").await.is_empty());
}

async fn a_double_click_creates_one_checkout(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    visit.open_plans().await;
    // Without hydration, the browser sends both requests and drops the first. The server then creates one checkout only.
    let requests = if visit.is_hydrated() { 1 } else { 2 };
    let mut checkout = visit.hold(CHECKOUT);
    browser.double_click(button("Go Pro")).await;
    checkout.wait_for_requests(requests).await;
    checkout.release();
    visit.wait_for_checkout().await;
    assert_eq!(visit.count_requests(CHECKOUT), requests);
    browser.assert_no_console_errors().await;
}

async fn navigating_away_cancels_the_redirect(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    visit.open_plans().await;
    let mut checkout = visit.hold(CHECKOUT);
    browser.click(button("Go Pro")).await;
    checkout.wait_for_requests(1).await;
    browser.click(link("Back to the start")).await;
    browser.wait_for_text_in("h1", "Welcome").await;
    checkout.release();

    // The response has no effect on the next page, whose buttons work.
    visit.wait_for_hydration("start").await;
    browser.click(link("Our plans")).await;
    browser.wait_for_url_prefix(&visit.url("/plans")).await;
    visit.wait_for_hydration("plans").await;
    assert!(browser.texts("[aria-busy]").await.is_empty());
    browser.click(button("Go Pro")).await;
    browser.wait_for_text("Test checkout").await;
    browser.assert_no_console_errors().await;
}
