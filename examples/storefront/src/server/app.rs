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
    visitor,
    webhook::on_event,
};
use crate::pages::App;

/// Where the pages are. Found out once: meanwhile Leptos keeps every page of the whole process from its data, also those
/// that another test has opened.
static PATHS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let listings = generate_route_list(|| App().into_any());
    listings.iter().map(|page| page.path().to_owned()).collect()
});

/// The whole shop: its pages, its checkout and its webhook. Nothing in it needs a script, and none is sent.
///
/// # Errors
///
/// When an offer does not hold.
pub fn app(shop: Shop, webhook_secret: WebhookSecret) -> Result<Router, Box<dyn Error>> {
    app_with_site(shop, webhook_secret, None)
}

/// The same shop, whose pages browsers take over if there is a site to do it with.
///
/// # Errors
///
/// When an offer does not hold.
pub fn app_with_site(
    shop: Shop,
    webhook_secret: WebhookSecret,
    site: Option<Site>,
) -> Result<Router, Box<dyn Error>> {
    let orders = Orders::default();
    let https = shop
        .public_url()
        .is_some_and(|url| url.starts_with("https:"));
    let renderer = Renderer::new(&shop, site.clone());
    let offers = offers(shop)?;

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
        .method_not_allowed_fallback(move |request: Request| renderer.wrong_method(request))
        .layer(CheckoutLayer::new(offers))
        .layer(Extension(orders.clone()))
        // Above this line everybody is a visitor; below it are browsers' and Kelviq's own errands.
        .layer(from_fn(move |request, next| {
            visitor::recognise(https, request, next)
        }))
        .route(
            "/webhooks/kelviq",
            webhook(webhook_secret, MemoryInbox::default(), on_event),
        )
        .merge(assets::routes())
        .merge(site::routes(site))
        .layer(map_response(headers::add_defaults))
        .with_state(orders))
}
