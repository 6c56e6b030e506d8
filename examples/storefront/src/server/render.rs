//! Rendering pages.

use std::{pin::Pin, sync::Arc};

use axum::{
    extract::Request,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use futures_util::{
    StreamExt,
    stream::{Stream, once},
};
use kelviq_axum::Shop;
use leptos::prelude::*;
use leptos_axum::handle_response_inner;

use super::{document::document, headers, method_not_allowed::method_not_allowed, site::Site};
use crate::{account::RejectedForm, hydration::Hydration, pages::app::App, test_mode::TestMode};

/// Renders pages to responses.
#[derive(Clone)]
pub(super) struct Renderer {
    test_mode: TestMode,
    checkout_sources: Arc<str>,
    site: Option<Site>,
}

type HtmlStream = Pin<Box<dyn Stream<Item = String> + Send>>;
type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

impl Renderer {
    pub(super) fn new(shop: &Shop, site: Option<Site>) -> Self {
        Self {
            test_mode: TestMode(shop.kelviq().is_loopback()),
            checkout_sources: shop.form_action_sources().into(),
            site,
        }
    }

    /// Renders the page at the request's path. The page is hydrated if there is a site.
    pub(super) fn page(&self, request: Request) -> BoxFuture<Response> {
        let site = self.site.clone();
        self.render(request, site, || {}, || view! { <App/> }.into_any())
    }

    /// Renders the account page with a rejected form.
    pub(super) fn account_page(&self, request: Request, form: RejectedForm) -> BoxFuture<Response> {
        let form = move || provide_context(form.clone());
        let site = self.site.clone();
        self.render(request, site, form, || view! { <App/> }.into_any())
    }

    /// Renders the page for unsupported methods. It is not hydrated, because the router would replace it with the page at
    /// the path.
    pub(super) async fn method_not_allowed(self, request: Request) -> Response {
        let page = self
            .render(request, None, || {}, || method_not_allowed().into_any())
            .await;
        (StatusCode::METHOD_NOT_ALLOWED, page).into_response()
    }

    /// Renders a page without streaming, because inserting late content needs a script.
    fn render(
        &self,
        request: Request,
        site: Option<Site>,
        provide_more: impl Fn() + Clone + Send + 'static,
        content: fn() -> AnyView,
    ) -> BoxFuture<Response> {
        let html = if site.is_some() {
            with_hydration_data
        } else {
            without_scripts
        };
        let options = site.as_ref().map(Site::options);
        let view = move || document(options, content()).into_any();
        let (test_mode, checkout_sources) = (self.test_mode, Arc::clone(&self.checkout_sources));
        let provide = move || {
            provide_context(test_mode);
            provide_context(Hydration(site.is_some()));
            provide_more();
            headers::set_policy(&checkout_sources, site.as_ref());
        };
        handle_response_inner(provide, view, request, html)
    }
}

/// Renders the page without scripts.
fn without_scripts(
    page: AnyView,
    _: Box<dyn FnOnce() -> HtmlStream + Send>,
    _: bool,
) -> BoxFuture<HtmlStream> {
    Box::pin(async {
        let html = render_to_string(page).await;
        once(async { html }).boxed()
    })
}

/// Renders the page, followed by the serialized resources that hydration needs.
fn with_hydration_data(
    page: AnyView,
    data: Box<dyn FnOnce() -> HtmlStream + Send>,
    _: bool,
) -> BoxFuture<HtmlStream> {
    Box::pin(async {
        let html = render_to_string(page).await;
        once(async { html }).chain(data()).boxed()
    })
}

async fn render_to_string(page: AnyView) -> String {
    page.to_html_stream_in_order().collect().await
}
