//! A bound on the memory of request bodies that are being read.

use std::sync::atomic::{AtomicUsize, Ordering};

/// A number of bytes that the bodies which are read at the same time share. Bytes count when they arrive.
///
/// Senders that exhaust the budget cannot shut out ordinary webhook deliveries: the first [`FREE`](Self::FREE) bytes of a
/// body do not count, and bodies over [`SMALL`](Self::SMALL) bytes can use only [`MAX_FOR_LARGE`](Self::MAX_FOR_LARGE).
#[derive(Debug, Default)]
pub(crate) struct ByteBudget {
    used: AtomicUsize,
}

impl ByteBudget {
    /// Maximum number of bytes that count, over all bodies.
    const MAX: usize = 6 * 1024 * 1024;

    /// The same maximum for a body over [`SMALL`](Self::SMALL) bytes. The rest is left to small bodies.
    const MAX_FOR_LARGE: usize = 4 * 1024 * 1024;

    /// Maximum size of a small body.
    const SMALL: usize = 64 * 1024;

    /// Number of bytes of each body that do not count. hyper's first read of a connection is smaller.
    const FREE: usize = 16 * 1024;

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
    /// Reserves memory for the first `size` bytes of a body. Returns `false` if the budget is exhausted.
    pub(crate) fn grow_to(&mut self, size: usize) -> bool {
        let bytes = size.saturating_sub(ByteBudget::FREE);
        let more = bytes.saturating_sub(self.bytes);
        let max = if size > ByteBudget::SMALL {
            ByteBudget::MAX_FOR_LARGE
        } else {
            ByteBudget::MAX
        };
        let reserve = |used: usize| Some(used + more).filter(|used| *used <= max);
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
    fn large_bodies_leave_bytes_to_small_ones_and_the_first_16_kib_of_a_body_do_not_count() {
        let budget = ByteBudget::new();
        let mut large = budget.reservation();
        assert!(large.grow_to(ByteBudget::FREE + ByteBudget::MAX_FOR_LARGE));
        assert!(!large.grow_to(ByteBudget::FREE + ByteBudget::MAX_FOR_LARGE + 1));
        let mut other = budget.reservation();
        assert!(other.grow_to(ByteBudget::SMALL));
        assert!(!other.grow_to(ByteBudget::SMALL + 1));
        let mut small: Vec<_> = (0..1000).map(|_| budget.reservation()).collect();
        assert!(!small.iter_mut().all(|body| body.grow_to(ByteBudget::SMALL)));
        assert!(small.iter_mut().all(|body| body.grow_to(ByteBudget::FREE)));
        assert!(budget.used.load(Ordering::Relaxed) <= ByteBudget::MAX);
        drop((large, small));
        assert!(other.grow_to(ByteBudget::SMALL + 1));
        drop(other);
        assert_eq!(budget.used.load(Ordering::Relaxed), 0);
    }
}
