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
use leptos_axum::{ResponseOptions, handle_response_inner};

use super::{document::document, headers, site::Site, wrong_method::wrong_method};
use crate::pages::App;

/// What pages are rendered with. Cloning is cheap.
#[derive(Clone)]
pub(super) struct Renderer {
    play_money: PlayMoney,
    checkout_pages: Arc<str>,
    site: Option<Site>,
}

/// Whether a stand-in takes the payments.
#[derive(Clone, Copy)]
struct PlayMoney(bool);

type Html = Pin<Box<dyn Stream<Item = String> + Send>>;
type Eventually<T> = Pin<Box<dyn Future<Output = T> + Send>>;

impl Renderer {
    pub(super) fn new(shop: &Shop, site: Option<Site>) -> Self {
        Self {
            play_money: PlayMoney(shop.kelviq().is_loopback()),
            checkout_pages: shop.form_action_sources().into(),
            site,
        }
    }

    /// The page at the request's address. Browsers take it over where there is a site.
    pub(super) fn page(&self, request: Request) -> Eventually<Response> {
        self.render(request, self.site.clone(), || view! { <App/> }.into_any())
    }

    /// A page in the place of the one at the address, which is why no browser may take it over: it would show that one.
    pub(super) async fn wrong_method(self, request: Request) -> Response {
        let page = self.render(request, None, || wrong_method().into_any());
        let page = page.await;
        (StatusCode::METHOD_NOT_ALLOWED, page).into_response()
    }

    /// Answers once everything in the page is known: what comes late would need a script to be shown.
    fn render(
        &self,
        request: Request,
        site: Option<Site>,
        content: fn() -> AnyView,
    ) -> Eventually<Response> {
        let html = if site.is_some() { with_data } else { alone };
        let options = site.as_ref().map(Site::options);
        let view = move || document(options, content()).into_any();
        let (play_money, checkout_pages) = (self.play_money, Arc::clone(&self.checkout_pages));
        let provide = move || {
            provide_context(play_money);
            headers::set_policy(&checkout_pages, site.as_ref());
        };
        handle_response_inner(provide, view, request, html)
    }
}

/// The page, and no script.
fn alone(page: AnyView, _: Box<dyn FnOnce() -> Html + Send>, _: bool) -> Eventually<Html> {
    Box::pin(async {
        let html = whole(page).await;
        once(async { html }).boxed()
    })
}

/// The page, and with it what the browser needs to know to take it over, in a script that Leptos writes.
fn with_data(page: AnyView, data: Box<dyn FnOnce() -> Html + Send>, _: bool) -> Eventually<Html> {
    Box::pin(async {
        let html = whole(page).await;
        once(async { html }).chain(data()).boxed()
    })
}

async fn whole(page: AnyView) -> String {
    page.to_html_stream_in_order().collect().await
}

/// Whether the page that is being rendered is of a shop where no money moves.
pub(crate) fn is_play_money() -> bool {
    use_context().is_some_and(|PlayMoney(yes)| yes)
}

/// Gives the page that is being rendered a status other than 200.
pub(crate) fn set_status(status: u16) {
    if let (Some(response), Ok(status)) = (use_context(), StatusCode::from_u16(status)) {
        ResponseOptions::set_status(&response, status);
    }
}
