//! Metadata is sent as text: a webhook contains the metadata of its checkout byte for byte.

use std::sync::{Arc, Mutex};

use axum::{Router, extract::State, http::StatusCode};
use kelviq_axum::{Event, MemoryInbox, fake::FakeKelviq, webhook};
use kelviq_core::{EventData, Metadata};
use proptest::{
    collection::vec,
    prelude::{Strategy, any, prop_oneof},
    sample::select,
    test_runner::{Config, TestRunner},
};
use tokio::runtime::Runtime;

use crate::support::webhook::{PATH, paid};

type Received = Arc<Mutex<Vec<Metadata>>>;

/// An app that keeps the metadata of paid checkouts.
struct Shop {
    kelviq: FakeKelviq,
    app: Router,
    received: Received,
}

impl Shop {
    async fn open() -> Self {
        async fn on_event(
            State(received): State<Received>,
            event: Event,
        ) -> Result<(), StatusCode> {
            let EventData::CheckoutCompleted(session) = event.data else {
                return Err(StatusCode::IM_A_TEAPOT);
            };
            let metadata = session
                .metadata
                .map_err(|_| StatusCode::UNPROCESSABLE_ENTITY)?;
            received.lock().unwrap().push(metadata);
            Ok(())
        }
        let kelviq = FakeKelviq::start().await;
        let received = Received::default();
        let route = webhook(kelviq.webhook_secret(), MemoryInbox::default(), on_event);
        Self {
            kelviq,
            app: Router::new()
                .route(PATH, route)
                .with_state(Arc::clone(&received)),
            received,
        }
    }

    /// Pays a checkout with this metadata, and returns the metadata that the app received.
    async fn sell(&self, metadata: &Metadata) -> String {
        let payment = paid(&self.kelviq, metadata).await;
        let response = payment.deliver_to(&self.app, PATH).await;
        assert_eq!(response.status(), StatusCode::OK);
        self.received
            .lock()
            .unwrap()
            .pop()
            .unwrap()
            .as_json()
            .to_owned()
    }
}

#[test]
fn any_json_object_comes_back_byte_for_byte() {
    let runtime = Runtime::new().unwrap();
    let shop = runtime.block_on(Shop::open());
    TestRunner::new(Config::with_cases(300))
        .run(&object(value(), string()), |text| {
            let metadata = Metadata::from_json(text.clone()).unwrap();
            assert_eq!(runtime.block_on(shop.sell(&metadata)), text);
            Ok(())
        })
        .unwrap();
}

#[tokio::test]
async fn nesting_deeper_than_parsers_allow_comes_back() {
    let shop = Shop::open().await;
    for depth in [127, 128, 1_000, 20_000] {
        let text = format!(r#"{{"deep":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
        let metadata = Metadata::from_json(text.clone()).unwrap();
        assert_eq!(shop.sell(&metadata).await, text);
    }
}

/// The text of a JSON value, up to a few levels deep.
fn value() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        select(&["null", "true", "false"][..]).prop_map(str::to_owned),
        number(),
        // An unpaired surrogate is allowed in values, but not in keys.
        prop_oneof![
            string(),
            select(&[r#""\ud800""#, r#""\uDFFFx""#][..]).prop_map(str::to_owned)
        ],
    ];
    leaf.prop_recursive(6, 48, 6, |inner| {
        prop_oneof![
            (vec(inner.clone(), 0..6), space())
                .prop_map(|(values, space)| format!("[{space}{}]", values.join(","))),
            object(inner, string()),
        ]
    })
}

/// The text of an object, sometimes with duplicate keys and white space.
fn object(
    value: impl Strategy<Value = String>,
    key: impl Strategy<Value = String>,
) -> impl Strategy<Value = String> {
    let entry = (key, space(), value)
        .prop_map(|(key, space, value)| format!("{key}{space}:{space}{value}"));
    (vec(entry, 0..6), space())
        .prop_map(|(entries, space)| format!("{{{space}{}{space}}}", entries.join(",")))
}

fn number() -> impl Strategy<Value = String> {
    let form = r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,4})?";
    prop_oneof![
        form,
        any::<i64>().prop_map(|number| number.to_string()),
        select(
            &[
                "-0",
                "0.0",
                "1.10",
                "1e999",
                "9007199254740993",
                "18446744073709551616"
            ][..]
        )
        .prop_map(str::to_owned),
    ]
}

/// The text of a string: plain, any Unicode, and every kind of escape.
fn string() -> impl Strategy<Value = String> {
    let escape = select(
        &[
            r#"\""#,
            r"\\",
            r"\/",
            r"\b",
            r"\n",
            r"\u0000",
            r"\u00e9",
            r"\u0041",
            r"\ud83d\ude00",
            "😀",
            "é",
            "\u{2028}",
            "\u{7f}",
        ][..],
    );
    let piece = prop_oneof![
        "[a-z_]{1,8}",
        escape.prop_map(str::to_owned),
        plain_unicode()
    ];
    vec(piece, 0..5).prop_map(|pieces| format!("\"{}\"", pieces.concat()))
}

fn plain_unicode() -> impl Strategy<Value = String> {
    any::<String>().prop_map(|text| text.replace(|c: char| c < ' ' || c == '"' || c == '\\', "?"))
}

fn space() -> impl Strategy<Value = String> {
    select(&["", "", " ", "\n\t"][..]).prop_map(str::to_owned)
}
