//! The one error of this crate.

use std::{error::Error as StdError, fmt, time::Duration};

/// Why something did not work: [`kind`](Self::kind) to act on, `Display` for the log.
///
/// `Display` and `Debug` never hold a key, a secret, a webhook's body or a URL's query. They may hold the sentence that
/// Kelviq answered with, so show buyers a sentence of your own.
///
/// ```
/// use kelviq_core::{ErrorKind, WebhookSecret};
///
/// // An API key in the place of the webhook secret.
/// if let Err(error) = WebhookSecret::new("server-4Zc1") {
///     assert_eq!(error.kind(), ErrorKind::Configuration);
///     eprintln!("{error}"); // names KELVIQ_WEBHOOK_SECRET, not its value
/// }
/// ```
pub struct Error {
    inner: Box<Inner>,
}

struct Inner {
    kind: ErrorKind,
    message: String,
    status: Option<u16>,
    field_errors: Vec<FieldError>,
    retry_after: Option<Duration>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What kind of thing went wrong.
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
///         // A session may exist, but nobody has its URL: a second one charges nobody twice.
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
    /// A key, a secret, an address or an environment variable is missing or malformed.
    Configuration,
    /// A field of the request does not hold; nothing was sent. See [`Error::field_errors`].
    InvalidRequest,
    /// No connection was made, so nothing was sent.
    Connect,
    /// No answer within the timeout. Kelviq may have acted on the request all the same.
    Timeout,
    /// The connection broke before the answer was complete. Kelviq may have acted on the request all the same.
    Transport,
    /// Kelviq answered with an error status. See [`Error::status`] and [`Error::field_errors`].
    Api,
    /// Something answered, but not as Kelviq does: a redirect, HTML, a session without a usable URL.
    UnexpectedResponse,
    /// A webhook's headers are missing or malformed.
    WebhookHeaders,
    /// No signature of a webhook matches.
    WebhookSignature,
    /// A webhook's timestamp is outside the tolerance.
    WebhookTimestamp,
    /// A webhook's signature holds, but its body is not an event.
    WebhookPayload,
}

/// One field that does not hold, by its name in the API's JSON.
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
    /// The JSON name, e.g. `successUrl` or `features[0].quantity`.
    pub field: String,
    /// What is expected (found before sending), or Kelviq's own sentence.
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
    /// What kind of thing went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.inner.kind
    }

    /// The HTTP status that Kelviq answered with, if it answered.
    pub fn status(&self) -> Option<u16> {
        self.inner.status
    }

    /// The fields that do not hold.
    pub fn field_errors(&self) -> &[FieldError] {
        &self.inner.field_errors
    }

    /// How long Kelviq asked to wait (`Retry-After`).
    pub fn retry_after(&self) -> Option<Duration> {
        self.inner.retry_after
    }

    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            inner: Box::new(Inner {
                kind,
                message: message.into(),
                status: None,
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
