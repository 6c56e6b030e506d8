//! The extractor for the page that a buyer returns to from the checkout.

use std::time::Duration;

use axum::{
    extract::{FromRef, FromRequestParts},
    http::request::Parts,
};
use kelviq_core::{CheckoutProblem, SessionStatus};
use tracing::Instrument;

use crate::{
    reference::Reference,
    rejection::{Operation, Rejection},
    request::{form::query_fields, response_format::ResponseFormat},
    sessions::checkout_state::CheckoutState,
    shop::Shop,
};

/// An extractor for the success page: the checkout's reference from `?reference=…`, and the state of the checkout.
///
/// It requires a state with a [`Shop`].
///
/// The state is fetched from Kelviq, because buyers can open the success page without paying. If the application
/// stores its orders, look up the order by the reference first. Without a [store](Shop::store), the state is unknown for
/// checkouts of other replicas and from before a restart.
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
///
/// # Rejections
///
/// Rejects a request with a [`Rejection`]:
///
/// - 400 ([`MissingReference`](CheckoutProblem::MissingReference)) if the query string has no valid reference.
///
/// A failed request to Kelviq is not a rejection: the state is then [`Pending`](CheckoutState::Pending).
///
/// ```
/// use axum::response::{IntoResponse, Redirect, Response};
/// use kelviq_axum::{CheckoutReturn, Rejection};
///
/// async fn thanks(checkout: Result<CheckoutReturn, Rejection>) -> Response {
///     match checkout {
///         Ok(checkout) => format!("Your reference is {}.", checkout.reference).into_response(),
///         Err(_) => Redirect::to("/orders").into_response(),
///     }
/// }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CheckoutReturn {
    /// The checkout's reference.
    pub reference: Reference,
    /// The state of the checkout.
    pub state: CheckoutState,
}

/// Maximum time to wait for the state. The success page loads itself again, so each load must be short.
const STATE_TIMEOUT: Duration = Duration::from_secs(3);

async fn state(shop: Shop, reference: Reference) -> CheckoutState {
    let session_id = match shop.sessions().session_id(&reference).await {
        Ok(Some(session_id)) => session_id,
        Ok(None) => return CheckoutState::Unknown,
        Err(error) => {
            let error = &*error as &dyn std::error::Error;
            tracing::warn!(%reference, error, "the session of a checkout could not be read from the store");
            return CheckoutState::Pending;
        }
    };
    // Spawned so that a cancelled request still fills the cache.
    let state = async move {
        let fetch = fetch_state(&shop, &reference, &session_id);
        shop.sessions().state(&reference, fetch).await
    };
    let state = tokio::spawn(state.in_current_span()).await;
    state.unwrap_or(CheckoutState::Pending)
}

async fn fetch_state(shop: &Shop, reference: &Reference, session_id: &str) -> CheckoutState {
    let session = shop.kelviq().retrieve_checkout_session(session_id);
    match tokio::time::timeout(STATE_TIMEOUT, session).await {
        Ok(Ok(session)) if session.is_paid() => {
            shop.session_ended(session_id).await;
            CheckoutState::Paid(Box::new(session))
        }
        Ok(Ok(session)) => match session.status {
            Some(SessionStatus::Closed | SessionStatus::Expired) => {
                shop.session_ended(session_id).await;
                CheckoutState::Closed
            }
            _ => CheckoutState::Pending,
        },
        Ok(Err(error)) if error.status() == Some(404) => {
            tracing::error!(%reference, session_id, "Kelviq returned 404 for a session that it created");
            shop.session_ended(session_id).await;
            CheckoutState::Unknown
        }
        Ok(Err(error)) => {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(%reference, session_id, error, "the state of a checkout session was not fetched");
            CheckoutState::Pending
        }
        Err(_) => {
            tracing::warn!(%reference, session_id, "timeout while fetching the state of a checkout session");
            CheckoutState::Pending
        }
    }
}

impl<S> FromRequestParts<S> for CheckoutReturn
where
    Shop: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Rejection> {
        let shop = Shop::from_ref(state);
        let reference = query_fields(&parts.uri)
            .into_iter()
            .filter(|(name, _)| name == Reference::PARAMETER)
            .filter_map(|(_, text)| text.parse::<Reference>().ok())
            .next_back();
        let reference = reference.ok_or_else(|| {
            let format = ResponseFormat::of(parts);
            let problem = CheckoutProblem::MissingReference;
            tracing::info!(
                path = parts.uri.path(),
                problem = problem.code(),
                "rejected a request for the return page: the query string has no valid reference"
            );
            Rejection::new(Operation::Return, problem, format, shop.public_path())
        })?;
        Ok(Self {
            state: self::state(shop, reference.clone()).await,
            reference,
        })
    }
}
