//! Delivers events as Kelviq does: signed, with a few retries.

use std::{
    collections::{BTreeMap, HashSet},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, AtomicUsize, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use exactly_once::BoxError;
use kelviq_core::WebhookSecret;
use tokio::{
    sync::Semaphore,
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::{application::SECRET, effect::Handler, events::TestEvent, replica::Address};

/// Pauses before the retries of a delivery.
const PAUSES: [Duration; 3] = [
    Duration::from_millis(500),
    Duration::from_millis(1500),
    Duration::from_secs(4),
];

/// Maximum number of requests at the same time.
const CONCURRENCY: usize = 24;

/// Maximum duration of a request. The route responds within 15 s even if the database hangs.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// The deliveries that were started, and the disruptions that take place at equal distances between them.
pub(crate) struct Progress {
    total: usize,
    started: AtomicUsize,
    disruptions: u32,
    ended: AtomicU32,
    /// Odd while the database is away.
    database_changes: AtomicU32,
}

impl Progress {
    pub(crate) fn new(total: usize, disruptions: u32) -> Self {
        Self {
            total,
            started: AtomicUsize::new(0),
            disruptions,
            ended: AtomicU32::new(0),
            database_changes: AtomicU32::new(0),
        }
    }

    pub(crate) fn disruptions(&self) -> u32 {
        self.disruptions
    }

    /// Returns the number of disruptions that have ended.
    pub(crate) fn ended(&self) -> u32 {
        self.ended.load(Ordering::SeqCst)
    }

    pub(crate) fn set_database_away(&self, is_away: bool) {
        let changes = self.database_changes.fetch_add(1, Ordering::SeqCst) + 1;
        debug_assert_eq!(is_away, changes % 2 == 1);
    }

    /// Waits until a disruption is due.
    pub(crate) async fn until(&self, disruption: u32) {
        while self.started.load(Ordering::SeqCst) < self.start_of(disruption) {
            sleep(Duration::from_millis(5)).await;
        }
    }

    pub(crate) fn end(&self, disruption: u32) {
        self.ended.store(disruption + 1, Ordering::SeqCst);
    }

    /// Number of deliveries before a disruption.
    fn start_of(&self, disruption: u32) -> usize {
        self.total * (disruption as usize + 1) / (self.disruptions as usize + 1)
    }

    /// Waits until the disruption before the last one that was due has ended, so that all of them take place under load.
    async fn start_delivery(&self) {
        while self.ended() < self.disruptions
            && self.started.load(Ordering::SeqCst) >= self.start_of(self.ended() + 1)
        {
            sleep(Duration::from_millis(5)).await;
        }
        self.started.fetch_add(1, Ordering::SeqCst);
    }

    fn database_changes(&self) -> u32 {
        self.database_changes.load(Ordering::SeqCst)
    }
}

/// The responses to the deliveries to one handler.
#[derive(Default)]
pub(crate) struct Responses {
    pub(crate) by_status: BTreeMap<u16, u64>,
    /// Requests that ended without a response.
    pub(crate) none: u64,
    /// Deliveries for which no retry was left.
    pub(crate) given_up: u64,
    /// Requests and successful responses while the database was away all the time.
    pub(crate) away: u64,
    pub(crate) away_successes: u64,
    /// The events for which a response was successful.
    pub(crate) accepted: HashSet<usize>,
}

/// Delivers events to the handlers.
pub(crate) struct Sender {
    client: reqwest::Client,
    secret: WebhookSecret,
    events: Vec<TestEvent>,
    addresses: Vec<Address>,
    progress: Arc<Progress>,
    requests: Arc<Semaphore>,
    responses: [Mutex<Responses>; 2],
}

impl Sender {
    pub(crate) fn new(
        events: Vec<TestEvent>,
        addresses: Vec<Address>,
        progress: Arc<Progress>,
    ) -> Result<Self, BoxError> {
        Ok(Self {
            client: reqwest::Client::builder()
                .no_proxy()
                .timeout(REQUEST_TIMEOUT)
                .build()?,
            secret: WebhookSecret::new(SECRET)?,
            events,
            addresses,
            progress,
            requests: Arc::new(Semaphore::new(CONCURRENCY)),
            responses: Default::default(),
        })
    }

    pub(crate) fn events(&self) -> &[TestEvent] {
        &self.events
    }

    /// Returns the responses of a handler so far.
    pub(crate) fn take_responses(&self, handler: Handler) -> Responses {
        std::mem::take(&mut *self.responses(handler))
    }

    /// Makes all deliveries, each to both handlers.
    pub(crate) async fn send(self: &Arc<Self>, deliveries: &[usize]) -> Result<(), BoxError> {
        let mut tasks = JoinSet::new();
        for (number, event) in deliveries.iter().enumerate() {
            self.progress.start_delivery().await;
            for handler in Handler::ALL {
                let (this, event) = (Arc::clone(self), *event);
                // Waits for a slot before the task is started, so that retries do not queue behind later deliveries.
                let slot = Arc::clone(&self.requests).acquire_owned().await?;
                tasks.spawn(async move {
                    let mut first_slot = Some(slot);
                    for attempt in 0..=PAUSES.len() {
                        let slot = match first_slot.take() {
                            Some(slot) => slot,
                            None => Arc::clone(&this.requests).acquire_owned().await?,
                        };
                        if this.attempt(handler, event, number + attempt).await {
                            return Ok(());
                        }
                        drop(slot);
                        if let Some(pause) = PAUSES.get(attempt) {
                            sleep(*pause).await;
                        }
                    }
                    this.responses(handler).given_up += 1;
                    Ok::<_, BoxError>(())
                });
            }
            while let Some(result) = tasks.try_join_next() {
                result??;
            }
        }
        while let Some(result) = tasks.join_next().await {
            result??;
        }
        Ok(())
    }

    /// Sends a request to one of the processes. Returns `false` if the delivery should be retried.
    async fn attempt(&self, handler: Handler, event: usize, number: usize) -> bool {
        let changes = self.progress.database_changes();
        let address = self.addresses[number % self.addresses.len()].get();
        let status = self
            .post(&format!("http://{address}{}", handler.path()), event)
            .await;
        let is_success = status.is_some_and(|status| (200..300).contains(&status));
        let mut responses = self.responses(handler);
        match status {
            Some(status) => *responses.by_status.entry(status).or_default() += 1,
            None => responses.none += 1,
        }
        if changes % 2 == 1 && changes == self.progress.database_changes() {
            responses.away += 1;
            responses.away_successes += u64::from(is_success);
        }
        if is_success {
            responses.accepted.insert(event);
        }
        // The other statuses do not change if the delivery is retried, and are reported as a fault.
        is_success || status.is_some_and(|status| status != 409 && status < 500)
    }

    async fn post(&self, url: &str, event: usize) -> Option<u16> {
        let event = &self.events[event];
        let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
        let timestamp = now.as_secs().to_string();
        let signature = self
            .secret
            .sign(&event.id, &timestamp, event.body.as_bytes());
        let request = self
            .client
            .post(url)
            .header("content-type", "application/json")
            .header("webhook-id", &event.id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", signature)
            .body(event.body.clone());
        let response = timeout(REQUEST_TIMEOUT, request.send()).await.ok()?.ok()?;
        Some(response.status().as_u16())
    }

    fn responses(&self, handler: Handler) -> std::sync::MutexGuard<'_, Responses> {
        let responses = &self.responses[handler as usize];
        responses.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
