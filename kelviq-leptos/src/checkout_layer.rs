//! The layer around the application's routes.

use std::{
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    body::Body,
    extract::{FromRequestParts, Request},
    http::{
        HeaderValue, Method, StatusCode,
        header::{ACCEPT, ACCEPT_ENCODING, CACHE_CONTROL},
    },
    response::Response,
};
use kelviq_axum::{Buyer, Offers};
use kelviq_core::CheckoutProblem;
use tokio::sync::watch;
use tower::{Layer, Service};

use crate::server::{
    context::{LayerContext, RedirectSlot},
    erased_offers::{ErasedOffers, OffersWithState},
    form_body::{calls_library, read_form_body, reject_call},
    form_numbers::FormNumbers,
    mount::Mount,
    plain_form::PlainForm,
    waiting_buyers::WaitingBuyers,
};

/// A layer that the components need on the server, both to render pages and to handle server functions.
///
/// ```
/// use axum::{Router, routing::post};
/// use kelviq_axum::Offers;
/// use kelviq_leptos::CheckoutLayer;
///
/// fn app(offers: Offers) -> Router {
///     Router::new()
///         // Applications that call .leptos_routes(…) do not need this route:
///         .route("/api/{*server_fn}", post(leptos_axum::handle_server_fns))
///         .layer(CheckoutLayer::new(offers))
/// }
/// ```
///
/// The offers and the buyer are the same as for `kelviq_axum::routes`.
///
/// If a browser submits a component's form without JavaScript, the layer responds with a redirect (303): to the
/// checkout page, or back to the form's page, which shows the error below the button.
///
/// Responses with the URL of a checkout, of a customer portal or of a sign-in page have `Cache-Control: no-store`, even
/// if the server function sets another value.
///
/// # The buyer's extractor
///
/// If the extractor needs the application's state, use [`with_state`](Self::with_state).
///
/// The extractor can redirect the buyer to sign in, also if a script sent the request. `kelviq_axum::SignIn` does this.
/// An extractor that responds either with a redirect or with JSON must choose by `kelviq_axum::ResponseFormat::of`, not
/// by the `Accept` header. The layer and the components send `Accept: application/json` to the server function, but only
/// a redirect can be passed on to the browser:
///
/// ```
/// use axum::{
///     extract::FromRequestParts,
///     http::{StatusCode, request::Parts},
///     response::{IntoResponse, Redirect, Response},
/// };
/// use kelviq_axum::ResponseFormat;
///
/// struct CurrentUser;
///
/// impl<S: Send + Sync> FromRequestParts<S> for CurrentUser {
///     type Rejection = Response;
///
///     async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
///         // A real application looks up the session first.
///         Err(match ResponseFormat::of(parts) {
///             ResponseFormat::Json => StatusCode::UNAUTHORIZED.into_response(),
///             _ => Redirect::to("/sign-in").into_response(),
///         })
///     }
/// }
/// ```
///
/// # Pages of another origin
///
/// With `Shop::allow_origin`, scripts of that origin can call the server functions too. Add the layer of `Shop::cors` outside of
/// this layer: `.layer(CheckoutLayer::new(offers)).layer(cors)`. Around a whole application, it lets these scripts read every page
/// and call every server function as the signed-in buyer. To permit the checkout only, give them `kelviq_axum::routes` with the
/// CORS layer around these routes instead.
///
/// # Path prefixes
///
/// The forms post to the router with the layer, so add it to the router that has the route of the server functions, inside
/// of `Router::nest`:
///
/// ```
/// # use axum::{Router, routing::post};
/// # use kelviq_axum::Offers;
/// # use kelviq_leptos::CheckoutLayer;
/// fn app(offers: Offers) -> Router {
///     let shop = Router::new()
///         // the pages, and
///         .route("/api/{*server_fn}", post(leptos_axum::handle_server_fns))
///         .layer(CheckoutLayer::new(offers));
///     Router::new().nest("/shop", shop) // the forms post to /shop/api/…
/// }
/// ```
///
/// If a reverse proxy strips a prefix, give the shop its public URL with the prefix, such as `https://example.com/shop`
/// (`PUBLIC_URL`): the forms then post below it, and their errors are shown on pages below it. The paths of redirects that
/// the application sets itself, such as that of its sign-in page, need the prefix.
///
/// In both cases, the browser's scripts need the prefix too, for every server function of the application. Call
/// `leptos::server_fn::client::set_server_url("/shop")` before hydration.
///
/// An application that serves its pages below a base path itself, with `<Router base="/shop">`, needs nothing. If its
/// server functions are also below the base path, build it with `SERVER_FN_PREFIX=/shop/api`.
#[derive(Clone)]
pub struct CheckoutLayer {
    offers: Arc<dyn ErasedOffers>,
    waiting_buyers: WaitingBuyers,
}

impl CheckoutLayer {
    /// Creates a layer for offers whose buyer is extracted without state.
    pub fn new<B>(offers: Offers<B>) -> Self
    where
        B: Buyer + FromRequestParts<()>,
    {
        Self::with_state(offers, ())
    }

    /// Creates a layer for offers whose buyer is extracted with the application's state.
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
    /// # impl Buyer for CurrentUser { fn customer(&self) -> Option<kelviq_core::CustomerProfile> { None } }
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
            offers: Arc::new(OffersWithState { offers, state }),
            waiting_buyers: WaitingBuyers::default(),
        }
    }
}

impl fmt::Debug for CheckoutLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CheckoutLayer").finish_non_exhaustive()
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

/// The service of [`CheckoutLayer`].
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
    type Future = CheckoutFuture<S::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> CheckoutFuture<S::Error> {
        // `poll_ready` was called on `self.inner`, not on the clone. Call `self.inner`, and keep the clone for the next
        // request.
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        if let Some(outer) = request.extensions().get::<LayerContext>() {
            // Another CheckoutLayer further out handles the request.
            if !Arc::ptr_eq(&outer.offers, &self.layer.offers) {
                tracing::error!(
                    path = request.uri().path(),
                    "a request passes two different CheckoutLayers, and the inner one is ignored; remove one of them"
                );
            }
            return CheckoutFuture(Box::pin(inner.call(request)));
        }
        let (mut parts, body) = request.into_parts();
        let (connection, client) = watch::channel(());
        let mount = Mount::of(&parts, self.layer.offers.shop());
        let plain_form = PlainForm::from_parts(&parts, &mount);
        let redirect = RedirectSlot::default();
        parts.extensions.insert(LayerContext {
            offers: Arc::clone(&self.layer.offers),
            waiting_buyers: self.layer.waiting_buyers.clone(),
            plain_form: plain_form.clone(),
            redirect: redirect.clone(),
            mount,
            form_numbers: FormNumbers::default(),
            client,
        });
        if plain_form.is_some() {
            // The server function then responds with its result instead of a redirect to the referrer.
            let json = HeaderValue::from_static("application/json");
            parts.headers.insert(ACCEPT, json);
            parts.headers.remove(ACCEPT_ENCODING);
        }
        CheckoutFuture(Box::pin(async move {
            // The application limits the request bodies of its own server functions.
            let mut response = if !calls_library(&parts) {
                inner.call(Request::from_parts(parts, body)).await?
            } else if parts.method != Method::POST {
                let rejection = reject_call(CheckoutProblem::MethodNotAllowed);
                let response = inner.call(Request::from_parts(parts, body)).await?;
                // The application can have a page for this.
                let is_page = response.status() == StatusCode::METHOD_NOT_ALLOWED;
                if is_page { response } else { rejection }
            } else {
                match read_form_body(&mut parts, body).await {
                    Ok(body) => {
                        inner
                            .call(Request::from_parts(parts, Body::from(body)))
                            .await?
                    }
                    Err(problem) => reject_call(problem),
                }
            };
            drop(connection);
            let redirect = redirect.take();
            if redirect.is_some() {
                // The URL is the buyer's own. Replaces a header that the server function has set.
                let no_store = HeaderValue::from_static("no-store");
                response.headers_mut().insert(CACHE_CONTROL, no_store);
            }
            Ok(match plain_form {
                Some(form) => form.respond(response, redirect).await,
                None => response,
            })
        }))
    }
}

/// The response future of [`CheckoutService`].
pub struct CheckoutFuture<E>(Pin<Box<dyn Future<Output = Result<Response, E>> + Send>>);

impl<E> Future for CheckoutFuture<E> {
    type Output = Result<Response, E>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(context)
    }
}

impl<E> fmt::Debug for CheckoutFuture<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CheckoutFuture").finish_non_exhaustive()
    }
}
