//! The shop, with its own fake Kelviq.

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
};
use futures_util::{FutureExt, future::BoxFuture};
use kelviq_axum::{
    Shop, SqliteStore,
    fake::{FakeCheckout, FakeKelviq},
};
use kelviq_core::WebhookSecret;
use serde_json::Value;
use storefront::{Database, DatabaseUrl, Server, Shutdown, Site};
use tempfile::TempDir;
use tokio::{sync::oneshot, task::JoinHandle};
use tower::ServiceExt;

use super::{log, visitor::Visitor};

pub(crate) const WEBHOOKS: &str = "/webhooks/kelviq";

pub(crate) struct Storefront {
    pub(crate) kelviq: Arc<FakeKelviq>,
    pub(crate) router: Router,
    pub(crate) database: Database,
    url: DatabaseUrl,
    webhooks: Option<Webhooks>,
    /// With the database, unless the test provides one.
    folder: Option<TempDir>,
}

type Webhooks = Box<dyn FnOnce(Shutdown) -> BoxFuture<'static, ()> + Send>;

impl Storefront {
    pub(crate) async fn open() -> Self {
        Self::with_site(None).await
    }

    pub(crate) async fn with_site(site: Option<Site>) -> Self {
        let folder = TempDir::new().unwrap();
        let url = DatabaseUrl::Sqlite(folder.path().join("shop.db"));
        let kelviq = start_kelviq().await;
        Self::start(kelviq, url, site, Some(folder)).await
    }

    /// Opens a storefront with another database, and its own fake.
    pub(crate) async fn open_at(url: &DatabaseUrl) -> Self {
        Self::start(start_kelviq().await, url.clone(), None, None).await
    }

    /// Opens another storefront with the same fake and the same database.
    pub(crate) async fn open_another(&self) -> Self {
        Self::start(self.kelviq.clone(), self.url.clone(), None, None).await
    }

    /// Ends the storefront, and starts it again with the same fake and the same database.
    pub(crate) async fn restart(self) -> Self {
        let Self {
            kelviq,
            router,
            database,
            url,
            webhooks,
            folder,
        } = self;
        drop((router, database, webhooks));
        Self::start(kelviq, url, None, folder).await
    }

    async fn start(
        kelviq: Arc<FakeKelviq>,
        url: DatabaseUrl,
        site: Option<Site>,
        folder: Option<TempDir>,
    ) -> Self {
        let shop = Shop::on_loopback(kelviq.client());
        let database = Database::open(&url).await.unwrap();
        let app = app(shop, kelviq.webhook_secret(), site, database.clone());
        Self {
            kelviq,
            router: app.router,
            database,
            url,
            webhooks: Some(app.webhooks),
            folder,
        }
    }

    /// Returns the store of a storefront that does not use PostgreSQL.
    pub(crate) fn sqlite(&self) -> &SqliteStore {
        match &self.database {
            Database::Sqlite(store) => store,
            Database::Postgres(_) => panic!("the database is PostgreSQL"),
        }
    }

    /// Runs the task beside the server. Once per storefront.
    pub(crate) fn run_webhooks(&mut self) -> RunningWebhooks {
        let webhooks = self.webhooks.take().unwrap();
        let (stop, stopped) = oneshot::channel();
        let shutdown = async { _ = stopped.await }.boxed().shared();
        RunningWebhooks {
            task: tokio::spawn(webhooks(shutdown)),
            stop,
        }
    }

    pub(crate) fn visitor(&self) -> Visitor {
        Visitor {
            router: self.router.clone(),
            cookie: None,
        }
    }

    pub(crate) fn last_checkout(&self) -> FakeCheckout {
        self.kelviq.checkouts().pop().unwrap()
    }

    /// Pays the last checkout and delivers its webhook.
    pub(crate) async fn pay(&self) {
        let payment = self.kelviq.pay(&self.last_checkout().id);
        let response = payment.deliver_to(&self.router, WEBHOOKS).await;
        assert_eq!(response.status(), StatusCode::OK);
    }

    /// Pays the last checkout and delivers its webhook with a changed body and a valid signature. Returns the status of
    /// the response.
    pub(crate) async fn pay_with(&self, change: impl FnOnce(&mut Value)) -> StatusCode {
        let payment = self.kelviq.pay(&self.last_checkout().id);
        let mut event = serde_json::from_str(payment.as_json()).unwrap();
        change(&mut event);
        let body = event.to_string();
        let (mut parts, _) = payment.request(WEBHOOKS).into_parts();
        let header = |name: &str| parts.headers[name].to_str().unwrap();
        let (id, time) = (header("webhook-id"), header("webhook-timestamp"));
        let signature = self.kelviq.webhook_secret().sign(id, time, body.as_bytes());
        parts
            .headers
            .insert("webhook-signature", signature.parse().unwrap());
        let request = Request::from_parts(parts, Body::from(body));
        self.router.clone().oneshot(request).await.unwrap().status()
    }
}

/// The task beside the server.
pub(crate) struct RunningWebhooks {
    task: JoinHandle<()>,
    stop: oneshot::Sender<()>,
}

impl RunningWebhooks {
    pub(crate) async fn stop(self) {
        drop(self.stop);
        self.task.await.unwrap();
    }
}

async fn start_kelviq() -> Arc<FakeKelviq> {
    let kelviq = storefront::start_fake_kelviq("http://127.0.0.1:3000").await;
    Arc::new(kelviq.unwrap())
}

/// Creates a shop, whose log is recorded.
pub(crate) fn app(
    shop: Shop,
    webhook_secret: WebhookSecret,
    site: Option<Site>,
    database: Database,
) -> Server {
    log::install();
    storefront::app(shop, webhook_secret, site, database).unwrap()
}

/// Returns the path and query of the URL that the buyer returns to, and the reference in it.
pub(crate) fn return_path(checkout: &FakeCheckout) -> (String, String) {
    let url = checkout.fields["successUrl"].as_str().unwrap();
    let path = url.strip_prefix("http://127.0.0.1:3000").unwrap();
    let reference = path.strip_prefix("/thanks?reference=").unwrap();
    (path.to_owned(), reference.to_owned())
}
