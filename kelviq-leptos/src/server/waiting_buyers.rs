//! Buyers on the success page who wait for their order.

use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use kelviq_axum::Reference;
use lru::LruCache;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::Instant,
};

/// Time after which another visit counts as a first visit.
pub(super) const VISIT_TTL: Duration = Duration::from_secs(60 * 60);

/// Maximum number of references of known sessions to remember.
const MAX_VISITS: NonZeroUsize = NonZeroUsize::new(10_000).unwrap();

/// Maximum number of other references to remember. Anyone can invent references, and push others out. A buyer whose reference
/// is pushed out loses nothing: the page reloads as after a first visit.
const MAX_UNKNOWN_VISITS: NonZeroUsize = NonZeroUsize::new(1_000).unwrap();

/// Maximum number of delayed responses at a time. Each looks up its order twice a second unless it is notified.
const MAX_DELAYED: usize = 500;

/// The same for one reference. A buyer has few tabs, and must not take the responses of all others.
const MAX_DELAYED_PER_REFERENCE: usize = 3;

/// The first visit to the success page for each reference, and the number of delayed responses. Clones share both.
#[derive(Clone)]
pub(crate) struct WaitingBuyers {
    known: Arc<Mutex<Visits>>,
    unknown: Arc<Mutex<Visits>>,
    delayed: Arc<Semaphore>,
}

/// A visit to the success page.
pub(super) struct Visit {
    /// Time since the first visit with the same reference. Zero if this is the first one.
    pub(super) since_first: Duration,
    /// Permits to delay the response. `None` if there are too many delayed responses.
    pub(super) permit: Option<DelayPermit>,
}

/// Counts as a delayed response until it is dropped.
pub(super) struct DelayPermit {
    _of_reference: Arc<()>,
    _of_all: OwnedSemaphorePermit,
}

impl WaitingBuyers {
    /// Records a visit for a known session.
    pub(super) fn visit(&self, reference: &Reference) -> Visit {
        let (since_first, delayed) = visit(&self.known, reference);
        // The count includes that of the cache and this one.
        let is_delayed = Arc::strong_count(&delayed) <= MAX_DELAYED_PER_REFERENCE + 1;
        let permit = Arc::clone(&self.delayed).try_acquire_owned().ok();
        Visit {
            since_first,
            permit: permit.filter(|_| is_delayed).map(|permit| DelayPermit {
                _of_reference: delayed,
                _of_all: permit,
            }),
        }
    }

    /// Records a visit for another reference. Its response must not be delayed.
    pub(super) fn visit_unknown(&self, reference: &Reference) -> Visit {
        Visit {
            since_first: visit(&self.unknown, reference).0,
            permit: None,
        }
    }
}

/// The time of the first visit for each reference, and a value that its delayed responses share.
type Visits = LruCache<Reference, (Instant, Arc<()>)>;

/// Returns the time since the first visit, and the value that delayed responses share.
fn visit(visits: &Mutex<Visits>, reference: &Reference) -> (Duration, Arc<()>) {
    let now = Instant::now();
    // Nothing panics while the mutex is locked.
    let mut visits = visits.lock().unwrap_or_else(PoisonError::into_inner);
    let (first, delayed) = visits.get_or_insert_mut_ref(reference, || (now, Arc::default()));
    if now - *first >= VISIT_TTL {
        *first = now;
    }
    (now - *first, Arc::clone(delayed))
}

impl Default for WaitingBuyers {
    fn default() -> Self {
        let visits = |capacity| Arc::new(Mutex::new(LruCache::new(capacity)));
        Self {
            known: visits(MAX_VISITS),
            unknown: visits(MAX_UNKNOWN_VISITS),
            delayed: Arc::new(Semaphore::new(MAX_DELAYED)),
        }
    }
}
