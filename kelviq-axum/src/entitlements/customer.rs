//! The cached entitlements of a customer.

use std::{sync::Arc, time::Duration};

use kelviq_core::Entitlements;
use tokio::{sync::watch, time::Instant};

use super::error::{CALL_TIMEOUT, EntitlementsError};

/// Time for which entitlements are used without a request to Kelviq. The same as in Kelviq's own SDKs.
const FRESH_FOR: Duration = Duration::from_secs(60);

/// Maximum age of entitlements that are used while Kelviq cannot be reached.
const MAX_AGE: Duration = Duration::from_secs(60 * 60);

pub(super) type FetchResult = Result<Arc<Entitlements>, EntitlementsError>;

/// The last entitlements of a customer, and the request for newer ones.
#[derive(Default)]
pub(super) struct Customer {
    latest: Option<Latest>,
    request: Option<PendingRequest>,
    /// If set, no request is sent before this time, because the last one failed.
    paused_until: Option<Instant>,
}

struct Latest {
    entitlements: Arc<Entitlements>,
    requested_at: Instant,
}

/// A request to Kelviq that concurrent calls share.
#[derive(Clone)]
pub(super) struct PendingRequest {
    pub(super) sent_at: Instant,
    /// `None` until the response has arrived. Closed without a result if the task of the request panicked.
    pub(super) result: watch::Receiver<Option<FetchResult>>,
}

impl Customer {
    /// Returns entitlements that need no request: fresh ones, or stale ones while Kelviq does not respond.
    pub(super) fn available(&self, now: Instant) -> Option<Arc<Entitlements>> {
        let is_paused = self.paused_until.is_some_and(|until| now < until);
        let is_slow = self
            .pending()
            .is_some_and(|request| now >= request.sent_at + CALL_TIMEOUT);
        if is_paused || is_slow {
            self.stale(now)
        } else {
            self.younger_than(FRESH_FOR, now)
        }
    }

    /// Returns entitlements that may be used while Kelviq cannot be reached.
    pub(super) fn stale(&self, now: Instant) -> Option<Arc<Entitlements>> {
        self.younger_than(MAX_AGE, now)
    }

    fn younger_than(&self, age: Duration, now: Instant) -> Option<Arc<Entitlements>> {
        let latest = self.latest.as_ref()?;
        let is_younger = now - latest.requested_at < age;
        is_younger.then(|| Arc::clone(&latest.entitlements))
    }

    /// Returns the request that is in progress.
    pub(super) fn pending(&self) -> Option<&PendingRequest> {
        let request = self.request.as_ref();
        request.filter(|request| request.result.has_changed().is_ok())
    }

    pub(super) fn set_pending(&mut self, request: PendingRequest) {
        self.request = Some(request);
    }

    /// Returns `true` for the last request. An earlier one was sent before the customer was forgotten.
    pub(super) fn awaits(&self, request: &PendingRequest) -> bool {
        let own = self.request.as_ref();
        own.is_some_and(|own| own.result.same_channel(&request.result))
    }

    /// Stores the result of the last request.
    pub(super) fn succeeded(&mut self, entitlements: Arc<Entitlements>, requested_at: Instant) {
        *self = Self {
            latest: Some(Latest {
                entitlements,
                requested_at,
            }),
            ..Self::default()
        };
    }

    /// Ends the last request, and sends no other one before `paused_until`.
    pub(super) fn failed(&mut self, paused_until: Option<Instant>) {
        self.request = None;
        self.paused_until = paused_until;
    }
}
