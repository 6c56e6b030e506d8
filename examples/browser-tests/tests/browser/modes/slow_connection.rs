//! The success page on a slow connection.

use std::time::Duration;

use super::{
    mode::Mode,
    mode_suite::ModeSuite,
    parts,
    status::{CONFIRMING, FIND_ORDER},
    visit::Visit,
};
use crate::support::{browser::Browser, connection::Conditions, settings::Settings};

const SLOW: Conditions = Conditions {
    latency: Duration::from_millis(400),
    bytes_per_second: Some(50_000),
    offline: false,
};

pub(super) fn tests(tests: &mut ModeSuite<'_>) {
    tests.add_with(
        "the_status_is_on_a_slow_connection",
        &Settings::default().without_waiting_for_pages(),
        the_status_is_on_a_slow_connection,
    );
}

/// A hydrated page is loaded once, and every other request of the page completes. A page without hydration reloads.
async fn the_status_is_on_a_slow_connection(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    visit.network().set(SLOW);
    // No other page has been visited, so nothing is cached.
    let page = "/thanks?reference=0123456789abcdef0123456789abcdef";
    browser.goto(&visit.url(page)).await;
    browser.wait_for_text_in("h1", CONFIRMING).await;
    if !visit.is_hydrated() {
        browser
            .wait_until("two reloads", async || {
                Ok(visit.count_requests("/thanks") >= 3)
            })
            .await;
        browser.wait_for_text_in("h1", CONFIRMING).await;
        return;
    }

    let mut held = parts::PATHS.map(|path| visit.hold(path));
    browser.execute(parts::LOAD).await;
    for part in &mut held {
        part.wait_for_requests(1).await;
    }
    visit.wait_for_hydration("thanks").await;
    browser
        .wait_until("the page to poll a few times", async || {
            Ok(visit.count_requests(FIND_ORDER) >= 3)
        })
        .await;

    drop(held);
    browser
        .wait_until("the other parts", async || {
            let script = "return window.loaded.length";
            Ok(browser.execute(script).await == parts::PATHS.len())
        })
        .await;
    browser.wait_for_text_in("h1", CONFIRMING).await;
    for path in parts::PATHS.into_iter().chain(["/thanks"]) {
        assert_eq!(visit.count_requests(path), 1, "{path}");
    }
    browser.assert_no_console_errors().await;
}
