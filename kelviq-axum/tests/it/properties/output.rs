//! What is printed and logged, which must not contain a secret.

use std::{error::Error, fmt::Debug, io::Write};

use tokio::runtime::Builder;
use tracing::Level;
use tracing_subscriber::fmt::format::FmtSpan;

use super::support::check;
use crate::support::log_text::LogText;

/// Length of the parts of a secret that no output may contain.
const PART: usize = 8;

/// Checks on generated secrets that no part of the secret is in what `property` prints and logs.
#[expect(
    clippy::needless_pass_by_value,
    reason = "so that closures need no `&`"
)]
pub(super) fn check_unprinted(property: impl AsyncFn(&str, &Output)) {
    // With one thread, which also runs the tasks that are spawned, so that the output has their log.
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    check(12, &"[0-9A-Za-z]{21,43}", |secret| {
        let (log, guard) = LogText::start(Level::TRACE, FmtSpan::FULL);
        let output = Output(log);
        runtime.block_on(property(secret.as_str(), &output));
        drop(guard);
        output.assert_without(&secret);
        true
    });
}

/// Everything that is printed or logged until it is checked. Clones share it.
#[derive(Clone)]
pub(super) struct Output(LogText);

impl Output {
    pub(super) fn debug(&self, value: &impl Debug) {
        writeln!(self.0.clone(), "{value:?} {value:#?}").unwrap();
    }

    /// Adds an error and its causes.
    pub(super) fn error(&self, error: &(dyn Error + 'static)) {
        let mut next = Some(error);
        while let Some(error) = next {
            writeln!(self.0.clone(), "{error} {error:#} {error:?} {error:#?}").unwrap();
            next = error.source();
        }
    }

    /// Asserts that a line has all of these texts, so that what could have printed the secret did happen.
    pub(super) fn assert_line(&self, texts: &[&str]) {
        let output = self.0.text();
        let has_all = |line: &str| texts.iter().all(|text| line.contains(*text));
        assert!(output.lines().any(has_all), "{texts:?} in {output}");
    }

    fn assert_without(&self, secret: &str) {
        let output = self.0.text();
        assert!(!output.is_empty());
        for start in 0..=secret.len() - PART {
            let part = &secret[start..start + PART];
            assert!(!output.contains(part), "{part} in {output}");
        }
    }
}
