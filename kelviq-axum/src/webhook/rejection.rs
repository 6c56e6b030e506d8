//! The rejections of the webhook extractors.

use std::{error::Error, fmt, sync::Arc};

use axum::{
    http::StatusCode,
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
    status: StatusCode,
    message: &'static str,
    source: Option<Arc<kelviq_core::Error>>,
}

impl WebhookRejection {
    pub(super) fn new(status: StatusCode, message: &'static str) -> Self {
        Self {
            status,
            message,
            source: None,
        }
    }

    pub(super) fn with_source(mut self, error: kelviq_core::Error) -> Self {
        self.source = Some(Arc::new(error));
        self
    }

    /// Returns the response's status, which [`Webhook`](crate::Webhook#rejections) lists by cause.
    pub fn status(&self) -> StatusCode {
        self.status
    }
}

impl IntoResponse for WebhookRejection {
    fn into_response(self) -> Response {
        let mut response = (self.status, self.message).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl fmt::Display for WebhookRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message)
    }
}

impl Error for WebhookRejection {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|error| error as _)
    }
}

/// The rejection of [`Event`](crate::Event) in a handler that was not passed to [`webhook`](crate::webhook).
///
/// The response has no body. The reason is in the log. The response's extensions contain a clone of the rejection.
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
            "`Event` can be extracted only in a handler passed to `kelviq_axum::webhook`; elsewhere, extract `Webhook`",
        )
    }
}

impl Error for EventRejection {}
