//! What the compiler says to somebody who made a mistake: `tests/ui/*.rs`, and beside each the exact text.
//!
//! After a change of wording: `TRYBUILD=overwrite cargo test -p kelviq-core --test it ui`, then read the texts.

use std::{env, process::Command};

/// Compilers word errors differently, so the texts belong to the one that CI uses.
const COMPILER: &str = "rustc 1.95.";

#[test]
fn mistakes_are_explained_where_they_are_made() {
    if is_the_compiler_of_the_texts() {
        trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
    }
}

#[test]
fn mistakes_that_only_a_build_finds_are_explained_too() {
    if is_the_compiler_of_the_texts() {
        let cases = trybuild::TestCases::new();
        cases.pass("tests/ui/build/pass.rs");
        cases.compile_fail("tests/ui/build/generic_keys.rs");
    }
}

fn is_the_compiler_of_the_texts() -> bool {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = match Command::new(rustc).arg("--version").output() {
        Ok(output) => String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        Err(error) => format!("an unknown compiler ({error})"),
    };
    let is_the_one = version.starts_with(COMPILER);
    if !is_the_one {
        println!("skipped tests/ui: its texts are those of {COMPILER}x, and this is {version}");
    }
    is_the_one
}
