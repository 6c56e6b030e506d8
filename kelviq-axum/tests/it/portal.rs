//! The portal route: the customer comes from the application.

use std::time::Duration;

use crate::support::buyer::User;
use crate::support::{form, send, with};
use axum::{
    Form, Router,
    body::Body,
    extract::{FromRequestParts, OriginalUri},
    http::{
        Request, StatusCode,
        header::{COOKIE, SET_COOKIE},
        request::Parts,
    },
    response::{IntoResponse, Redirect},
    routing::post,
};
use kelviq_axum::{
    Buyer, ReturnPath, Shop, SignIn,
    fake::{FakeKelviq, Fault},
    kelviq_core::{ChargePeriod, CheckoutPlan, CreateCheckoutSession, CustomerProfile},
    portal,
};
use serde::Deserialize;

fn shop(kelviq: &FakeKelviq) -> Shop {
    Shop::new(kelviq.client(), "https://app.example.com").unwrap()
}

fn app(kelviq: &FakeKelviq) -> Router {
    Router::new().route("/billing", portal::<User, _>(shop(kelviq)))
}

/// A shop whose customer `cust_1` has paid.
async fn kelviq() -> FakeKelviq {
    let kelviq = FakeKelviq::start().await;
    let request = CreateCheckoutSession::new(
        CheckoutPlan::new("pro", ChargePeriod::Monthly),
        "https://app.example.com/",
    )
    .customer_id("cust_1");
    let session = kelviq
        .client()
        .create_checkout_session(&request)
        .await
        .unwrap();
    let _ = kelviq.pay(&session.checkout_session_id);
    kelviq
}

#[tokio::test]
async fn the_customer_comes_from_the_app_and_never_from_the_request() {
    let kelviq = kelviq().await;
    let app = app(&kelviq);
    let hostile = "customerId=cust_1&customer_id=cust_1";
    let path = "/billing?customerId=cust_1&customer_id=cust_1";
    let other = send(&app, with(form(path, hostile), "x-user", "cust_2")).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);

    let own = send(&app, with(form("/billing", ""), "x-user", "cust_1")).await;
    assert_eq!(own.status, StatusCode::SEE_OTHER);
    assert!(own.header("location").contains("/portal/?token=cpt-"));
    assert_eq!(own.header("cache-control"), "no-store");
    assert_eq!(own.header("referrer-policy"), "no-referrer");

    let script = with(form("/billing", ""), "accept", "application/json");
    let script = send(&app, with(script, "x-user", "cust_1")).await;
    let body: serde_json::Value = serde_json::from_str(&script.body).unwrap();
    assert!(
        body["customerPortalUrl"]
            .as_str()
            .unwrap()
            .contains("token=")
    );
}

#[tokio::test]
async fn a_signed_out_buyer_is_sent_to_sign_in_and_one_without_a_customer_id_gets_404() {
    let kelviq = kelviq().await;
    let app = app(&kelviq);
    let nobody = send(&app, form("/billing", "")).await;
    assert_eq!(
        (nobody.status, nobody.header("location")),
        (StatusCode::SEE_OTHER, "/sign-in?next=%2Fbilling")
    );
    let anonymous = send(&app, with(form("/billing", ""), "x-user", "nobody")).await;
    assert_eq!(anonymous.status, StatusCode::NOT_FOUND);
    assert!(anonymous.body.contains("no purchases to manage"));
}

#[tokio::test]
async fn another_site_another_method_or_a_fault_of_kelviq_opens_nothing() {
    let kelviq = kelviq().await;
    let app = app(&kelviq);
    let request = || with(form("/billing", ""), "x-user", "cust_1");
    let cross_site = send(&app, with(request(), "sec-fetch-site", "cross-site")).await;
    assert_eq!(cross_site.status, StatusCode::FORBIDDEN);
    let mut put = request();
    *put.method_mut() = axum::http::Method::PUT;
    assert_eq!(send(&app, put).await.status, StatusCode::METHOD_NOT_ALLOWED);

    let busy = Fault::TooManyRequests {
        retry_after: Duration::from_secs(60),
    };
    for (fault, status) in [
        (Fault::Error(401), StatusCode::BAD_GATEWAY),
        (Fault::Error(500), StatusCode::BAD_GATEWAY),
        (Fault::Error(504), StatusCode::GATEWAY_TIMEOUT),
        (busy, StatusCode::SERVICE_UNAVAILABLE),
        (Fault::Html, StatusCode::BAD_GATEWAY),
        (Fault::Redirect, StatusCode::BAD_GATEWAY),
        (Fault::HalfBody, StatusCode::BAD_GATEWAY),
    ] {
        kelviq.inject_next(fault.clone());
        let page = send(&app, request()).await;
        assert_eq!(page.status, status, "{fault:?}");
        let retry_after = if status == StatusCode::SERVICE_UNAVAILABLE {
            "60"
        } else {
            ""
        };
        assert_eq!(page.header("retry-after"), retry_after);
        assert!(page.body.contains("role=\"alert\"") && !page.body.contains("127.0.0.1"));
    }
}

/// A buyer whose session is a cookie.
struct Member {
    id: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Member {
    type Rejection = SignIn;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, SignIn> {
        let cookie = parts.headers.get(COOKIE);
        let id = cookie.and_then(|cookie| cookie.to_str().ok()?.strip_prefix("user="));
        match id {
            Some(id) => Ok(Self { id: id.to_owned() }),
            None => Err(SignIn::at("/sign-in", parts)),
        }
    }
}

impl Buyer for Member {
    fn customer(&self) -> Option<CustomerProfile> {
        Some(CustomerProfile::new(&self.id))
    }
}

#[derive(Deserialize)]
struct SignInForm {
    user: String,
    next: Option<String>,
}

async fn sign_in(Form(form): Form<SignInForm>) -> impl IntoResponse {
    let next = form.next.and_then(ReturnPath::new);
    let next = Redirect::to(next.as_ref().map_or("/", ReturnPath::as_str));
    ([(SET_COOKIE, format!("user={}", form.user))], next)
}

#[tokio::test]
async fn a_buyer_who_signs_in_returns_to_the_portal() {
    let kelviq = kelviq().await;
    let app = Router::new()
        .route("/sign-in", post(sign_in))
        .route("/account/billing", portal::<Member, _>(shop(&kelviq)));
    let path = "/account/billing";

    let nobody = send(&app, form(path, "")).await;
    assert_eq!(nobody.status, StatusCode::SEE_OTHER);
    let (sign_in, next) = nobody.header("location").split_once('?').unwrap();
    assert_eq!(next, "next=%2Faccount%2Fbilling");

    let signed_in = send(&app, form(sign_in, &format!("user=cust_1&{next}"))).await;
    assert_eq!(signed_in.header("location"), path);
    let cookie = signed_in.header("set-cookie");

    let page = Request::get(path).header("cookie", cookie);
    let page = send(&app, page.body(Body::empty()).unwrap()).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.header("cache-control"), "no-store");
    let button = r#"<button type="submit">Open the customer portal</button>"#;
    assert!(page.body.contains(r#"<form method="post">"#) && page.body.contains(button));

    let opened = send(&app, with(form(path, ""), "cookie", cookie)).await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER);
    assert!(opened.header("location").contains("/portal/?token=cpt-"));

    let script = with(form(path, ""), "accept", "application/json");
    let script = send(&app, script).await;
    assert_eq!(script.status, StatusCode::UNAUTHORIZED);
    assert!(
        script
            .body
            .contains(r#""/sign-in?next=%2Faccount%2Fbilling""#)
    );
}

#[tokio::test]
async fn the_return_path_never_leads_to_another_host() {
    let kelviq = FakeKelviq::start().await;
    let routes: Router = Router::new().route("/billing", portal::<Member, _>(shop(&kelviq)));
    for original in ["//evil.example/billing", "///billing", "/billing"] {
        let mut request = form("/billing?next=//evil.example", "next=//evil.example");
        let path = axum::http::uri::PathAndQuery::from_static(original);
        request.extensions_mut().insert(OriginalUri(path.into()));
        let response = send(&routes, request).await;
        assert_eq!(response.status, StatusCode::SEE_OTHER);
        let location = match original {
            "/billing" => "/sign-in?next=%2Fbilling",
            _ => "/sign-in",
        };
        assert_eq!(response.header("location"), location, "{original}");
    }
}
