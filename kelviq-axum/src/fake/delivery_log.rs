//! The attempts to deliver events.

use std::{sync::Arc, time::SystemTime};

use super::{event::Event, ids};

/// All attempts, oldest first.
#[derive(Default)]
pub(super) struct DeliveryLog {
    attempts: Vec<Attempt>,
}

/// An attempt to deliver an event.
#[derive(Clone)]
pub(super) struct Attempt {
    pub(super) id: String,
    pub(super) event: Arc<Event>,
    /// The status of the response, or `None` if there was none.
    pub(super) status: Option<u16>,
    /// The number of attempts before this one.
    pub(super) retry_count: usize,
    pub(super) time: SystemTime,
    /// Whether nothing was sent: the event exists, but was not delivered yet.
    is_placeholder: bool,
}

impl DeliveryLog {
    /// Adds an event that was not delivered yet. It counts as a failed attempt until it is delivered.
    pub(super) fn add_event(&mut self, event: Arc<Event>) {
        self.push(event, None, true);
    }

    /// Adds an attempt with the status of the response, or `None` if there was none.
    pub(super) fn add_attempt(&mut self, event: Arc<Event>, status: Option<u16>) {
        self.attempts
            .retain(|attempt| !(attempt.is_placeholder && attempt.event.id == event.id));
        self.push(event, status, false);
    }

    pub(super) fn newest_first(&self) -> impl Iterator<Item = &Attempt> {
        self.attempts.iter().rev()
    }

    fn push(&mut self, event: Arc<Event>, status: Option<u16>, is_placeholder: bool) {
        let same_event = |attempt: &&Attempt| attempt.event.id == event.id;
        self.attempts.push(Attempt {
            id: ids::uuid(),
            retry_count: self.attempts.iter().filter(same_event).count(),
            event,
            status,
            time: SystemTime::now(),
            is_placeholder,
        });
    }
}
