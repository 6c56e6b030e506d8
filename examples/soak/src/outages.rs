//! The parts that are down, and those that were down a short time ago.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// A part that the test breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Kelviq,
    Database,
    Storefront,
}

impl Part {
    /// Maximum time after an outage in which errors can still be its consequence.
    fn aftermath(self) -> Duration {
        Duration::from_secs(match self {
            // A request waits for up to 15 s for a response.
            Self::Kelviq => 30,
            // Everything that failed is retried at the same time, with few connections.
            Self::Database => 60,
            // A process that serves refuses no connection.
            Self::Storefront => 5,
        })
    }
}

/// The parts whose outage can have caused an error.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Down([bool; 3]);

impl Down {
    pub(crate) fn contains(self, part: Part) -> bool {
        self.0[part as usize]
    }

    #[cfg(test)]
    pub(crate) fn only(part: Part) -> Self {
        let mut down = Self::default();
        down.0[part as usize] = true;
        down
    }
}

/// All outages.
#[derive(Default)]
pub(crate) struct Outages(Mutex<[Outage; 3]>);

/// The current or the latest outage of a part.
#[derive(Clone, Copy, Default)]
struct Outage {
    is_now: bool,
    end: Option<Instant>,
}

impl Outage {
    fn overlaps(self, since: Instant) -> bool {
        self.is_now || self.end.is_some_and(|end| end >= since)
    }
}

impl Outages {
    pub(crate) fn begin(&self, part: Part) {
        self.lock()[part as usize].is_now = true;
    }

    pub(crate) fn end(&self, part: Part) {
        self.lock()[part as usize] = Outage {
            is_now: false,
            end: Some(Instant::now()),
        };
    }

    /// Returns `true` if the part was down at any time since then.
    pub(crate) fn overlaps(&self, part: Part, since: Instant) -> bool {
        self.lock()[part as usize].overlaps(since)
    }

    /// Returns the parts whose outage can have caused an error of a request that began at this time.
    pub(crate) fn since(&self, began: Instant) -> Down {
        let outages = *self.lock();
        Down(
            [Part::Kelviq, Part::Database, Part::Storefront].map(|part| {
                // `None` if this is before the start of the machine.
                let since = began.checked_sub(part.aftermath());
                let outage = outages[part as usize];
                since.map_or(outage.is_now || outage.end.is_some(), |since| {
                    outage.overlaps(since)
                })
            }),
        )
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, [Outage; 3]> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_can_be_the_consequence_of_an_outage_for_some_time() {
        let outages = Outages::default();
        let began = Instant::now();
        assert!(!outages.since(began).contains(Part::Storefront));

        outages.begin(Part::Storefront);
        assert!(outages.overlaps(Part::Storefront, Instant::now()));
        outages.end(Part::Storefront);
        assert!(outages.overlaps(Part::Storefront, began));
        let after = |seconds| Instant::now() + Duration::from_secs(seconds);
        assert!(!outages.overlaps(Part::Storefront, after(1)));
        assert!(outages.since(after(1)).contains(Part::Storefront));
        assert!(!outages.since(after(10)).contains(Part::Storefront));
        assert!(!outages.since(began).contains(Part::Database));
    }
}
