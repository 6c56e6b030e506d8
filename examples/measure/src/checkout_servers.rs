//! Servers that start checkouts with the workspace: the extractor in a handler, and the route.

use std::convert::Infallible;

use axum::{
    Form, Router,
    extract::FromRequestParts,
    http::request::Parts,
    response::{IntoResponse, Response},
    routing::post,
};
use kelviq_axum::{Checkout, Offer, Offers, Sale, Shop, routes};
use kelviq_core::{ChargePeriod, CheckoutMetadata, CustomerProfile, Kelviq, ToMetadata};
use serde::Deserialize;

use crate::{
    Result,
    checkout_purchases::{PUBLIC_URL, User},
};

/// The API key of all servers.
pub(crate) const API_KEY: &str = "server-4Zc1b7Yt9QpLmN3v";

/// Returns the server with this name. It sells to any buyer, or with `refuses` only to those without a subscription.
pub(crate) fn server(name: &str, upstream: &str, refuses: bool) -> Result<Router> {
    let kelviq = Kelviq::builder(API_KEY).base_url(upstream).build()?;
    let shop = Shop::new(kelviq, PUBLIC_URL)?;
    match name {
        "checkout-extractor" => Ok(Router::new().route("/team", post(buy)).with_state(shop)),
        "checkout-route" => {
            let mut offer = Offer::plan("team", ChargePeriod::Yearly).quantity("seats", 1..=50);
            if refuses {
                offer = offer.refuse_subscribers();
            }
            let offers = Offers::builder(shop)
                .success_path("/thanks")
                .offer("team", offer)
                .sold_to::<Buyer>();
            Ok(routes(offers.build()?))
        }
        _ => Err(format!("there is no server named {name}").into()),
    }
}

#[derive(CheckoutMetadata)]
struct OrderMetadata {
    order_ref: String,
    source: String,
    seats: u32,
    coupon: Option<String>,
}

#[derive(Deserialize)]
struct Order {
    #[serde(rename = "quantity[seats]")]
    seats: u32,
}

async fn buy(buyer: Buyer, checkout: Checkout, Form(order): Form<Order>) -> Response {
    let metadata = OrderMetadata {
        order_ref: checkout.reference().to_string(),
        source: "pricing_page".to_owned(),
        seats: order.seats,
        coupon: None,
    };
    let mut checkout = checkout
        .plan("team", ChargePeriod::Yearly)
        .quantity("seats", order.seats)
        .success_path("/thanks")
        .metadata(metadata);
    if let Some(customer) = kelviq_axum::Buyer::customer(&buyer) {
        checkout = checkout.customer(customer);
    }
    checkout.redirect().await.into_response()
}

struct Buyer(Option<User>);

impl<S: Send + Sync> FromRequestParts<S> for Buyer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(User::of(&parts.headers)))
    }
}

impl kelviq_axum::Buyer for Buyer {
    fn customer(&self) -> Option<CustomerProfile> {
        let user = self.0.as_ref()?;
        let profile = CustomerProfile::new(&user.id);
        Some(match &user.email {
            Some(email) => profile.email(email),
            None => profile,
        })
    }

    async fn metadata(&self, sale: &Sale<'_>) -> axum::response::Result<impl ToMetadata> {
        Ok(OrderMetadata {
            order_ref: sale.reference().to_string(),
            source: "pricing_page".to_owned(),
            seats: sale.quantity("seats").unwrap_or_default(),
            coupon: None,
        })
    }
}
