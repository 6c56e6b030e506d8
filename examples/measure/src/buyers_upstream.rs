//! The server that creates checkout sessions: at once, after a delay, or after a delay and with failures.

use std::{
    collections::{BTreeMap, BTreeSet},
    panic::resume_unwind,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::time::sleep;

use crate::buyers_wave::number_of;

/// Duration of a request after `POST /slow`.
pub(crate) const DELAY: Duration = Duration::from_secs(2);

/// What the upstream has counted.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Counts {
    /// The requests that wait for their response.
    pub(crate) waiting: usize,
    /// The requests since `POST /failing`.
    pub(crate) requests: usize,
    /// Of these, the ones whose connection was closed without a response.
    pub(crate) closed: usize,
    /// Of these, the ones that were answered with 503.
    pub(crate) unavailable: usize,
    /// The buyers whose last request failed.
    pub(crate) failed: BTreeSet<usize>,
}

#[derive(Debug, Default)]
struct Upstream {
    sessions: AtomicU64,
    is_slow: AtomicBool,
    is_failing: AtomicBool,
    /// Has a clone for each request that waits.
    waiting: Arc<()>,
    buyers: Mutex<BTreeMap<usize, Vec<Option<Fault>>>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Closed,
    Unavailable,
}

impl Fault {
    /// Returns the fault for a request of a buyer, which `earlier` requests precede. 5 % of the buyers have one: 2 % a closed
    /// connection, 1 % 503 for each request, and 2 % 503 for the first one.
    fn of(buyer: usize, earlier: usize) -> Option<Self> {
        match (buyer % 100, earlier) {
            (0 | 1, _) => Some(Self::Closed),
            (2, _) | (3 | 4, 0) => Some(Self::Unavailable),
            _ => None,
        }
    }
}

/// Returns the server. `POST /slow` and `POST /failing` change what it does, `GET /counts` returns [`Counts`], and all other
/// requests create a session.
pub(crate) fn upstream() -> Router {
    let slow = async |State(upstream): State<Arc<Upstream>>| {
        upstream.is_slow.store(true, Ordering::Relaxed);
    };
    let failing = async |State(upstream): State<Arc<Upstream>>| {
        upstream.is_failing.store(true, Ordering::Relaxed);
    };
    Router::new()
        .route("/slow", post(slow))
        .route("/failing", post(failing))
        .route("/counts", get(counts))
        .fallback(create_session)
        .with_state(Arc::default())
}

async fn create_session(State(upstream): State<Arc<Upstream>>, body: Bytes) -> Response {
    if upstream.is_slow.load(Ordering::Relaxed) {
        let _waiting = Arc::clone(&upstream.waiting);
        sleep(DELAY).await;
    }
    let fault = if upstream.is_failing.load(Ordering::Relaxed) {
        upstream.next_fault(&body)
    } else {
        None
    };
    match fault {
        // Unwinding ends the task of the connection. There is no message, unlike with `panic!`.
        Some(Fault::Closed) => resume_unwind(Box::new(())),
        Some(Fault::Unavailable) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        None => {
            let number = upstream.sessions.fetch_add(1, Ordering::Relaxed);
            let id = format!("cs_{number:032x}");
            let url = format!("https://checkout.kelviq.com/{id}");
            Json(json!({ "checkoutUrl": url, "checkoutSessionId": id })).into_response()
        }
    }
}

async fn counts(State(upstream): State<Arc<Upstream>>) -> Json<Counts> {
    let buyers = upstream.buyers.lock();
    let buyers = buyers.unwrap_or_else(PoisonError::into_inner);
    let faults = || buyers.values().flatten();
    let count = |fault| faults().filter(|of| **of == Some(fault)).count();
    let failed = buyers
        .iter()
        .filter(|(_, faults)| matches!(faults.last(), Some(Some(_))));
    Json(Counts {
        waiting: Arc::strong_count(&upstream.waiting) - 1,
        requests: faults().count(),
        closed: count(Fault::Closed),
        unavailable: count(Fault::Unavailable),
        failed: failed.map(|(buyer, _)| *buyer).collect(),
    })
}

impl Upstream {
    /// Records a request, and returns its fault.
    fn next_fault(&self, body: &[u8]) -> Option<Fault> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Checkout {
            customer_id: String,
        }
        let checkout: Checkout = serde_json::from_slice(body).ok()?;
        let buyer = number_of(&checkout.customer_id)?;
        let mut buyers = self.buyers.lock().unwrap_or_else(PoisonError::into_inner);
        let faults = buyers.entry(buyer).or_default();
        let fault = Fault::of(buyer, faults.len());
        faults.push(fault);
        fault
    }
}
