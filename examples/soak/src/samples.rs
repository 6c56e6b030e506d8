//! Memory and file descriptors of the storefront.

use std::{
    fs,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::watch;

use crate::{shop::Process, world::World};

/// A sample of the process.
#[derive(Clone, Copy)]
pub(crate) struct Sample {
    /// Time since the start of the test.
    pub(crate) at: Duration,
    /// The number of the process.
    pub(crate) process: usize,
    /// Resident memory in bytes.
    pub(crate) memory: u64,
    /// Open file descriptors.
    pub(crate) descriptors: u64,
}

/// All samples, one a second.
#[derive(Default)]
pub(crate) struct Samples(Mutex<Vec<Sample>>);

impl Samples {
    /// Takes samples for as long as this is polled.
    pub(crate) async fn take(&self, world: Arc<World>, process: watch::Receiver<Option<Process>>) {
        let mut interval = tokio::time::interval(Duration::from_secs(1));
        loop {
            interval.tick().await;
            let running = *process.borrow();
            if let Some(Process { id, number }) = running
                && let Some(memory) = memory(id)
                && let Ok(descriptors) = fs::read_dir(format!("/proc/{id}/fd"))
            {
                self.lock().push(Sample {
                    at: world.started.elapsed(),
                    process: number,
                    memory,
                    descriptors: descriptors.count() as u64,
                });
            }
        }
    }

    pub(crate) fn latest(&self) -> Option<Sample> {
        self.lock().last().copied()
    }

    /// Returns the samples of each process, in order.
    pub(crate) fn by_process(&self) -> Vec<Vec<Sample>> {
        let mut processes: Vec<Vec<Sample>> = Vec::new();
        for sample in self.lock().iter() {
            match processes.last_mut() {
                Some(samples) if samples[0].process == sample.process => samples.push(*sample),
                _ => processes.push(vec![*sample]),
            }
        }
        processes
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Sample>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the resident memory of a process in bytes.
fn memory(id: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(1024 * kilobytes)
}

/// The growth of the process that ran longest: its first samples after the warm-up, and its last ones.
pub(crate) struct Growth {
    pub(crate) lifetime: Duration,
    /// The duration of each of the two phases.
    pub(crate) phase: Duration,
    pub(crate) first: Level,
    pub(crate) last: Level,
}

/// The medians of a phase.
#[derive(Clone, Copy)]
pub(crate) struct Level {
    pub(crate) memory: u64,
    pub(crate) descriptors: u64,
}

impl Growth {
    /// The longest phase.
    const PHASE: Duration = Duration::from_mins(5);

    /// Compares the phases of a process: of up to 5 minutes, and of a third of what remains after the warm-up. The warm-up
    /// takes 2 minutes, but at most a quarter of the lifetime.
    pub(crate) fn of(samples: &[Sample]) -> Option<Self> {
        let (first, last) = (samples.first()?, samples.last()?);
        let lifetime = last.at.saturating_sub(first.at);
        let warm_up = Duration::from_mins(2).min(lifetime / 4);
        let phase = Self::PHASE.min(lifetime.saturating_sub(warm_up) / 3);
        let begin = first.at + warm_up;
        let level = |from: Duration, to: Duration| {
            let samples = samples
                .iter()
                .filter(|sample| sample.at >= from && sample.at <= to);
            let (memory, descriptors) = samples
                .map(|sample| (sample.memory, sample.descriptors))
                .unzip();
            Level {
                memory: median(memory),
                descriptors: median(descriptors),
            }
        };
        Some(Self {
            lifetime,
            phase,
            first: level(begin, begin + phase),
            last: level(last.at.saturating_sub(phase), last.at),
        })
    }

    /// Returns whether the memory is bounded.
    pub(crate) fn memory_is_bounded(&self) -> bool {
        self.last.memory <= self.first.memory * 5 / 4 + (16 << 20)
    }

    /// Returns whether the number of file descriptors is bounded.
    pub(crate) fn descriptors_are_bounded(&self) -> bool {
        self.last.descriptors <= self.first.descriptors * 5 / 4 + 50
    }
}

fn median(mut values: Vec<u64>) -> u64 {
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Samples of half an hour, a second apart.
    fn samples(memory: impl Fn(u64) -> u64) -> Vec<Sample> {
        let sample = |second| Sample {
            at: Duration::from_secs(second),
            process: 0,
            memory: memory(second) << 20,
            descriptors: 100,
        };
        (0..1800).map(sample).collect()
    }

    #[test]
    fn growth_after_the_warm_up_is_found() {
        let steady = Growth::of(&samples(|second| if second < 60 { 20 } else { 80 })).unwrap();
        assert!(steady.memory_is_bounded());
        assert!(steady.descriptors_are_bounded());
        assert_eq!(steady.first.memory, 80 << 20);

        let leak = Growth::of(&samples(|second| 50 + second / 10)).unwrap();
        assert!(!leak.memory_is_bounded());
    }
}
