//! The router.

use std::{error::Error, sync::LazyLock};

use axum::{
    Extension, Router,
    extract::Request,
    middleware::{from_fn, map_response},
    routing::{get, post},
};
use kelviq_axum::{MemoryInbox, Shop, webhook};
use kelviq_core::WebhookSecret;
use kelviq_leptos::CheckoutLayer;
use leptos::prelude::IntoAny;
use leptos_axum::{generate_route_list, handle_server_fns};

use super::{
    assets, headers,
    offers::offers,
    orders::Orders,
    render::Renderer,
    site::{self, Site},
    visitor_cookie::identify_visitor,
    webhook::on_event,
};
use crate::pages::app::App;

/// The paths of the pages. Generated once and before any page is rendered: while Leptos generates the list, resources do
/// not load in any page of the process, which includes other tests.
static PATHS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let listings = generate_route_list(|| App().into_any());
    listings.iter().map(|page| page.path().to_owned()).collect()
});

/// Creates the router of the shop: its pages, checkout and webhook.
///
/// If there is a `site`, the pages are hydrated. Otherwise, they contain no scripts.
///
/// # Errors
///
/// Returns an error if an offer is invalid.
pub fn app(
    shop: Shop,
    webhook_secret: WebhookSecret,
    site: Option<Site>,
) -> Result<Router, Box<dyn Error>> {
    let orders = Orders::default();
    let https = shop
        .public_url()
        .is_some_and(|url| url.starts_with("https:"));
    let renderer = Renderer::new(&shop, site.clone());
    let offers = offers(shop.clone())?;

    let page = {
        let renderer = renderer.clone();
        move |request: Request| renderer.page(request)
    };
    let pages = PATHS.iter().fold(Router::new(), |pages, path| {
        pages.route(path, get(page.clone()))
    });

    Ok(pages
        .fallback(page)
        .route("/api/{*server_fn}", post(handle_server_fns))
        .method_not_allowed_fallback(move |request: Request| renderer.method_not_allowed(request))
        .layer(CheckoutLayer::new(offers))
        .layer(Extension(orders.clone()))
        // Applies to the routes above. The webhook and the static files need no visitor.
        .layer(from_fn(move |request, next| {
            identify_visitor(https, request, next)
        }))
        .route(
            "/webhooks/kelviq",
            webhook(webhook_secret, MemoryInbox::default(), on_event),
        )
        .merge(assets::routes())
        .merge(site::routes(site))
        .layer(map_response(headers::add_defaults))
        .with_state((shop, orders)))
}
