//! Attributes that the application sets on a component are rendered on its button.

use super::{mode::Mode, mode_suite::ModeSuite, visit::Visit};
use crate::support::browser::Browser;

pub(super) fn tests(tests: &mut ModeSuite<'_>) {
    tests.add("attributes_are_on_the_button", attributes_are_on_the_button);
}

async fn attributes_are_on_the_button(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    visit.open_plans().await;
    for (name, value) in [
        ("id", "go-pro"),
        ("class", "primary"),
        ("data-plan", "pro"),
        ("aria-describedby", "pro-price"),
    ] {
        let found = browser.attribute("button.primary", name).await;
        assert_eq!(found.as_deref(), Some(value), "{name}");
        let elements = browser.texts(&*format!("[{name}='{value}']")).await;
        assert_eq!(elements, ["Go Pro"], "{name}");
    }
    assert_eq!(browser.text_colour("#go-pro").await, "rgb(1, 2, 3)");

    let go_pro = browser.accessible("#go-pro").await;
    assert_eq!(go_pro.role, "button");
    assert_eq!(go_pro.name, "Go Pro");
    assert_eq!(go_pro.description, "29.00 USD each month");
    browser.assert_no_console_errors().await;
}
