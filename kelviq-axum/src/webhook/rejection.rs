//! The rejections of the webhook extractors.

use std::{error::Error, fmt, sync::Arc};

use axum::{
    http::{
        HeaderValue, StatusCode,
        header::{CONNECTION, RETRY_AFTER},
    },
    response::{IntoResponse, Response},
};

/// The rejection of [`Webhook`](crate::Webhook), and the response of [`webhook`](crate::webhook) to a delivery that it
/// rejects.
///
/// The response's body is one of a few fixed messages. The reason and a hint are only in the log, and in
/// [`source`](Error::source). The response's extensions contain a clone of the rejection.
///
/// ```
/// use kelviq_axum::{Webhook, WebhookRejection};
///
/// async fn on_event(delivery: Result<Webhook, WebhookRejection>) -> Result<(), WebhookRejection> {
///     let Webhook(event) = delivery.inspect_err(|rejection| {
///         println!("rejected with {}: {rejection}", rejection.status()); // or count it
///     })?;
///     println!("{}", event.id);
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct WebhookRejection {
    reason: Reason,
    source: Option<Arc<kelviq_core::Error>>,
}

/// Why a delivery is rejected. It selects the status and the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    Headers,
    TooLarge,
    TooSlow,
    Incomplete,
    Busy,
    Signature,
    Timestamp,
    NotAnEvent,
}

impl Reason {
    /// Number of reasons.
    pub(super) const COUNT: usize = Self::NotAnEvent as usize + 1;

    fn status(self) -> StatusCode {
        match self {
            Self::Headers | Self::Incomplete | Self::NotAnEvent => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Signature | Self::Timestamp => StatusCode::UNAUTHORIZED,
        }
    }

    /// Returns the value of a label of metrics.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Headers => "headers",
            Self::TooLarge => "too_large",
            Self::TooSlow => "too_slow",
            Self::Incomplete => "incomplete",
            Self::Busy => "busy",
            Self::Signature => "signature",
            Self::Timestamp => "timestamp",
            Self::NotAnEvent => "not_an_event",
        }
    }

    fn message(self) -> &'static str {
        match self {
            Self::Headers => "a webhook header is missing or malformed",
            Self::TooLarge => "the body is too large",
            Self::TooSlow => "the body did not arrive in time",
            Self::Incomplete => "the body is incomplete",
            Self::Busy => "too many large bodies at once",
            Self::Signature => "the signature does not match",
            Self::Timestamp => "the timestamp is too far from now",
            Self::NotAnEvent => "the body is not an event",
        }
    }

    /// Returns `true` if a part of the body was not read, so that the connection cannot be used again.
    fn ends_connection(self) -> bool {
        matches!(
            self,
            Self::TooLarge | Self::TooSlow | Self::Incomplete | Self::Busy
        )
    }
}

/// `Retry-After` of a delivery whose body does not fit into memory, in seconds. No body takes longer to read.
const BUSY_RETRY_AFTER: HeaderValue = HeaderValue::from_static("10");

impl WebhookRejection {
    pub(super) fn with_source(mut self, error: kelviq_core::Error) -> Self {
        self.source = Some(Arc::new(error));
        self
    }

    pub(super) fn reason(&self) -> Reason {
        self.reason
    }

    /// Returns the response's status, which [`Webhook`](crate::Webhook#rejections) lists by cause.
    pub fn status(&self) -> StatusCode {
        self.reason.status()
    }
}

impl From<Reason> for WebhookRejection {
    fn from(reason: Reason) -> Self {
        Self {
            reason,
            source: None,
        }
    }
}

impl IntoResponse for WebhookRejection {
    fn into_response(self) -> Response {
        let mut response = (self.status(), self.reason.message()).into_response();
        if self.reason.ends_connection() {
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(CONNECTION, close);
        }
        if self.reason == Reason::Busy {
            response.headers_mut().insert(RETRY_AFTER, BUSY_RETRY_AFTER);
        }
        response.extensions_mut().insert(self);
        response
    }
}

impl fmt::Display for WebhookRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason.message())
    }
}

impl Error for WebhookRejection {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|error| error as _)
    }
}

/// The rejection of [`Event`](crate::Event) in a handler that was passed neither to [`webhook`](crate::webhook) nor to
/// [`Webhooks`](crate::Webhooks).
///
/// The response has no body. The fix is in the log. The response's extensions contain a clone of the rejection.
///
/// ```
/// use axum::{extract::FromRequestParts, http::request::Parts};
/// use kelviq_axum::{Event, EventRejection};
///
/// /// The app's id of the customer whom an event is about.
/// struct CustomerId(Option<String>);
///
/// impl<S: Send + Sync> FromRequestParts<S> for CustomerId {
///     type Rejection = EventRejection;
///
///     async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, EventRejection> {
///         let event: Event = Event::from_request_parts(parts, state).await?;
///         Ok(Self(event.data.customer().and_then(|customer| customer.customer_id.clone())))
///     }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct EventRejection;

impl EventRejection {
    /// Returns the response's status: 500.
    pub fn status(&self) -> StatusCode {
        StatusCode::INTERNAL_SERVER_ERROR
    }
}

impl IntoResponse for EventRejection {
    fn into_response(self) -> Response {
        tracing::error!("{self}");
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl fmt::Display for EventRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "`Event` was extracted in a handler that no webhook route calls: replace `post(handler)` with \
             `kelviq_axum::webhook(secret, inbox, handler)` or `Webhooks::route`, or extract `Webhook` instead of `Event`",
        )
    }
}

impl Error for EventRejection {}
