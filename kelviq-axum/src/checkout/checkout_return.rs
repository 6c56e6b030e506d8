//! The extractor for the page that a buyer returns to from the checkout.

use axum::{
    extract::{FromRef, FromRequestParts},
    http::request::Parts,
};
use kelviq_core::CheckoutProblem;

use crate::{
    reference::Reference,
    rejection::{Operation, Rejection},
    request::{form::query_fields, response_format::ResponseFormat},
    sessions::checkout_state::CheckoutState,
    shop::Shop,
};

/// An extractor for the pages that buyers return to, with or without having paid: the checkout's reference from
/// `?reference=…`, and on demand the state of the checkout.
///
/// It requires a state with a [`Shop`].
///
/// ```
/// use kelviq_axum::{CheckoutReturn, CheckoutState};
///
/// async fn thanks(checkout: CheckoutReturn) -> &'static str {
///     match checkout.state().await {
///         CheckoutState::Paid(_) => "Thank you! Your order is on its way.",
///         CheckoutState::Pending => "We are confirming your payment.", // and load the page again
///         CheckoutState::Closed => "Nothing was paid.",
///         _ => "We are looking for your order.",
///     }
/// }
/// ```
///
/// Extracting sends no request to Kelviq. An application that stores its orders first looks up the order by the reference:
///
/// ```
/// use axum::{Router, extract::{FromRef, State}, routing::get};
/// use kelviq_axum::{CheckoutReturn, CheckoutState, Reference, Shop};
///
/// #[derive(Clone, FromRef)]
/// struct App {
///     shop: Shop,
///     orders: Orders,
/// }
///
/// # #[derive(Clone)] struct Orders;
/// # impl Orders { async fn find(&self, _: &Reference) -> Option<String> { None } }
/// async fn thanks(State(orders): State<Orders>, checkout: CheckoutReturn) -> String {
///     if let Some(order) = orders.find(checkout.reference()).await {
///         return format!("Thank you! Your order is {order}."); // the webhook has arrived
///     }
///     match checkout.state().await {
///         CheckoutState::Closed => "Nothing was paid.".into(),
///         _ => "We are confirming your payment.".into(),
///     }
/// }
///
/// let app: Router<App> = Router::new().route("/thanks", get(thanks));
/// ```
///
/// # Rejections
///
/// Rejects a request with a [`Rejection`]:
///
/// - 400 ([`MissingReference`](CheckoutProblem::MissingReference)) if the query string has no valid reference.
///
/// ```
/// use axum::response::{IntoResponse, Redirect, Response};
/// use kelviq_axum::{CheckoutReturn, Rejection};
///
/// async fn thanks(checkout: Result<CheckoutReturn, Rejection>) -> Response {
///     match checkout {
///         Ok(checkout) => format!("Your reference is {}.", checkout.reference()).into_response(),
///         Err(_) => Redirect::to("/orders").into_response(),
///     }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct CheckoutReturn {
    reference: Reference,
    shop: Shop,
}

impl CheckoutReturn {
    /// Returns the checkout's reference.
    ///
    /// Anyone can open the page with any reference, so it does not prove that the checkout exists or was paid.
    pub fn reference(&self) -> &Reference {
        &self.reference
    }

    /// Fetches the state of the checkout from Kelviq, because buyers can open the success page without paying.
    ///
    /// A failed request to Kelviq is not an error: the state is then [`Pending`](CheckoutState::Pending). Without a
    /// [store](Shop::store), the state is [`Unknown`](CheckoutState::Unknown) for checkouts of other replicas and from before
    /// a restart. See [`Shop::checkout_state`].
    pub async fn state(&self) -> CheckoutState {
        self.shop.checkout_state(&self.reference).await
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
        Ok(Self { reference, shop })
    }
}
