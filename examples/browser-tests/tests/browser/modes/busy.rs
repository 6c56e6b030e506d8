//! A button that is at work, and the second click on it.

use super::{
    Tests,
    mode::Mode,
    visit::{BUY_SEATS, CHECKOUT, Visit},
};
use crate::support::{
    browser::Browser,
    settings::Settings,
    target::{button, link},
};

pub(super) fn tests(tests: &mut Tests<'_>) {
    let desktop = Settings::default();
    // Without a script, the browser itself shows that a page is on its way.
    tests.add_scripted(
        "a_button_says_that_it_is_at_work",
        desktop.clone(),
        a_button_says_that_it_is_at_work,
    );
    tests.add_scripted(
        "the_button_of_a_form_says_that_it_is_at_work",
        desktop.clone(),
        the_button_of_a_form_says_that_it_is_at_work,
    );
    tests.add_scripted(
        "who_goes_elsewhere_meanwhile_stays_there",
        desktop.clone(),
        who_goes_elsewhere_meanwhile_stays_there,
    );
    tests.add_in(
        "a_double_click_is_one_checkout",
        &desktop.without_waiting_for_pages(),
        a_double_click_is_one_checkout,
    );
}

async fn a_button_says_that_it_is_at_work(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    visit.open_plans().await;
    let mut checkout = visit.hold(CHECKOUT);
    browser.click(button("Go Pro")).await;
    checkout.has(1).await;
    is_at_work(browser, "Go Pro").await;
    let go_pro = browser.accessible("#go-pro").await;
    assert!(go_pro.is("busy"), "{go_pro:?}");
    assert!(!go_pro.is("disabled"), "{go_pro:?}");

    // Nothing happens: not even later, when the answer has come.
    browser.click(button("Go Pro")).await;
    browser.click(button("Go Pro")).await;
    checkout.release();
    visit.is_at_checkout().await;
    assert_eq!(visit.requests_to(CHECKOUT), 1);
    browser.assert_no_console_errors().await;
}

async fn the_button_of_a_form_says_that_it_is_at_work(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    visit.open_plans().await;
    let mut checkout = visit.hold(BUY_SEATS);
    browser.click(button("Buy Seats")).await;
    checkout.has(1).await;
    is_at_work(browser, "Buy Seats").await;
    checkout.release();
    visit.is_at_checkout().await;
    browser.assert_no_console_errors().await;
}

/// This button says so, and no other. It has kept the focus.
async fn is_at_work(browser: &Browser, button: &str) {
    let announced = browser.announces("Opening the checkout…").await;
    assert_eq!(announced.role, "status");
    assert_eq!(announced.live, "polite");
    assert_eq!(browser.texts("[aria-busy=true]").await, [button]);
    assert_eq!(browser.active_element().await.text, button);
    assert!(browser.texts(":disabled").await.is_empty());
}

async fn a_double_click_is_one_checkout(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    visit.open_plans().await;
    // The browser itself sends both, and forgets about the first. Then it is the server that begins one checkout.
    let requests = if visit.is_scripted() { 1 } else { 2 };
    let mut checkout = visit.hold(CHECKOUT);
    browser.double_click(button("Go Pro")).await;
    checkout.has(requests).await;
    checkout.release();
    visit.is_at_checkout().await;
    assert_eq!(visit.requests_to(CHECKOUT), requests);
    browser.assert_no_console_errors().await;
}

async fn who_goes_elsewhere_meanwhile_stays_there(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    visit.open_plans().await;
    let mut checkout = visit.hold(CHECKOUT);
    browser.click(button("Go Pro")).await;
    checkout.has(1).await;
    browser.click(link("Back to the start")).await;
    browser.shows_in("h1", "Welcome").await;
    checkout.release();

    // A page that is gone does nothing any more, and the next one works.
    visit.is_ready("start").await;
    browser.click(link("Our plans")).await;
    browser.arrives_at(&visit.at("/plans")).await;
    visit.is_ready("plans").await;
    assert!(browser.texts("[aria-busy]").await.is_empty());
    browser.click(button("Go Pro")).await;
    browser.shows("Test checkout").await;
    browser.assert_no_console_errors().await;
}
