//! The router.

use std::{error::Error, fmt, sync::LazyLock};

use axum::{
    Extension, Router,
    extract::Request,
    middleware::{from_fn, map_response},
    routing::{MethodRouter, get, post},
};
use futures_util::{FutureExt, future::BoxFuture};
use kelviq_axum::{Shop, Webhooks};
use kelviq_core::WebhookSecret;
use kelviq_leptos::CheckoutLayer;
use leptos::prelude::IntoAny;
use leptos_axum::{generate_route_list, handle_server_fns};

use super::{
    account_form,
    accounts::Accounts,
    assets,
    database::{Database, with_store},
    headers,
    offers::offers,
    orders::Orders,
    render::Renderer,
    serve::Shutdown,
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

/// What the program runs.
pub struct Server {
    /// The pages, the checkout and the webhook.
    pub router: Router,
    /// A task beside the server. It handles the events again whose handler failed, and fetches those that Kelviq could not
    /// deliver.
    pub webhooks: Box<dyn FnOnce(Shutdown) -> BoxFuture<'static, ()> + Send>,
}

/// Creates the shop.
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
    database: Database,
) -> Result<Server, Box<dyn Error>> {
    let orders = Orders(database.clone());
    let accounts = Accounts(database.clone());
    with_store!(database, store => {
        let shop = shop.store(store.clone());
        let webhooks = Webhooks::new(webhook_secret, store, orders.clone(), on_event)
            .reconcile_with(shop.kelviq().clone())
            .shop(shop.clone());
        Ok(Server {
            router: router(shop, orders, accounts, webhooks.route(), site)?,
            webhooks: Box::new(|shutdown| webhooks.run(shutdown).boxed()),
        })
    })
}

fn router(
    shop: Shop,
    orders: Orders,
    accounts: Accounts,
    webhook: MethodRouter,
    site: Option<Site>,
) -> Result<Router, Box<dyn Error>> {
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
        .merge(account_form::route(renderer.clone()))
        .fallback(page)
        .route("/api/{*server_fn}", post(handle_server_fns))
        .method_not_allowed_fallback(move |request: Request| renderer.method_not_allowed(request))
        .layer(CheckoutLayer::new(offers))
        .layer(Extension(orders))
        .layer(Extension(accounts))
        .layer(Extension(shop))
        // Applies to the routes above. The webhook and the static files need no visitor.
        .layer(from_fn(move |request, next| {
            identify_visitor(https, request, next)
        }))
        .route("/webhooks/kelviq", webhook)
        .merge(assets::routes())
        .merge(site::routes(site))
        .layer(map_response(headers::add_defaults)))
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").finish_non_exhaustive()
    }
}
