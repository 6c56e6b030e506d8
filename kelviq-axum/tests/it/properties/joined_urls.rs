//! No path of the application or of a request leads a buyer to another origin.

use axum::{
    Extension, Router,
    body::Body,
    http::{Request, StatusCode, Uri},
    routing::{get, post},
};
use kelviq_axum::{
    Checkout, CheckoutRedirect, CheckoutReturn, Offer, Offers, Rejection, ReturnPath, Shop, SignIn,
    fake::FakeKelviq,
    kelviq_core::{ChargePeriod, Kelviq},
    portal, routes,
};
use proptest::{
    collection::vec,
    prelude::{Strategy, any, prop_oneof},
    sample::select,
};
use tokio::runtime::Runtime;
use url::Url;

use super::support::check;
use crate::support::{buyer::User, form, send, stub::Answer, stub::StubKelviq};

const PUBLIC_URLS: [&str; 5] = [
    "https://app.example.com",
    "https://app.example.com/shop",
    "https://app.example.com:8443/a/b/",
    "http://127.0.0.1:3000/",
    "http://[::1]:3000/shop",
];

fn public_url() -> impl Strategy<Value = &'static str> {
    select(&PUBLIC_URLS[..])
}

/// Paths, and texts that a browser or a parser could take for a URL of another host.
fn hostile_path() -> impl Strategy<Value = String> {
    let piece = select(
        &[
            "/",
            "//",
            "\\",
            ".",
            "..",
            "@",
            ":",
            "?",
            "#",
            "&",
            "=",
            ";",
            "%",
            "%2f",
            "%5C",
            "%2e%2E",
            "%00",
            "%0d%0a",
            "[",
            "]",
            "{",
            "}",
            " ",
            "\t",
            "\r\n",
            "\0",
            "\u{85}",
            "\u{a0}",
            "\u{3000}",
            "\u{200b}",
            "\u{2028}",
            "／",
            "＼",
            "。",
            "é",
            "https:",
            "javascript:",
            "evil.example",
            "shop",
            "thanks",
            "reference=r1",
            "next=/x",
            "8443",
        ][..],
    );
    let piece = prop_oneof![
        8 => piece.prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    let slash = select(&["/", "/", "/", "", "//", "/\\"][..]);
    (slash, vec(piece, 0..8)).prop_map(|(start, pieces)| format!("{start}{}", pieces.concat()))
}

fn origin(url: &str) -> String {
    Url::parse(url).unwrap().origin().ascii_serialization()
}

/// Asserts that a browser on any page of the shop resolves the path on the shop's origin.
fn assert_stays(public_url: &str, path: &str) {
    for page in [
        "",
        "/",
        "/sign-in?next=//evil.example",
        "//double/",
        "/a/../b#c",
    ] {
        let page = format!("{}{page}", public_url.trim_end_matches('/'));
        let url = Url::parse(&page).unwrap().join(path).unwrap();
        assert_eq!(url.origin().ascii_serialization(), origin(public_url));
        assert!(url.username().is_empty() && url.password().is_none());
    }
    assert!(!path.contains(char::is_control));
}

#[derive(Clone)]
struct Path(String);

async fn buy(
    Extension(Path(path)): Extension<Path>,
    checkout: Checkout,
) -> Result<CheckoutRedirect, Rejection> {
    let plan = checkout.plan("pro", ChargePeriod::Monthly);
    let plan = plan.success_path(&path).cancel_path(&path);
    plan.redirect().await
}

#[test]
fn success_and_cancel_urls_are_on_the_origin_of_the_public_url() {
    let runtime = Runtime::new().unwrap();
    let kelviq = runtime.block_on(StubKelviq::start(|_, _| Answer::Default));
    check(
        800,
        &(public_url(), hostile_path()),
        |(public_url, path)| {
            let shop = Shop::new(kelviq.client.clone(), public_url).unwrap();
            let offers = Offers::builder(shop.clone())
                .offer("pro", Offer::plan("pro", ChargePeriod::Monthly))
                .success_path(&path)
                .cancel_path(&path);
            let before = kelviq.requests("POST /checkout/").len();
            let app = Router::new()
                .route("/buy", post(buy))
                .layer(Extension(Path(path)))
                .with_state(shop);
            let handled = runtime.block_on(send(&app, form("/buy", "")));
            let is_valid = handled.status == StatusCode::SEE_OTHER;
            match offers.build() {
                Ok(offers) => {
                    assert!(is_valid);
                    let sold = runtime.block_on(send(&routes(offers), form("/pro", "")));
                    assert_eq!(sold.status, StatusCode::SEE_OTHER);
                }
                Err(_) => assert_eq!(handled.status, StatusCode::INTERNAL_SERVER_ERROR),
            }
            let requests = kelviq.requests("POST /checkout/").split_off(before);
            assert_eq!(requests.len(), if is_valid { 2 } else { 0 });
            for request in &requests {
                for key in ["successUrl", "cancelUrl"] {
                    let text = request.json[key].as_str().unwrap();
                    assert!(text.bytes().all(|byte| byte.is_ascii_graphic()));
                    assert_eq!(origin(text), origin(public_url));
                    let url = Url::parse(text).unwrap();
                    assert!(url.username().is_empty() && url.password().is_none());
                    let references = url.query_pairs().filter(|(name, _)| name == "reference");
                    assert_eq!(references.count(), 1);
                }
            }
            is_valid
        },
    );
}

#[test]
fn return_paths_stay_on_the_origin_and_survive_the_sign_in_page() {
    check(
        3_000,
        &(public_url(), hostile_path()),
        |(public_url, path)| {
            let Some(return_path) = ReturnPath::new(&*path) else {
                return false;
            };
            assert_stays(public_url, return_path.as_str());
            let (mut parts, ()) = Request::new(()).into_parts();
            parts.extensions.insert(return_path);
            let response =
                axum::response::IntoResponse::into_response(SignIn::at("/sign-in", &parts));
            let location = response.headers()["location"].to_str().unwrap();
            let url = Url::parse(public_url).unwrap().join(location).unwrap();
            assert_eq!(url.path(), "/sign-in");
            let pairs: Vec<_> = url.query_pairs().into_owned().collect();
            assert_eq!(pairs, [("next".to_owned(), path)]);
            true
        },
    );
}

#[test]
fn the_sign_in_page_gets_a_path_on_the_origin_for_any_request() {
    let runtime = Runtime::new().unwrap();
    // No request is sent.
    let kelviq = Kelviq::builder("server-test").base_url("http://127.0.0.1:1");
    let kelviq = runtime.block_on(async { kelviq.build().unwrap() });
    let apps = PUBLIC_URLS.map(|public_url| {
        let shop = Shop::new(kelviq.clone(), public_url).unwrap();
        let offers = Offers::builder(shop.clone())
            .offer(
                "team",
                Offer::plan("team", ChargePeriod::Yearly).field("note"),
            )
            .sold_to::<User>()
            .build()
            .unwrap();
        let app: Router = Router::new()
            .nest("/{tenant}/checkout", routes(offers))
            .fallback_service(portal::<User, ()>(shop));
        (public_url, app)
    });
    let strategy = (select(apps.to_vec()), hostile_path(), hostile_path());
    check(1_500, &strategy, |((public_url, app), path, other)| {
        let note: String = form_urlencoded::byte_serialize(other.as_bytes()).collect();
        let mut is_redirected = false;
        for target in [
            path.clone(),
            format!("{path}?{other}"),
            format!("/{path}/checkout/team"),
            format!("/{path}/checkout/team/resume?{other}"),
        ] {
            if target.parse::<Uri>().is_err() {
                continue;
            }
            let request = form(&target, &format!("note={note}"));
            let response = runtime.block_on(send(&app, request));
            if response.status != StatusCode::SEE_OTHER {
                // The note is invalid, or the path has an escape that is not UTF-8, so that no offer is found.
                let status = response.status.as_u16();
                assert!([404, 422].contains(&status), "{target:?}: {status}");
                continue;
            }
            is_redirected = true;
            let location = response.header("location");
            let url = Url::parse(public_url).unwrap().join(location).unwrap();
            assert_eq!(
                (origin(url.as_str()), url.path()),
                (origin(public_url), "/sign-in")
            );
            for (name, next) in url.query_pairs() {
                assert_eq!(name, "next");
                assert!(ReturnPath::new(&*next).is_some());
                assert_stays(public_url, &next);
            }
        }
        is_redirected
    });
}

#[test]
fn the_return_page_gets_a_reference_or_none_for_any_query() {
    async fn thanks(checkout: CheckoutReturn) -> String {
        checkout.reference().to_string()
    }
    let runtime = Runtime::new().unwrap();
    let kelviq = runtime.block_on(FakeKelviq::start());
    let shop = Shop::new(kelviq.client(), PUBLIC_URLS[0]).unwrap();
    let app = Router::new().route("/thanks", get(thanks)).with_state(shop);
    let reference = prop_oneof!["[0-9a-f]{32}", hostile_path()];
    check(
        1_500,
        &(hostile_path(), reference),
        |(before, reference)| {
            let target = format!("/thanks?{before}&reference={reference}");
            let Ok(uri) = target.parse::<Uri>() else {
                return false;
            };
            let request = Request::get(uri).body(Body::empty()).unwrap();
            let response = runtime.block_on(send(&app, request));
            if response.status == StatusCode::OK {
                // An earlier reference counts if the last one is invalid.
                let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
                assert!(response.body.len() == 32 && response.body.bytes().all(is_digit));
            } else {
                assert_eq!(response.status, StatusCode::BAD_REQUEST);
            }
            response.status == StatusCode::OK
        },
    );
}
