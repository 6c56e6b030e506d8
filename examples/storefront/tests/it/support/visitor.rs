//! A browser without JavaScript, reduced to what this shop needs.

use axum::{
    Router,
    body::Body,
    http::{
        Request,
        header::{ACCEPT, COOKIE, HOST, SET_COOKIE},
    },
};
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::{form::Form, page::Page, storefront::Storefront};

/// A visitor, with a cookie after the first page.
pub(crate) struct Visitor {
    pub(super) router: Router,
    pub(crate) cookie: Option<String>,
}

impl Visitor {
    /// Continues with another storefront at the same address.
    pub(crate) fn visit(&mut self, shop: &Storefront) {
        self.router = shop.router.clone();
    }

    pub(crate) async fn get(&mut self, path: &str) -> Page {
        self.send(Request::get(path).body(Body::empty()).unwrap())
            .await
    }

    /// Loads a page until it shows a text.
    pub(crate) async fn wait_for(&mut self, path: &str, text: &str) {
        // The first response is delayed by a second, and the others by several seconds.
        for _ in 0..6 {
            if self.get(path).await.html.contains(text) {
                return;
            }
        }
        self.get(path).await.assert_shows(text);
    }

    /// Opens the page with the plans and clicks a button.
    pub(crate) async fn click(&mut self, button: &str) -> Page {
        let form = self.get("/").await.form(button);
        self.submit(&form).await
    }

    pub(crate) async fn submit(&mut self, form: &Form) -> Page {
        self.send(form.request()).await
    }

    /// Submits a form and follows the redirect to a page of the shop.
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
            // Without Leptos' hydration markers, which are not visible.
            html: String::from_utf8(body.into()).unwrap().replace("<!>", ""),
        }
    }
}
