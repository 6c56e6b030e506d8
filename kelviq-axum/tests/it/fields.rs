//! Form fields that an offer allows.

use crate::support::{TestResponse, buyer::User, form, log::Log, send, with};
use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
};
use kelviq_axum::{
    Offer, Offers, OffersBuilder, ReturnPath, Shop, SignIn, fake::FakeKelviq,
    kelviq_core::ChargePeriod, routes,
};
use serde_json::Value;

fn gift() -> Offer {
    Offer::plan("gift", ChargePeriod::OneTime)
}

fn builder(kelviq: &FakeKelviq) -> OffersBuilder<User> {
    Offers::builder(Shop::new(kelviq.client(), "https://app.example.com").unwrap())
        .offer(
            "gift",
            gift().quantity("seats", 1..=9).field("note").field("color"),
        )
        .sold_to::<User>()
}

fn app(kelviq: &FakeKelviq) -> Router {
    Router::new().nest("/checkout", routes(builder(kelviq).build().unwrap()))
}

async fn buy(app: &Router, customer: &str, fields: &str) -> TestResponse {
    let request = form("/checkout/gift", fields);
    send(app, with(request, "x-user", customer)).await
}

/// Returns the note in the metadata of the last session.
fn note(kelviq: &FakeKelviq) -> Value {
    let metadata = kelviq.checkouts().pop().unwrap().metadata;
    let metadata: Value = serde_json::from_str(metadata.as_json()).unwrap();
    metadata["note"].clone()
}

#[tokio::test]
async fn the_metadata_sees_the_fields_that_the_offer_allows() {
    let kelviq = FakeKelviq::start().await;
    let app = app(&kelviq);
    let limit = "x".repeat(500);
    for (fields, expected) in [
        ("note=For+Ada+%3C3&other=x", Some("For Ada <3")),
        ("note=", Some("")),
        ("note=a&note=a", Some("a")),
        ("note=a%0D%0Ab%0Dc%0A%09d", Some("a\nb\nc\n\td")),
        (&format!("note={limit}"), Some(&*limit)),
        ("Note=x&note[]=x&other=x", None),
    ] {
        let response = buy(&app, "cust_1", fields).await;
        assert_eq!(response.status, StatusCode::SEE_OTHER, "{fields}");
        assert_eq!(note(&kelviq).as_str(), expected, "{fields}");
    }
}

#[tokio::test]
async fn an_invalid_field_is_422_and_only_its_name_is_logged() {
    let kelviq = FakeKelviq::start().await;
    let app = app(&kelviq);
    let log = Log::start();
    let too_long = "x".repeat(501);
    let (half, half_and_one) = ("x".repeat(250), "x".repeat(251));
    for (fields, field) in [
        (format!("note={too_long}"), "note"),
        (format!("note={half}&color={half_and_one}"), "color"),
        (format!("note={}", "%E2%82%AC".repeat(167)), "note"),
        ("note=secret&note=other".to_owned(), "note"),
        ("color=a%00".to_owned(), "color"),
        ("color=%1B%5B31m".to_owned(), "color"),
    ] {
        let request = with(
            form("/checkout/gift", &fields),
            "accept",
            "application/json",
        );
        let response = send(&app, with(request, "x-user", "cust_1")).await;
        assert_eq!(response.status, StatusCode::UNPROCESSABLE_ENTITY);
        let body: Value = serde_json::from_str(&response.body).unwrap();
        assert_eq!(body["error"], "invalid_field");
        let lines = log.with(body["reference"].as_str().unwrap());
        assert_eq!(lines.len(), 1);
        assert!(
            lines[0].contains(&format!("field=\"{field}\"")),
            "{lines:?}"
        );
        assert!(!lines[0].contains("secret") && !lines[0].contains("xx"));
    }
    assert!(kelviq.checkouts().is_empty());
}

#[tokio::test]
async fn clicks_with_different_texts_are_two_sessions() {
    let kelviq = FakeKelviq::start().await;
    let app = app(&kelviq);
    for (fields, sessions) in [
        ("note=a&other=1", 1),
        ("note=a&other=2", 1),
        ("note=b", 2),
        ("color=a", 3),
        ("", 4),
        ("note=", 5),
        ("note=a", 5),
    ] {
        buy(&app, "cust_1", fields).await;
        assert_eq!(kelviq.checkouts().len(), sessions, "{fields}");
    }
}

#[tokio::test]
async fn the_fields_survive_signing_in() {
    let kelviq = FakeKelviq::start().await;
    let app = app(&kelviq);
    let text = "\n\"Ada\" & <b>'Bob'</b>\r\n100%";
    let fields = form_urlencoded::Serializer::new(String::new())
        .append_pair("note", text)
        .append_pair("quantity[seats]", "3")
        .append_pair("other", "x")
        .finish();
    let response = send(&app, form("/checkout/gift", &fields)).await;
    let location = url::Url::parse("https://app.example.com").unwrap();
    let location = location.join(response.header("location")).unwrap();
    let (_, next) = location.query_pairs().next().unwrap();
    let query = next.strip_prefix("/checkout/gift/resume?").unwrap();
    let carried: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
    let unix_text = "\n\"Ada\" & <b>'Bob'</b>\n100%";
    assert_eq!(
        carried,
        [
            ("quantity[seats]".into(), "3".into()),
            ("note".into(), unix_text.into())
        ]
    );

    let page = Request::get(&*next).body(Body::empty()).unwrap();
    let page = send(&app, page).await;
    assert_eq!(page.status, StatusCode::OK);
    let input = "name=\"note\" value=\"\n&quot;Ada&quot; &amp; &lt;b&gt;'Bob'&lt;/b&gt;\n100%\">";
    assert!(page.body.contains(input), "{}", page.body);
    let shown = "<li>note: \n&quot;Ada&quot; &amp; &lt;b&gt;'Bob'&lt;/b&gt;\n100%</li>";
    assert!(page.body.contains(shown), "{}", page.body);
    assert!(!page.body.contains("<b>") && !page.body.contains("<li>color"));

    let resumed = with(form(&next, query), "x-user", "cust_1");
    assert_eq!(send(&app, resumed).await.status, StatusCode::SEE_OTHER);
    assert_eq!(note(&kelviq), unix_text);

    let invalid = Request::get(format!("/checkout/gift/resume?note={}", "x".repeat(501)));
    let invalid = send(&app, invalid.body(Body::empty()).unwrap()).await;
    assert_eq!(invalid.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!invalid.body.contains("xxx"));
}

#[test]
fn debug_output_of_the_return_path_omits_the_texts() {
    let path = ReturnPath::new("/checkout/gift/resume?note=For+Ada").unwrap();
    let (mut parts, ()) = Request::new(()).into_parts();
    parts.extensions.insert(path.clone());
    let sign_in = SignIn::at("/sign-in", &parts);
    let debug = format!("{path:?} {sign_in:?}");
    assert!(debug.contains("/checkout/gift/resume") && debug.contains("/sign-in"));
    assert!(!debug.contains("Ada"), "{debug}");
}

#[tokio::test]
async fn an_invalid_field_name_is_an_error_of_build() {
    let kelviq = FakeKelviq::start().await;
    let long = "x".repeat(33);
    for name in [
        "",
        "offer",
        "page",
        "quantity",
        "_charset_",
        "quantity[seats]",
        "a b",
        "ü",
        &long,
    ] {
        let builder = builder(&kelviq).offer("x", gift().field(name));
        let error = builder.build().unwrap_err().to_string();
        assert!(error.contains(&format!("field name {name:?}")), "{error}");
    }
    let twice = gift().field("note").field("note");
    let many = (0..11).fold(gift(), |offer, index| offer.field(format!("f{index}")));
    for (offer, problem) in [(twice, "two fields"), (many, "at most 10 fields")] {
        let builder = builder(&kelviq).offer("x", offer);
        let error = builder.build().unwrap_err().to_string();
        assert!(error.contains(problem), "{error}");
    }
}
