//! The customer's profile is written at Kelviq before the session is created.

use std::{convert::Infallible, sync::Arc};

use crate::support::{
    TestResponse, form,
    log::Log,
    send,
    stub::{
        Answer::{self, Default, Hang, Json},
        StubKelviq,
    },
    with,
};
use axum::{
    Router,
    extract::FromRequestParts,
    http::{HeaderMap, StatusCode, request::Parts},
    routing::post,
};
use kelviq_axum::{
    Buyer, Checkout, CheckoutRedirect, Offer, Offers, Rejection, Shop,
    kelviq_core::{ChargePeriod, CustomerProfile},
    routes,
};
use serde_json::{Value, json};

/// A user with the id in `x-user`, and maybe the email address in `x-email` and the name in `x-name`.
struct Member(CustomerProfile);

impl<S: Send + Sync> FromRequestParts<S> for Member {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(profile(&parts.headers)))
    }
}

fn profile(headers: &HeaderMap) -> CustomerProfile {
    let header = |name| headers.get(name).map(|value| value.to_str().unwrap());
    let mut profile = CustomerProfile::new(header("x-user").unwrap());
    if let Some(email) = header("x-email") {
        profile = profile.email(email);
    }
    if let Some(name) = header("x-name") {
        profile = profile.name(name);
    }
    profile
}

impl Buyer for Member {
    fn customer(&self) -> Option<CustomerProfile> {
        Some(self.0.clone())
    }

    fn lock_email(&self) -> Option<bool> {
        Some(true)
    }
}

async fn buy(headers: HeaderMap, checkout: Checkout) -> Result<CheckoutRedirect, Rejection> {
    let plan = checkout.plan("team", ChargePeriod::Yearly);
    let plan = plan.customer(profile(&headers)).lock_email(true);
    plan.redirect().await
}

/// Sells the offers `a`, `b`, `c` and `d`, and a plan in a handler at `/buy`.
fn app(shop: &Shop) -> Router {
    let offers = ["a", "b", "c", "d"].into_iter().fold(
        Offers::builder(shop.clone()).sold_to::<Member>(),
        |offers, name| offers.offer(name, Offer::plan(name, ChargePeriod::Monthly)),
    );
    Router::new()
        .route("/buy", post(buy))
        .with_state(shop.clone())
        .nest("/checkout", routes(offers.build().unwrap()))
}

const ADA: [(&str, &str); 3] = [
    ("x-user", "user 1/2"),
    ("x-email", "ada@b.example"),
    ("x-name", "Ada"),
];
/// The requests of a customer with this id.
const UPDATE: &str = "PATCH /customers/user%201%2F2/";
const CREATE: &str = "POST /customers/";
const SELL: &str = "POST /checkout/";
/// The beginning of a line of the log.
const UNWRITTEN: &str = "WARN message=the profile of a customer was not written";

async fn click<const N: usize>(
    app: &Router,
    path: &str,
    headers: [(&'static str, &str); N],
) -> TestResponse {
    let request = headers
        .into_iter()
        .fold(form(path, ""), |request, (name, value)| {
            with(request, name, value)
        });
    let response = send(app, request).await;
    assert_eq!(response.status, StatusCode::SEE_OTHER, "{}", response.body);
    response
}

/// Returns `lockEmail` of each session.
fn locked(kelviq: &StubKelviq) -> Vec<Value> {
    let sessions = kelviq.requests(SELL).into_iter();
    sessions
        .map(|session| session.json["lockEmail"].clone())
        .collect()
}

/// Answers the customer's updates with these statuses, and creations with this one.
fn answers(
    updates: &'static [u16],
    creation: (u16, Value),
) -> impl Fn(&str, usize) -> Answer + Clone {
    let (status, json) = creation;
    let json = Arc::new(json);
    move |line, earlier| match line {
        UPDATE => Json(updates[earlier.min(updates.len() - 1)], json!({})),
        CREATE => Json(status, (*json).clone()),
        _ => Default,
    }
}

#[tokio::test]
async fn the_profile_is_written_before_the_session_is_created() {
    for path in ["/checkout/a", "/buy"] {
        let kelviq = StubKelviq::start(|_, _| Default).await;
        click(&app(&kelviq.shop()), path, ADA).await;
        assert_eq!(kelviq.lines(), [UPDATE, SELL]);
        let [update, sale] = &kelviq.requests("")[..] else {
            panic!("{:?}", kelviq.lines())
        };
        assert_eq!(
            update.json,
            json!({"email": "ada@b.example", "name": "Ada"})
        );
        assert_eq!(sale.json["customerId"], "user 1/2");
        assert_eq!(sale.json["lockEmail"], true);
    }
}

#[tokio::test]
async fn an_id_alone_is_not_written() {
    let kelviq = StubKelviq::start(|_, _| Default).await;
    let app = app(&kelviq.shop());
    click(&app, "/checkout/a", [("x-user", "cust_1")]).await;
    click(&app, "/buy", [("x-user", "cust_1")]).await;
    assert_eq!(kelviq.lines(), [SELL, SELL]);
    assert_eq!(locked(&kelviq), [true, true]);
}

#[tokio::test]
async fn an_unknown_customer_is_created() {
    let kelviq = StubKelviq::start(answers(&[404], (201, json!({})))).await;
    click(&app(&kelviq.shop()), "/checkout/a", ADA).await;
    assert_eq!(kelviq.lines(), [UPDATE, CREATE, SELL]);
    let created = &kelviq.requests(CREATE)[0].json;
    assert_eq!(created["customerId"], "user 1/2");
    assert_eq!(created["email"], "ada@b.example");
    assert_eq!(locked(&kelviq), [true]);
}

#[tokio::test]
async fn a_customer_who_is_created_meanwhile_is_updated() {
    for status in [400, 409] {
        let kelviq = StubKelviq::start(answers(&[404, 200], (status, json!({})))).await;
        let log = Log::start();
        click(&app(&kelviq.shop()), "/checkout/a", ADA).await;
        assert_eq!(kelviq.lines(), [UPDATE, CREATE, UPDATE, SELL]);
        assert_eq!(locked(&kelviq), [true]);
        assert_eq!(log.with(UNWRITTEN), [""; 0]);
    }
}

#[tokio::test]
async fn the_sale_goes_on_for_the_id_of_an_archived_customer_which_is_tried_once() {
    let in_use = json!({"customerId": ["A customer with the id user 1/2 exists."]});
    let kelviq = StubKelviq::start(answers(&[404], (400, in_use))).await;
    let app = app(&kelviq.shop());
    let log = Log::start();
    click(&app, "/checkout/a", ADA).await;
    click(&app, "/checkout/b", ADA).await;
    assert_eq!(kelviq.lines(), [UPDATE, CREATE, UPDATE, SELL, SELL]);
    assert_eq!(locked(&kelviq), [Value::Null, Value::Null]);
    let warnings = log.with(UNWRITTEN);
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].contains(r#"fields=["customerId"] kind=Api status=400"#));
    assert!(!warnings[0].contains("user 1/2"), "{warnings:?}");
}

#[tokio::test]
async fn the_sale_goes_on_after_a_refused_profile_and_the_log_names_the_field_without_its_value() {
    let refused = json!({"email": ["ada@b.example is not an email address."]});
    for path in ["/checkout/a", "/buy"] {
        let refused = refused.clone();
        let kelviq = StubKelviq::start(move |line, _| match line {
            UPDATE => Json(400, refused.clone()),
            _ => Default,
        })
        .await;
        let log = Log::start();
        click(&app(&kelviq.shop()), path, ADA).await;
        assert_eq!(kelviq.lines(), [UPDATE, SELL]);
        assert_eq!(locked(&kelviq), [Value::Null]);
        let sale = &kelviq.requests(SELL)[0].json;
        assert_eq!(sale["customerId"], "user 1/2");

        let [warning] = &log.with(UNWRITTEN)[..] else {
            panic!("{:?}", log.with(""))
        };
        let success_url = sale["successUrl"].as_str().unwrap();
        let (_, reference) = success_url.split_once("reference=").unwrap();
        assert!(warning.contains(reference), "{warning}");
        assert!(warning.contains(r#"fields=["email"]"#), "{warning}");
        for line in log.with("") {
            for value in ["ada@b.example", "Ada", "user 1/2", "not an email"] {
                assert!(!line.contains(value), "{line}");
            }
        }
    }
}

#[tokio::test]
async fn a_profile_that_is_too_long_is_not_sent_and_the_sale_goes_on() {
    let kelviq = StubKelviq::start(|_, _| Default).await;
    let app = app(&kelviq.shop());
    let log = Log::start();
    let name = "x".repeat(501);
    let headers = [
        ("x-user", "cust_1"),
        ("x-email", "ada@b.example"),
        ("x-name", &*name),
    ];
    click(&app, "/checkout/a", headers).await;
    assert_eq!(kelviq.lines(), [SELL]);
    assert_eq!(locked(&kelviq), [Value::Null]);
    let warnings = log.with(UNWRITTEN);
    assert!(warnings[0].contains(r#"fields=["name"] kind=InvalidRequest"#));
}

#[tokio::test]
async fn without_an_email_address_the_email_is_locked_as_the_buyer_says() {
    let kelviq = StubKelviq::start(answers(&[400], (400, json!({})))).await;
    let app = app(&kelviq.shop());
    let log = Log::start();
    click(&app, "/checkout/a", [ADA[0], ADA[2]]).await;
    assert_eq!(locked(&kelviq), [true]);
    assert!(log.with(UNWRITTEN)[0].contains(r#"fields=["name"]"#));
}

#[tokio::test]
async fn a_profile_is_written_once_and_again_when_it_has_changed() {
    let kelviq = StubKelviq::start(|_, _| Default).await;
    let shop = kelviq.shop();
    // Clones of the shop share what they have written.
    let apps = [app(&shop), app(&shop)];
    let new = ("x-email", "ada@new.example");
    click(&apps[0], "/checkout/a", ADA).await;
    click(&apps[1], "/checkout/b", ADA).await;
    click(&apps[0], "/buy", ADA).await;
    assert_eq!(kelviq.requests(UPDATE).len(), 1);
    click(&apps[0], "/checkout/c", [ADA[0], new, ADA[2]]).await;
    click(&apps[1], "/checkout/d", ADA).await;
    let emails: Vec<_> = kelviq
        .requests(UPDATE)
        .into_iter()
        .map(|update| update.json["email"].clone())
        .collect();
    assert_eq!(
        emails,
        ["ada@b.example", "ada@new.example", "ada@b.example"]
    );
    assert_eq!(kelviq.requests(SELL).len(), 5);
}

#[tokio::test]
async fn concurrent_sales_write_a_profile_once() {
    let kelviq = StubKelviq::start(|_, _| Default).await;
    let app = app(&kelviq.shop());
    tokio::join!(
        click(&app, "/checkout/a", ADA),
        click(&app, "/checkout/b", ADA),
        click(&app, "/checkout/c", ADA),
        click(&app, "/buy", ADA),
        // A double click.
        click(&app, "/buy", ADA),
    );
    assert_eq!(kelviq.requests(UPDATE).len(), 1);
    assert_eq!(kelviq.requests(SELL).len(), 4);
}

#[tokio::test]
async fn a_failure_that_can_pass_is_not_remembered() {
    for status in [401, 403, 408, 429, 500, 503] {
        let kelviq = StubKelviq::start(move |line, earlier| match line {
            UPDATE if earlier == 0 => Json(status, json!({"detail": "ada@b.example"})),
            _ => Default,
        })
        .await;
        let app = app(&kelviq.shop());
        let log = Log::start();
        for offer in ["/checkout/a", "/checkout/b", "/checkout/c"] {
            click(&app, offer, ADA).await;
        }
        assert_eq!(kelviq.requests(UPDATE).len(), 2, "{status}");
        assert_eq!(locked(&kelviq), [Value::Null, json!(true), json!(true)]);
        let warnings = log.with(UNWRITTEN);
        let fields = format!(r#"fields=["email", "name"] kind=Api status={status}"#);
        assert!(warnings[0].contains(&fields), "{warnings:?}");
        assert_eq!(warnings.len(), 1);
    }
}

#[tokio::test]
async fn the_sale_goes_on_when_the_profile_is_not_written_in_5_s() {
    for path in ["/checkout/a", "/buy"] {
        let kelviq = StubKelviq::start(|line, earlier| match line {
            UPDATE if earlier == 0 => Hang,
            _ => Default,
        })
        .await;
        let app = app(&kelviq.shop());
        let log = Log::start();
        let started = tokio::time::Instant::now();
        click(&app, path, ADA).await;
        assert_eq!(started.elapsed().as_secs(), 5);
        click(&app, "/checkout/b", ADA).await;
        assert_eq!(kelviq.lines(), [UPDATE, SELL, UPDATE, SELL]);
        assert_eq!(locked(&kelviq), [Value::Null, json!(true)]);
        assert!(log.with(UNWRITTEN)[0].contains("kind=Timeout"));
    }
}
