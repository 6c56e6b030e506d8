//! Buying without a mouse.

use fantoccini::key::Key;

use super::{mode::Mode, mode_suite::ModeSuite, visit::Visit};
use crate::support::{browser::Browser, target::button};

pub(super) fn tests(tests: &mut ModeSuite<'_>) {
    tests.add("keyboard_alone_is_enough", keyboard_alone_is_enough);
}

async fn keyboard_alone_is_enough(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    for key in [Key::Enter, Key::Space] {
        visit.open_plans().await;
        browser.tab_to(button("Go Pro")).await;
        browser.press(key).await;
        visit.wait_for_checkout().await;
    }
    browser.assert_no_console_errors().await;
}
