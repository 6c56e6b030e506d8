//! The storefront, with its own fake Kelviq in the same process.

use kelviq_axum::{Shop, fake::FakeKelviq};
use storefront::{Database, DatabaseUrl, Site};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::{request_hold::RequestHold, server::Server};

pub(crate) const WEBHOOKS: &str = "/webhooks/kelviq";

/// The folder to which `.ci/build-wasm storefront` writes. If it does not exist, the shop runs without hydration.
pub(crate) const SITE_ROOT: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/site/storefront");

/// Opens a storefront, which generates the list of routes. Must be called before any page is opened, like
/// [`browser_tests::generate_routes`].
pub(crate) fn generate_routes() {
    Runtime::new().unwrap().block_on(Storefront::open());
}

pub(crate) struct Storefront {
    server: Server,
    kelviq: Option<FakeKelviq>,
    /// With the database.
    _folder: TempDir,
}

impl Storefront {
    pub(crate) async fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let url = DatabaseUrl::Sqlite(folder.path().join("shop.db"));
        let database = Database::open(&url).await.unwrap();
        let mut kelviq = None;
        let server = Server::start(async |address: &str| {
            let kelviq = kelviq.insert(storefront::start_fake_kelviq(address).await.unwrap());
            let shop = Shop::on_loopback(kelviq.client());
            let site = Site::at(SITE_ROOT);
            storefront::app(shop, kelviq.webhook_secret(), site, database)
                .unwrap()
                .router
        })
        .await;
        Self {
            server,
            kelviq,
            _folder: folder,
        }
    }

    /// Returns the URL of a page.
    pub(crate) fn url(&self, path: &str) -> String {
        self.server.url(path)
    }

    /// Holds back the requests to this path until the returned value is dropped.
    pub(crate) fn hold(&self, path: &str) -> RequestHold {
        self.server.hold(path)
    }

    /// Returns the fake, for example to inject faults.
    pub(crate) fn kelviq(&self) -> &FakeKelviq {
        self.kelviq.as_ref().expect("Kelviq has been stopped")
    }

    /// Stops the fake, so that connections to it are refused.
    pub(crate) fn stop_kelviq(&mut self) {
        self.kelviq = None;
    }
}
