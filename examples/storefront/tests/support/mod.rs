//! The shop beside a fake Kelviq of its own, and visitors with cookies.

#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "no file of tests needs all of it, and a test may fail in it"
)]

pub(crate) mod form;

use axum::{
    Router,
    body::Body,
    http::{
        HeaderMap, Request, StatusCode,
        header::{ACCEPT, COOKIE, HOST, LOCATION, SET_COOKIE},
    },
};
use http_body_util::BodyExt;
use kelviq_axum::{
    Shop,
    fake::{FakeCheckout, FakeKelviq},
};
use storefront::Site;
use tower::ServiceExt;

use self::form::Form;

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
        let kelviq = storefront::stand_in("http://127.0.0.1:3000").await.unwrap();
        let shop = Shop::on_loopback(kelviq.client());
        let router = storefront::app_with_site(shop, kelviq.webhook_secret(), site).unwrap();
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
        let answer = payment.deliver_to(&self.router, WEBHOOKS).await;
        assert_eq!(answer.status(), StatusCode::OK);
    }
}

/// A browser without JavaScript, as far as this shop needs one.
pub(crate) struct Visitor {
    router: Router,
    pub(crate) cookie: Option<String>,
}

impl Visitor {
    pub(crate) async fn get(&mut self, path: &str) -> Page {
        self.send(Request::get(path).body(Body::empty()).unwrap())
            .await
    }

    /// Looks at the plans and presses this button.
    pub(crate) async fn click(&mut self, button: &str) -> Page {
        let form = self.get("/").await.form(button);
        self.submit(&form).await
    }

    pub(crate) async fn submit(&mut self, form: &Form) -> Page {
        self.send(form.request()).await
    }

    /// Submits a form, and looks at the page of the shop that it leads to.
    pub(crate) async fn submit_and_follow(&mut self, form: &Form) -> Page {
        let path = self.submit(form).await.location().to_owned();
        self.get(&path).await
    }

    pub(crate) async fn send(&mut self, mut request: Request<Body>) -> Page {
        let headers = request.headers_mut();
        headers.insert(HOST, "127.0.0.1:3000".parse().unwrap());
        headers
            .entry(ACCEPT)
            .or_insert("text/html,*/*;q=0.8".parse().unwrap());
        if let Some(cookie) = &self.cookie {
            headers.insert(COOKIE, cookie.parse().unwrap());
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        if let Some(cookie) = parts.headers.get(SET_COOKIE) {
            let cookie = cookie.to_str().unwrap().split(';').next();
            self.cookie = cookie.map(str::to_owned);
        }
        let body = body.collect().await.unwrap().to_bytes();
        Page {
            status: parts.status,
            headers: parts.headers,
            // Without the markers for hydration, which nobody sees.
            html: String::from_utf8(body.into()).unwrap().replace("<!>", ""),
        }
    }
}

pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) html: String,
}

impl Page {
    /// The form with this button.
    #[track_caller]
    pub(crate) fn form(&self, button: &str) -> Form {
        Form::on(&self.html, button)
    }

    #[track_caller]
    pub(crate) fn assert_shows(&self, text: &str) {
        assert!(self.html.contains(text), "{text:?} is not in {}", self.html);
    }

    #[track_caller]
    pub(crate) fn assert_hides(&self, text: &str) {
        assert!(!self.html.contains(text), "{text:?} is in {}", self.html);
    }

    #[track_caller]
    pub(crate) fn header(&self, name: impl axum::http::header::AsHeaderName) -> &str {
        self.headers.get(name).unwrap().to_str().unwrap()
    }

    #[track_caller]
    pub(crate) fn location(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER);
        self.header(LOCATION)
    }
}

/// The path and query of the address that the buyer comes back to, and the reference in it.
pub(crate) fn return_path(checkout: &FakeCheckout) -> (String, String) {
    let url = checkout.fields["successUrl"].as_str().unwrap();
    let path = url.strip_prefix("http://127.0.0.1:3000").unwrap();
    let reference = path.strip_prefix("/thanks?reference=").unwrap();
    (path.to_owned(), reference.to_owned())
}
