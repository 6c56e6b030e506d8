//! A customer who has a subscription is refused another one, if the application says so.

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
};

use crate::support::{
    TestResponse,
    buyer::User,
    form,
    log::Log,
    send,
    stub::{
        Answer::{After, Default, Hang, Json},
        StubKelviq, subscriptions,
    },
    with,
};
use axum::{
    Router,
    body::Body,
    extract::FromRequestParts,
    http::{HeaderMap, Request, StatusCode, request::Parts},
    middleware::map_response,
    response::{Html, IntoResponse, Response},
    routing::post,
};
use kelviq_axum::{
    Buyer, Checkout, CheckoutProblem, CheckoutRedirect, Offer, Offers, OffersBuilder, Page,
    Rejection, Sale, Shop,
    fake::FakeKelviq,
    kelviq_core::{ChargePeriod, CustomerProfile, Metadata, ToMetadata},
    routes,
};
use serde_json::{Value, json};

const LIST: &str = "GET /subscriptions/";
const SELL: &str = "POST /checkout/";

/// The offers of a shop:
///
/// - `pro` refuses its own subscribers,
/// - `team` refuses subscribers of `pro` and `max`,
/// - `basic` and `course` refuse nobody.
fn offers(shop: Shop) -> OffersBuilder<User> {
    let pro = Offer::plan("pro", ChargePeriod::Monthly).refuse_subscribers();
    let team = Offer::plan("team", ChargePeriod::Monthly);
    Offers::builder(shop)
        .offer("pro", pro)
        .offer("team", team.refuse_subscribers_of(["pro", "max"]))
        .offer("basic", Offer::plan("basic", ChargePeriod::Monthly))
        .offer("course", Offer::plan("course", ChargePeriod::OneTime))
        .sold_to::<User>()
}

fn app(kelviq: &StubKelviq) -> Router {
    let offers = offers(kelviq.shop()).portal_path("/billing").build();
    Router::new()
        .nest("/checkout", routes(offers.unwrap()))
        .route("/buy", post(buy))
        .with_state(kelviq.shop())
}

/// Sells `pro`. The header `x-plans` has other plans whose subscribers are refused, and `x-portal` another path of the portal.
async fn buy(headers: HeaderMap, checkout: Checkout) -> Result<CheckoutRedirect, Rejection> {
    let mut plan = checkout.plan("pro", ChargePeriod::Monthly);
    if let Some(user) = headers.get("x-user") {
        plan = plan.customer(user.to_str().unwrap());
    }
    plan = match headers.get("x-plans") {
        Some(plans) => plan.refuse_subscribers_of(plans.to_str().unwrap().split(' ')),
        None => plan.refuse_subscribers(),
    };
    let portal = headers.get("x-portal").map(|path| path.to_str().unwrap());
    plan.portal_path(portal.unwrap_or("/billing"))
        .redirect()
        .await
}

/// A Kelviq whose customers have these subscriptions.
async fn kelviq_with<const N: usize>(plans: [(&'static str, &'static str); N]) -> StubKelviq {
    StubKelviq::start(move |line, _| match line {
        LIST => Json(200, subscriptions(plans)),
        _ => Default,
    })
    .await
}

fn request(path: &str) -> Request<Body> {
    with(form(path, ""), "x-user", "cust_1")
}

async fn click(app: &Router, path: &str) -> TestResponse {
    send(app, request(path)).await
}

#[tokio::test]
async fn an_offer_refuses_subscribers_of_its_own_plan_or_of_exactly_the_listed_plans() {
    let (sold, refused) = (StatusCode::SEE_OTHER, StatusCode::CONFLICT);
    for (plan, pro, team) in [
        ("pro", refused, refused),
        ("max", sold, refused),
        ("team", sold, sold),
        ("PRO", sold, sold),
    ] {
        let kelviq = kelviq_with([("starter", "active"), (plan, "active")]).await;
        let app = app(&kelviq);
        assert_eq!(click(&app, "/checkout/pro").await.status, pro, "{plan}");
        assert_eq!(click(&app, "/checkout/team").await.status, team, "{plan}");
        assert_eq!(click(&app, "/buy").await.status, pro, "{plan}");
        let listed = with(request("/buy"), "x-plans", "max pro");
        assert_eq!(send(&app, listed).await.status, team, "{plan}");

        let responses = [pro, team, pro, team].into_iter();
        let sales = responses.filter(|status| *status == sold).count();
        assert_eq!(kelviq.requests(SELL).len(), sales, "{plan}");
        let queries = kelviq.requests(LIST);
        assert_eq!(queries.len(), 4);
        for request in queries {
            assert!(request.query.contains("customer_id=cust_1"), "{request:?}");
        }
    }
}

#[tokio::test]
async fn a_subscription_counts_while_the_customer_has_it() {
    for (status, is_refused) in [
        ("active", true),
        ("trialing", true),
        ("past_due", true),
        ("paused_by_kelviq", true),
        ("canceled", false),
        ("cancelled", false),
        ("incomplete", false),
        ("incomplete_expired", false),
        ("superseded", false),
    ] {
        let kelviq = kelviq_with([("pro", status)]).await;
        let response = click(&app(&kelviq), "/checkout/pro").await;
        let is_conflict = response.status == StatusCode::CONFLICT;
        assert_eq!(is_conflict, is_refused, "{status}");
        assert_eq!(kelviq.requests(SELL).is_empty(), is_refused, "{status}");
    }
    for (end_date, is_refused) in [("2020-01-31", false), ("9999-01-31", true)] {
        let mut list = subscriptions([("pro", "active")]);
        list["results"][0]["endDate"] = json!(end_date);
        let kelviq = StubKelviq::start(move |line, _| match line {
            LIST => Json(200, list.clone()),
            _ => Default,
        })
        .await;
        let response = click(&app(&kelviq), "/checkout/pro").await;
        let is_conflict = response.status == StatusCode::CONFLICT;
        assert_eq!(is_conflict, is_refused, "{end_date}");
    }
}

#[tokio::test]
async fn a_subscription_on_another_page_of_the_list_counts() {
    let kelviq = StubKelviq::start(|line, earlier| match (line, earlier) {
        (LIST, 0) => {
            let mut list = subscriptions([("starter", "active")]);
            list["next"] = json!("https://api.kelviq.com/api/v1/subscriptions/?page=2");
            Json(200, list)
        }
        (LIST, _) => Json(200, subscriptions([("pro", "active")])),
        _ => Default,
    })
    .await;
    let response = click(&app(&kelviq), "/checkout/pro").await;
    assert_eq!(response.status, StatusCode::CONFLICT);
    assert_eq!(kelviq.lines(), [LIST, LIST]);
}

#[tokio::test]
async fn an_offer_that_refuses_nobody_sends_no_request_before_its_session() {
    let kelviq = kelviq_with([("basic", "active"), ("course", "active")]).await;
    let app = app(&kelviq);
    for path in ["/checkout/basic", "/checkout/course"] {
        assert_eq!(click(&app, path).await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(kelviq.lines(), [SELL, SELL]);
}

#[tokio::test]
async fn build_refuses_the_rule_for_anonymous_buyers_and_a_list_without_plans() {
    let kelviq = StubKelviq::start(|_, _| Default).await;
    let offer = || Offer::plan("pro", ChargePeriod::Monthly);
    let anonymous = Offers::builder(kelviq.shop())
        .offer("basic", offer())
        .offer("pro", offer().refuse_subscribers())
        .offer("team", offer().refuse_subscribers_of(["pro"]));
    let error = anonymous.build().unwrap_err().to_string();
    let problems: Vec<_> = error.split("; ").collect();
    assert!(
        problems[0].contains("\"pro\"") && error.contains("\"team\""),
        "{error}"
    );
    assert!(
        error.contains("`sold_to`") && !error.contains("basic"),
        "{error}"
    );
    let anonymous = Offers::builder(kelviq.shop())
        .sold_to::<kelviq_axum::Anonymous>()
        .offer("pro", offer().refuse_subscribers());
    assert!(anonymous.build().is_err());

    for plans in [&[][..], &["pro", ""], &["pro", "max "]] {
        let offers =
            offers(kelviq.shop()).offer("x", offer().refuse_subscribers_of(plans.to_vec()));
        let error = offers.build().unwrap_err().to_string();
        assert!(error.contains("refuse_subscribers_of"), "{error}");
    }
    let offers = offers(kelviq.shop()).portal_path("billing");
    assert!(offers.build().unwrap_err().to_string().contains("billing"));
}

#[tokio::test]
async fn a_handler_with_an_invalid_setting_sells_to_nobody() {
    let kelviq = StubKelviq::start(|_, _| Default).await;
    let app = app(&kelviq);
    for (header, value, message) in [
        ("x-plans", "", "refuse_subscribers_of needs"),
        ("x-plans", "pro ", "refuse_subscribers_of needs"),
        ("x-portal", "billing", "portal path must begin with /"),
    ] {
        let log = Log::start();
        let response = send(&app, with(request("/buy"), header, value)).await;
        assert_eq!(response.status, StatusCode::INTERNAL_SERVER_ERROR);
        let errors = log.with(message);
        assert_eq!(errors.len(), 1, "{:?}", log.with(""));
        assert!(errors[0].starts_with("ERROR"), "{errors:?}");
    }
    assert_eq!(kelviq.lines(), [""; 0]);
}

#[tokio::test]
async fn a_buyer_without_an_id_is_not_checked() {
    let kelviq = kelviq_with([("pro", "active")]).await;
    let app = app(&kelviq);
    let log = Log::start();
    let guest = with(form("/checkout/pro", ""), "x-user", "nobody");
    assert_eq!(send(&app, guest).await.status, StatusCode::SEE_OTHER);
    assert_eq!(log.with("was not checked"), [""; 0]);
    // In a handler, this is probably a forgotten `customer`.
    let response = send(&app, form("/buy", "")).await;
    assert_eq!(response.status, StatusCode::SEE_OTHER);
    let warnings = log.with("was not checked");
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].starts_with("WARN") && warnings[0].contains("call `customer`"));
    assert_eq!(kelviq.lines(), [SELL, SELL]);
}

#[tokio::test]
async fn nothing_is_sold_if_the_subscriptions_are_not_listed() {
    for (status, expected) in [
        (401, StatusCode::BAD_GATEWAY),
        (404, StatusCode::BAD_GATEWAY),
        (429, StatusCode::SERVICE_UNAVAILABLE),
        (500, StatusCode::BAD_GATEWAY),
        (503, StatusCode::SERVICE_UNAVAILABLE),
        (504, StatusCode::GATEWAY_TIMEOUT),
        // Not a list.
        (200, StatusCode::BAD_GATEWAY),
    ] {
        let kelviq = StubKelviq::start(move |line, _| match line {
            LIST => Json(status, json!({"detail": "x"})),
            _ => Default,
        })
        .await;
        let app = app(&kelviq);
        for path in ["/checkout/pro", "/buy"] {
            let log = Log::start();
            let response = click(&app, path).await;
            assert_eq!(response.status, expected, "{status}");
            assert_eq!(
                log.with("the customer's subscriptions were not listed")
                    .len(),
                1
            );
        }
        assert_eq!(kelviq.lines(), [LIST, LIST]);
    }
}

#[tokio::test]
async fn nothing_is_sold_if_a_current_subscription_has_no_plan() {
    for (plan, status, expected) in [
        (json!(null), "active", StatusCode::BAD_GATEWAY),
        (json!("pro"), "active", StatusCode::BAD_GATEWAY),
        (
            json!({"identifier": null}),
            "new-status",
            StatusCode::BAD_GATEWAY,
        ),
        (json!(null), "canceled", StatusCode::SEE_OTHER),
    ] {
        let list = json!({"results": [{"id": "s1", "status": status, "plan": plan}]});
        let kelviq = StubKelviq::start(move |line, _| match line {
            LIST => Json(200, list.clone()),
            _ => Default,
        })
        .await;
        for path in ["/checkout/pro", "/buy"] {
            let response = click(&app(&kelviq), path).await;
            assert_eq!(response.status, expected, "{plan} {status}");
        }
    }
}

#[tokio::test]
async fn nothing_is_sold_if_the_list_does_not_arrive_in_5_s() {
    for path in ["/checkout/pro", "/buy"] {
        let kelviq = StubKelviq::start(|line, _| match line {
            LIST => Hang,
            _ => Default,
        })
        .await;
        let started = tokio::time::Instant::now();
        let response = click(&app(&kelviq), path).await;
        assert_eq!(response.status, StatusCode::GATEWAY_TIMEOUT);
        assert_eq!(started.elapsed().as_secs(), 5);
        assert_eq!(kelviq.lines(), [LIST]);
    }
}

/// A buyer with a profile, who counts the orders that are stored.
struct Customer(Arc<AtomicUsize>);

impl FromRequestParts<Arc<AtomicUsize>> for Customer {
    type Rejection = Infallible;

    async fn from_request_parts(
        _: &mut Parts,
        orders: &Arc<AtomicUsize>,
    ) -> Result<Self, Infallible> {
        Ok(Self(Arc::clone(orders)))
    }
}

impl Buyer for Customer {
    fn customer(&self) -> Option<CustomerProfile> {
        Some(CustomerProfile::new("cust_1").email("ada@b.example"))
    }

    async fn metadata(&self, _: &Sale<'_>) -> axum::response::Result<impl ToMetadata> {
        self.0.fetch_add(1, SeqCst);
        Ok(None::<Metadata>)
    }
}

fn app_of_customer(kelviq: &StubKelviq, orders: &Arc<AtomicUsize>) -> Router {
    let offers = offers(kelviq.shop()).sold_to::<Customer>().build().unwrap();
    let routes = routes::<_, Arc<AtomicUsize>>(offers);
    Router::new()
        .nest("/checkout", routes)
        .with_state(Arc::clone(orders))
}

const UPDATE: &str = "PATCH /customers/cust_1/";

#[tokio::test]
async fn the_profile_is_written_while_the_subscriptions_are_listed_and_then_an_order_is_stored() {
    let kelviq = StubKelviq::start(|line, _| match line {
        LIST => After(UPDATE),
        UPDATE => After(LIST),
        _ => Default,
    })
    .await;
    let orders = Arc::new(AtomicUsize::new(0));
    let app = app_of_customer(&kelviq, &orders);
    assert_eq!(
        click(&app, "/checkout/pro").await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(kelviq.lines()[2..], [SELL]);
    assert_eq!(orders.load(SeqCst), 1);
}

#[tokio::test]
async fn writing_and_listing_share_the_limit_of_5_s() {
    let kelviq = StubKelviq::start(|line, _| match line {
        // Never.
        UPDATE => After(SELL),
        LIST => Hang,
        _ => Default,
    })
    .await;
    let orders = Arc::new(AtomicUsize::new(0));
    let app = app_of_customer(&kelviq, &orders);
    let started = tokio::time::Instant::now();
    let response = click(&app, "/checkout/pro").await;
    assert_eq!(response.status, StatusCode::GATEWAY_TIMEOUT);
    assert_eq!(started.elapsed().as_secs(), 5);
    assert_eq!(kelviq.requests(SELL).len(), 0);
    assert_eq!(orders.load(SeqCst), 0);
}

#[tokio::test]
async fn a_refused_customer_has_no_order_but_a_profile_for_the_portal() {
    let kelviq = kelviq_with([("pro", "active")]).await;
    let orders = Arc::new(AtomicUsize::new(0));
    let app = app_of_customer(&kelviq, &orders);
    assert_eq!(
        click(&app, "/checkout/pro").await.status,
        StatusCode::CONFLICT
    );
    assert_eq!(kelviq.requests(UPDATE).len(), 1);
    assert_eq!(orders.load(SeqCst), 0);
}

#[tokio::test]
async fn a_double_click_shares_the_refusal_which_is_not_cached() {
    // The subscription ends after the first request.
    let kelviq = StubKelviq::start(|line, earlier| match (line, earlier) {
        (LIST, 0) => Json(200, subscriptions([("pro", "active")])),
        _ => Default,
    })
    .await;
    let app = app(&kelviq);
    let (first, second) = tokio::join!(click(&app, "/checkout/pro"), click(&app, "/checkout/pro"));
    let statuses = [first.status, second.status];
    assert_eq!(statuses, [StatusCode::CONFLICT; 2]);
    assert_eq!(kelviq.lines(), [LIST]);

    assert_eq!(
        click(&app, "/checkout/pro").await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(kelviq.lines(), [LIST, LIST, SELL]);
    // The session is shared without another check.
    assert_eq!(
        click(&app, "/checkout/pro").await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(kelviq.lines().len(), 3);
}

const LINK: &str = r#"<a href="https://app.example.com/billing">Manage your subscription</a>"#;

#[tokio::test]
async fn the_response_leads_to_the_portal() {
    let kelviq = kelviq_with([("pro", "active")]).await;
    let app = app(&kelviq);
    for path in ["/checkout/pro", "/buy"] {
        let page = click(&app, path).await;
        assert_eq!(page.status, StatusCode::CONFLICT);
        assert_eq!(page.header("cache-control"), "no-store");
        assert!(page.body.contains("You already have a subscription"));
        assert!(
            page.body.contains(&format!("<p>{LINK}</p>")),
            "{}",
            page.body
        );

        let json = with(request(path), "accept", "application/json");
        let json: Value = serde_json::from_str(&send(&app, json).await.body).unwrap();
        assert_eq!(json["error"], "already_subscribed");
        assert_eq!(json["portalUrl"], "https://app.example.com/billing");

        let htmx = send(&app, with(request(path), "hx-request", "true")).await;
        assert!(htmx.body.starts_with("<p role=\"alert\">"), "{}", htmx.body);
        assert!(htmx.body.contains(LINK) && !htmx.body.contains("<html"));
    }
    // Other errors do not lead there.
    let other = click(&app, "/checkout/gone").await;
    assert!(!other.body.contains("billing"));
}

#[tokio::test]
async fn without_the_path_of_the_portal_there_is_no_link() {
    let kelviq = kelviq_with([("pro", "active")]).await;
    let offers = offers(kelviq.shop()).build().unwrap();
    let app = Router::new().nest("/checkout", routes(offers));
    let page = click(&app, "/checkout/pro").await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(!page.body.contains("Manage"), "{}", page.body);
    let json = with(request("/checkout/pro"), "accept", "application/json");
    assert!(!send(&app, json).await.body.contains("portalUrl"));
}

#[tokio::test]
async fn a_page_of_the_application_finds_the_portal_below_the_path_of_the_shop() {
    async fn own_page(response: Response) -> Response {
        match Page::of(&response) {
            Some(Page::Error(rejection)) => {
                assert_eq!(rejection.problem(), CheckoutProblem::AlreadySubscribed);
                let url = rejection.portal_url().unwrap().to_owned();
                Page::replace(response, Html(url))
            }
            _ => "no page".into_response(),
        }
    }
    let kelviq = kelviq_with([("pro", "active")]).await;
    let shop = Shop::new(kelviq.client.clone(), "https://example.com/shop").unwrap();
    let offers = offers(shop)
        .portal_path("/billing?a=1&b=2")
        .build()
        .unwrap();
    let app = Router::new().nest("/checkout", routes(offers));
    let page = click(&app, "/checkout/pro").await;
    let link = r#"<a href="https://example.com/shop/billing?a=1&amp;b=2">"#;
    assert!(page.body.contains(link), "{}", page.body);
    let page = click(&app.layer(map_response(own_page)), "/checkout/pro").await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert_eq!(page.body, "https://example.com/shop/billing?a=1&b=2");
}

#[tokio::test]
async fn a_refusal_is_logged_with_the_offer_and_the_plan() {
    let kelviq = kelviq_with([("pro", "active")]).await;
    let app = app(&kelviq);
    let log = Log::start();
    for (path, fields) in [
        ("/checkout/team", r#"offer="team" subscribed_plan="pro""#),
        ("/buy", r#"plan="pro" subscribed_plan="pro""#),
    ] {
        let page = click(&app, path).await;
        let (_, reference) = page.body.split_once("Reference: <code>").unwrap();
        let lines = log.with(&reference[..32]);
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(
            lines[0].starts_with("INFO") && lines[0].contains(fields),
            "{lines:?}"
        );
    }
}

#[tokio::test]
async fn a_customer_who_has_paid_is_refused_until_the_subscription_ends() {
    let kelviq = FakeKelviq::start().await;
    let shop = Shop::new(kelviq.client(), "https://app.example.com").unwrap();
    let routes = routes(offers(shop.clone()).build().unwrap());
    let app = Router::new().nest("/checkout", routes);
    let click = || async { click(&app, "/checkout/pro").await.status };
    assert_eq!(click().await, StatusCode::SEE_OTHER);
    let session = &kelviq.checkouts()[0].id;
    let _ = kelviq.pay(session);
    shop.session_ended(session).await;
    assert_eq!(click().await, StatusCode::CONFLICT);

    let subscription = &kelviq.subscriptions("cust_1")[0].id;
    let _ = kelviq.cancel_at_period_end(subscription);
    assert_eq!(click().await, StatusCode::CONFLICT);
    let _ = kelviq.cancel_now(subscription);
    assert_eq!(click().await, StatusCode::SEE_OTHER);
    assert_eq!(kelviq.checkouts().len(), 2);
}
