//! Tests of the components in every rendering mode, and of the examples, in a browser.
//!
//! Without the browser or its driver, the program prints in one line what is missing and runs no test. If only the
//! WebAssembly for a mode is missing, the tests of that mode are ignored. With `BROWSER_TESTS=required`, anything missing
//! is a failure. A test that the engine cannot run is ignored, with the reason.
//!
//! `BROWSER_TESTS_ENGINE` selects the engine: `chromium` (the default), `firefox` or `webkit`. `BROWSER_TESTS_MODES` selects
//! modes, such as `ssr,hydrate_out_of_order`. `SCREENSHOTS` is a folder for screenshots: those that the tests take, and one
//! of each page on which a test waited until the timeout.
//!
//! With the feature `islands`, only that mode is tested. `.ci/browser-tests` builds and runs everything.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "Clippy does not detect tests without the built-in harness"
)]

mod harness;
mod modes;
mod storefront;
mod storefront_account;
mod support;

use std::process::ExitCode;

use libtest_mimic::{Arguments, run};

use self::support::{
    engine::Engine,
    installation::Installation,
    suite::{Suite, is_required},
};

/// Limits the number of tests that run at once, because starting a browser takes a whole core.
const MAX_THREADS: usize = 4;

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    let cores = std::thread::available_parallelism().map_or(1, Into::into);
    arguments.test_threads.get_or_insert(cores.min(MAX_THREADS));

    let installation = match Installation::find(Engine::selected()) {
        Ok(installation) => Some(installation),
        Err(_) if arguments.list => None,
        Err(missing) if is_required() => {
            eprintln!("browser tests failed: {missing}");
            return ExitCode::FAILURE;
        }
        Err(missing) => {
            println!("browser tests skipped: {missing}");
            return ExitCode::SUCCESS;
        }
    };
    let mut suite = Suite::new(installation);
    browser_tests::generate_routes();
    support::storefront::generate_routes();
    if !cfg!(feature = "islands") {
        harness::tests(&mut suite);
        storefront::tests(&mut suite);
        storefront_account::tests(&mut suite);
    }
    modes::registration::tests(&mut suite);
    run(&arguments, suite.into_trials()).exit_code()
}
