//! The URLs that buyers are redirected to.

use axum::{
    Router,
    body::Body,
    http::{Request, Response, header},
};
use kelviq_axum::{Offer, Offers, Shop, portal, routes};
use kelviq_core::{ChargePeriod, Kelviq};
use serde_json::json;
use url::{Host, Url};

use crate::{
    return_paths::SignedIn,
    upstream::{Shared, lock, start},
};

static SHARED: Shared<Router> = Shared::new(|| start(app));

fn app(kelviq: Kelviq) -> Router {
    let shop = Shop::new(kelviq, "https://app.example.com").unwrap();
    let shop = shop.allow_redirects_to("pay.example.com").unwrap();
    let pro = Offer::plan("pro", ChargePeriod::Monthly);
    let offers = Offers::builder(shop.clone()).offer("pro", pro);
    Router::new()
        .nest("/checkout", routes(offers.build().unwrap()))
        .route("/portal", portal::<SignedIn, _>(shop))
}

/// The input is the URL of a checkout session and of a portal session, as Kelviq sends it, and the token of the latter.
///
/// - The buyer is redirected, or the response is 502 without a location.
/// - The location has a host of Kelviq or the allowed host over https, or is on loopback, where Kelviq is. It has no user name,
///   password, port or control character.
///
/// Returns whether the buyer is redirected to the checkout or to the portal.
pub fn redirect_targets(data: &[u8]) -> bool {
    let text = String::from_utf8_lossy(data);
    let session = json!({
        "checkoutUrl": text,
        "checkoutSessionId": "cs_1",
        "customerPortalUrl": text,
        "token": text,
    });
    let (upstream, app) = &*lock(&SHARED);
    upstream.respond_with(201, "application/json", session.to_string().as_bytes());
    let are_redirects = ["/checkout/pro", "/portal"].map(|path| {
        let request = Request::post(path).header("sec-fetch-site", "same-origin");
        is_redirect(&upstream.send(app, request.body(Body::empty()).unwrap()))
    });
    are_redirects.contains(&true)
}

/// Returns whether the response redirects the buyer, to an allowed target.
fn is_redirect(response: &Response<Body>) -> bool {
    let location = response.headers().get(header::LOCATION);
    if response.status() != 303 {
        assert_eq!((response.status().as_u16(), location), (502, None));
        return false;
    }
    let location = location.unwrap().as_bytes();
    assert!(location.iter().all(u8::is_ascii_graphic));
    let location = str::from_utf8(location).unwrap();
    let url = Url::parse(location).unwrap();
    assert_eq!(url.as_str(), location);
    assert!(
        url.username().is_empty() && url.password().is_none(),
        "{url}"
    );
    let is_loopback = match url.host().unwrap() {
        Host::Domain(name) => {
            let is_kelviq = name == "kelviq.com" || name.ends_with(".kelviq.com");
            if is_kelviq || name == "pay.example.com" {
                assert!(url.scheme() == "https" && url.port().is_none(), "{url}");
                return true;
            }
            let name = name.strip_suffix('.').unwrap_or(name);
            name == "localhost" || name.ends_with(".localhost")
        }
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.to_canonical().is_loopback(),
    };
    assert!(
        is_loopback && ["http", "https"].contains(&url.scheme()),
        "{url}"
    );
    true
}
