//! The router.

use std::sync::LazyLock;

use axum::{
    Router,
    http::StatusCode,
    routing::{MethodRouter, get, post},
};
use kelviq_axum::{
    ConfigError, MemoryInbox, Offer, Offers, Shop,
    kelviq_core::{ChargePeriod, WebhookSecret},
    webhook,
};
use kelviq_leptos::CheckoutLayer;
use leptos::prelude::*;
use leptos_axum::{
    AxumRouteListing, LeptosRoutes, generate_route_list_with_exclusions_and_ssg_and_context,
    handle_server_fns_with_context, render_app_async_with_context,
    render_app_to_stream_with_context, site_pkg_dir_service, site_pkg_dir_service_route_path,
};

use super::{
    buyer::User, buyer_access::BuyerAccess, client_only, document::Document, orders::Orders,
    policy, sign_in, state::AppState, webhook::on_event,
};
use crate::{
    pages::app::{PATHS, RoutedApp},
    rendering::Rendering,
};

/// The path of the webhook.
pub const WEBHOOKS: &str = "/webhooks/kelviq";

/// The routes of each mode with a `<Router>` on the server.
static ROUTES: LazyLock<Vec<(Rendering, Vec<AxumRouteListing>)>> = LazyLock::new(|| {
    let modes = [Rendering::OutOfOrder, Rendering::InOrder, Rendering::Async];
    let routes = modes.map(|rendering| {
        let (routes, _) =
            generate_route_list_with_exclusions_and_ssg_and_context(RoutedApp, None, move || {
                provide_context(rendering);
            });
        (rendering, routes)
    });
    routes.into()
});

/// Generates the list of routes. Must be called before any page is opened: while Leptos generates the list, resources do
/// not load in any page of the process. Also initializes Leptos' task executor.
pub fn generate_routes() {
    LazyLock::force(&ROUTES);
}

/// Creates the router of the shop.
///
/// # Errors
///
/// Returns an error if an offer is invalid.
pub fn app(
    rendering: Rendering,
    access: BuyerAccess,
    options: LeptosOptions,
    shop: Shop,
    webhook_secret: WebhookSecret,
) -> Result<Router, ConfigError> {
    let state = AppState {
        access,
        orders: Orders::default(),
        options,
    };
    let form_targets = shop.form_action_sources();
    let offers = Offers::builder(shop)
        .success_path("/thanks")
        .offer("pro", Offer::plan("pro", ChargePeriod::Monthly))
        .offer(
            "team",
            Offer::plan("team", ChargePeriod::Yearly).quantity("seats", 1..=50),
        )
        .sold_to::<User>()
        .build()?;

    let context = {
        let state = state.clone();
        move || {
            provide_context(rendering);
            provide_context(state.access);
            provide_context(state.orders.clone());
        }
    };
    let page_context = {
        let context = context.clone();
        let form_targets = form_targets.clone();
        move || {
            context();
            policy::set(rendering, &form_targets);
        }
    };
    let document = {
        let options = state.options.clone();
        move || view! { <Document rendering=rendering options=options.clone()/> }
    };

    let mut modes = ROUTES.iter();
    let pages = if let Some((_, routes)) = modes.find(|(mode, _)| *mode == rendering) {
        Router::new().leptos_routes_with_context(&state, routes.clone(), page_context, document)
    } else {
        let page: MethodRouter<AppState> = match rendering {
            Rendering::ClientOnly => {
                get(client_only::page(&state.options.output_name, &form_targets))
            }
            Rendering::Ssr => get(render_app_async_with_context(page_context, document)),
            _ => get(render_app_to_stream_with_context(page_context, document)),
        };
        PATHS
            .into_iter()
            .fold(Router::new(), |pages, path| pages.route(path, page.clone()))
            .route(
                "/api/{*server_fn}",
                post(move |request| handle_server_fns_with_context(context.clone(), request)),
            )
    };

    Ok(pages
        .layer(CheckoutLayer::with_state(offers, state.clone()))
        .route(
            WEBHOOKS,
            webhook(webhook_secret, MemoryInbox::default(), on_event),
        )
        .route("/sign-in", get(sign_in::page).post(sign_in::sign_in))
        .route("/favicon.ico", get(StatusCode::NO_CONTENT))
        .route_service(
            &site_pkg_dir_service_route_path(&state.options),
            site_pkg_dir_service(&state.options),
        )
        .with_state(state))
}
