//! A bound on the memory of request bodies that are being read.

use std::sync::atomic::{AtomicUsize, Ordering};

/// A number of bytes that the bodies which are read at the same time share.
///
/// The first [`FREE`](Self::FREE) bytes of a body do not count, so that senders that exhaust the budget cannot shut out
/// ordinary webhook deliveries.
#[derive(Debug, Default)]
pub(crate) struct ByteBudget {
    used: AtomicUsize,
}

impl ByteBudget {
    /// Maximum number of bytes that count, over all bodies.
    const MAX: usize = 8 * 1024 * 1024;

    /// Number of bytes of each body that do not count.
    const FREE: usize = 64 * 1024;

    /// Creates an unused budget.
    pub(crate) const fn new() -> Self {
        Self {
            used: AtomicUsize::new(0),
        }
    }

    /// Returns the reservation of a body of which nothing has been read.
    pub(crate) fn reservation(&self) -> Reservation<'_> {
        Reservation {
            budget: self,
            bytes: 0,
        }
    }
}

/// The part of a [`ByteBudget`] that one body uses. Dropping it gives the part back.
#[derive(Debug)]
pub(crate) struct Reservation<'a> {
    budget: &'a ByteBudget,
    bytes: usize,
}

impl Reservation<'_> {
    /// Reserves memory for a body of `size` bytes. Returns `false` if the budget is exhausted.
    pub(crate) fn grow_to(&mut self, size: usize) -> bool {
        let bytes = size.saturating_sub(ByteBudget::FREE);
        let more = bytes.saturating_sub(self.bytes);
        let reserve = |used: usize| Some(used + more).filter(|used| *used <= ByteBudget::MAX);
        let reserved = more == 0
            || self
                .budget
                .used
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, reserve)
                .is_ok();
        if reserved {
            self.bytes += more;
        }
        reserved
    }
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {
        self.budget.used.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_64_kib_of_a_body_do_not_count_and_the_rest_is_given_back() {
        let budget = ByteBudget::new();
        let mut whole = budget.reservation();
        assert!(whole.grow_to(ByteBudget::FREE + ByteBudget::MAX));
        assert!(!whole.grow_to(ByteBudget::FREE + ByteBudget::MAX + 1));
        let mut other = budget.reservation();
        assert!(other.grow_to(ByteBudget::FREE));
        assert!(!other.grow_to(ByteBudget::FREE + 1));
        drop(whole);
        assert!(other.grow_to(ByteBudget::FREE + 1));
    }
}
