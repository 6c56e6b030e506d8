//! What people do while the browser's side is still on its way.

use super::{Tests, mode::Mode, visit::Visit};
use crate::support::{
    browser::Browser,
    gate::Held,
    settings::Settings,
    target::{button, field},
};

pub(super) fn tests(tests: &mut Tests<'_>) {
    let desktop = Settings::default().without_waiting_for_pages();
    tests.add_scripted(
        "a_click_before_the_script_has_come_sells",
        desktop.clone(),
        a_click_before_the_script_has_come_sells,
    );
    tests.add_scripted(
        "what_was_filled_in_before_the_script_came_is_bought",
        desktop,
        what_was_filled_in_before_the_script_came_is_bought,
    );
}

/// The page, whose script has been asked for and does not come.
async fn open_without_script(visit: &Visit<'_>, mode: Mode) -> Held {
    let mut script = visit.hold(&format!("/pkg/{}_bg.wasm", mode.output_name()));
    visit.browser.goto(&visit.at("/plans")).await;
    script.has(1).await;
    script
}

async fn a_click_before_the_script_has_come_sells(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    let script = open_without_script(&visit, mode).await;
    browser.click(button("Go Pro")).await;
    visit.is_at_checkout().await;
    script.release();
}

async fn what_was_filled_in_before_the_script_came_is_bought(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    let script = open_without_script(&visit, mode).await;
    browser.fill(field("Team seats"), "7").await;
    browser.fill(field("Extra seats"), "8").await;
    script.release();
    visit.is_ready("plans").await;
    assert_eq!(browser.value(field("Extra seats")).await, "8");
    browser.click(button("Buy Team")).await;

    visit.is_at_checkout().await;
    let checkout = visit.kelviq().checkouts().pop().unwrap();
    assert_eq!(checkout.fields["features"][0]["quantity"], 7);
    browser.assert_no_console_errors().await;
}
