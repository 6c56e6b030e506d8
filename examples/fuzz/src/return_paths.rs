//! The paths that buyers return to.

use std::convert::Infallible;

use axum::{
    Router,
    body::Body,
    extract::FromRequestParts,
    http::{Request, Response, Uri, header, request::Parts},
};
use kelviq_axum::{Buyer, Offer, Offers, Rejection, ReturnPath, Shop, SignIn, portal, routes};
use kelviq_core::{ChargePeriod, CustomerProfile, Kelviq};
use url::Url;

use crate::upstream::{Shared, lock, start};

static SHARED: Shared<Router> = Shared::new(|| start(app));

/// A buyer who is never signed in.
struct SignedOut(Infallible);

impl<S: Sync> FromRequestParts<S> for SignedOut {
    type Rejection = SignIn;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, SignIn> {
        Err(SignIn::at("/sign-in?from=shop#form", parts))
    }
}

impl Buyer for SignedOut {
    fn customer(&self) -> Option<CustomerProfile> {
        match self.0 {}
    }
}

/// A buyer who is signed in.
pub(crate) struct SignedIn;

impl<S: Sync> FromRequestParts<S> for SignedIn {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self)
    }
}

impl Buyer for SignedIn {
    fn customer(&self) -> Option<CustomerProfile> {
        Some(CustomerProfile::new("user_1"))
    }
}

/// An application in which every path requires signing in.
fn app(kelviq: Kelviq) -> Router {
    let shop = Shop::new(kelviq, PUBLIC_URL).unwrap();
    Router::new().fallback_service(portal::<SignedOut, ()>(shop))
}

const PUBLIC_URL: &str = "https://app.example.com:8443/shop";
const ORIGIN: &str = "https://app.example.com:8443";

/// The input is a path, or what pretends to be one.
///
/// - A [`ReturnPath`] is a path of the origin for a browser on any page, and so is `next` on the sign-in page, for a request to
///   the path and for one with the path as its query.
/// - A success or cancel path that offers accept is on the origin in the request to Kelviq, which has the reference of the
///   checkout exactly once. A portal path that they accept is on the origin in the rejection of a subscriber.
///
/// Returns whether the offers accept the path.
pub fn return_paths(data: &[u8]) -> bool {
    let text = String::from_utf8_lossy(data);
    if let Some(path) = ReturnPath::new(&*text) {
        assert_eq!(path.as_str(), text);
        assert_stays(path.as_str());
    }
    let (upstream, app) = &*lock(&SHARED);
    for target in [
        text.to_string(),
        format!("/page?{text}"),
        format!("/{text}/team"),
    ] {
        let Ok(uri) = target.parse::<Uri>() else {
            continue;
        };
        let request = Request::post(uri).header("sec-fetch-site", "same-origin");
        let response = upstream.send(app, request.body(Body::empty()).unwrap());
        assert_eq!(response.status(), 303);
        let url = Url::parse(ORIGIN)
            .unwrap()
            .join(&location(&response))
            .unwrap();
        assert_eq!((url.path(), url.fragment()), ("/sign-in", Some("form")));
        for (name, value) in url.query_pairs().skip(1) {
            assert_eq!(name, "next");
            assert!(ReturnPath::new(&*value).is_some(), "{value:?}");
            assert!(value.starts_with("/shop"), "{value:?}");
            assert_stays(&value);
        }
    }

    let shop = Shop::new(upstream.client(), PUBLIC_URL).unwrap();
    let pro = Offer::plan("pro", ChargePeriod::Monthly);
    let offers = Offers::builder(shop)
        .offer("pro", pro.clone())
        .offer("once", pro.refuse_subscribers())
        .sold_to::<SignedIn>()
        .success_path(&*text)
        .cancel_path(&*text)
        .portal_path(&*text);
    let Ok(offers) = offers.build() else {
        return false;
    };
    let offers = routes(offers);
    let buy = |path: &str| {
        let request = Request::post(path).header("sec-fetch-site", "same-origin");
        upstream.send(&offers, request.body(Body::empty()).unwrap())
    };
    upstream.create_sessions();
    assert_eq!(buy("/pro").status(), 303);
    let [request] = &upstream.requests()[..] else {
        panic!("one request");
    };
    for key in ["successUrl", "cancelUrl"] {
        let url = on_origin(request[key].as_str().unwrap());
        let references = url.query_pairs().filter(|(name, _)| name == "reference");
        assert_eq!(references.count(), 1, "{url}");
    }
    let subscriptions = br#"{"results":[{"status":"active","plan":{"identifier":"pro"}}]}"#;
    upstream.respond_with(200, "application/json", subscriptions);
    let response = buy("/once");
    assert_eq!(response.status(), 409);
    let rejection = response.extensions().get::<Rejection>().unwrap();
    on_origin(rejection.portal_url().unwrap());
    true
}

/// Parses a URL, and asserts that it is on the origin.
fn on_origin(url: &str) -> Url {
    assert!(url.bytes().all(|byte| byte.is_ascii_graphic()), "{url:?}");
    let url = Url::parse(url).unwrap();
    assert_eq!(url.origin().ascii_serialization(), ORIGIN);
    assert!(url.username().is_empty() && url.password().is_none());
    url
}

/// Asserts that a browser on any page of the origin resolves the path on the origin.
fn assert_stays(path: &str) {
    for page in ["/", "/shop/sign-in?next=%2F", "//double/", "/a/b/../c#d"] {
        let page = Url::parse(&format!("{ORIGIN}{page}")).unwrap();
        let url = page.join(path).unwrap();
        assert_eq!(url.origin().ascii_serialization(), ORIGIN, "{path:?}");
        assert!(url.username().is_empty(), "{path:?}");
    }
    assert!(!path.contains(char::is_control), "{path:?}");
}

fn location(response: &Response<Body>) -> String {
    let location = response.headers()[header::LOCATION].to_str();
    location.unwrap().to_owned()
}
