//! The pages of the library, and pages of the application in their place.

use std::time::Duration;

use crate::support::buyer::User;
use crate::support::{form, send, with};
use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{
        Method, StatusCode,
        header::{ACCEPT_LANGUAGE, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, SET_COOKIE, VARY},
    },
    middleware::{Next, from_fn, map_response},
    response::{Html, IntoResponse, Redirect, Response},
};
use kelviq_axum::{
    CheckoutProblem, Offer, Offers, Page, Shop,
    fake::{FakeKelviq, Fault},
    kelviq_core::ChargePeriod,
    portal, routes,
};
use serde_json::Value;

fn app(kelviq: &FakeKelviq) -> Router {
    let shop = Shop::new(kelviq.client(), "https://app.example.com").unwrap();
    let offers = Offers::builder(shop.clone())
        .offer("pro", Offer::plan("pro", ChargePeriod::Monthly))
        .offer(
            "team",
            Offer::plan("team", ChargePeriod::Yearly)
                .title("Team & <friends>, one year")
                .quantity("seats", 1..=50),
        )
        .sold_to::<User>()
        .build()
        .unwrap();
    Router::new()
        .nest("/checkout", routes(offers))
        .route("/billing", portal::<User, _>(shop))
}

fn get(path: &str) -> Request {
    Request::get(path).body(Body::empty()).unwrap()
}

#[tokio::test]
async fn the_resume_page_names_the_offer_and_its_quantities() {
    let kelviq = FakeKelviq::start().await;
    let app = app(&kelviq);
    let team = send(&app, get("/checkout/team/resume?quantity%5Bseats%5D=7")).await;
    assert!(
        team.body.contains("Team &amp; &lt;friends&gt;, one year")
            && team.body.contains("seats: 7"),
        "{}",
        team.body
    );
    // The default is the name of the offer.
    let pro = send(&app, get("/checkout/pro/resume")).await;
    assert!(pro.body.contains("<strong>pro</strong>"), "{}", pro.body);
}

#[tokio::test]
async fn pages_have_no_scripts_cannot_be_framed_and_are_not_cached() {
    let kelviq = FakeKelviq::start().await;
    let app = app(&kelviq);
    for request in [
        get("/checkout/pro/resume"),
        get("/billing"),
        form("/checkout/gone", ""),
    ] {
        let page = send(&app, request).await;
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"));
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(page.header("x-frame-options"), "DENY");
        assert_eq!(page.header("cache-control"), "no-store");
        assert!(!page.body.contains("<script") && !page.body.contains("style=\""));
    }
}

/// Pages in two languages, with a token from the request.
async fn own_pages(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let is_german = headers
        .get(ACCEPT_LANGUAGE)
        .is_some_and(|language| language == "de");
    let csrf = headers
        .get("x-session")
        .map(|id| format!("token-of-{}", id.to_str().unwrap()))
        .unwrap_or_default();
    let response = next.run(request).await;
    let Some(page) = Page::of(&response) else {
        return response;
    };
    let html = match page {
        Page::Error(rejection) if rejection.problem() == CheckoutProblem::NoCustomer => {
            return Redirect::to("/pricing").into_response();
        }
        Page::Error(rejection) if is_german => format!("Fehler {}", rejection.problem().code()),
        Page::Error(rejection) => format!("{}: {}", rejection.title(), rejection.message()),
        Page::Resume(resume) => {
            let what = match (resume.offer(), resume.offer_title()) {
                (Some(name), Some(title)) => format!("{name} ({title})"),
                _ => "portal".into(),
            };
            let quantities: Vec<_> = resume.quantities().collect();
            let fields = resume.hidden_fields();
            format!(
                "{what} {quantities:?}<form method=\"post\">{fields}<input name=\"csrf\" value=\"{csrf}\"></form>"
            )
        }
    };
    let headers = [
        (CONTENT_SECURITY_POLICY, "style-src 'nonce-1'"),
        (SET_COOKIE, "csrf=1"),
    ];
    Page::replace(response, (headers, Html(html)))
}

fn app_with_own_pages(kelviq: &FakeKelviq) -> Router {
    app(kelviq).layer(from_fn(own_pages))
}

#[tokio::test]
async fn own_error_pages_keep_status_headers_and_json() {
    let kelviq = FakeKelviq::start().await;
    let app = app_with_own_pages(&kelviq);
    let buyer = |path| with(form(path, ""), "x-user", "cust_1");
    let busy = || {
        kelviq.inject_next(Fault::TooManyRequests {
            retry_after: Duration::from_secs(60),
        });
        buyer("/checkout/pro")
    };

    let page = send(&app, busy()).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(page.header("retry-after"), "60");
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("x-frame-options"), "DENY");
    assert_eq!(
        page.header("content-security-policy"),
        "style-src 'nonce-1'"
    );
    assert_eq!(page.header("set-cookie"), "csrf=1");
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(page.header("content-length"), page.body.len().to_string());
    let message = CheckoutProblem::Busy.message();
    assert_eq!(page.body, format!("Checkout not started: {message}"));

    let german = send(
        &app,
        with(form("/checkout/gone", ""), "accept-language", "de"),
    )
    .await;
    assert_eq!(german.status, StatusCode::NOT_FOUND);
    assert_eq!(german.body, "Fehler unknown_offer");

    let mut put = buyer("/checkout/pro");
    *put.method_mut() = Method::PUT;
    let put = send(&app, put).await;
    assert_eq!(put.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(put.header("allow"), "POST");
    assert!(put.body.starts_with("Checkout not started: "));

    let script = send(&app, with(busy(), "accept", "application/json")).await;
    assert_eq!(script.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(script.header("retry-after"), "60");
    let json: Value = serde_json::from_str(&script.body).unwrap();
    assert_eq!(json["error"], "busy");

    // A buyer without a customer at Kelviq.
    let portal = send(&app, buyer("/billing")).await;
    assert_eq!(portal.header("location"), "/pricing");

    let sold = send(&app, buyer("/checkout/pro")).await;
    assert_eq!(sold.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn own_pages_keep_the_cookies_of_other_layers_and_are_not_compressed_twice() {
    /// Stands for the layers of a session, of CORS and of a compression.
    async fn inner_layers(mut response: Response) -> Response {
        for (name, value) in [
            (SET_COOKIE, "session=1"),
            (VARY, "origin"),
            (CONTENT_ENCODING, "gzip"),
        ] {
            response.headers_mut().append(name, value.parse().unwrap());
        }
        response
    }
    async fn own_page(response: Response) -> Response {
        let headers = [(SET_COOKIE, "csrf=1"), (VARY, "accept-language")];
        Page::replace(response, (headers, Html("own")))
    }
    let kelviq = FakeKelviq::start().await;
    let app = app(&kelviq)
        .layer(map_response(inner_layers))
        .layer(map_response(own_page));
    let page = send(&app, form("/checkout/gone", "")).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert_eq!(page.body, "own");
    let values = |name| page.headers.get_all(name).iter().collect::<Vec<_>>();
    assert_eq!(values(SET_COOKIE), ["session=1", "csrf=1"]);
    assert_eq!(values(VARY), ["origin", "accept-language"]);
    assert!(values(CONTENT_ENCODING).is_empty());
}

#[tokio::test]
async fn a_page_that_was_replaced_is_not_replaced_again() {
    async fn tenant(response: Response) -> Response {
        Page::replace(response, Html("tenant"))
    }
    async fn application(response: Response) -> Response {
        match Page::of(&response) {
            Some(_) => Page::replace(response, Html("application")),
            None => response,
        }
    }
    let kelviq = FakeKelviq::start().await;
    let app = app(&kelviq)
        .layer(map_response(tenant))
        .layer(map_response(application));
    assert_eq!(send(&app, get("/checkout/pro/resume")).await.body, "tenant");
    assert_eq!(send(&app, form("/checkout/gone", "")).await.body, "tenant");
}

#[tokio::test]
async fn an_own_resume_page_has_a_token_and_continues_with_the_same_offer() {
    let kelviq = FakeKelviq::start().await;
    let app = app_with_own_pages(&kelviq);
    let path = "/checkout/team/resume?quantity%5Bseats%5D=7";
    let page = send(&app, with(get(path), "x-session", "s1")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(
        page.body,
        "team (Team & <friends>, one year) [(\"seats\", 7)]<form method=\"post\">\
         <input type=\"hidden\" name=\"quantity[seats]\" value=\"7\">\n\
         <input name=\"csrf\" value=\"token-of-s1\"></form>"
    );
    let fields = "quantity%5Bseats%5D=7&csrf=token-of-s1";
    let sold = send(&app, with(form(path, fields), "x-user", "cust_1")).await;
    assert_eq!(sold.status, StatusCode::SEE_OTHER);
    assert_eq!(kelviq.checkouts()[0].fields["features"][0]["quantity"], 7);

    let portal = send(&app, with(get("/billing"), "x-session", "s2")).await;
    assert_eq!(
        portal.body,
        "portal []<form method=\"post\"><input name=\"csrf\" value=\"token-of-s2\"></form>"
    );
}
