//! The shop, with its own fake Kelviq.

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
};
use kelviq_axum::{
    Shop,
    fake::{FakeCheckout, FakeKelviq},
};
use kelviq_core::WebhookSecret;
use serde_json::Value;
use storefront::Site;
use tower::ServiceExt;

use super::{log, visitor::Visitor};

pub(crate) const WEBHOOKS: &str = "/webhooks/kelviq";

pub(crate) struct Storefront {
    pub(crate) kelviq: FakeKelviq,
    pub(crate) router: Router,
}

impl Storefront {
    pub(crate) async fn open() -> Self {
        Self::with_site(None).await
    }

    pub(crate) async fn with_site(site: Option<Site>) -> Self {
        let kelviq = storefront::start_fake_kelviq("http://127.0.0.1:3000")
            .await
            .unwrap();
        let shop = Shop::on_loopback(kelviq.client());
        let router = router(shop, kelviq.webhook_secret(), site);
        Self { kelviq, router }
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

/// Creates the router of a shop, whose log is recorded.
pub(crate) fn router(shop: Shop, webhook_secret: WebhookSecret, site: Option<Site>) -> Router {
    log::install();
    storefront::app(shop, webhook_secret, site).unwrap()
}

/// Returns the path and query of the URL that the buyer returns to, and the reference in it.
pub(crate) fn return_path(checkout: &FakeCheckout) -> (String, String) {
    let url = checkout.fields["successUrl"].as_str().unwrap();
    let path = url.strip_prefix("http://127.0.0.1:3000").unwrap();
    let reference = path.strip_prefix("/thanks?reference=").unwrap();
    (path.to_owned(), reference.to_owned())
}
