//! Two purchases are not one: what tells clicks of one customer apart, and sessions that have ended.

use std::{convert::Infallible, hash::Hash};

use crate::support::{
    TestResponse, form, send,
    stub::{Answer, StubKelviq},
    webhook::{PATH, signed},
    with,
};
use axum::{
    Router,
    body::Body,
    extract::{FromRef, FromRequestParts, State},
    http::{HeaderMap, Request, StatusCode, request::Parts},
    routing::{get, post},
};
use kelviq_axum::{
    Buyer, Checkout, CheckoutRedirect, CheckoutReturn, CheckoutState, Event, MemoryInbox, Offer,
    Offers, Rejection, Sale, Shop,
    fake::{FakeKelviq, Fault},
    kelviq_core::{ChargePeriod, CustomerProfile, EventData, Metadata, ToMetadata, WebhookSecret},
    routes, webhook,
};
use serde_json::json;

/// A member of a workspace.
struct Member {
    user: String,
    workspace: String,
}

fn header(headers: &HeaderMap, name: &str) -> String {
    let value = headers.get(name).map(|value| value.to_str().unwrap());
    value.unwrap_or_default().to_owned()
}

impl<S: Send + Sync> FromRequestParts<S> for Member {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self {
            user: header(&parts.headers, "x-user"),
            workspace: header(&parts.headers, "x-workspace"),
        })
    }
}

fn metadata_of(workspace: &str) -> Metadata {
    let metadata = json!({ "workspace": workspace });
    Metadata::from_json(metadata.to_string()).unwrap()
}

impl Buyer for Member {
    fn customer(&self) -> Option<CustomerProfile> {
        Some(CustomerProfile::new(&self.user))
    }

    fn purchase_key(&self) -> impl Hash {
        &self.workspace
    }

    async fn metadata(&self, _: &Sale<'_>) -> axum::response::Result<impl ToMetadata> {
        Ok(metadata_of(&self.workspace))
    }
}

/// Sells with the extractor. Each header sets one part of the purchase.
async fn buy(headers: HeaderMap, checkout: Checkout) -> Result<CheckoutRedirect, Rejection> {
    let header = |name| header(&headers, name);
    let reference = json!({ "reference": checkout.reference(), "note": header("x-note") });
    let mut plan = checkout
        .plan(format!("pro{}", header("x-plan")), ChargePeriod::Monthly)
        .quantity(
            "seats",
            if headers.contains_key("x-seats") {
                2
            } else {
                1
            },
        )
        .success_path(format!("/thanks{}", header("x-success")))
        .cancel_path(format!("/cancelled{}", header("x-cancel")))
        .lock_email(!header("x-lock").is_empty())
        .metadata(Metadata::from_json(reference.to_string()).unwrap());
    if headers.contains_key("x-discount") {
        plan = plan.with(|plan| plan.discount_code(header("x-discount")));
    }
    if headers.contains_key("x-workspace") {
        plan = plan.purchase_key(header("x-workspace"));
    }
    if headers.contains_key("x-user") {
        plan = plan.customer(header("x-user"));
    }
    plan.redirect().await
}

async fn thanks(checkout: CheckoutReturn) -> &'static str {
    match checkout.state().await {
        CheckoutState::Paid(_) => "paid",
        CheckoutState::Pending => "pending",
        _ => "other",
    }
}

async fn on_event(State(shop): State<Shop>, event: Event) {
    if let EventData::CheckoutCompleted(session) = event.data {
        shop.session_ended(&session.session_id.unwrap()).await;
    }
}

#[derive(Clone, FromRef)]
struct App {
    shop: Shop,
}

fn app(kelviq: &FakeKelviq) -> Router {
    let shop = Shop::new(kelviq.client(), "https://app.example.com").unwrap();
    let plan = || Offer::plan("pro", ChargePeriod::Monthly);
    let offers = Offers::builder(shop.clone())
        .success_path("/thanks")
        .offer("pro", plan())
        .offer("same-plan", plan())
        .sold_to::<Member>()
        .build()
        .unwrap();
    let secret = kelviq.webhook_secret();
    Router::new()
        .route("/buy", post(buy))
        .route("/thanks", get(thanks))
        .route(
            "/webhook",
            webhook(secret, MemoryInbox::default(), on_event),
        )
        .with_state(App { shop })
        .nest("/checkout", routes(offers))
}

async fn click(app: &Router, path: &str, headers: &[(&'static str, &str)]) -> String {
    let request = headers
        .iter()
        .fold(form(path, ""), |request, (name, value)| {
            with(request, name, value)
        });
    let response = send(app, request).await;
    assert_eq!(response.status, StatusCode::SEE_OTHER);
    response.header("location").to_owned()
}

#[tokio::test]
async fn a_customer_who_buys_for_two_workspaces_gets_two_sessions() {
    let kelviq = FakeKelviq::start().await;
    let app = app(&kelviq);
    let mut sessions = Vec::new();
    for path in ["/checkout/pro", "/checkout/same-plan"] {
        for user in ["cust_1", "cust_2"] {
            for workspace in ["w1", "w2"] {
                let headers = [("x-user", user), ("x-workspace", workspace)];
                let session = click(&app, path, &headers).await;
                assert_eq!(session, click(&app, path, &headers).await);
                let metadata = &kelviq.checkouts().pop().unwrap().metadata;
                assert_eq!(*metadata, json!({ "workspace": workspace }));
                sessions.push(session);
            }
        }
    }
    sessions.sort();
    sessions.dedup();
    assert_eq!((sessions.len(), kelviq.checkouts().len()), (8, 8));
}

/// A member who buys for a team. The key of a team can equal that of a workspace.
struct TeamMember(Member);

impl<S: Send + Sync> FromRequestParts<S> for TeamMember {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        Member::from_request_parts(parts, state).await.map(Self)
    }
}

impl Buyer for TeamMember {
    fn customer(&self) -> Option<CustomerProfile> {
        self.0.customer()
    }

    fn purchase_key(&self) -> impl Hash {
        &self.0.workspace
    }
}

#[tokio::test]
async fn equal_keys_of_two_types_of_buyers_share_no_session() {
    let kelviq = FakeKelviq::start().await;
    let shop = Shop::new(kelviq.client(), "https://app.example.com").unwrap();
    let offers = || {
        Offers::builder(shop.clone())
            .success_path("/thanks")
            .offer("pro", Offer::plan("pro", ChargePeriod::Monthly))
    };
    let members = offers().sold_to::<Member>().build().unwrap();
    let teams = offers().sold_to::<TeamMember>().build().unwrap();
    let app = Router::new()
        .nest("/members", routes(members))
        .nest("/teams", routes(teams));
    let headers = [("x-user", "cust_1"), ("x-workspace", "1")];
    let of_member = click(&app, "/members/pro", &headers).await;
    let of_team = click(&app, "/teams/pro", &headers).await;
    assert_ne!(of_member, of_team);
    assert_eq!(of_member, click(&app, "/members/pro", &headers).await);
    assert_eq!(of_team, click(&app, "/teams/pro", &headers).await);
    assert_eq!(kelviq.checkouts().len(), 2);
}

#[tokio::test]
async fn a_double_click_on_a_handler_is_one_session_for_a_named_customer() {
    let kelviq = FakeKelviq::start().await;
    let app = app(&kelviq);
    let user = ("x-user", "cust_1");
    let first = click(&app, "/buy", &[user]).await;
    // The reference in the metadata differs for every click.
    assert_eq!(first, click(&app, "/buy", &[user]).await);
    assert_eq!(
        first,
        click(&app, "/buy", &[user, ("x-note", "other")]).await
    );
    assert_eq!(kelviq.checkouts().len(), 1);

    let differences = [
        ("x-user", "cust_2"),
        ("x-plan", "-max"),
        ("x-seats", "1"),
        ("x-success", "/2"),
        ("x-cancel", "/2"),
        ("x-lock", "1"),
        ("x-discount", "WELCOME20"),
        ("x-workspace", "w1"),
        ("x-workspace", "w2"),
    ];
    for (count, difference) in (2..).zip(differences) {
        let other = click(&app, "/buy", &[user, difference]).await;
        assert_eq!(other, click(&app, "/buy", &[user, difference]).await);
        assert_eq!(kelviq.checkouts().len(), count, "{difference:?}");
    }
    let before = kelviq.checkouts().len();
    assert_ne!(
        click(&app, "/buy", &[]).await,
        click(&app, "/buy", &[]).await
    );
    assert_eq!(kelviq.checkouts().len(), before + 2);
}

#[tokio::test]
async fn handlers_at_two_paths_that_sell_the_same_plan_share_no_session() {
    let kelviq = FakeKelviq::start().await;
    let shop = Shop::new(kelviq.client(), "https://app.example.com").unwrap();
    let handlers = Router::new()
        .route("/buy", post(buy))
        .route("/gift", post(buy))
        .route("/workspaces/{id}/buy", post(buy));
    let app = Router::new()
        .merge(handlers.clone())
        .nest("/nested", handlers)
        .with_state(App { shop });
    let mut sessions = Vec::new();
    for path in [
        "/buy",
        "/gift",
        "/workspaces/1/buy",
        "/workspaces/2/buy",
        "/nested/buy",
    ] {
        let session = click(&app, path, &[("x-user", "cust_1")]).await;
        assert_eq!(session, click(&app, path, &[("x-user", "cust_1")]).await);
        sessions.push(session);
    }
    sessions.sort();
    sessions.dedup();
    assert_eq!((sessions.len(), kelviq.checkouts().len()), (5, 5));
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_clicks_on_a_handler_are_one_session() {
    let kelviq = FakeKelviq::start().await;
    let app = app(&kelviq);
    let clicks: Vec<_> = (0..100)
        .map(|_| {
            let app = app.clone();
            tokio::spawn(async move { click(&app, "/buy", &[("x-user", "cust_1")]).await })
        })
        .collect();
    for click in clicks {
        let location = click.await.unwrap();
        assert!(location.contains(&kelviq.checkouts()[0].id));
    }
    assert_eq!(kelviq.checkouts().len(), 1);
}

/// Loads the success page of the latest session.
async fn load_thanks(app: &Router, kelviq: &FakeKelviq) -> TestResponse {
    let checkout = kelviq.checkouts().pop().unwrap();
    let url = checkout.fields["successUrl"].as_str().unwrap();
    let path = url.strip_prefix("https://app.example.com").unwrap();
    send(app, Request::get(path).body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_session_that_has_ended_is_not_handed_out_again() {
    let kelviq = FakeKelviq::start().await;
    let app = app(&kelviq);
    for (path, user) in [("/checkout/pro", "cust_1"), ("/buy", "cust_2")] {
        let buyer = [("x-user", user)];
        let first = click(&app, path, &buyer).await;
        assert_eq!(load_thanks(&app, &kelviq).await.body, "pending");
        assert_eq!(first, click(&app, path, &buyer).await);
    }

    for (path, user) in [("/checkout/pro", "cust_3"), ("/buy", "cust_4")] {
        let buyer = [("x-user", user)];
        let first = click(&app, path, &buyer).await;
        let payment = kelviq.pay(&kelviq.checkouts().pop().unwrap().id);
        assert_eq!(load_thanks(&app, &kelviq).await.body, "paid");
        let second = click(&app, path, &buyer).await;
        assert_ne!(first, second);

        // A later event of the first session does not end the second one.
        let delivered = payment.deliver_to(&app, "/webhook").await;
        assert_eq!(delivered.status(), StatusCode::OK);
        assert_eq!(second, click(&app, path, &buyer).await);

        let payment = kelviq.pay(&kelviq.checkouts().pop().unwrap().id);
        let delivered = payment.deliver_to(&app, "/webhook").await;
        assert_eq!(delivered.status(), StatusCode::OK);
        let third = click(&app, path, &buyer).await;
        assert!(third != first && third != second);

        kelviq.inject_next(Fault::Error(404));
        assert_eq!(load_thanks(&app, &kelviq).await.body, "other");
        assert_ne!(third, click(&app, path, &buyer).await);
    }
}

/// Ends the session under its key, which is not its id if that is long.
async fn end_session(State(shop): State<Shop>, event: Event) {
    if let EventData::CheckoutCompleted(session) = event.data {
        assert_ne!(session.session_id.as_deref(), Some(session.key()));
        shop.session_ended(session.key()).await;
    }
}

#[tokio::test]
async fn a_session_with_a_long_id_ends_under_its_key() {
    let long_id = |number: usize| format!("cs_{number:0>240}");
    let kelviq = StubKelviq::start(move |line, earlier| match line {
        "POST /checkout/" => {
            let id = long_id(earlier);
            let url = format!("https://kelviq.com/checkout/{earlier}/");
            Answer::Json(201, json!({"checkoutUrl": url, "checkoutSessionId": id}))
        }
        _ => Answer::Default,
    })
    .await;
    let shop = kelviq.shop();
    let secret = WebhookSecret::new("kq_whsec_test").unwrap();
    let inbox = MemoryInbox::default();
    let app = Router::new()
        .route("/buy", post(buy))
        .route(PATH, webhook(secret.clone(), inbox, end_session))
        .with_state(App { shop: shop.clone() });
    let buyer = [("x-user", "cust_1")];
    let first = click(&app, "/buy", &buyer).await;
    assert_eq!(first, click(&app, "/buy", &buyer).await);
    let object = json!({ "id": long_id(0) });
    let event = json!({"id": "evt_1", "type": "checkout.completed", "data": {"object": object}});
    let delivery = signed(&secret, "evt_1", &event.to_string());
    assert_eq!(send(&app, delivery).await.status, StatusCode::OK);
    let second = click(&app, "/buy", &buyer).await;
    assert_ne!(first, second);
    shop.session_ended(&long_id(1)).await;
    assert_ne!(second, click(&app, "/buy", &buyer).await);
}
