//! Running a property.

use std::cell::Cell;

use proptest::{
    strategy::Strategy,
    test_runner::{Config, TestRng, TestRunner},
};

/// Checks a property on generated values, which are the same in each run.
///
/// `property` returns whether the application accepted the value. At least one of ten values must be accepted, because a property
/// that holds for rejected values only shows little.
pub(super) fn check<S: Strategy>(cases: u32, strategy: &S, property: impl Fn(S::Value) -> bool) {
    let config = Config {
        failure_persistence: None,
        ..Config::with_cases(cases)
    };
    let rng = TestRng::deterministic_rng(config.rng_algorithm);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let accepted = Cell::new(0);
    let result = runner.run(strategy, |value| {
        accepted.set(accepted.get() + u32::from(property(value)));
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
    let accepted = accepted.get();
    assert!(accepted * 10 >= cases, "accepted {accepted} of {cases}");
}
