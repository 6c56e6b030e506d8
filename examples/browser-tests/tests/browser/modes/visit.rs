//! A shop in one mode, and a browser that visits it.

use std::{net::Ipv4Addr, time::Duration};

use browser_tests::{BuyerAccess, WEBHOOKS, app};
use kelviq_axum::{Shop, fake::FakeKelviq};
use leptos::config::LeptosOptions;
use tokio::{net::TcpStream, task::yield_now};
use url::Url;

use super::{mode::Mode, parts};
use crate::support::{
    browser::Browser,
    connection::Network,
    request_hold::RequestHold,
    server::Server,
    target::{in_form_of, link},
};

/// The path to which checkout buttons post.
pub(crate) const CHECKOUT: &str = "/api/kelviq/checkout";
/// The path of the application's own server function.
pub(crate) const BUY_SEATS: &str = "/api/buy_seats";

pub(crate) struct Visit<'a> {
    pub(crate) browser: &'a Browser,
    mode: Mode,
    server: Server,
    kelviq: Option<FakeKelviq>,
}

/// What is needed to start a stopped fake again at the same address.
pub(crate) struct StoppedKelviq {
    port: u16,
    api_key: String,
}

impl<'a> Visit<'a> {
    /// Starts a shop where everybody may buy.
    pub(crate) async fn new(browser: &'a Browser, mode: Mode) -> Self {
        Self::with_access(BuyerAccess::Anyone, browser, mode).await
    }

    /// Starts a shop.
    pub(crate) async fn with_access(access: BuyerAccess, browser: &'a Browser, mode: Mode) -> Self {
        let options = LeptosOptions::builder()
            .output_name(mode.output_name())
            .site_root(mode.site_root().to_string_lossy())
            .build();
        let mut kelviq = None;
        let server = Server::start(async |base_url: &str| {
            let started = FakeKelviq::builder()
                .webhook_url(format!("{base_url}{WEBHOOKS}"))
                // The buyer is redirected back without waiting for the webhook.
                .delivery_delay(Duration::ZERO)
                .start();
            let kelviq = kelviq.insert(started.await.unwrap());
            let shop = Shop::on_loopback(kelviq.client());
            let secret = kelviq.webhook_secret();
            app(mode.rendering(), access, options, shop, secret)
                .unwrap()
                .merge(parts::routes())
        })
        .await;
        Self {
            browser,
            mode,
            server,
            kelviq,
        }
    }

    /// Whether the pages are hydrated.
    pub(crate) fn is_hydrated(&self) -> bool {
        self.browser.settings.javascript && self.mode.rendering().hydrates()
    }

    /// Returns the URL of a page.
    pub(crate) fn url(&self, path: &str) -> String {
        self.server.url(path)
    }

    /// Holds back the requests to this path until the returned value is dropped.
    pub(crate) fn hold(&self, path: &str) -> RequestHold {
        self.server.hold(path)
    }

    /// Returns the number of requests to this path.
    pub(crate) fn count_requests(&self, path: &str) -> usize {
        self.server.count_requests(path)
    }

    /// Returns the connection between the browser and the shop.
    pub(crate) fn network(&self) -> &Network {
        self.server.network()
    }

    /// Returns the fake, for example to inject faults.
    pub(crate) fn kelviq(&self) -> &FakeKelviq {
        self.kelviq.as_ref().expect("Kelviq has been stopped")
    }

    /// Stops the fake, so that connections to it are refused.
    pub(crate) async fn stop_kelviq(&mut self) -> StoppedKelviq {
        let kelviq = self.kelviq.take().expect("Kelviq has been stopped");
        let api = Url::parse(kelviq.base_url()).unwrap();
        let stopped = StoppedKelviq {
            port: api.port().unwrap(),
            api_key: kelviq.api_key().to_owned(),
        };
        drop(kelviq);
        let address = (Ipv4Addr::LOCALHOST, stopped.port);
        while TcpStream::connect(address).await.is_ok() {
            yield_now().await;
        }
        stopped
    }

    /// Starts the fake again at the same address, without its earlier data.
    pub(crate) async fn start_kelviq(&mut self, stopped: StoppedKelviq) {
        let kelviq = FakeKelviq::builder()
            .port(stopped.port)
            .api_key(stopped.api_key)
            .start();
        self.kelviq = Some(kelviq.await.unwrap());
    }

    /// Opens the page with the buttons, directly or by a link, depending on the mode.
    pub(crate) async fn open_plans(&self) {
        if self.mode == Mode::Navigation {
            self.browser.goto(&self.url("/")).await;
            self.wait_for_hydration("start").await;
            self.browser.click(link("Our plans")).await;
            self.browser.wait_for_url_prefix(&self.url("/plans")).await;
        } else {
            self.browser.goto(&self.url("/plans")).await;
        }
        self.wait_for_hydration("plans").await;
    }

    /// Waits until this page is hydrated, if the mode hydrates pages.
    pub(crate) async fn wait_for_hydration(&self, page: &str) {
        if self.is_hydrated() {
            let root = format!("html[data-ready={page}]");
            self.browser.find(&*root).await;
        }
    }

    /// Waits for the checkout page, and asserts that one checkout has been created.
    pub(crate) async fn wait_for_checkout(&self) {
        self.browser.wait_for_text("Test checkout").await;
        assert_eq!(self.kelviq().checkouts().len(), 1);
    }

    /// Waits until an error next to this button has the focus, and asserts that it is the only alert of the page.
    pub(crate) async fn assert_shows_error(&self, button: &str, message: &str) {
        let alert = in_form_of(button, "//*[@role='alert']");
        self.browser.wait_for_text_in(alert.clone(), message).await;
        self.browser.wait_for_focus(alert.clone()).await;

        let alerts = self.browser.texts("[role=alert]").await;
        assert_eq!(alerts.len(), 1, "{alerts:?}");
        let rest = alerts[0].strip_prefix(message).unwrap();
        let reference = rest.strip_prefix(" Reference: ").unwrap_or_default();
        assert_eq!(rest.is_empty(), reference.is_empty(), "{alerts:?}");
        assert!(reference.bytes().all(|byte| byte.is_ascii_hexdigit()));

        // The button can be clicked again.
        assert!(self.browser.texts("[aria-busy]").await.is_empty());
        let announced = self.browser.wait_for_live_region(message).await;
        assert_eq!(announced.role, "alert");
        assert_eq!(announced.live, "assertive");
    }
}
