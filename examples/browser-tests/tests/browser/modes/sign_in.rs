//! Buyers who have to sign in first.

use browser_tests::BuyerAccess;

use super::{mode::Mode, mode_suite::ModeSuite, visit::Visit};
use crate::support::{browser::Browser, target::button};

pub(super) fn tests(tests: &mut ModeSuite<'_>) {
    tests.add("a_buyer_signs_in_and_returns", a_buyer_signs_in_and_returns);
    tests.add(
        "a_server_function_redirects_to_the_sign_in_page",
        a_server_function_redirects_to_the_sign_in_page,
    );
}

async fn a_buyer_signs_in_and_returns(browser: &Browser, mode: Mode) {
    sign_in_and_buy(browser, mode, "Go Pro").await;
}

async fn a_server_function_redirects_to_the_sign_in_page(browser: &Browser, mode: Mode) {
    sign_in_and_buy(browser, mode, "Buy Seats").await;
}

async fn sign_in_and_buy(browser: &Browser, mode: Mode, label: &str) {
    let visit = Visit::with_access(BuyerAccess::SignedIn, browser, mode).await;
    visit.open_plans().await;
    browser.click(button(label)).await;
    browser
        .wait_for_url_prefix(&visit.url("/sign-in?next="))
        .await;
    browser.click(button("Sign in")).await;

    browser.wait_for_url_prefix(&visit.url("/plans")).await;
    visit.wait_for_hydration("plans").await;
    browser.click(button(label)).await;
    visit.wait_for_checkout().await;
    browser.assert_no_console_errors().await;
}
