//! Reading and verifying a delivery.

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, StatusCode},
};
use kelviq_core::{CheckoutCompleted, ErrorKind, VerifiedEvent, WebhookHeaders, WebhookVerifier};

use super::{
    rejection::{Reason, WebhookRejection},
    rejection_log::RejectionLog,
};
use crate::{
    body::{drain, read_body_within},
    byte_budget::ByteBudget,
    metrics,
};

/// Maximum size of a body. Events are far smaller.
const MAX_BODY: usize = 1024 * 1024;

/// Reads and verifies deliveries. The deliveries of one route share its limits.
#[derive(Debug, Default)]
pub(super) struct Intake {
    bodies: ByteBudget,
    log: RejectionLog,
}

/// A delivery whose signature is valid.
pub(super) struct Delivery {
    pub(super) event: VerifiedEvent,
    /// The session of a `checkout.completed`, unless its values are of unusual types.
    pub(super) session: Option<Box<CheckoutCompleted>>,
    pub(super) body: Bytes,
}

impl Intake {
    pub(super) const fn new() -> Self {
        Self {
            bodies: ByteBudget::new(),
            log: RejectionLog::new(),
        }
    }

    /// Reads a delivery's body and verifies its signature.
    pub(super) async fn read_and_verify(
        &self,
        verifier: &WebhookVerifier,
        headers: &HeaderMap,
        body: Body,
    ) -> Result<Delivery, WebhookRejection> {
        let result = self.try_read_and_verify(verifier, headers, body).await;
        if let Ok(delivery) = &result {
            metrics::webhook_verified(&delivery.event);
        }
        result.inspect_err(|rejection| {
            metrics::webhook_rejected(rejection.reason().name());
            let id = headers.get(WebhookHeaders::NAMES[0]);
            self.log.log(rejection, id.map(HeaderValue::as_bytes));
        })
    }

    async fn try_read_and_verify(
        &self,
        verifier: &WebhookVerifier,
        headers: &HeaderMap,
        body: Body,
    ) -> Result<Delivery, WebhookRejection> {
        let headers = WebhookHeaders::from_pairs(headers);
        // First, so that the bodies of most forged deliveries are not kept in memory.
        let headers = match verifier.checked(headers) {
            Ok(headers) => headers,
            Err(error) => {
                drain(body);
                return Err(rejection(error));
            }
        };
        let (body, reservation) = read_body_within(body, MAX_BODY, &self.bodies)
            .await
            .map_err(|status| {
                WebhookRejection::from(match status {
                    StatusCode::PAYLOAD_TOO_LARGE => Reason::TooLarge,
                    StatusCode::REQUEST_TIMEOUT => Reason::TooSlow,
                    StatusCode::SERVICE_UNAVAILABLE => Reason::Busy,
                    _ => Reason::Incomplete,
                })
            })?;
        let (event, session) = verifier.verify_checked(headers, &body).map_err(rejection)?;
        drop(reservation);
        Ok(Delivery {
            event,
            session,
            body,
        })
    }
}

fn rejection(error: kelviq_core::Error) -> WebhookRejection {
    let reason = match error.kind() {
        ErrorKind::WebhookSignature => Reason::Signature,
        ErrorKind::WebhookTimestamp => Reason::Timestamp,
        ErrorKind::WebhookHeaders => Reason::Headers,
        _ => Reason::NotAnEvent,
    };
    WebhookRejection::from(reason).with_source(error)
}
