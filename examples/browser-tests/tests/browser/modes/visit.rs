//! A shop in one mode, and a browser that visits it.

use std::{net::Ipv4Addr, time::Duration};

use browser_tests::{Door, WEBHOOKS, app};
use kelviq_axum::{Shop, fake::FakeKelviq};
use leptos::config::LeptosOptions;
use tokio::{net::TcpStream, task::yield_now};
use url::Url;

use super::mode::Mode;
use crate::support::{
    browser::Browser,
    gate::Held,
    server::Server,
    target::{in_form_of, link},
};

/// Where the buttons' forms go.
pub(crate) const CHECKOUT: &str = "/api/kelviq/checkout";
/// Where the form over the application's own server function goes.
pub(crate) const BUY_SEATS: &str = "/api/buy_seats";

pub(crate) struct Visit<'a> {
    pub(crate) browser: &'a Browser,
    mode: Mode,
    server: Server,
    kelviq: Option<FakeKelviq>,
}

/// A Kelviq that does not run any more.
pub(crate) struct Stopped {
    port: u16,
    api_key: String,
}

impl<'a> Visit<'a> {
    /// A shop that sells to everybody.
    pub(crate) async fn new(browser: &'a Browser, mode: Mode) -> Self {
        Self::through(Door::Open, browser, mode).await
    }

    pub(crate) async fn through(door: Door, browser: &'a Browser, mode: Mode) -> Self {
        let options = LeptosOptions::builder()
            .output_name(mode.output_name())
            .site_root(mode.site_root().to_string_lossy())
            .build();
        let mut kelviq = None;
        let server = Server::start(async |address: &str| {
            let started = FakeKelviq::builder()
                .webhook_url(format!("{address}{WEBHOOKS}"))
                // The buyer is sent back without waiting for the webhook.
                .delivery_delay(Duration::ZERO)
                .start();
            let kelviq = kelviq.insert(started.await.unwrap());
            let shop = Shop::on_loopback(kelviq.client());
            let secret = kelviq.webhook_secret();
            app(mode.rendering(), door, options, shop, secret).unwrap()
        })
        .await;
        Self {
            browser,
            mode,
            server,
            kelviq,
        }
    }

    /// Whether the components are taken over by a script.
    pub(crate) fn is_scripted(&self) -> bool {
        self.browser.settings.javascript && self.mode.rendering().hydrates()
    }

    pub(crate) fn at(&self, path: &str) -> String {
        self.server.at(path)
    }

    /// Requests to this path wait as long as what it gives lives.
    pub(crate) fn hold(&self, path: &str) -> Held {
        self.server.hold(path)
    }

    /// How many requests to this path have come.
    pub(crate) fn requests_to(&self, path: &str) -> usize {
        self.server.requests_to(path)
    }

    /// The stand-in, e.g. to say how it answers next.
    pub(crate) fn kelviq(&self) -> &FakeKelviq {
        self.kelviq.as_ref().expect("Kelviq runs")
    }

    /// From now on nobody answers at Kelviq's address.
    pub(crate) async fn stop_kelviq(&mut self) -> Stopped {
        let kelviq = self.kelviq.take().expect("Kelviq runs");
        let api = Url::parse(kelviq.base_url()).unwrap();
        let stopped = Stopped {
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

    /// Kelviq is back, and has forgotten everything.
    pub(crate) async fn start_kelviq(&mut self, stopped: Stopped) {
        let kelviq = FakeKelviq::builder()
            .port(stopped.port)
            .api_key(stopped.api_key)
            .start();
        self.kelviq = Some(kelviq.await.unwrap());
    }

    /// Opens the page with the buttons, in the way of the mode.
    pub(crate) async fn open_plans(&self) {
        if self.mode == Mode::Navigation {
            self.browser.goto(&self.at("/")).await;
            self.is_ready("start").await;
            self.browser.click(link("Our plans")).await;
            self.browser.arrives_at(&self.at("/plans")).await;
        } else {
            self.browser.goto(&self.at("/plans")).await;
        }
        self.is_ready("plans").await;
    }

    /// Waits until this page has been taken over, if it is.
    pub(crate) async fn is_ready(&self, page: &str) {
        if self.is_scripted() {
            let root = format!("html[data-ready={page}]");
            self.browser.find(&*root).await;
        }
    }

    /// Waits for the checkout that a button leads to, which nobody else has begun.
    pub(crate) async fn is_at_checkout(&self) {
        self.browser.shows("Test checkout").await;
        assert_eq!(self.kelviq().checkouts().len(), 1);
    }

    /// Waits until an error stands beside this button, in the only alert of the page, and has the focus.
    pub(crate) async fn is_told(&self, button: &str, message: &str) {
        let alert = in_form_of(button, "//*[@role='alert']");
        self.browser.shows_in(alert.clone(), message).await;
        self.browser.focuses(alert.clone()).await;

        let alerts = self.browser.texts("[role=alert]").await;
        assert_eq!(alerts.len(), 1, "{alerts:?}");
        let rest = alerts[0].strip_prefix(message).unwrap();
        let reference = rest.strip_prefix(" Reference: ").unwrap_or_default();
        assert_eq!(rest.is_empty(), reference.is_empty(), "{alerts:?}");
        assert!(reference.bytes().all(|byte| byte.is_ascii_hexdigit()));

        // What has failed is ready to be tried again.
        assert!(self.browser.texts("[aria-busy]").await.is_empty());
        let announced = self.browser.announces(message).await;
        assert_eq!(announced.role, "alert");
        assert_eq!(announced.live, "assertive");
    }
}
