//! The storefront, with a Kelviq of its own in the same process.

use kelviq_axum::{
    Shop,
    fake::FakeKelviq,
    kelviq_core::{Kelviq, WebhookSecret},
};
use storefront::Site;

use super::{gate::Held, server::Server};

pub(crate) const WEBHOOKS: &str = "/webhooks/kelviq";

/// Where `.ci/build-wasm storefront` puts the browser's side of the shop, which is complete without it.
const SITE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/site/storefront");

/// Makes a shop that nobody visits, so that it finds its routes before any page is opened, as
/// [`browser_tests::find_routes`] does.
pub(crate) fn find_routes() {
    let kelviq = Kelviq::builder("server-test").base_url("http://127.0.0.1:1");
    let secret = WebhookSecret::new("kq_whsec_test").unwrap();
    let _ = storefront::app(Shop::on_loopback(kelviq.build().unwrap()), secret).unwrap();
}

pub(crate) struct Storefront {
    server: Server,
    kelviq: Option<FakeKelviq>,
}

impl Storefront {
    pub(crate) async fn open() -> Self {
        let mut kelviq = None;
        let server = Server::start(async |address: &str| {
            let kelviq = kelviq.insert(storefront::stand_in(address).await.unwrap());
            let shop = Shop::on_loopback(kelviq.client());
            storefront::app_with_site(shop, kelviq.webhook_secret(), Site::at(SITE)).unwrap()
        })
        .await;
        Self { server, kelviq }
    }

    /// The address of a page.
    pub(crate) fn at(&self, path: &str) -> String {
        self.server.at(path)
    }

    /// Requests to this path wait as long as what it gives lives.
    pub(crate) fn hold(&self, path: &str) -> Held {
        self.server.hold(path)
    }

    /// The stand-in, e.g. to say how it answers next.
    pub(crate) fn kelviq(&self) -> &FakeKelviq {
        self.kelviq.as_ref().expect("Kelviq has been stopped")
    }

    /// From now on nobody answers at Kelviq's address.
    pub(crate) fn stop_kelviq(&mut self) {
        self.kelviq = None;
    }
}
