//! The list of checkout sessions.

use std::fmt;

use super::details::CheckoutSessionDetails;
use crate::{
    client::{
        kelviq::Kelviq,
        pagination::{PAGE_SIZE, Pages, paginate},
    },
    webhook::models::session_status::SessionStatus,
};

/// Filters for listing checkout sessions (`GET /checkout/sessions/`).
///
/// ```
/// use kelviq_core::ListCheckoutSessions;
///
/// let this_week = ListCheckoutSessions::new().start_date("2026-11-16").end_date("2026-11-22");
/// ```
#[derive(Clone, Default)]
#[must_use]
pub struct ListCheckoutSessions {
    search: Option<String>,
    status: Option<SessionStatus>,
    start_date: Option<String>,
    end_date: Option<String>,
}

impl ListCheckoutSessions {
    /// Creates a list without filters.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets `search`: text to find in the session id, customer id, name, email address or product name.
    pub fn search(mut self, search: impl Into<String>) -> Self {
        self.search = Some(search.into());
        self
    }

    /// Sets `status`: the status of the sessions.
    ///
    /// To find every paid session, do not filter by [`Success`](SessionStatus::Success), which omits sessions with a status
    /// that Kelviq has added.
    pub fn status(mut self, status: SessionStatus) -> Self {
        self.status = Some(status);
        self
    }

    /// Sets `start_date`: the first day of creation, `YYYY-MM-DD`.
    pub fn start_date(mut self, date: impl Into<String>) -> Self {
        self.start_date = Some(date.into());
        self
    }

    /// Sets `end_date`: the last day of creation, `YYYY-MM-DD`.
    pub fn end_date(mut self, date: impl Into<String>) -> Self {
        self.end_date = Some(date.into());
        self
    }

    fn query(self) -> Vec<(&'static str, String)> {
        let status = self.status.map(|status| status.to_string());
        [
            ("search", self.search),
            ("status", status),
            ("start_date", self.start_date),
            ("end_date", self.end_date),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
    }
}

/// Omits the search text, which can be a name or an email address.
impl fmt::Debug for ListCheckoutSessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ListCheckoutSessions")
            .field("status", &self.status)
            .field("start_date", &self.start_date)
            .field("end_date", &self.end_date)
            .finish_non_exhaustive()
    }
}

impl Kelviq {
    /// Lists checkout sessions, newest first (`GET /checkout/sessions/`).
    ///
    /// A page is fetched when it is needed. A session can appear twice if another one is created while the list is read.
    ///
    /// ```no_run
    /// use kelviq_core::{Kelviq, ListCheckoutSessions, SessionStatus};
    ///
    /// # async fn run(kelviq: Kelviq) -> Result<(), kelviq_core::Error> {
    /// let this_week = ListCheckoutSessions::new().start_date("2026-11-16");
    /// let mut sessions = kelviq.list_checkout_sessions(this_week);
    /// while let Some(session) = sessions.try_next().await? {
    ///     match &session.status {
    ///         _ if session.is_paid() => println!("{:?} is paid", session.id),
    ///         Some(SessionStatus::Open | SessionStatus::Processing) => {}
    ///         Some(SessionStatus::Closed | SessionStatus::Expired) => {}
    ///         // Retrieve it: only then it has an order, which tells whether it is paid.
    ///         other => println!("{:?} has the status {other:?}", session.id),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The list ends after an error. The errors are those of [`create_checkout_session`](Self::create_checkout_session).
    pub fn list_checkout_sessions(
        &self,
        list: ListCheckoutSessions,
    ) -> Pages<CheckoutSessionDetails> {
        let path = ["checkout", "sessions"].map(str::to_owned);
        paginate(self.clone(), path.into(), list.query(), PAGE_SIZE)
    }
}
