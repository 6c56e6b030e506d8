//! Hand-written servers that start checkouts with the same requests to the upstream.

use std::sync::Arc;

use axum::{
    Form, Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use reqwest::Client;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    Result,
    checkout_purchases::{PUBLIC_URL, User},
    checkout_servers::API_KEY,
    load::client,
};

/// Returns the server with this name.
pub(crate) fn server(name: &str, upstream: &str, refuses: bool) -> Result<Router> {
    let shop = Arc::new(Shop {
        client: client()?,
        base_url: format!("{upstream}/api/v1"),
        refuses,
    });
    let router = match name {
        "checkout-extractor-by-hand" => Router::new().route("/team", post(buy)),
        "checkout-route-by-hand" => Router::new().route("/{offer}", post(sell)),
        _ => return Err(format!("there is no server named {name}").into()),
    };
    Ok(router.with_state(shop))
}

struct Shop {
    client: Client,
    base_url: String,
    refuses: bool,
}

#[derive(Deserialize)]
struct Order {
    #[serde(rename = "quantity[seats]")]
    seats: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CreateSession<'a> {
    plan_identifier: &'a str,
    charge_period: &'a str,
    success_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_id: Option<&'a str>,
    features: [Feature<'a>; 1],
    metadata: OrderMetadata,
}

#[derive(Serialize)]
struct Feature<'a> {
    identifier: &'a str,
    quantity: u32,
}

#[derive(Serialize)]
struct OrderMetadata {
    order_ref: String,
    source: String,
    seats: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    coupon: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Session {
    checkout_url: String,
}

async fn buy(
    State(shop): State<Arc<Shop>>,
    headers: HeaderMap,
    Form(order): Form<Order>,
) -> Response {
    respond(
        shop.create_session("team", "YEARLY", order.seats, &headers)
            .await,
    )
}

async fn sell(
    State(shop): State<Arc<Shop>>,
    Path(offer): Path<String>,
    headers: HeaderMap,
    Form(order): Form<Order>,
) -> Response {
    let (plan, charge_period) = match offer.as_str() {
        "team" => ("team", "YEARLY"),
        "pro" => ("pro", "MONTHLY"),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    if !(1..=50).contains(&order.seats) {
        return StatusCode::UNPROCESSABLE_ENTITY.into_response();
    }
    respond(
        shop.create_session(plan, charge_period, order.seats, &headers)
            .await,
    )
}

fn respond(session: Result<Session>) -> Response {
    match session {
        Ok(session) => Redirect::to(&session.checkout_url).into_response(),
        Err(_) => StatusCode::BAD_GATEWAY.into_response(),
    }
}

impl Shop {
    async fn create_session(
        &self,
        plan: &str,
        charge_period: &str,
        seats: u32,
        headers: &HeaderMap,
    ) -> Result<Session> {
        let user = User::of(headers);
        if let Some(user) = &user {
            self.prepare(user).await?;
        }
        let mut reference = [0; 16];
        getrandom::fill(&mut reference)?;
        let reference = hex::encode(reference);
        let request = CreateSession {
            plan_identifier: plan,
            charge_period,
            success_url: format!("{PUBLIC_URL}/thanks?reference={reference}"),
            customer_id: user.as_ref().map(|user| user.id.as_str()),
            features: [Feature {
                identifier: "seats",
                quantity: seats,
            }],
            metadata: OrderMetadata {
                order_ref: reference,
                source: "pricing_page".to_owned(),
                seats,
                coupon: None,
            },
        };
        let response = self
            .client
            .post(format!("{}/checkout/", self.base_url))
            .bearer_auth(API_KEY)
            .body(serde_json::to_vec(&request)?)
            .header("content-type", "application/json")
            .send()
            .await?
            .error_for_status()?;
        Ok(serde_json::from_slice(&response.bytes().await?)?)
    }

    /// Writes the user's email address, and refuses a subscriber.
    async fn prepare(&self, user: &User) -> Result<()> {
        if let Some(email) = &user.email {
            self.client
                .patch(format!("{}/customers/{}/", self.base_url, user.id))
                .bearer_auth(API_KEY)
                .body(json!({ "email": email }).to_string())
                .header("content-type", "application/json")
                .send()
                .await?
                .error_for_status()?
                .bytes()
                .await?;
        }
        if self.refuses {
            let id = &user.id;
            let url = format!(
                "{}/subscriptions/?customer_id={id}&page_size=100",
                self.base_url
            );
            let response = self.client.get(url).bearer_auth(API_KEY).send().await?;
            let list = response.error_for_status()?.bytes().await?;
            let list: Value = serde_json::from_slice(&list)?;
            if list["results"]
                .as_array()
                .is_none_or(|list| !list.is_empty())
            {
                return Err("the customer has a subscription".into());
            }
        }
        Ok(())
    }
}
