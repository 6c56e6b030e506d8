//! A buyer who comes back from the checkout page.

use std::time::Duration;

use axum::{
    extract::{FromRef, FromRequestParts},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use kelviq_core::{CheckoutSessionDetails, SessionStatus};
use tracing::Instrument;

use crate::{Reference, Shop, checkout::wants_json, error_page::ErrorPage};

/// The checkout that a buyer comes back from, on the success page: its reference, from `?reference=…`, and where it
/// really stands. Works with any state that gives a [`Shop`].
///
/// A visit to the success page proves nothing, so Kelviq is asked. An application that keeps its orders asks its own
/// orders first, by the reference: they also know of checkouts from before a restart, or of another replica.
///
/// ```
/// use kelviq_axum::{CheckoutReturn, CheckoutState};
///
/// async fn thanks(checkout: CheckoutReturn) -> &'static str {
///     match checkout.state {
///         CheckoutState::Paid(_) => "Thank you! Your order is on its way.",
///         CheckoutState::Pending => "We are confirming your payment.", // and load the page again
///         CheckoutState::Closed => "Nothing was paid.",
///         _ => "We are looking for your order.",
///     }
/// }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CheckoutReturn {
    /// The checkout's reference.
    pub reference: Reference,
    /// Where the checkout stands.
    pub state: CheckoutState,
}

/// Where a checkout stands.
///
/// ```
/// use kelviq_axum::CheckoutState;
///
/// fn message(state: &CheckoutState) -> String {
///     match state {
///         CheckoutState::Paid(session) => match session.order.as_ref().and_then(|order| order.id.as_ref()) {
///             Some(order) => format!("Thank you! Your order is {order}."),
///             None => "Thank you!".into(),
///         },
///         CheckoutState::Closed => "Nothing was paid.".into(),
///         CheckoutState::Pending | CheckoutState::Unknown => "We are looking for your payment.".into(),
///         _ => "Please come back later.".into(),
///     }
/// }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum CheckoutState {
    /// Kelviq says that it is paid.
    Paid(Box<CheckoutSessionDetails>),
    /// Not paid so far, or Kelviq did not answer in time: ask again.
    Pending,
    /// It was closed or has expired: it will not be paid any more.
    Closed,
    /// This process did not create it, or has created 100,000 since.
    Unknown,
}

/// A page that loads itself again must not wait for long.
const PATIENCE: Duration = Duration::from_secs(3);

async fn state(shop: Shop, reference: Reference) -> CheckoutState {
    let Some(session_id) = shop.sessions().find(&reference) else {
        return CheckoutState::Unknown;
    };
    // A reload hangs up on the load before it: the question goes on without its caller, for the next to share its answer.
    let question = async move {
        let ask = ask(&shop, &reference, &session_id);
        shop.sessions().state(&reference, ask).await
    };
    let answer = tokio::spawn(question.in_current_span()).await;
    answer.unwrap_or(CheckoutState::Pending)
}

async fn ask(shop: &Shop, reference: &Reference, session_id: &str) -> CheckoutState {
    let retrieve = shop.kelviq().retrieve_checkout_session(session_id);
    match tokio::time::timeout(PATIENCE, retrieve).await {
        Ok(Ok(session)) => match session.status {
            Some(SessionStatus::Success) => CheckoutState::Paid(Box::new(session)),
            Some(SessionStatus::Closed | SessionStatus::Expired) => CheckoutState::Closed,
            _ => CheckoutState::Pending,
        },
        Ok(Err(error)) if error.status() == Some(404) => {
            tracing::error!(%reference, session_id, "Kelviq does not know a session that it created");
            CheckoutState::Unknown
        }
        Ok(Err(error)) => {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(%reference, error, "the session's state is not known");
            CheckoutState::Pending
        }
        Err(_) => {
            tracing::warn!(%reference, "Kelviq did not say the session's state in time");
            CheckoutState::Pending
        }
    }
}

impl<S> FromRequestParts<S> for CheckoutReturn
where
    Shop: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = CheckoutReturnRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let query = parts.uri.query().unwrap_or_default();
        let reference = form_urlencoded::parse(query.as_bytes())
            .filter(|(name, _)| name == Reference::PARAMETER)
            .filter_map(|(_, text)| text.parse::<Reference>().ok())
            .last();
        let reference = reference.ok_or(CheckoutReturnRejection {
            wants_json: wants_json(&parts.headers),
        })?;
        Ok(Self {
            state: self::state(Shop::from_ref(state), reference.clone()).await,
            reference,
        })
    }
}

/// The address has no checkout's reference: 400. The response carries a copy of this in its extensions.
///
/// ```
/// use axum::response::{IntoResponse, Redirect, Response};
/// use kelviq_axum::{CheckoutReturn, CheckoutReturnRejection};
///
/// async fn thanks(checkout: Result<CheckoutReturn, CheckoutReturnRejection>) -> Response {
///     match checkout {
///         Ok(checkout) => format!("Your reference is {}.", checkout.reference).into_response(),
///         Err(_) => Redirect::to("/orders").into_response(),
///     }
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct CheckoutReturnRejection {
    wants_json: bool,
}

impl IntoResponse for CheckoutReturnRejection {
    fn into_response(self) -> Response {
        let mut response = ErrorPage {
            status: StatusCode::BAD_REQUEST,
            code: "no_reference",
            title: "No order here",
            message: "This address belongs to no order. If you have just paid, your order is safe.",
            reference: None,
            retry_after: None,
            wants_json: self.wants_json,
        }
        .into_response();
        response.extensions_mut().insert(self);
        response
    }
}
