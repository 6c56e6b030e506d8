//! The router.

use std::sync::LazyLock;

use axum::{
    Router,
    extract::FromRef,
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
    buyer::{Door, User},
    document::Document,
    orders::{Orders, on_event},
    policy, sign_in,
};
use crate::{
    Rendering,
    pages::{PATHS, Routed},
};

/// Where the webhook is.
pub const WEBHOOKS: &str = "/webhooks/kelviq";

/// The routes of each mode that has a `<Router>`.
static ROUTES: LazyLock<Vec<(Rendering, Vec<AxumRouteListing>)>> = LazyLock::new(|| {
    let routed = [Rendering::OutOfOrder, Rendering::InOrder, Rendering::Async];
    let routes = routed.map(|rendering| {
        let (routes, _) =
            generate_route_list_with_exclusions_and_ssg_and_context(Routed, None, move || {
                provide_context(rendering);
            });
        (rendering, routes)
    });
    routes.into()
});

/// Finds the routes out, once and before any page is opened: meanwhile Leptos keeps every page of the whole process from
/// its data. It also starts what Leptos runs its tasks on.
pub fn find_routes() {
    LazyLock::force(&ROUTES);
}

#[derive(Clone)]
pub(super) struct App {
    pub(super) door: Door,
    pub(super) orders: Orders,
    options: LeptosOptions,
}

impl FromRef<App> for LeptosOptions {
    fn from_ref(app: &App) -> Self {
        app.options.clone()
    }
}

/// The whole shop.
///
/// # Errors
///
/// When an offer does not hold.
pub fn app(
    rendering: Rendering,
    door: Door,
    options: LeptosOptions,
    shop: Shop,
    webhook_secret: WebhookSecret,
) -> Result<Router, ConfigError> {
    let app = App {
        door,
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
        let app = app.clone();
        move || {
            provide_context(rendering);
            provide_context(app.door);
            provide_context(app.orders.clone());
        }
    };
    let page_context = {
        let context = context.clone();
        move || {
            context();
            policy::set(rendering, &form_targets);
        }
    };
    let document = {
        let options = app.options.clone();
        move || view! { <Document rendering=rendering options=options.clone()/> }
    };

    let pages = if rendering.is_routed() {
        let mut known = ROUTES.iter();
        let routes = known
            .find(|(of, _)| *of == rendering)
            .map_or_else(Vec::new, |(_, routes)| routes.clone());
        Router::new().leptos_routes_with_context(&app, routes, page_context, document)
    } else {
        find_routes();
        let page: MethodRouter<App> = match rendering {
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
        .layer(CheckoutLayer::with_state(offers, app.clone()))
        .route(
            WEBHOOKS,
            webhook(webhook_secret, MemoryInbox::default(), on_event),
        )
        .route("/sign-in", get(sign_in::page).post(sign_in::sign_in))
        .route("/favicon.ico", get(StatusCode::NO_CONTENT))
        .route_service(
            &site_pkg_dir_service_route_path(&app.options),
            site_pkg_dir_service(&app.options),
        )
        .with_state(app))
}
