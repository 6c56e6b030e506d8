//! The pages with components have no violations of accessibility rules.

use super::{
    mode::Mode,
    mode_suite::ModeSuite,
    status::{CONFIRMING, OpenCheckout},
    visit::Visit,
};
use crate::support::{browser::Browser, settings::Settings};

pub(super) fn tests(tests: &mut ModeSuite<'_>) {
    for (look, settings) in Settings::looks() {
        tests.add_axe(
            &format!("axe_finds_nothing::{look}"),
            settings,
            axe_finds_nothing,
        );
    }
}

async fn axe_finds_nothing(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    let checkout = OpenCheckout::new(&visit, "Go Pro").await;
    for (path, page) in [
        ("/", "start"),
        ("/plans", "plans"),
        ("/plans?kelviq_failed=pro&kelviq_error=busy", "plans"),
        ("/late", "late"),
        ("/thanks", "thanks"),
    ] {
        browser.goto(&visit.url(path)).await;
        visit.wait_for_hydration(page).await;
        browser.find("h1").await;
        browser.assert_accessible().await;
    }
    let thanks = checkout.page(&visit, "/thanks");
    browser.goto(&thanks).await;
    browser.wait_for_text_in("h1", CONFIRMING).await;
    // Without scripts, only a reload can show the order.
    if visit.is_hydrated() {
        browser.assert_accessible().await;
    } else {
        browser.assert_accessible_except(&["meta-refresh"]).await;
    }
    checkout.pay(&visit).await;
    browser.goto(&thanks).await;
    browser.wait_for_text_in("h1", "Thank you, cust_1").await;
    browser.assert_accessible().await;
}
