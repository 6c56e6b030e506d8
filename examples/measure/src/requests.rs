//! The requests of a load.

use std::{
    process,
    sync::atomic::{AtomicUsize, Ordering},
};

use reqwest::{Request, StatusCode};

/// Requests of one kind, each of which is different from all others.
pub(crate) trait Requests: Clone + Send + Sync + 'static {
    /// Creates the request with this number to a server at this URL.
    fn request(&self, url: &str, number: usize) -> Request;

    /// Returns the status with which the requests are answered.
    fn expected(&self) -> StatusCode;

    /// Returns requests of the same kind with other ids.
    fn renewed(&self) -> Self;
}

/// A source of ids for the requests of one load.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run(usize);

impl Run {
    pub(crate) fn new() -> Self {
        static RUNS: AtomicUsize = AtomicUsize::new(0);
        Self(RUNS.fetch_add(1, Ordering::Relaxed))
    }

    /// Returns the id of the request with this number: 20 hexadecimal digits.
    pub(crate) fn id(self, number: usize) -> String {
        format!("{:08x}{:04x}{number:08x}", process::id(), self.0)
    }
}
