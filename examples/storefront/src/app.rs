//! The router.

use std::error::Error;

use axum::{
    Router,
    middleware::{from_fn, map_response},
    routing::get,
};
use kelviq_axum::{MemoryInbox, Shop, routes, webhook};
use kelviq_core::WebhookSecret;
use leptos::prelude::provide_context;
use leptos_axum::{generate_route_list, render_app_async_with_context};

use crate::{
    assets, headers,
    offers::offers,
    orders::Orders,
    pages::{App, PlayMoney, document},
    visitor,
    webhook::on_event,
};

/// The whole shop: its pages, its checkout and its webhook. `https` says whether visitors reach it that way.
///
/// # Errors
///
/// When an offer does not hold.
pub fn app(
    shop: Shop,
    webhook_secret: WebhookSecret,
    https: bool,
) -> Result<Router, Box<dyn Error>> {
    let orders = Orders::default();
    let play_money = PlayMoney(shop.kelviq().is_loopback());
    let checkout_pages = headers::checkout_pages(&shop);

    let page = render_app_async_with_context(
        {
            let orders = orders.clone();
            move || {
                provide_context(orders.clone());
                provide_context(play_money);
                headers::set_policy(checkout_pages);
            }
        },
        document,
    );
    let pages = generate_route_list(App)
        .into_iter()
        .fold(Router::new(), |pages, listing| {
            pages.route(listing.path(), get(page.clone()))
        });

    Ok(pages
        .nest("/checkout", routes(offers(shop)?))
        .fallback(page)
        // Above this line everybody is a visitor; below it are browsers' and Kelviq's own errands.
        .layer(from_fn(move |request, next| {
            visitor::recognise(https, request, next)
        }))
        .route(
            "/webhooks/kelviq",
            webhook(webhook_secret, MemoryInbox::default(), on_event),
        )
        .merge(assets::routes())
        .layer(map_response(headers::add_defaults))
        .with_state(orders))
}
