//! The router.

use std::error::Error;

use axum::{
    Router,
    middleware::{from_fn, map_response},
    routing::get,
};
use kelviq_axum::{MemoryInbox, Shop, portal, routes, webhook};
use kelviq_core::WebhookSecret;
use leptos::prelude::provide_context;
use leptos_axum::{generate_route_list, render_app_async_with_context};

use crate::{
    assets, headers,
    offers::offers,
    orders::Orders,
    pages::{App, PlayMoney, document},
    refusals,
    returns::Returns,
    visitor,
    webhook::on_event,
};

/// The whole shop: its pages, its checkout and its webhook.
///
/// # Errors
///
/// When an offer does not hold.
pub fn app(shop: Shop, webhook_secret: WebhookSecret) -> Result<Router, Box<dyn Error>> {
    let (orders, returns) = (Orders::default(), Returns::default());
    let play_money = PlayMoney(shop.kelviq().is_loopback());
    let checkout_pages = shop.form_action_sources();
    let https = shop
        .public_url()
        .is_some_and(|url| url.starts_with("https:"));
    let offers = offers(shop)?;

    let page = render_app_async_with_context(
        {
            let orders = orders.clone();
            move || {
                provide_context(orders.clone());
                provide_context(returns.clone());
                provide_context(play_money);
                headers::set_policy(&checkout_pages);
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
        .route("/billing", portal(offers.clone()))
        .nest("/checkout", routes(offers))
        .fallback(page.clone())
        .layer(from_fn(move |request, next| {
            refusals::show(page.clone(), request, next)
        }))
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
