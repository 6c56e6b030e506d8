//! Compile errors of the derive: `tests/ui/*.rs`, each with the expected compiler output beside it.
//!
//! After changing an error message: `TRYBUILD=overwrite cargo test -p kelviq-core --test it ui::`, then read the changes.
//!
//! Compilers word errors differently, so the tests need the compiler that the expected output was written with. With any
//! other compiler they fail if the environment variable `CI` is set, and are skipped otherwise.

use std::{env, process::Command};

/// The compiler of the expected output.
const COMPILER: &str = "rustc 1.95.";

#[test]
fn mistakes_are_explained_where_they_are_made() {
    if is_expected_compiler() {
        trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
    }
}

#[test]
fn mistakes_that_only_a_build_finds_are_explained_too() {
    if is_expected_compiler() {
        let cases = trybuild::TestCases::new();
        cases.pass("tests/ui/build/pass.rs");
        cases.compile_fail("tests/ui/build/generic_keys.rs");
    }
}

/// Returns `true` if the tests can run. Otherwise prints why they are skipped, or panics in CI.
fn is_expected_compiler() -> bool {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = match Command::new(rustc).arg("--version").output() {
        Ok(output) => String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        Err(error) => format!("an unknown compiler ({error})"),
    };
    if version.starts_with(COMPILER) {
        return true;
    }
    let message =
        format!("the expected output in tests/ui is that of {COMPILER}x, but this is {version}");
    let is_ci = env::var_os("CI").is_some_and(|value| !value.is_empty());
    assert!(!is_ci, "compile-fail tests did not run: {message}");
    println!("skipped compile-fail tests: {message}");
    false
}
