//! The one layer.

use std::{
    fmt,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError, Weak},
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{HttpBody, to_bytes},
    extract::{FromRequestParts, Request},
    http::{
        HeaderValue, StatusCode,
        header::{ACCEPT, ACCEPT_ENCODING, CACHE_CONTROL},
    },
    response::{IntoResponse, Response},
};
use kelviq_axum::{Buyer, Offers};
use leptos::server_fn::{ServerFn, error::FromServerFnError};
use tokio::time::timeout;
use tower::{Layer, Service};

use super::{
    plain::PlainForm,
    seller::{OffersAndState, Seller},
    visits::Visits,
};
use crate::{
    CheckoutError, CheckoutProblem, checkout_button::SellOffer, portal_button::OpenPortal,
};

/// What the components need on the server: one layer around the Leptos routes, for the pages that are rendered and for the
/// server functions alike.
///
/// ```
/// use axum::{Router, routing::post};
/// use kelviq_axum::Offers;
/// use kelviq_leptos::CheckoutLayer;
///
/// fn app(offers: Offers) -> Router {
///     Router::new()
///         // .leptos_routes(…) brings the server functions' route; an application without it has one of its own:
///         .route("/api/{*server_fn}", post(leptos_axum::handle_server_fns))
///         .layer(CheckoutLayer::new(offers))
/// }
/// ```
///
/// The offers and the buyer are those of `kelviq_axum::routes`. A buyer whose extractor needs the application's state comes
/// [with it](Self::with_state).
///
/// It takes the addresses of pages as they reach it: it stands outside of a `nest`, and a proxy in front does not strip a
/// prefix.
///
/// A form that a browser sends without JavaScript is answered by the layer with 303: to the checkout, or back to the page
/// of the form, which then shows the error beside it.
#[derive(Clone)]
pub struct CheckoutLayer {
    seller: Arc<dyn Seller>,
    visits: Visits,
}

impl CheckoutLayer {
    /// A layer for these offers.
    pub fn new<B>(offers: Offers<B>) -> Self
    where
        B: Buyer + FromRequestParts<()>,
    {
        Self::with_state(offers, ())
    }

    /// A layer for offers whose buyer is extracted with the application's state.
    ///
    /// ```
    /// # use axum::{Router, extract::{FromRef, FromRequestParts, State}, http::request::Parts, response::Redirect};
    /// # use kelviq_axum::{Buyer, Offers};
    /// # use kelviq_leptos::CheckoutLayer;
    /// #[derive(Clone)]
    /// struct App { /* … */ }
    ///
    /// struct CurrentUser { /* … */ }
    /// # impl FromRequestParts<App> for CurrentUser {
    /// #     type Rejection = Redirect;
    /// #     async fn from_request_parts(_: &mut Parts, _: &App) -> Result<Self, Redirect> { Ok(Self {}) }
    /// # }
    /// # impl Buyer for CurrentUser { fn customer_id(&self) -> Option<&str> { None } }
    ///
    /// fn app(state: App, offers: Offers<CurrentUser>) -> Router {
    ///     Router::new()
    ///         // the routes
    ///         .layer(CheckoutLayer::with_state(offers, state.clone()))
    ///         .with_state(state)
    /// }
    /// ```
    pub fn with_state<B, S>(offers: Offers<B>, state: S) -> Self
    where
        B: Buyer + FromRequestParts<S>,
        S: Send + Sync + 'static,
    {
        Self {
            seller: Arc::new(OffersAndState { offers, state }),
            visits: Visits::default(),
        }
    }
}

impl fmt::Debug for CheckoutLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CheckoutLayer").finish_non_exhaustive()
    }
}

/// What the layer gives to each request.
#[derive(Clone)]
pub(super) struct Provided {
    pub(super) seller: Arc<dyn Seller>,
    pub(super) visits: Visits,
    /// The form, if the browser sent it without JavaScript.
    pub(super) plain: Option<PlainForm>,
    /// Where the buyer is sent: the last that was decided counts.
    pub(super) target: Arc<Mutex<Option<HeaderValue>>>,
    /// Gone once the request is answered, or given up by the caller.
    pub(super) visitor: Weak<()>,
}

impl fmt::Debug for Provided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A target can hold a key to the customer's account.
        f.debug_struct("Provided").finish_non_exhaustive()
    }
}

impl<S> Layer<S> for CheckoutLayer {
    type Service = CheckoutService<S>;

    fn layer(&self, inner: S) -> CheckoutService<S> {
        CheckoutService {
            inner,
            layer: self.clone(),
        }
    }
}

/// What [`CheckoutLayer`] makes of a service.
#[derive(Clone, Debug)]
pub struct CheckoutService<S> {
    inner: S,
    layer: CheckoutLayer,
}

impl<S> Service<Request> for CheckoutService<S>
where
    S: Service<Request, Response = Response, Future: Send> + Clone + Send + 'static,
{
    type Response = Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        // The clone is not ready, the service that was asked is.
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        if request.extensions().get::<Provided>().is_some() {
            // The same layer further out has done it.
            return Box::pin(inner.call(request));
        }
        let visitor = Arc::new(());
        let provided = Provided {
            seller: Arc::clone(&self.layer.seller),
            visits: self.layer.visits.clone(),
            plain: PlainForm::of(&request),
            target: Arc::default(),
            visitor: Arc::downgrade(&visitor),
        };
        request.extensions_mut().insert(provided.clone());
        Box::pin(async move {
            let (plain, target) = (provided.plain, provided.target);
            if plain.is_some() {
                // The server function then says what became of it, and the answer to the browser is made here.
                let headers = request.headers_mut();
                headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
                headers.remove(ACCEPT_ENCODING);
            }
            let mut response = match read_form(request).await {
                Ok(request) => inner.call(request).await?,
                Err(problem) => refuse(problem),
            };
            drop(visitor);
            let target = target.lock().unwrap_or_else(PoisonError::into_inner).take();
            if target.is_some() {
                let no_store = HeaderValue::from_static("no-store");
                response.headers_mut().insert(CACHE_CONTROL, no_store);
            }
            Ok(match plain {
                Some(plain) => plain.answer(response, target).await,
                None => response,
            })
        })
    }
}

/// Far more than a checkout form of one offer has.
const MAX_FORM: usize = 16 * 1024;

/// Forms are small: whoever is slower than this does not want to be read.
const PATIENCE: Duration = Duration::from_secs(10);

/// Reads the forms of the library's own server functions, no more and no longer than it takes.
async fn read_form(request: Request) -> Result<Request, CheckoutProblem> {
    let path = request.uri().path();
    if path != SellOffer::PATH && path != OpenPortal::PATH {
        return Ok(request);
    }
    let (parts, body) = request.into_parts();
    if body.size_hint().lower() > MAX_FORM as u64 {
        return Err(CheckoutProblem::BodyTooLarge);
    }
    match timeout(PATIENCE, to_bytes(body, MAX_FORM)).await {
        Ok(Ok(form)) => Ok(Request::from_parts(parts, form.into())),
        Ok(Err(_)) | Err(_) => Err(CheckoutProblem::UnreadableBody),
    }
}

fn refuse(problem: CheckoutProblem) -> Response {
    let status = StatusCode::from_u16(problem.status());
    let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, CheckoutError::from(problem).ser()).into_response()
}
