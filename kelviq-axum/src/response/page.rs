//! The pages that an application can replace.

use axum::{
    http::header::{
        CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, SET_COOKIE, VARY,
    },
    response::{IntoResponse, Response},
};

use super::resume_page::ResumePage;
use crate::{rejection::Rejection, request::response_format::ResponseFormat};

/// A page of this crate, which an application can replace with its own in a middleware.
///
/// The middleware is added to the routes with [`Router::layer`](axum::Router::layer), and replaces the pages of all of them:
/// those of [`routes`](crate::routes), [`portal`](crate::portal) and the application's own handlers. Responses to scripts,
/// which are JSON, and all other responses stay as they are.
///
/// ```
/// use axum::{
///     Router,
///     extract::Request,
///     middleware::{Next, from_fn},
///     response::{Html, Response},
/// };
/// use kelviq_axum::{CheckoutProblem, Page};
///
/// # fn csrf_token(_: &Request) -> String { String::new() }
/// async fn own_pages(request: Request, next: Next) -> Response {
///     let csrf = csrf_token(&request); // the application's own
///     let response = next.run(request).await;
///     let Some(page) = Page::of(&response) else {
///         return response;
///     };
///     let html = match page {
///         Page::Error(rejection) => match rejection.problem() {
///             CheckoutProblem::UnknownOffer => "<h1>Dieses Angebot gibt es nicht mehr</h1>".to_owned(),
///             _ => "<h1>Das hat nicht geklappt</h1><p>Es wurde nichts abgebucht.</p>".to_owned(),
///         },
///         Page::Resume(resume) => {
///             let title = resume.offer_title().unwrap_or("Rechnungen und Abos");
///             let fields = resume.hidden_fields();
///             format!(
///                 r#"<h1>{title}</h1>
///                 <form method="post">{fields}<input type="hidden" name="csrf" value="{csrf}"><button>Weiter</button></form>"#
///             )
///         }
///     };
///     Page::replace(response, Html(html))
/// }
///
/// let app: Router = Router::new().layer(from_fn(own_pages)); // after the routes
/// ```
///
/// A middleware that does not need the request is a function of the [`Response`] alone, added with
/// [`map_response`](axum::middleware::map_response).
#[derive(Clone, Debug)]
pub enum Page {
    /// An error page.
    Error(Rejection),
    /// A page on which a buyer continues after signing in.
    Resume(ResumePage),
}

impl Page {
    /// Returns the page of a response. `None` for JSON, and for any response that is not a page of this crate.
    pub fn of(response: &Response) -> Option<Self> {
        let extensions = response.extensions();
        let rejection = extensions.get::<Rejection>();
        if let Some(rejection) = rejection.filter(|it| it.format() == ResponseFormat::Html) {
            return Some(Self::Error(rejection.clone()));
        }
        extensions.get().cloned().map(Self::Resume)
    }

    /// Replaces a page with the application's own.
    ///
    /// The result has the body and the headers of `own`, such as `Content-Type`, `Content-Security-Policy` and `Set-Cookie`.
    /// It keeps the status of the page, and its headers that `own` does not have, such as `Cache-Control: no-store`,
    /// `Retry-After` and `Allow`, but not its `Content-Security-Policy`. `Set-Cookie` and `Vary` are those of both, because other
    /// layers can have added them.
    pub fn replace(page: Response, own: impl IntoResponse) -> Response {
        let (mut parts, _) = page.into_parts();
        let (mut own, body) = own.into_response().into_parts();
        // The policy of this crate's pages blocks styles and scripts of the application. A layer within the middleware can
        // have compressed the page.
        for name in [
            CONTENT_TYPE,
            CONTENT_LENGTH,
            CONTENT_ENCODING,
            CONTENT_SECURITY_POLICY,
        ] {
            parts.headers.remove(name);
        }
        for name in [SET_COOKIE, VARY] {
            for value in own.headers.get_all(&name) {
                parts.headers.append(&name, value.clone());
            }
            own.headers.remove(name);
        }
        parts.headers.extend(own.headers);
        // A middleware around this one does not replace the page again.
        parts.extensions.remove::<Rejection>();
        parts.extensions.remove::<ResumePage>();
        Response::from_parts(parts, body)
    }
}
