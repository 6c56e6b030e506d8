//! What happened to a session, step by step.

use futures_core::Stream;

use super::page::pages;
use crate::{Error, JsonText, Kelviq, model::model, open_enum::open_enum};

model! {
    /// A step in a session's life, from
    /// [`Kelviq::list_checkout_session_events`](crate::Kelviq::list_checkout_session_events).
    ///
    /// ```
    /// use kelviq_core::TimelineEvent;
    ///
    /// fn line(event: &TimelineEvent) -> Option<String> {
    ///     let title = event.title.as_ref().or(event.code.as_ref())?;
    ///     Some(format!("{} {title}", event.timestamp.as_deref().unwrap_or("?")))
    /// }
    /// ```
    pub struct TimelineEvent {
        /// The number of the step.
        pub id: Option<i64>,
        /// What happened, in words.
        pub title: Option<String>,
        /// What happened, for programs, e.g. `checkout_session.created`.
        pub code: Option<String>,
        /// Whether it succeeded.
        pub status: Option<TimelineStatus>,
        /// When it happened, RFC 3339.
        pub timestamp: Option<String>,
        /// More about it; its shape depends on `code`.
        pub metadata (personal): Option<JsonText>,
    }
}

open_enum! {
    /// Whether a step succeeded.
    ///
    /// ```
    /// use kelviq_core::{TimelineEvent, TimelineStatus};
    ///
    /// fn has_failed(event: &TimelineEvent) -> bool {
    ///     event.status == Some(TimelineStatus::Failed)
    /// }
    /// ```
    pub enum TimelineStatus {
        Pending = "pending",
        Success = "success",
        Failed = "failed",
    }
}

impl Kelviq {
    /// `GET /checkout/sessions/{id}/events/`: what happened to a session, newest first, page after page as the stream is
    /// read.
    ///
    /// ```
    /// use futures_util::TryStreamExt;
    /// # use kelviq_core::{Error, Kelviq, TimelineEvent};
    ///
    /// async fn newest_event(kelviq: &Kelviq, session_id: &str) -> Result<Option<TimelineEvent>, Error> {
    ///     let mut events = std::pin::pin!(kelviq.list_checkout_session_events(session_id));
    ///     events.try_next().await
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// The stream ends with an error like those of [`retrieve_checkout_session`](Self::retrieve_checkout_session).
    pub fn list_checkout_session_events(
        &self,
        session_id: &str,
    ) -> impl Stream<Item = Result<TimelineEvent, Error>> + Send + use<> {
        let path = ["checkout", "sessions", session_id, "events"].map(str::to_owned);
        pages(self.clone(), path.into(), Vec::new())
    }
}
