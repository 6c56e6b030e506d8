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
    /// Buyers who had come.
    pub(crate) buyers: u64,
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
                    buyers: world.counts.buyers.get("came"),
                });
            }
        }
    }

    /// Waits for the next sample.
    pub(crate) async fn next(&self) -> Sample {
        let count = self.lock().len();
        loop {
            tokio::time::sleep(Duration::from_millis(100)).await;
            if let Some(sample) = self.lock().get(count) {
                return *sample;
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
