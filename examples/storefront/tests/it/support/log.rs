//! Reading what a test logs.

use std::{
    cell::RefCell,
    io::{self, Write},
    sync::Once,
};

thread_local! {
    /// The log of this thread. Each test runs on one thread.
    static LINES: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Starts to record what each thread logs. Called before the first event, because `tracing` caches which events are
/// recorded.
pub(super) fn install() {
    static INSTALL: Once = Once::new();
    INSTALL.call_once(|| {
        tracing_subscriber::fmt()
            .with_ansi(false)
            .with_writer(|| LogWriter)
            .init();
    });
}

/// Clears the log of this thread.
pub(crate) fn clear() {
    LINES.with_borrow_mut(Vec::clear);
}

/// Counts the lines of this thread's log that contain `text`.
pub(crate) fn count(text: &str) -> usize {
    LINES.with_borrow(|log| {
        let log = str::from_utf8(log).unwrap();
        log.lines().filter(|line| line.contains(text)).count()
    })
}

/// Counts the lines of this thread's log that contain both texts.
pub(crate) fn count_both(text: &str, other: &str) -> usize {
    LINES.with_borrow(|log| {
        let log = str::from_utf8(log).unwrap();
        log.lines()
            .filter(|line| line.contains(text) && line.contains(other))
            .count()
    })
}

struct LogWriter;

impl Write for LogWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LINES.with_borrow_mut(|log| log.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
