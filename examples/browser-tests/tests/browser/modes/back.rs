//! Back from the checkout without having paid.

use super::{Tests, mode::Mode, visit::Visit};
use crate::support::{browser::Browser, settings::Settings, target::button};

pub(super) fn tests(tests: &mut Tests<'_>) {
    tests.add(
        "a_page_that_was_kept_sells_again",
        a_page_that_was_kept_sells_again,
    );
    tests.add_in(
        "a_page_that_was_not_kept_sells_again",
        &Settings::default().without_back_forward_cache(),
        a_page_that_was_not_kept_sells_again,
    );
}

async fn a_page_that_was_kept_sells_again(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    visit.open_plans().await;
    if browser.settings.javascript {
        browser
            .execute(
                "window.addEventListener('pageshow', event => window.persisted = event.persisted)",
            )
            .await;
    }
    go_and_come_back(&visit).await;
    if browser.settings.javascript {
        let persisted = browser.execute("return window.persisted").await;
        assert_eq!(persisted, true);
    }
    sells(&visit).await;
}

async fn a_page_that_was_not_kept_sells_again(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    visit.open_plans().await;
    go_and_come_back(&visit).await;
    visit.is_ready("plans").await;
    sells(&visit).await;
}

async fn go_and_come_back(visit: &Visit<'_>) {
    visit.browser.click(button("Go Pro")).await;
    visit.is_at_checkout().await;
    visit.browser.back().await;
    visit.browser.arrives_at(&visit.at("/plans")).await;
    visit.browser.find(button("Go Pro")).await;
}

/// The button is ready, and leads to the checkout once more.
async fn sells(visit: &Visit<'_>) {
    let browser = visit.browser;
    browser
        .wait_until("a button that is ready", async || {
            Ok(browser.texts("[aria-busy]").await.is_empty())
        })
        .await;
    let regions = browser.live_regions().await;
    assert!(regions.is_empty(), "{regions:?}");
    browser.click(button("Go Pro")).await;
    visit.is_at_checkout().await;
    browser.assert_no_console_errors().await;
}
