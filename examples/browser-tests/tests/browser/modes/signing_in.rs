//! Buyers who must sign in first.

use browser_tests::Door;

use super::{Tests, mode::Mode, visit::Visit};
use crate::support::{browser::Browser, target::button};

pub(super) fn tests(tests: &mut Tests<'_>) {
    tests.add(
        "a_buyer_signs_in_and_comes_back",
        a_buyer_signs_in_and_comes_back,
    );
    tests.add(
        "a_server_function_sends_to_the_sign_in_page",
        a_server_function_sends_to_the_sign_in_page,
    );
}

async fn a_buyer_signs_in_and_comes_back(browser: &Browser, mode: Mode) {
    sign_in_for(browser, mode, "Go Pro").await;
}

async fn a_server_function_sends_to_the_sign_in_page(browser: &Browser, mode: Mode) {
    sign_in_for(browser, mode, "Buy Seats").await;
}

async fn sign_in_for(browser: &Browser, mode: Mode, what: &str) {
    let visit = Visit::through(Door::SignIn, browser, mode).await;
    visit.open_plans().await;
    browser.click(button(what)).await;
    browser.arrives_at(&visit.at("/sign-in?next=")).await;
    browser.click(button("Sign in")).await;

    browser.arrives_at(&visit.at("/plans")).await;
    visit.is_ready("plans").await;
    browser.click(button(what)).await;
    visit.is_at_checkout().await;
    browser.assert_no_console_errors().await;
}
