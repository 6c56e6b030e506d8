//! The storefront, with its own fake Kelviq in the same process.

use kelviq_axum::{
    Shop,
    fake::FakeKelviq,
    kelviq_core::{Kelviq, WebhookSecret},
};
use storefront::Site;

use super::{request_hold::RequestHold, server::Server};

pub(crate) const WEBHOOKS: &str = "/webhooks/kelviq";

/// The folder to which `.ci/build-wasm storefront` writes. If it does not exist, the shop runs without hydration.
const SITE_ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/site/storefront");

/// Creates a router, which generates the list of routes. Must be called before any page is opened, like
/// [`browser_tests::generate_routes`].
pub(crate) fn generate_routes() {
    let kelviq = Kelviq::builder("server-test").base_url("http://127.0.0.1:1");
    let shop = Shop::on_loopback(kelviq.build().unwrap());
    let secret = WebhookSecret::new("kq_whsec_test").unwrap();
    let _ = storefront::app(shop, secret, None).unwrap();
}

pub(crate) struct Storefront {
    server: Server,
    kelviq: Option<FakeKelviq>,
}

impl Storefront {
    pub(crate) async fn open() -> Self {
        let mut kelviq = None;
        let server = Server::start(async |address: &str| {
            let kelviq = kelviq.insert(storefront::start_fake_kelviq(address).await.unwrap());
            let shop = Shop::on_loopback(kelviq.client());
            storefront::app(shop, kelviq.webhook_secret(), Site::at(SITE_ROOT)).unwrap()
        })
        .await;
        Self { server, kelviq }
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
