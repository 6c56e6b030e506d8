//! The growth of the storefront's memory.

use std::time::Duration;

use crate::samples::Sample;

/// The growth of a process in the second half of its time under load. In the first half, it warms up.
pub(crate) struct Growth {
    /// The time under load.
    pub(crate) lifetime: Duration,
    /// The duration of each of the two phases.
    pub(crate) phase: Duration,
    /// The first third of the second half.
    pub(crate) first: Level,
    /// The last third.
    pub(crate) last: Level,
}

/// The medians of a phase.
#[derive(Clone, Copy)]
pub(crate) struct Level {
    pub(crate) memory: u64,
    pub(crate) descriptors: u64,
    /// Buyers who had come.
    pub(crate) buyers: u64,
}

impl Growth {
    /// Maximum growth of the memory for each buyer in bytes. The storefront keeps the references of recent checkouts.
    pub(crate) const PER_BUYER: u64 = 2 << 10;

    /// Growth of the memory in bytes that is not noticed. The memory of a process that does not leak varies by this.
    pub(crate) const NOISE: u64 = 4 << 20;

    /// Compares the phases of a process, from its samples under load.
    pub(crate) fn of(samples: &[Sample]) -> Option<Self> {
        let (first, last) = (samples.first()?, samples.last()?);
        let lifetime = last.at.saturating_sub(first.at);
        let phase = lifetime / 6;
        let middle = first.at + lifetime / 2;
        let level = |from: Duration, to: Duration| {
            let samples = samples
                .iter()
                .filter(|sample| sample.at >= from && sample.at <= to);
            let median = |of: fn(&Sample) -> u64| median(samples.clone().map(of).collect());
            Level {
                memory: median(|sample| sample.memory),
                descriptors: median(|sample| sample.descriptors),
                buyers: median(|sample| sample.buyers),
            }
        };
        Some(Self {
            lifetime,
            phase,
            first: level(middle, middle + phase),
            last: level(last.at.saturating_sub(phase), last.at),
        })
    }

    /// Returns the number of buyers who came between the middles of the phases.
    pub(crate) fn buyers(&self) -> u64 {
        self.last.buyers.saturating_sub(self.first.buyers)
    }

    /// Returns the growth of the memory in bytes.
    pub(crate) fn memory(&self) -> u64 {
        self.last.memory.saturating_sub(self.first.memory)
    }

    /// Returns the maximum growth of the memory in bytes.
    pub(crate) fn limit(&self) -> u64 {
        Self::NOISE + Self::PER_BUYER * self.buyers()
    }
}

fn median(mut values: Vec<u64>) -> u64 {
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1 << 20;

    /// Returns the growth of the last process of a run of 30 minutes with 10 buyers a second. It runs for 20 minutes. Each
    /// buyer adds this number of bytes.
    fn growth(bytes: u64) -> Growth {
        let sample = |second: u64| {
            let buyers = 6000 + 10 * second;
            // Buyers wait, and go away.
            let noise = (second % 60) << 15;
            Sample {
                at: Duration::from_mins(10) + Duration::from_secs(second),
                process: 5,
                memory: 40 * MIB + noise + bytes * buyers,
                descriptors: 100,
                buyers,
            }
        };
        let samples: Vec<_> = (0..=1200).map(sample).collect();
        Growth::of(&samples).unwrap()
    }

    #[test]
    fn a_leak_of_4_kilobytes_per_buyer_is_found_in_a_run_of_30_minutes() {
        let steady = growth(0);
        assert_eq!(steady.lifetime, Duration::from_mins(20));
        assert_eq!(steady.buyers(), 4000);
        assert!(steady.memory() <= Growth::NOISE / 4);

        let kept = growth(1000);
        assert!(kept.memory() <= kept.limit());
        let leak = growth(4096);
        assert!(leak.memory() > leak.limit());
    }
}
