//! Going back from the checkout without paying.

use super::{mode::Mode, mode_suite::ModeSuite, visit::Visit};
use crate::support::{browser::Browser, settings::Settings, target::button};

pub(super) fn tests(tests: &mut ModeSuite<'_>) {
    tests.add("a_restored_page_sells_again", a_restored_page_sells_again);
    tests.add_with(
        "a_reloaded_page_sells_again",
        &Settings::default().without_back_forward_cache(),
        a_reloaded_page_sells_again,
    );
}

async fn a_restored_page_sells_again(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    visit.open_plans().await;
    if browser.settings.javascript {
        browser
            .execute(
                "window.addEventListener('pageshow', event => window.persisted = event.persisted)",
            )
            .await;
    }
    go_to_checkout_and_back(&visit).await;
    if browser.settings.javascript {
        let persisted = browser.execute("return window.persisted").await;
        assert_eq!(persisted, true);
    }
    assert_sells(&visit).await;
}

async fn a_reloaded_page_sells_again(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    visit.open_plans().await;
    go_to_checkout_and_back(&visit).await;
    visit.wait_for_hydration("plans").await;
    assert_sells(&visit).await;
}

async fn go_to_checkout_and_back(visit: &Visit<'_>) {
    visit.browser.click(button("Go Pro")).await;
    visit.wait_for_checkout().await;
    visit.browser.back().await;
    visit
        .browser
        .wait_for_url_prefix(&visit.url("/plans"))
        .await;
    visit.browser.find(button("Go Pro")).await;
}

/// Asserts that the button is not busy, and that it opens the checkout again.
async fn assert_sells(visit: &Visit<'_>) {
    let browser = visit.browser;
    browser
        .wait_until("the button to be ready", async || {
            Ok(browser.texts("[aria-busy]").await.is_empty())
        })
        .await;
    let regions = browser.live_regions().await;
    assert!(regions.is_empty(), "{regions:?}");
    browser.click(button("Go Pro")).await;
    visit.wait_for_checkout().await;
    browser.assert_no_console_errors().await;
}
