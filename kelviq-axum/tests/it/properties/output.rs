//! What is printed and logged, which must not contain a secret.

use std::{
    error::Error,
    fmt::Debug,
    io::{self, Write},
    sync::{Arc, Mutex},
};

use tokio::runtime::Builder;
use tracing::{
    Level,
    subscriber::{DefaultGuard, set_default},
};
use tracing_subscriber::fmt::format::FmtSpan;

use super::support::check;
use crate::support::log::keep_lines;

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
        let (output, guard) = Output::start();
        runtime.block_on(property(secret.as_str(), &output));
        drop(guard);
        output.assert_without(&secret);
        true
    });
}

/// Everything that is printed or logged until it is checked. Clones share it.
#[derive(Clone, Default)]
pub(super) struct Output(Arc<Mutex<Vec<u8>>>);

impl Output {
    /// Writes the log of the thread, of all crates and at all levels, to the output until the guard is dropped.
    fn start() -> (Self, DefaultGuard) {
        keep_lines();
        let output = Self::default();
        let writer = output.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(Level::TRACE)
            .with_span_events(FmtSpan::FULL)
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        (output, set_default(subscriber))
    }

    pub(super) fn debug(&self, value: &impl Debug) {
        writeln!(self.clone(), "{value:?} {value:#?}").unwrap();
    }

    /// Adds an error and its causes.
    pub(super) fn error(&self, error: &(dyn Error + 'static)) {
        let mut next = Some(error);
        while let Some(error) = next {
            writeln!(self.clone(), "{error} {error:#} {error:?} {error:#?}").unwrap();
            next = error.source();
        }
    }

    /// Asserts that a line has all of these texts, so that what could have printed the secret did happen.
    pub(super) fn assert_line(&self, texts: &[&str]) {
        let output = self.text();
        let has_all = |line: &str| texts.iter().all(|text| line.contains(*text));
        assert!(output.lines().any(has_all), "{texts:?} in {output}");
    }

    fn assert_without(&self, secret: &str) {
        let output = self.text();
        assert!(!output.is_empty());
        for start in 0..=secret.len() - PART {
            let part = &secret[start..start + PART];
            assert!(!output.contains(part), "{part} in {output}");
        }
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
