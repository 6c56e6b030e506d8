//! The list of sessions.

use std::fmt;

use futures_core::Stream;

use super::{CheckoutSessionDetails, page::pages};
use crate::{Error, Kelviq, SessionStatus};

/// Which checkout sessions to list: all, unless something is said.
///
/// ```
/// use kelviq_core::{SessionStatus, ListCheckoutSessions};
///
/// let paid_this_week = ListCheckoutSessions::new()
///     .status(SessionStatus::Success)
///     .start_date("2026-11-16");
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
    /// All sessions.
    pub fn new() -> Self {
        Self::default()
    }

    /// `search`: in session id, customer id, name, email and product name.
    pub fn search(mut self, search: impl Into<String>) -> Self {
        self.search = Some(search.into());
        self
    }

    /// `status`.
    pub fn status(mut self, status: SessionStatus) -> Self {
        self.status = Some(status);
        self
    }

    /// `start_date`: created on or after this day, `YYYY-MM-DD`.
    pub fn start_date(mut self, date: impl Into<String>) -> Self {
        self.start_date = Some(date.into());
        self
    }

    /// `end_date`: created on or before this day, `YYYY-MM-DD`.
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

/// Shows no search text, which may be a name or an email.
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
    /// `GET /checkout/sessions/`: sessions, newest first, page after page as the stream is read.
    ///
    /// A session that is created meanwhile moves the pages on, so one can come twice.
    ///
    /// ```no_run
    /// use futures_util::TryStreamExt;
    /// use kelviq_core::{SessionStatus, Kelviq, ListCheckoutSessions};
    ///
    /// # async fn run(kelviq: Kelviq) -> Result<(), kelviq_core::Error> {
    /// let paid = ListCheckoutSessions::new().status(SessionStatus::Success);
    /// let mut sessions = std::pin::pin!(kelviq.list_checkout_sessions(paid));
    /// while let Some(session) = sessions.try_next().await? {
    ///     println!("{:?}", session.id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The stream ends with an error like those of [`create_checkout_session`](Self::create_checkout_session).
    pub fn list_checkout_sessions(
        &self,
        list: ListCheckoutSessions,
    ) -> impl Stream<Item = Result<CheckoutSessionDetails, Error>> + Send + use<> {
        let path = ["checkout", "sessions"].map(str::to_owned);
        pages(self.clone(), path.into(), list.query())
    }
}
