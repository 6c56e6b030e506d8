//! The storefront's log.

use std::{
    collections::HashSet,
    fs::File,
    io::Write,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    task::JoinHandle,
};

use crate::tally::Tally;

/// The storefront's log, in a file, with its warnings and errors grouped by message.
#[derive(Clone)]
pub(crate) struct Log(Arc<Lines>);

struct Lines {
    file: Mutex<File>,
    messages: Tally,
    orders: Mutex<Orders>,
    failures: Tally,
    /// The end of the load.
    end: Instant,
}

/// The orders that were fulfilled.
#[derive(Default)]
struct Orders {
    checkouts: HashSet<String>,
    latest: Option<Instant>,
    longest_gap: Duration,
}

impl Log {
    pub(crate) fn create(path: &Path, end: Instant) -> std::io::Result<Self> {
        Ok(Self(Arc::new(Lines {
            file: Mutex::new(File::create(path)?),
            messages: Tally::default(),
            orders: Mutex::default(),
            failures: Tally::default(),
            end,
        })))
    }

    /// Reads the log of a process until its end.
    pub(crate) fn read(&self, stderr: impl AsyncRead + Unpin + Send + 'static) -> JoinHandle<()> {
        let lines = Arc::clone(&self.0);
        tokio::spawn(async move {
            let mut stderr = BufReader::new(stderr).lines();
            while let Ok(Some(line)) = stderr.next_line().await {
                lines.add(&line);
            }
        })
    }

    /// Writes a line about a disruption into the file.
    pub(crate) fn note(&self, text: &str) {
        self.0.write(&format!("soak: {text}"));
    }

    /// Returns the warnings and errors, grouped by message, the most frequent first.
    pub(crate) fn messages(&self) -> Vec<(String, u64)> {
        self.0.messages.all()
    }

    /// Returns the longest time under load without a new order.
    pub(crate) fn longest_gap(&self) -> Duration {
        let orders = self.0.orders.lock().unwrap_or_else(PoisonError::into_inner);
        orders.longest_gap
    }

    /// Returns what must not be in the log.
    pub(crate) fn failures(&self) -> Vec<(String, u64)> {
        self.0.failures.all()
    }
}

impl Lines {
    fn add(&self, line: &str) {
        self.write(line);
        if line.contains("panicked at") {
            self.failures
                .add(format!("the storefront panicked: {line}"));
        }
        let Some((level, rest)) = level_and_event(line) else {
            return;
        };
        if level == "ERROR" || level == "WARN" {
            self.messages
                .add(format!("{level} {}", without_fields(rest)));
        }
        if rest.contains("order fulfilled")
            && let Some((_, checkout)) = rest.split_once("checkout=\"")
            && let Some((checkout, _)) = checkout.split_once('"')
        {
            self.add_order(checkout);
        }
    }

    fn add_order(&self, checkout: &str) {
        let mut orders = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        if !orders.checkouts.insert(checkout.to_owned()) {
            self.failures
                .add("an order was fulfilled twice, by the log");
        }
        let now = Instant::now().min(self.end);
        if let Some(latest) = orders.latest.replace(now) {
            orders.longest_gap = orders.longest_gap.max(now - latest);
        }
    }

    fn write(&self, line: &str) {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        // A full disk must not end the test.
        let _ = writeln!(file, "{line}");
    }
}

/// Returns the level of a line, and its target, message and fields, without the spans before them.
fn level_and_event(line: &str) -> Option<(&str, &str)> {
    let (_, rest) = line.split_once("Z ")?;
    let (level, rest) = rest.trim_start().split_once(' ')?;
    let event = rest.rsplit_once("}: ").map_or(rest, |(_, event)| event);
    Some((level, event))
}

/// Returns the target and the message, without the fields after it.
fn without_fields(text: &str) -> String {
    let words = text.split(' ');
    let message: Vec<_> = words
        .take_while(|word| {
            word.split_once('=').is_none_or(|(name, _)| {
                !name
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || "_.".contains(c))
            })
        })
        .collect();
    message.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_grouped_by_level_target_and_message() {
        for (line, level, message) in [
            (
                r#"2026-11-27T00:17:14.788469Z ERROR shop::sessions: the session was not stored reference=1a2c error="no""#,
                "ERROR",
                "shop::sessions: the session was not stored",
            ),
            (
                r#"2026-11-27T00:17:14.788469Z  WARN webhook{event_id="a" reference="b"}: shop::webhook: it failed error.sources=[x]"#,
                "WARN",
                "shop::webhook: it failed",
            ),
        ] {
            let (found, event) = level_and_event(line).unwrap();
            assert_eq!((found, &*without_fields(event)), (level, message));
        }
    }
}
