//! The timeline of a checkout session.

use crate::{
    client::{
        kelviq::Kelviq,
        pagination::{PAGE_SIZE, Pages, paginate},
    },
    json::Lenient,
    json_text::JsonText,
    model::model,
    open_enum::open_enum,
    time_text::TimeText,
};

model! {
    /// An entry in the timeline of a checkout session, from
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
        /// The number of the entry.
        pub id: Option<i64>,
        /// A description of what happened, for people.
        pub title: Option<String>,
        /// A code for what happened, e.g. `checkout_session.created`.
        pub code: Option<String>,
        /// Whether the step succeeded.
        pub status: Option<TimelineStatus>,
        /// When it happened, in RFC 3339 format.
        pub timestamp: Option<TimeText>,
        /// More details. Their shape depends on `code`.
        pub metadata (personal): Option<JsonText>,
    }
}

open_enum! {
    /// The outcome of a step in a timeline.
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
    /// Lists the timeline of a checkout session, newest first (`GET /checkout/sessions/{id}/events/`).
    ///
    /// A page is fetched when it is needed.
    ///
    /// ```
    /// # use kelviq_core::{Error, Kelviq, TimelineEvent};
    ///
    /// async fn newest_event(kelviq: &Kelviq, session_id: &str) -> Result<Option<TimelineEvent>, Error> {
    ///     kelviq.list_checkout_session_events(session_id).try_next().await
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// The list ends after an error. The errors are those of
    /// [`retrieve_checkout_session`](Self::retrieve_checkout_session).
    pub fn list_checkout_session_events(&self, session_id: &str) -> Pages<TimelineEvent> {
        let path = ["checkout", "sessions", session_id, "events"].map(str::to_owned);
        paginate(
            self.clone(),
            path.into(),
            Ok(Vec::new()),
            PAGE_SIZE,
            Lenient::read,
        )
    }
}
