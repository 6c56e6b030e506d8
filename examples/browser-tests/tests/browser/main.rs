//! The components in every rendering mode, and the examples, in headless Chromium, which chromedriver moves the way a
//! person does.
//!
//! Where chromedriver, Chromium or what the browser runs of a page is missing, the tests are ignored and say so; with
//! `BROWSER_TESTS=required` they fail instead. `BROWSER_TESTS_MODES` names the modes that are wanted, such as
//! `ssr,hydrate_out_of_order`. `SCREENSHOTS` names a folder for the pictures that tests take, and for one of each page on
//! which a test waited in vain.
//!
//! With the feature `islands` this is another program, which tests that mode and nothing else. `.ci/browser-tests` builds
//! and runs all of it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "these are tests, though the compiler does not see it without its own harness"
)]

mod harness;
mod modes;
mod storefront;
mod support;

use std::process::ExitCode;

use libtest_mimic::{Arguments, run};

use self::support::suite::Suite;

/// Each test has a browser of its own, which takes a core while it starts.
const MOST_AT_ONCE: usize = 4;

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    let cores = std::thread::available_parallelism().map_or(1, Into::into);
    arguments
        .test_threads
        .get_or_insert(cores.min(MOST_AT_ONCE));

    browser_tests::find_routes();
    support::shop::find_routes();
    let mut suite = Suite::new();
    if !cfg!(feature = "islands") {
        harness::tests(&mut suite);
        storefront::tests(&mut suite);
    }
    modes::tests(&mut suite);
    run(&arguments, suite.into_trials()).exit_code()
}
