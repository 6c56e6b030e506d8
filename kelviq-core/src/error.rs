//! The error type of this crate.

use std::{error::Error as StdError, fmt, time::Duration};

/// An error from any fallible function of this crate except those for metadata.
///
/// Match on [`kind`](Self::kind) to handle an error, and log its `Display` output to diagnose it.
///
/// `Display` and `Debug` never contain a key, a secret, a webhook body or the query of a URL. They can contain a message
/// from Kelviq, so do not show them to buyers.
///
/// # One opaque type
///
/// The whole crate has one error type, so that a single `?` works for configuration, requests and webhooks. Its fields
/// are private, and the details are available through methods. New details can therefore be added without a breaking
/// change. [`ErrorKind`] has one variant for each case that a caller can handle differently, and it is non-exhaustive for
/// the same reason. [`MetadataError`](crate::MetadataError) is a separate type because it can contain the metadata that
/// was received.
///
/// # Examples
///
/// ```
/// use kelviq_core::{ErrorKind, WebhookSecret};
///
/// // An API key instead of a webhook secret.
/// if let Err(error) = WebhookSecret::new("server-4Zc1") {
///     assert_eq!(error.kind(), ErrorKind::Configuration);
///     eprintln!("{error}"); // names KELVIQ_WEBHOOK_SECRET without its value
/// }
/// ```
pub struct Error {
    inner: Box<Inner>,
}

struct Inner {
    kind: ErrorKind,
    message: String,
    status: Option<u16>,
    attempts: u32,
    field_errors: Vec<FieldError>,
    retry_after: Option<Duration>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// The kind of an [`Error`].
///
/// ```
/// # #[cfg(feature = "client")]
/// # mod example {
/// use kelviq_core::{CheckoutPlan, CreateCheckoutSession, ErrorKind, Kelviq};
///
/// async fn start(kelviq: &Kelviq, request: &CreateCheckoutSession) -> Result<String, &'static str> {
///     let error = match kelviq.create_checkout_session(request).await {
///         Ok(session) => return Ok(session.checkout_url),
///         Err(error) => error,
///     };
///     eprintln!("no checkout session: {error}");
///     Err(match error.kind() {
///         ErrorKind::Connect => "The payment service cannot be reached. Please try again.",
///         // A session may exist, but its URL was not received, so the buyer cannot pay it. It is safe to create another
///         // session.
///         ErrorKind::Timeout | ErrorKind::Transport => "That took too long. Please try again.",
///         ErrorKind::Api if error.status() == Some(429) => "We are busy. Please try again in a minute.",
///         _ => "We cannot sell this at the moment.",
///     })
/// }
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A key, a secret, a base URL or an environment variable is missing or malformed.
    Configuration,
    /// A field of the request is invalid, and the request was not sent. See [`Error::field_errors`].
    InvalidRequest,
    /// The connection could not be established, so the request was not sent.
    Connect,
    /// The response did not arrive completely within the timeout. Kelviq may still have processed the request.
    Timeout,
    /// The connection was lost before the response was complete. Kelviq may still have processed the request.
    Transport,
    /// Kelviq returned an error status. See [`Error::status`] and [`Error::field_errors`].
    Api,
    /// The response is not one that Kelviq documents, such as a redirect, HTML, a session without a valid URL, or
    /// anything but HTTP.
    UnexpectedResponse,
    /// A header of a webhook delivery is missing or malformed.
    WebhookHeaders,
    /// No signature of a webhook delivery matches.
    WebhookSignature,
    /// The timestamp of a webhook delivery is outside the tolerance.
    WebhookTimestamp,
    /// The signature of a webhook delivery is valid, but its body is not an event.
    WebhookPayload,
    /// The object of an event was requested as a type that events of this type do not contain.
    EventObject,
}

/// An invalid field of a request.
///
/// ```
/// # #[cfg(feature = "client")]
/// # {
/// use kelviq_core::{ChargePeriod, CheckoutPlan, CreateCheckoutSession};
///
/// let request = CreateCheckoutSession::new(CheckoutPlan::new("", ChargePeriod::Monthly), "/thanks");
/// if let Err(error) = request.to_json() {
///     let fields: Vec<_> = error.field_errors().iter().map(|error| error.field.as_str()).collect();
///     assert_eq!(fields, ["planIdentifier", "successUrl"]);
/// }
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldError {
    /// The name of the field in the JSON of the request, e.g. `successUrl` or `features[0].quantity`.
    pub field: String,
    /// What is expected, or Kelviq's message if Kelviq rejected the field.
    pub message: String,
}

#[cfg(feature = "client")]
impl FieldError {
    pub(crate) fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            message: message.into(),
        }
    }
}

impl Error {
    /// Returns the kind of the error.
    pub fn kind(&self) -> ErrorKind {
        self.inner.kind
    }

    /// Returns the HTTP status of the response, or `None` if there was no response.
    pub fn status(&self) -> Option<u16> {
        self.inner.status
    }

    /// Returns the number of attempts of the call: the first one, and its retries. 0 if there was none, such as for an
    /// invalid request.
    pub fn attempts(&self) -> u32 {
        self.inner.attempts
    }

    /// Returns the invalid fields of the request.
    pub fn field_errors(&self) -> &[FieldError] {
        &self.inner.field_errors
    }

    /// Returns the delay from the `Retry-After` header of the response.
    pub fn retry_after(&self) -> Option<Duration> {
        self.inner.retry_after
    }

    /// Returns the HTTP status for the application's own response if it failed because of this error.
    ///
    /// | error | status |
    /// |---|---|
    /// | headers or body of a webhook delivery | 400 |
    /// | signature or timestamp of a webhook delivery | 401 |
    /// | configuration, invalid request, wrong type for the object of an event | 500 |
    /// | Kelviq is busy: status 429 or 503 | 503 |
    /// | no response in time | 504 |
    /// | any other error of a call | 502 |
    ///
    /// ```
    /// use kelviq_core::WebhookSecret;
    ///
    /// let error = WebhookSecret::new("").unwrap_err();
    /// assert_eq!(error.response_status(), 500);
    /// assert!(!error.is_retryable());
    /// ```
    pub fn response_status(&self) -> u16 {
        match (self.kind(), self.status()) {
            (ErrorKind::WebhookHeaders | ErrorKind::WebhookPayload, _) => 400,
            (ErrorKind::WebhookSignature | ErrorKind::WebhookTimestamp, _) => 401,
            (ErrorKind::Configuration | ErrorKind::InvalidRequest | ErrorKind::EventObject, _) => {
                500
            }
            (ErrorKind::Timeout, _) | (_, Some(504)) => 504,
            (_, Some(429 | 503)) => 503,
            _ => 502,
        }
    }

    /// Returns `true` if the same call can succeed later: the connection failed, the response was not received, or Kelviq
    /// returned 408, 429, 500, 502, 503 or 504.
    ///
    /// After a timeout or a lost connection, Kelviq may have processed the request already. Creating another checkout session
    /// is safe, because nobody received the URL of the first one.
    pub fn is_retryable(&self) -> bool {
        match self.kind() {
            ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::Transport => true,
            ErrorKind::Api => matches!(self.status(), Some(408 | 429 | 500 | 502..=504)),
            _ => false,
        }
    }

    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            inner: Box::new(Inner {
                kind,
                message: message.into(),
                status: None,
                attempts: 0,
                field_errors: Vec::new(),
                retry_after: None,
                source: None,
            }),
        }
    }

    pub(crate) fn configuration(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Configuration, message)
    }
}

#[cfg(feature = "client")]
impl Error {
    pub(crate) fn with_status(mut self, status: u16) -> Self {
        self.inner.status = Some(status);
        self
    }

    pub(crate) fn with_attempts(mut self, attempts: u32) -> Self {
        self.inner.attempts = attempts;
        self
    }

    pub(crate) fn with_field_errors(mut self, field_errors: Vec<FieldError>) -> Self {
        self.inner.field_errors = field_errors;
        self
    }

    pub(crate) fn with_retry_after(mut self, retry_after: Option<Duration>) -> Self {
        self.inner.retry_after = retry_after;
        self
    }

    pub(crate) fn with_source(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.inner.source = Some(Box::new(source));
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.inner.message)?;
        for (index, error) in self.inner.field_errors.iter().enumerate() {
            f.write_str(if index == 0 { ": " } else { "; " })?;
            write!(f, "{}: {}", error.field, error.message)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Error");
        debug.field("kind", &self.inner.kind);
        debug.field("message", &self.inner.message);
        if let Some(status) = self.inner.status {
            debug.field("status", &status);
        }
        if self.inner.attempts > 0 {
            debug.field("attempts", &self.inner.attempts);
        }
        if !self.inner.field_errors.is_empty() {
            debug.field("field_errors", &self.inner.field_errors);
        }
        if let Some(retry_after) = self.inner.retry_after {
            debug.field("retry_after", &retry_after);
        }
        if let Some(source) = &self.inner.source {
            debug.field("source", source);
        }
        debug.finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.inner.source.as_deref().map(|source| source as _)
    }
}
