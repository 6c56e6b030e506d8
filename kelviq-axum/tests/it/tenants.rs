//! Two tenants in one application. Each has its own account at Kelviq, and shares only the database with the other.

use std::error::Error;

use crate::support::buyer::User;
use crate::support::{form, send, with};
use axum::{
    Router,
    body::Body,
    extract::State,
    http::{Request, StatusCode},
    routing::get,
};
use kelviq_axum::{
    CheckoutReturn, CheckoutState, Event, Offer, Offers, Shop, SqliteStore, Webhooks,
    fake::{FakeEvent, FakeKelviq},
    portal, routes,
};
use kelviq_core::{ChargePeriod, EventData, Kelviq, WebhookSecret};
use sqlx::SqlitePool;
use tempfile::TempDir;

/// A tenant with the API key, the environment and the webhook secret of its own account at Kelviq.
struct Tenant {
    /// The name of the tenant, which is the first segment of its paths.
    name: &'static str,
    kelviq: Kelviq,
    secret: WebhookSecret,
}

/// The state of a tenant's webhook handler.
#[derive(Clone)]
struct Orders {
    tenant: &'static str,
    pool: SqlitePool,
}

async fn on_event(State(orders): State<Orders>, event: Event) -> Result<(), StatusCode> {
    let fulfilled = fulfil(&orders, &event).await;
    fulfilled.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}

async fn fulfil(orders: &Orders, event: &Event) -> Result<(), Box<dyn Error + Send + Sync>> {
    let mut tx = orders.pool.begin_with("BEGIN IMMEDIATE").await?;
    if let EventData::CheckoutCompleted(session) = &event.data {
        // The tenant is part of the key.
        sqlx::query("INSERT INTO orders (tenant, checkout) VALUES ($1, $2)")
            .bind(orders.tenant)
            .bind(session.key())
            .execute(&mut *tx)
            .await?;
    }
    event.complete(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}

async fn thanks(checkout: CheckoutReturn) -> &'static str {
    match checkout.state().await {
        CheckoutState::Paid(_) => "paid",
        CheckoutState::Unknown => "unknown",
        _ => "other",
    }
}

/// Creates the routes of a tenant: with an own shop, own offers, an own webhook route and own tables.
async fn tenant_routes(tenant: Tenant, pool: &SqlitePool) -> Result<Router, Box<dyn Error>> {
    let Tenant {
        name,
        kelviq,
        secret,
    } = tenant;
    let store = SqliteStore::new(pool.clone()).table_prefix(&format!("{name}_"))?;
    store.migrate().await?;
    let public_url = format!("https://shops.example.com/{name}");
    let shop = Shop::new(kelviq, &public_url)?.store(store.clone());
    let offers = Offers::builder(shop.clone())
        .success_path("/thanks")
        .offer("pro", Offer::plan("pro", ChargePeriod::Monthly))
        .sold_to::<User>()
        .build()?;
    let pool = pool.clone();
    let webhooks = Webhooks::new(secret, store, Orders { tenant: name, pool }, on_event)
        .reconcile_with(shop.kelviq().clone())
        .shop(shop.clone());
    // An application also spawns `webhooks.run(…)` for each tenant.
    Ok(Router::new()
        .nest("/checkout", routes(offers))
        .route("/billing", portal::<User, _>(shop.clone()))
        .route("/webhooks/kelviq", webhooks.route())
        .route("/thanks", get(thanks))
        .with_state(shop))
}

struct App {
    router: Router,
    pool: SqlitePool,
    acme: FakeKelviq,
    globex: FakeKelviq,
    _folder: TempDir,
}

const ACME_WEBHOOK: &str = "/acme/webhooks/kelviq";
const GLOBEX_WEBHOOK: &str = "/globex/webhooks/kelviq";

impl App {
    async fn start() -> Result<Self, Box<dyn Error>> {
        let folder = TempDir::new()?;
        let store = SqliteStore::open(folder.path().join("shops.db")).await?;
        let pool = store.pool().clone();
        let table =
            "CREATE TABLE orders (tenant TEXT, checkout TEXT, PRIMARY KEY (tenant, checkout))";
        sqlx::query(table).execute(&pool).await?;
        let (acme, globex) = (FakeKelviq::start().await, FakeKelviq::start().await);
        let mut router = Router::new();
        for (name, kelviq) in [("acme", &acme), ("globex", &globex)] {
            let tenant = Tenant {
                name,
                kelviq: kelviq.client(),
                secret: kelviq.webhook_secret(),
            };
            let tenant = tenant_routes(tenant, &pool).await?;
            router = router.nest(&format!("/{name}"), tenant);
        }
        Ok(Self {
            router,
            pool,
            acme,
            globex,
            _folder: folder,
        })
    }

    /// Sells the offer of a tenant to `cust_1`. Returns the path of the checkout page at Kelviq.
    async fn click(&self, tenant: &str) -> String {
        let request = form(&format!("/{tenant}/checkout/pro"), "");
        let response = send(&self.router, with(request, "x-user", "cust_1")).await;
        assert_eq!(response.status, StatusCode::SEE_OTHER, "{}", response.body);
        response.header("location").to_owned()
    }

    async fn deliver(&self, payment: &FakeEvent, path: &str) -> StatusCode {
        payment.deliver_to(&self.router, path).await.status()
    }

    /// Returns the fulfilled orders: the tenant and the checkout.
    async fn orders(&self) -> Vec<(String, String)> {
        let orders = sqlx::query_as("SELECT tenant, checkout FROM orders ORDER BY tenant");
        orders.fetch_all(&self.pool).await.unwrap()
    }
}

#[tokio::test]
async fn each_tenant_sells_through_its_own_account() {
    let app = App::start().await.unwrap();
    // The same customer id and the same offer within seconds: no session is shared.
    let (acme, globex) = (app.click("acme").await, app.click("globex").await);
    assert!(acme.starts_with(app.acme.base_url().trim_end_matches("/api/v1")));
    assert!(globex.starts_with(app.globex.base_url().trim_end_matches("/api/v1")));
    for (kelviq, tenant) in [(&app.acme, "acme"), (&app.globex, "globex")] {
        let [checkout] = &kelviq.checkouts()[..] else {
            panic!("one checkout")
        };
        let success_url = checkout.fields["successUrl"].as_str().unwrap();
        let thanks = format!("https://shops.example.com/{tenant}/thanks?reference=");
        assert!(success_url.starts_with(&thanks), "{success_url}");
    }
    let sign_in = send(&app.router, form("/globex/billing", "")).await;
    assert_eq!(
        sign_in.header("location"),
        "/sign-in?next=%2Fglobex%2Fbilling"
    );
}

#[tokio::test]
async fn an_event_that_is_signed_for_one_tenant_is_rejected_at_the_other() {
    let app = App::start().await.unwrap();
    app.click("acme").await;
    let payment = app.acme.pay(&app.acme.checkouts()[0].id);
    let rejected = app.deliver(&payment, GLOBEX_WEBHOOK).await;
    assert_eq!(rejected, StatusCode::UNAUTHORIZED);
    assert!(app.orders().await.is_empty());
    assert_eq!(app.deliver(&payment, ACME_WEBHOOK).await, StatusCode::OK);
    assert_eq!(app.orders().await.len(), 1);
}

#[tokio::test]
async fn events_and_checkouts_with_equal_ids_are_handled_once_for_each_tenant() {
    let app = App::start().await.unwrap();
    app.click("acme").await;
    let payment = app.acme.pay(&app.acme.checkouts()[0].id);
    let checkout = app.acme.checkouts()[0].id.clone();
    for _ in 0..2 {
        assert_eq!(app.deliver(&payment, ACME_WEBHOOK).await, StatusCode::OK);
    }
    // The same event and checkout, as if the other account had used the same ids.
    let payment = payment.signed_with(app.globex.webhook_secret());
    for _ in 0..2 {
        assert_eq!(app.deliver(&payment, GLOBEX_WEBHOOK).await, StatusCode::OK);
    }
    let order = |tenant: &str| (tenant.to_owned(), checkout.clone());
    assert_eq!(app.orders().await, [order("acme"), order("globex")]);
}

#[tokio::test]
async fn a_reference_of_one_tenant_is_unknown_to_the_other() {
    let app = App::start().await.unwrap();
    app.click("acme").await;
    let checkout = &app.acme.checkouts()[0];
    let _ = app.acme.pay(&checkout.id);
    let success_url = checkout.fields["successUrl"].as_str().unwrap();
    let path = success_url
        .strip_prefix("https://shops.example.com")
        .unwrap();
    for (path, state) in [
        (path.to_owned(), "paid"),
        (path.replace("/acme/", "/globex/"), "unknown"),
    ] {
        let request = Request::get(&path).body(Body::empty()).unwrap();
        assert_eq!(send(&app.router, request).await.body, state, "{path}");
    }
}
