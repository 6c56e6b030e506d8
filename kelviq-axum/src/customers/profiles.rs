//! The profiles of customers that were written at Kelviq.

use std::{fmt, time::Duration};

use kelviq_core::{CustomerProfile, Error, ErrorKind, Kelviq};
use moka::{Entry, future::Cache, ops::compute::Op, policy::EvictionPolicy};
use tokio::time::timeout;

use crate::{digest::digest, reference::Reference};

/// The last profile of each customer that was written at Kelviq. Clones share the same data.
///
/// It has digests only, no personal data.
#[derive(Clone)]
pub(crate) struct Profiles {
    written: Cache<Digest, Written>,
}

type Digest = [u8; 32];

#[derive(Clone)]
struct Written {
    profile: Digest,
    is_accepted: bool,
}

/// Time after which the same profile is written again, because it can have been changed at Kelviq.
const TTL: Duration = Duration::from_secs(6 * 60 * 60);
const CAPACITY: u64 = 10_000;

impl Profiles {
    /// Writes a profile, and returns `true` if Kelviq has it. A failure is logged.
    ///
    /// Nothing is sent if the profile has neither an email address nor a name, or if it is the last one that was sent for this
    /// customer, whether Kelviq has accepted it or refused it.
    pub(crate) async fn write(
        &self,
        kelviq: &Kelviq,
        profile: &CustomerProfile,
        limit: Duration,
        reference: &Reference,
    ) -> bool {
        if !profile.has_email() && !profile.has_name() {
            return true;
        }
        let customer = digest(&profile.customer_id());
        let digest_of_profile = digest(profile);
        let write = |last: Option<Entry<Digest, Written>>| async move {
            if last.is_some_and(|last| last.value().profile == digest_of_profile) {
                return Ok(Op::Nop);
            }
            // After an error or a timeout, Kelviq can have this profile or the last one.
            self.written.invalidate(&customer).await;
            let is_accepted = match kelviq.upsert_customer(profile).await {
                Ok(_) => true,
                Err(error) if is_refused(&error) => {
                    log_unwritten(profile, Some(&error), reference);
                    false
                }
                Err(error) => return Err(error),
            };
            Ok(Op::Put(Written {
                profile: digest_of_profile,
                is_accepted,
            }))
        };
        // Calls for the same customer wait for each other.
        let entry = self.written.entry(customer);
        let error = match timeout(limit, entry.and_try_compute_with(write)).await {
            Ok(Ok(result)) => {
                let written = result.into_entry();
                return written.is_some_and(|written| written.value().is_accepted);
            }
            Ok(Err(error)) => Some(error),
            Err(_) => None,
        };
        log_unwritten(profile, error.as_ref(), reference);
        false
    }
}

/// Returns `true` if Kelviq would refuse the same profile again, e.g. because the id is that of an archived customer.
fn is_refused(error: &Error) -> bool {
    // Other statuses are not about the profile, e.g. 401 about the API key, or are temporary, e.g. 429.
    let is_about_profile = |status| matches!(status, 400 | 409 | 422);
    error.kind() == ErrorKind::InvalidRequest || error.status().is_some_and(is_about_profile)
}

/// Logs the names of the fields that Kelviq has refused, or of all fields. Neither their values nor Kelviq's messages, which
/// can repeat them. `error` is `None` after a timeout.
fn log_unwritten(profile: &CustomerProfile, error: Option<&Error>, reference: &Reference) {
    let errors = error.map_or(&[][..], Error::field_errors);
    let mut fields = Vec::new();
    for (field, names) in [
        ("customerId", ["customerId", "customer_id"]),
        ("email", ["email"; 2]),
        ("name", ["name"; 2]),
    ] {
        if errors.iter().any(|error| names.contains(&&*error.field)) {
            fields.push(field);
        }
    }
    if fields.is_empty() {
        fields.extend(profile.has_email().then_some("email"));
        fields.extend(profile.has_name().then_some("name"));
    }
    tracing::warn!(
        %reference,
        ?fields,
        kind = ?error.map_or(ErrorKind::Timeout, Error::kind),
        status = error.and_then(Error::status),
        attempts = error.map(Error::attempts),
        retry_after = error.and_then(Error::retry_after).map(|delay| delay.as_secs()),
        "the profile of a customer was not written at Kelviq; the sale continues without it"
    );
}

impl Default for Profiles {
    fn default() -> Self {
        Self {
            written: Cache::builder()
                .max_capacity(CAPACITY)
                .eviction_policy(EvictionPolicy::lru())
                .time_to_live(TTL)
                .build(),
        }
    }
}

impl fmt::Debug for Profiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Profiles").finish_non_exhaustive()
    }
}
