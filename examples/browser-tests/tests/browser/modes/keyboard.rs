//! Buying without a mouse.

use fantoccini::key::Key;

use super::{Tests, mode::Mode, visit::Visit};
use crate::support::{browser::Browser, target::button};

pub(super) fn tests(tests: &mut Tests<'_>) {
    tests.add("keys_alone_are_enough", keys_alone_are_enough);
}

async fn keys_alone_are_enough(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    for key in [Key::Enter, Key::Space] {
        visit.open_plans().await;
        browser.tab_to(button("Go Pro")).await;
        browser.press(key).await;
        visit.is_at_checkout().await;
    }
    browser.assert_no_console_errors().await;
}
