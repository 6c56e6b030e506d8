//! The list of checkout sessions.

use std::fmt::{self, Display};

use super::details::CheckoutSessionDetails;
use crate::{
    client::{
        date_filter::DateFilter,
        kelviq::Kelviq,
        pagination::{PAGE_SIZE, Pages, paginate},
    },
    error::Error,
    json::Lenient,
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
    dates: DateFilter,
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

    /// Sets `start_date`: the first day of creation.
    ///
    /// A date of any crate that displays as `YYYY-MM-DD` is accepted, as well as a text. So is a time in RFC 3339 format, such
    /// as [`TimeText`](crate::TimeText) or `jiff::Timestamp`, and a `chrono::DateTime`; its day in UTC counts. Anything else is
    /// an [`InvalidRequest`](crate::ErrorKind::InvalidRequest), and the list is not fetched.
    pub fn start_date(mut self, date: impl Display) -> Self {
        self.dates.set_start(date);
        self
    }

    /// Sets `end_date`: the last day of creation, like [`start_date`](Self::start_date).
    pub fn end_date(mut self, date: impl Display) -> Self {
        self.dates.set_end(date);
        self
    }

    fn into_query(self) -> Result<Vec<(&'static str, String)>, Error> {
        let search = self.search.map(|search| ("search", search));
        let status = self.status.map(|status| ("status", status.to_string()));
        let dates = self.dates.into_query()?;
        Ok(search.into_iter().chain(status).chain(dates).collect())
    }
}

/// Omits the search text, which can be a name or an email address.
impl fmt::Debug for ListCheckoutSessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ListCheckoutSessions")
            .field("status", &self.status)
            .field("dates", &self.dates)
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
        paginate(
            self.clone(),
            path.into(),
            list.into_query(),
            PAGE_SIZE,
            Lenient::read,
        )
    }
}
