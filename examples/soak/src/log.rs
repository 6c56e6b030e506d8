//! The storefront's log.

use std::{
    collections::HashSet,
    fs::File,
    io::Write,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
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
    /// The checkouts whose order was fulfilled.
    fulfilled: Mutex<HashSet<String>>,
    failures: Tally,
}

impl Log {
    pub(crate) fn create(path: &Path) -> std::io::Result<Self> {
        Ok(Self(Arc::new(Lines {
            file: Mutex::new(File::create(path)?),
            messages: Tally::default(),
            fulfilled: Mutex::default(),
            failures: Tally::default(),
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
        let Some((_, rest)) = line.split_once("Z ") else {
            return;
        };
        let Some((level, rest)) = rest.trim_start().split_once(' ') else {
            return;
        };
        // The spans are before the target.
        let rest = rest.rsplit_once("}: ").map_or(rest, |(_, rest)| rest);
        if level == "ERROR" || level == "WARN" {
            self.messages
                .add(format!("{level} {}", without_fields(rest)));
        }
        if rest.contains("order fulfilled")
            && let Some((_, checkout)) = rest.split_once("checkout=\"")
            && let Some((checkout, _)) = checkout.split_once('"')
        {
            let mut fulfilled = self
                .fulfilled
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            if !fulfilled.insert(checkout.to_owned()) {
                self.failures
                    .add("an order was fulfilled twice, by the log");
            }
        }
    }

    fn write(&self, line: &str) {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        // A full disk must not end the test.
        let _ = writeln!(file, "{line}");
    }
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
