//! The bodies of checkout forms.

use std::convert::Infallible;

use axum::{
    Router,
    body::Body,
    extract::FromRequestParts,
    http::{HeaderValue, Request, header, request::Parts},
    response::Result,
};
use kelviq_axum::{Buyer, Offer, Offers, Sale, Shop, routes};
use kelviq_core::{ChargePeriod, CustomerProfile, Kelviq, Metadata, ToMetadata};

use crate::upstream::{Shared, lock, start};

static SHARED: Shared<Router> = Shared::new(|| start(app));

struct Guest;

impl<S: Sync> FromRequestParts<S> for Guest {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, _: &S) -> std::result::Result<Self, Infallible> {
        Ok(Self)
    }
}

impl Buyer for Guest {
    fn customer(&self) -> Option<CustomerProfile> {
        None
    }

    async fn metadata(&self, sale: &Sale<'_>) -> Result<impl ToMetadata> {
        let mut metadata = Metadata::new();
        // Cannot fail: a text.
        let _ = metadata.insert("note", &sale.field("note"));
        Ok(metadata)
    }
}

fn app(kelviq: Kelviq) -> Router {
    let team = Offer::plan("team", ChargePeriod::Yearly);
    let team = team.quantity("seats", 2..=50).field("note");
    let offers = Offers::builder(Shop::new(kelviq, "https://app.example.com").unwrap())
        .offer("team", team)
        .sold_to::<Guest>();
    Router::new().nest("/checkout", routes(offers.build().unwrap()))
}

/// The first line of the input is the content type, the rest is the body of a form for an offer.
///
/// - The buyer is redirected, or the response has a documented status. Kelviq gets a request only in the first case.
/// - The quantity is within the offer's range, and the note is short and has no control characters.
/// - A form in which a field has several texts does not sell.
///
/// Returns whether the buyer is redirected.
pub fn form_bodies(data: &[u8]) -> bool {
    let end = data.iter().position(|byte| *byte == b'\n');
    let (content_type, body) = match end {
        Some(end) => (&data[..end], &data[end + 1..]),
        None => (data, &[][..]),
    };
    let Ok(content_type) = HeaderValue::from_bytes(content_type) else {
        return false;
    };
    let (upstream, app) = &*lock(&SHARED);
    upstream.create_sessions();
    let request = Request::post("/checkout/team")
        .header(header::CONTENT_TYPE, &content_type)
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body.to_vec()))
        .unwrap();
    let status = upstream.send(app, request).status().as_u16();
    let requests = upstream.requests();
    if status != 303 {
        assert!([413, 415, 422].contains(&status), "{status}");
        assert_eq!(requests.len(), 0);
        return false;
    }
    let [request] = &requests[..] else {
        panic!("{} requests", requests.len());
    };
    let quantity = request["features"][0]["quantity"].as_u64().unwrap();
    assert!((2..=50).contains(&quantity), "{quantity}");
    let note = request["metadata"]["note"].as_str();
    if let Some(note) = note {
        assert!(note.len() <= 500);
        assert!(!note.contains(|c: char| c.is_control() && !"\n\t".contains(c)));
    }
    if content_type == "application/x-www-form-urlencoded" {
        for (name, text) in form_urlencoded::parse(body) {
            match &*name {
                "quantity[seats]" => assert_eq!(text.trim().parse(), Ok(quantity)),
                "note" => {
                    let text = text.replace("\r\n", "\n").replace('\r', "\n");
                    assert_eq!(note, Some(&*text));
                }
                _ => {}
            }
        }
    }
    true
}
