//! Using a page before it is hydrated.

use super::{mode::Mode, mode_suite::ModeSuite, visit::Visit};
use crate::support::{
    browser::Browser,
    request_hold::RequestHold,
    settings::Settings,
    target::{button, field},
};

pub(super) fn tests(tests: &mut ModeSuite<'_>) {
    let desktop = Settings::default().without_waiting_for_pages();
    tests.add_hydrated(
        "a_click_before_hydration_sells",
        desktop.clone(),
        a_click_before_hydration_sells,
    );
    tests.add_hydrated(
        "input_before_hydration_is_kept",
        desktop,
        input_before_hydration_is_kept,
    );
}

/// Opens the page and holds back its WebAssembly.
async fn open_without_hydration(visit: &Visit<'_>, mode: Mode) -> RequestHold {
    let mut wasm = visit.hold(&format!("/pkg/{}_bg.wasm", mode.output_name()));
    visit.browser.goto(&visit.url("/plans")).await;
    wasm.wait_for_requests(1).await;
    wasm
}

async fn a_click_before_hydration_sells(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    let wasm = open_without_hydration(&visit, mode).await;
    browser.click(button("Go Pro")).await;
    visit.wait_for_checkout().await;
    wasm.release();
}

async fn input_before_hydration_is_kept(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    let wasm = open_without_hydration(&visit, mode).await;
    browser.fill(field("Team seats"), "7").await;
    browser.fill(field("Extra seats"), "8").await;
    wasm.release();
    visit.wait_for_hydration("plans").await;
    assert_eq!(browser.value(field("Extra seats")).await, "8");
    browser.click(button("Buy Team")).await;

    visit.wait_for_checkout().await;
    let checkout = visit.kelviq().checkouts().pop().unwrap();
    assert_eq!(checkout.fields["features"][0]["quantity"], 7);
    browser.assert_no_console_errors().await;
}
