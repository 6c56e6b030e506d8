//! Errors in the query string. The server redirects to such a URL after a form submission without JavaScript. The page
//! can be hydrated nevertheless.

use kelviq_leptos::CheckoutProblem;

use super::{mode::Mode, mode_suite::ModeSuite, visit::Visit};
use crate::support::{browser::Browser, settings::Settings, target::button};

pub(super) fn tests(tests: &mut ModeSuite<'_>) {
    tests.add("an_error_in_the_url_is_shown", an_error_in_the_url_is_shown);
    tests.add("text_in_the_url_is_not_shown", text_in_the_url_is_not_shown);
    // Without JavaScript, some modes do not show such a button.
    tests.add_hydrated(
        "an_error_is_shown_next_to_a_late_button",
        Settings::default(),
        an_error_is_shown_next_to_a_late_button,
    );
}

async fn an_error_in_the_url_is_shown(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    let reference = "0123456789abcdef0123456789abcdef";
    let query = format!("kelviq_failed=pro&kelviq_error=busy&kelviq_reference={reference}");
    browser.goto(&visit.url(&format!("/plans?{query}"))).await;
    visit.wait_for_hydration("plans").await;
    let message = CheckoutProblem::Busy.message();
    visit.assert_shows_error("Go Pro", message).await;
    let shown = browser.text("[role=alert]").await;
    assert_eq!(shown, format!("{message} Reference: {reference}"));
    browser.assert_no_console_errors().await;
    if visit.is_hydrated() {
        // The error is removed from the URL, so a reload does not show it again.
        browser.wait_for_url(&visit.url("/plans")).await;
        browser.reload().await;
        visit.wait_for_hydration("plans").await;
        assert!(browser.texts("[role=alert]").await.is_empty());
    }

    browser.click(button("Go Pro")).await;
    visit.wait_for_checkout().await;
}

async fn text_in_the_url_is_not_shown(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    for forged in [
        "kelviq_failed=pro&kelviq_error=Call%20me",
        "kelviq_failed=pro&kelviq_error=%3Cb%3ECall%20me%3C%2Fb%3E",
        "kelviq_failed=Call%20me&kelviq_error=busy",
    ] {
        browser.goto(&visit.url(&format!("/plans?{forged}"))).await;
        visit.wait_for_hydration("plans").await;
        browser.find(button("Go Pro")).await;
        assert!(browser.texts("[role=alert]").await.is_empty(), "{forged}");
        assert!(!browser.text("body").await.contains("Call me"), "{forged}");
        browser.assert_no_console_errors().await;
    }
}

async fn an_error_is_shown_next_to_a_late_button(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    for (form, name) in [("pro", "Buy now"), ("pro*s1", "Go Pro")] {
        let query = format!("kelviq_failed={form}&kelviq_error=busy");
        browser.goto(&visit.url(&format!("/late?{query}"))).await;
        visit.wait_for_hydration("late").await;
        visit
            .assert_shows_error(name, CheckoutProblem::Busy.message())
            .await;
        browser.wait_for_url(&visit.url("/late")).await;
        browser.assert_no_console_errors().await;
        browser.click(button(name)).await;
        visit.wait_for_checkout().await;
    }
}
