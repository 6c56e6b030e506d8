//! What is counted.

use crate::{
    expected::{BUYERS, DELIVERIES, ERRORS, FORGED, LOG, SLOW},
    tally::{Observations, Tally},
};

/// What is counted.
pub(crate) struct Counts {
    /// What buyers did.
    pub(crate) buyers: Observations,
    /// The errors that buyers saw, by step.
    pub(crate) errors: Observations,
    /// The responses to genuine deliveries.
    pub(crate) deliveries: Observations,
    /// The responses to forged and stale deliveries.
    pub(crate) forged: Observations,
    /// What happened to slow clients.
    pub(crate) slow: Observations,
    /// The warnings and errors in the storefront's log, grouped by message.
    pub(crate) log: Observations,
    /// The disruptions.
    pub(crate) disruptions: Tally,
    /// What must not happen, apart from unexpected observations.
    pub(crate) failures: Tally,
}

impl Counts {
    pub(crate) fn new() -> Self {
        Self {
            buyers: Observations::new(BUYERS),
            errors: Observations::new(ERRORS),
            deliveries: Observations::new(DELIVERIES),
            forged: Observations::new(FORGED),
            slow: Observations::new(SLOW),
            log: Observations::new(LOG),
            disruptions: Tally::default(),
            failures: Tally::default(),
        }
    }

    /// Returns the observations with their names.
    pub(crate) fn observations(&self) -> [(&'static str, &Observations); 6] {
        [
            ("what buyers did", &self.buyers),
            ("errors that buyers saw, each retried", &self.errors),
            ("responses to deliveries, with duplicates", &self.deliveries),
            ("responses to forged and stale deliveries", &self.forged),
            ("slow clients", &self.slow),
            ("warnings and errors in the storefront's log", &self.log),
        ]
    }
}
