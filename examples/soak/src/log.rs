//! The storefront's log.

use std::{
    collections::HashSet,
    fs::File,
    io::Write,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use exactly_once::BoxError;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    task::JoinHandle,
};

use crate::{counts::Counts, outages::Outages};

/// The storefront's log, in a file. Counts its warnings and errors, grouped by message.
#[derive(Clone)]
pub(crate) struct Log(Arc<Lines>);

struct Lines {
    file: Mutex<File>,
    counts: Arc<Counts>,
    outages: Arc<Outages>,
    orders: Mutex<Orders>,
    latest: Mutex<String>,
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
    pub(crate) fn create(
        path: &Path,
        end: Instant,
        counts: Arc<Counts>,
        outages: Arc<Outages>,
    ) -> Result<Self, BoxError> {
        let file = File::create(path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Self(Arc::new(Lines {
            file: Mutex::new(file),
            counts,
            outages,
            orders: Mutex::default(),
            latest: Mutex::default(),
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

    /// Returns the latest line of the storefront.
    pub(crate) fn latest(&self) -> String {
        let latest = self.0.latest.lock().unwrap_or_else(PoisonError::into_inner);
        latest.clone()
    }

    /// Returns the longest time under load without a new order.
    pub(crate) fn longest_gap(&self) -> Duration {
        let orders = self.0.orders.lock().unwrap_or_else(PoisonError::into_inner);
        orders.longest_gap
    }
}

impl Lines {
    fn add(&self, line: &str) {
        self.write(line);
        line.clone_into(&mut self.latest.lock().unwrap_or_else(PoisonError::into_inner));
        let failures = &self.counts.failures;
        if line.contains("panicked at") {
            failures.add(format!("the storefront panicked: {line}"));
        }
        let Some((level, rest)) = level_and_event(line) else {
            return;
        };
        if level == "ERROR" || level == "WARN" {
            let down = self.outages.since(Instant::now());
            let message = format!("{level} {}", without_fields(rest));
            self.counts.log.add_during(down, message);
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
            let failures = &self.counts.failures;
            failures.add("an order was fulfilled twice, by the log");
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
