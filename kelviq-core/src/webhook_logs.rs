//! The webhook log: what Kelviq tried to deliver.

use std::fmt::Display;

use crate::{
    client::{
        date_filter::DateFilter,
        kelviq::Kelviq,
        pagination::{PAGE_SIZE, Pages, paginate},
    },
    json::Lenient,
    json_text::JsonText,
    model::model,
    time_text::TimeText,
    webhook::event_type::EventType,
};

model! {
    /// An attempt to deliver an event, from [`Kelviq::list_webhook_logs`](crate::Kelviq::list_webhook_logs).
    ///
    /// Each retry is an entry of its own with the same [`event_id`](Self::event_id). Every field can be `None`, because
    /// an entry is read even if a field is missing or not as documented. `Debug` redacts the payload, which contains
    /// personal data and, for invoices, links to pay.
    ///
    /// ```
    /// use kelviq_core::WebhookLog;
    ///
    /// fn line(entry: &WebhookLog) -> String {
    ///     let outcome = match entry.status_code {
    ///         Some(status) => format!("status {status}"),
    ///         None => "no response".to_owned(),
    ///     };
    ///     format!("{:?} at {:?}: {outcome}", entry.event_id, entry.last_attempt)
    /// }
    /// ```
    pub struct WebhookLog {
        /// The id of the attempt, a UUID.
        pub id: Option<String>,
        /// The id of the event, which is the same for all attempts.
        pub event_id: Option<String> = "eventId",
        /// Kelviq's id of the webhook endpoint, a UUID.
        pub endpoint: Option<String>,
        /// The type of the event.
        pub event_type: Option<EventType> = "eventType",
        /// The status of the response. Missing if there was none.
        pub status_code: Option<i64> = "statusCode",
        /// Whether the attempt succeeded.
        pub is_success: Option<bool> = "isSuccess",
        /// The number of attempts before this one.
        pub retry_count: Option<i64> = "retryCount",
        /// When the attempt was made, in RFC 3339 format. The date filters of the list apply to this time.
        pub last_attempt: Option<TimeText> = "lastAttempt",
        /// When the event was created, in RFC 3339 format.
        pub created_on: Option<TimeText> = "createdOn",
        /// The JSON of the event. Whether its keys are in camelCase or `snake_case` is not documented.
        pub payload (personal): Option<JsonText>,
    }
}

/// Filters for listing the webhook log (`GET /webhook/logs/`).
///
/// ```
/// use kelviq_core::ListWebhookLogs;
///
/// let yesterday = ListWebhookLogs::new().start_date("2026-11-25").end_date("2026-11-25");
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct ListWebhookLogs {
    dates: DateFilter,
    page_size: Option<u32>,
}

impl ListWebhookLogs {
    /// Creates a list without filters: the attempts of the last 30 days.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets `start_date`: the first day of the attempts. Kelviq lists at most the last 30 days.
    ///
    /// A date of any crate that displays as `YYYY-MM-DD` is accepted, as well as a text. So is a time in RFC 3339 format, such
    /// as [`TimeText`](crate::TimeText) or `jiff::Timestamp`, and a `chrono::DateTime`; its day in UTC counts. Anything else is
    /// an [`InvalidRequest`](crate::ErrorKind::InvalidRequest), and the list is not fetched.
    pub fn start_date(mut self, date: impl Display) -> Self {
        self.dates.set_start(date);
        self
    }

    /// Sets `end_date`: the last day of the attempts, like [`start_date`](Self::start_date).
    pub fn end_date(mut self, date: impl Display) -> Self {
        self.dates.set_end(date);
        self
    }

    /// Sets `page_size`: the number of entries in each response, from 1 to 100. By default, 50. A number outside of this
    /// range is replaced by the nearest one in it.
    ///
    /// A response has at most 8 MiB, so a smaller page helps if the events are large.
    pub fn page_size(mut self, entries: u32) -> Self {
        self.page_size = Some(entries.clamp(1, 100));
        self
    }
}

impl Kelviq {
    /// Lists attempts to deliver an event, newest first (`GET /webhook/logs/`).
    ///
    /// A page is fetched when it is needed. An entry can appear twice if another attempt is made while the list is read.
    ///
    /// ```
    /// use kelviq_core::{Error, Kelviq, ListWebhookLogs};
    ///
    /// async fn print_failures(kelviq: &Kelviq, since: &str) -> Result<(), Error> {
    ///     let list = ListWebhookLogs::new().start_date(since);
    ///     let mut entries = kelviq.list_webhook_logs(list);
    ///     while let Some(entry) = entries.try_next().await? {
    ///         if entry.is_success != Some(true) {
    ///             println!("{entry:?}");
    ///         }
    ///     }
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// The list ends after an error. The errors are those of [`create_checkout_session`](Self::create_checkout_session).
    pub fn list_webhook_logs(&self, list: ListWebhookLogs) -> Pages<WebhookLog> {
        let path = ["webhook", "logs"].map(str::to_owned);
        let page_size = list.page_size.unwrap_or(PAGE_SIZE);
        paginate(
            self.clone(),
            path.into(),
            list.dates.into_query(),
            page_size,
            Lenient::read,
        )
    }
}
