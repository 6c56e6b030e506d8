//! A paused clock for tests with a database.

use std::{
    sync::mpsc::{Sender, channel},
    time::Duration,
};

use sqlx::SqlitePool;
use tokio::{
    task::{spawn_blocking, yield_now},
    time,
};

/// Small enough that pauses of whole seconds are not noticeably longer.
const STEP: Duration = Duration::from_millis(10);

/// A paused clock, which advances while a future [runs](Self::run) with it, except while the database is busy. Dropping it
/// resumes the clock.
///
/// Tokio's paused clock alone would also advance while a test waits for the database, whose thread Tokio does not know.
pub(crate) struct PausedClock {
    pool: SqlitePool,
    /// Ends the blocking task when dropped.
    _blocking: Sender<()>,
}

impl PausedClock {
    pub(crate) fn new(pool: &SqlitePool) -> Self {
        time::pause();
        let (sender, receiver) = channel();
        // While a blocking task runs, the clock does not advance by itself.
        spawn_blocking(move || receiver.recv());
        Self {
            pool: pool.clone(),
            _blocking: sender,
        }
    }

    /// Waits for a future while the clock advances.
    pub(crate) async fn run<T>(&self, future: impl Future<Output = T>) -> T {
        tokio::select! {
            biased;
            result = future => result,
            () = self.advance() => unreachable!("the clock advances forever"),
        }
    }

    async fn advance(&self) {
        loop {
            // All tasks run until they wait for the clock or the database.
            for _ in 0..20 {
                yield_now().await;
            }
            while self.pool.size() as usize != self.pool.num_idle() {
                yield_now().await;
            }
            time::advance(STEP).await;
        }
    }
}

impl Drop for PausedClock {
    fn drop(&mut self) {
        time::resume();
    }
}
