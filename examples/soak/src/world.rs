//! What all participants share.

use std::{
    collections::HashMap,
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use exactly_once::BoxError;
use kelviq_axum::fake::{FakeEvent, FakeKelviq};

use crate::{counts::Counts, log::Log, outages::Outages};

/// The path of the storefront's webhook route.
pub(crate) const WEBHOOKS: &str = "/webhooks/kelviq";

/// What all participants share.
pub(crate) struct World {
    pub(crate) kelviq: FakeKelviq,
    /// The storefront's address, `http://127.0.0.1:…`.
    pub(crate) shop: String,
    pub(crate) client: reqwest::Client,
    pub(crate) started: Instant,
    /// When no new buyers come and nothing is disrupted any more.
    pub(crate) end: Instant,
    pub(crate) log: Log,
    pub(crate) counts: Arc<Counts>,
    pub(crate) outages: Arc<Outages>,
    /// Deliveries that are being made, or will be.
    pub(crate) deliveries_pending: AtomicUsize,
    /// The event of a payment, as a template for forged ones.
    latest_event: Mutex<Option<FakeEvent>>,
    /// When the sessions of the hosted page were paid.
    paid: Mutex<HashMap<String, Instant>>,
    /// The times from a payment to the page with the order.
    confirmed: Mutex<Vec<Duration>>,
}

impl World {
    pub(crate) fn new(
        kelviq: FakeKelviq,
        shop: String,
        duration: Duration,
        log: &Path,
    ) -> Result<Self, BoxError> {
        let started = Instant::now();
        let end = started + duration;
        let counts = Arc::new(Counts::new());
        let outages = Arc::new(Outages::default());
        let log = Log::create(log, end, Arc::clone(&counts), Arc::clone(&outages))?;
        Ok(Self {
            kelviq,
            shop,
            client: reqwest::Client::builder()
                .no_proxy()
                .redirect(reqwest::redirect::Policy::none())
                .timeout(Duration::from_secs(30))
                .build()?,
            started,
            end,
            log,
            counts,
            outages,
            deliveries_pending: AtomicUsize::new(0),
            latest_event: Mutex::default(),
            paid: Mutex::default(),
            confirmed: Mutex::default(),
        })
    }

    pub(crate) fn duration(&self) -> Duration {
        self.end - self.started
    }

    pub(crate) fn is_over(&self) -> bool {
        Instant::now() >= self.end
    }

    /// Waits, at most until the end. Returns `false` at the end.
    pub(crate) async fn sleep(&self, duration: Duration) -> bool {
        let until = (Instant::now() + duration).min(self.end);
        tokio::time::sleep_until(until.into()).await;
        !self.is_over()
    }

    /// Remembers that a session was paid. Returns `false` if it was remembered before.
    pub(crate) fn remember_paid(&self, session_id: &str) -> bool {
        let mut paid = self.paid.lock().unwrap_or_else(PoisonError::into_inner);
        paid.insert(session_id.to_owned(), Instant::now()).is_none()
    }

    pub(crate) fn pending_deliveries(&self) -> usize {
        self.deliveries_pending.load(Ordering::SeqCst)
    }

    /// Returns the number of sessions that were paid.
    pub(crate) fn paid(&self) -> usize {
        let paid = self.paid.lock().unwrap_or_else(PoisonError::into_inner);
        paid.len()
    }

    pub(crate) fn latest_event(&self) -> Option<FakeEvent> {
        let event = self
            .latest_event
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        event.clone()
    }

    pub(crate) fn set_latest_event(&self, event: FakeEvent) {
        let mut latest = self
            .latest_event
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *latest = Some(event);
    }

    /// Records that a buyer saw the order of a session.
    pub(crate) fn record_confirmed(&self, session_id: &str) {
        let paid = self.paid.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(paid) = paid.get(session_id) {
            let mut confirmed = self
                .confirmed
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            confirmed.push(paid.elapsed());
        }
    }

    /// Returns the time from a payment to the page with the order that this part of the buyers did not exceed.
    pub(crate) fn confirmed_within(&self, percent: usize) -> Duration {
        let mut confirmed = self
            .confirmed
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        confirmed.sort_unstable();
        let index = (confirmed.len() * percent).div_ceil(100).saturating_sub(1);
        confirmed.get(index).copied().unwrap_or_default()
    }
}
