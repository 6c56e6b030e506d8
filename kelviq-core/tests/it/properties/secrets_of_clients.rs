//! The client prints and logs neither API keys nor tokens, not even if a server echoes them.

use std::time::Duration;

use kelviq_core::{Environment, Kelviq, KelviqBuilder};
use proptest::sample::select;
use tokio::runtime::Runtime;

use super::{
    secrets::{Output, random_part, settings},
    support::check,
};
use crate::support::{
    request::request,
    upstream::{Upstream, created, ok, response},
};

fn current_thread() -> Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().build().unwrap()
}

#[test]
fn api_keys_in_settings_are_not_printed() {
    check(6, &random_part(), |random| {
        let output = Output::default();
        let guard = output.subscribe();
        for text in settings(&random) {
            output.debug(&Kelviq::builder(&*text));
            output.result(&Kelviq::new(&*text, Environment::Production));
            output.result(&text.parse::<Environment>());
            for name in [
                KelviqBuilder::API_KEY_ENV,
                KelviqBuilder::SERVER_API_KEY_ENV,
                KelviqBuilder::BASE_URL_ENV,
                KelviqBuilder::EDGE_BASE_URL_ENV,
                Environment::ENV,
            ] {
                let lookup = |looked_up: &str| match looked_up {
                    _ if looked_up == name => Some(text.clone()),
                    KelviqBuilder::API_KEY_ENV if name != KelviqBuilder::SERVER_API_KEY_ENV => {
                        Some("server-other".to_owned())
                    }
                    _ => None,
                };
                let builder = Kelviq::builder_from_lookup(lookup);
                output.result(&builder);
                output.result(&builder.and_then(KelviqBuilder::build));
            }
        }
        for url in [
            format!("https://user:{random}@kelviq.example/api"),
            format!("https://{random}@kelviq.example/api"),
            format!("https://kelviq.example/api?key={random}"),
            format!("https://kelviq.example/api#{random}"),
            format!("{random}://kelviq.example"),
            format!("http://[{random}"),
        ] {
            let builder = || Kelviq::builder("server-other");
            output.result(&builder().base_url(&*url).build());
            output.result(&builder().edge_base_url(&*url).build());
            output.debug(&builder().base_url(&*url).edge_base_url(&*url));
        }
        drop(guard);
        output.assert_without(&random);
    });
}

/// Responses that contain the text.
fn echoes(text: &str) -> [String; 8] {
    let problem = format!(r#"{{"detail":"{text} is invalid","email":["{text}"]}}"#);
    let location = format!("Location: https://a.example/?key={text}\r\n");
    [
        created(),
        response("400 Bad Request", "", &problem),
        response("401 Unauthorized", "", &problem),
        response(
            "503 Service Unavailable",
            &format!("X-Key: {text}\r\n"),
            text,
        ),
        response("302 Found", &location, text),
        ok(&format!("<p>{text}</p>")),
        ok(&format!(
            r#"{{"checkoutUrl":"{text}","checkoutSessionId":"{text}"}}"#
        )),
        format!("{text} nonsense\r\n\r\n"),
    ]
}

#[test]
fn api_keys_are_not_printed_or_logged_by_requests() {
    let prefix = select(&["server-", ""][..]);
    check(12, &(prefix, random_part()), |(prefix, random)| {
        let output = Output::default();
        let guard = output.subscribe();
        let key = format!("{prefix}{random}");
        current_thread().block_on(async {
            for text in [&*key, &*format!("Bearer {key}")] {
                for answer in echoes(text) {
                    let upstream = Upstream::responding([answer]).await;
                    let builder = Kelviq::builder(&*key).base_url(&*upstream.url);
                    let kelviq = builder.max_retries(0).build().unwrap();
                    output.debug(&kelviq);
                    output.result(&kelviq.create_checkout_session(&request()).await);
                    output.result(&kelviq.create_portal_session("customer-1").await);
                    let sent = &upstream.requests()[0];
                    assert!(sent.contains(&key), "the key is sent: {sent}");
                }
            }
            let builder = Kelviq::builder(&*key).base_url("http://127.0.0.1:1");
            let kelviq = builder.max_retries(1).timeout(Duration::from_millis(300));
            let kelviq = kelviq.build().unwrap();
            output.result(&kelviq.create_checkout_session(&request()).await);
        });
        drop(guard);
        output.assert_without(&random);
    });
}

#[test]
fn tokens_of_portal_sessions_are_not_printed_or_logged() {
    check(20, &random_part(), |token| {
        let output = Output::default();
        let guard = output.subscribe();
        current_thread().block_on(async {
            for body in [
                format!(r#"{{"customerPortalUrl":"https://a.example/","token":"{token}"}}"#),
                format!(r#"{{"customerPortalUrl":"no URL","token":"{token}"}}"#),
                format!(r#"{{"customerPortalUrl":5,"token":"{token}"}}"#),
                format!(r#"{{"token":"{token}""#),
            ] {
                let upstream = Upstream::responding([ok(&body)]).await;
                let session = upstream.client().create_portal_session("customer-1").await;
                output.result(&session);
                if let Ok(session) = session {
                    assert!(session.signed_url().contains(&token));
                }
            }
        });
        drop(guard);
        output.assert_without(&token);
    });
}
