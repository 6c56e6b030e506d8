//! Running a property.

use proptest::{
    char::range,
    collection::{SizeRange, vec},
    prelude::{any, prop_oneof},
    sample::select,
    strategy::Strategy,
    test_runner::{Config, TestRng, TestRunner},
};

/// Checks a property on generated values, which are the same in each run.
pub(super) fn check<S: Strategy>(cases: u32, strategy: &S, property: impl Fn(S::Value)) {
    let config = Config {
        failure_persistence: None,
        ..Config::with_cases(cases)
    };
    let rng = TestRng::deterministic_rng(config.rng_algorithm);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let result = runner.run(strategy, |value| {
        property(value);
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}

/// Texts of any characters.
pub(super) fn text(length: impl Into<SizeRange>) -> impl Strategy<Value = String> + Clone {
    let letter = prop_oneof![
        4 => any::<char>(),
        2 => range(' ', '~'),
        1 => select(&['"', '\\', '/', '\0', '\n', '\u{7f}', '\u{2028}', '\u{feff}', '\u{10ffff}'][..]),
    ];
    vec(letter, length).prop_map(String::from_iter)
}
