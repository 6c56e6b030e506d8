//! The client's requests, and how it handles each kind of response.

use std::{
    error::Error as _,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use kelviq_core::{
    ChargePeriod, CheckoutPlan, CheckoutSession, CreateCheckoutSession, Environment, Error,
    ErrorKind, Kelviq, ListCheckoutSessions,
};
use secrecy::SecretString;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket},
};

use crate::support::{
    request::{fields, request},
    upstream::{KEY, Upstream, builder, created, ok, response},
};

async fn create(upstream: &Upstream) -> Result<CheckoutSession, Error> {
    upstream.client().create_checkout_session(&request()).await
}

async fn error_for(response: String) -> Error {
    let upstream = Upstream::responding([response]).await;
    create(&upstream).await.unwrap_err()
}

#[tokio::test]
async fn a_session_is_created_with_one_authorized_json_post() {
    let upstream = Upstream::responding([created()]).await;
    let session = create(&upstream).await.unwrap();
    assert_eq!(session.checkout_url, "https://kelviq.com/checkout/cs_1/");
    assert_eq!(session.checkout_session_id, "cs_1");

    let requests = upstream.requests();
    let (head, body) = requests[0].split_once("\r\n\r\n").unwrap();
    assert!(
        head.starts_with("POST /api/v1/checkout/ HTTP/1.1\r\n"),
        "{head}"
    );
    for line in [
        &format!("authorization: Bearer {KEY}"),
        "content-type: application/json",
        "accept: application/json",
        concat!("user-agent: kelviq-rust/", env!("CARGO_PKG_VERSION")),
    ] {
        assert!(head.contains(line), "{line} in {head}");
    }
    assert_eq!(
        body,
        r#"{"planIdentifier":"pro","chargePeriod":"MONTHLY","successUrl":"https://a.example/thanks"}"#
    );
}

#[tokio::test]
async fn a_base_url_with_a_path_keeps_it() {
    let upstream = Upstream::responding([created()]).await;
    let kelviq = builder(&format!("{}/v2", upstream.url)).build().unwrap();
    kelviq.create_checkout_session(&request()).await.unwrap();
    assert!(upstream.requests()[0].starts_with("POST /v2/checkout/ "));
}

#[tokio::test]
async fn an_invalid_request_is_not_sent() {
    let upstream = Upstream::responding([created()]).await;
    let kelviq = upstream.client();
    let request =
        CreateCheckoutSession::new(CheckoutPlan::new("", ChargePeriod::Monthly), "/thanks");
    let error = kelviq.create_checkout_session(&request).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!(upstream.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn every_format_of_an_error_body_is_read() {
    for (body, text, invalid) in [
        (
            r#"{"status":"Bad request","message":"No such offering"}"#,
            "(No such offering)",
            vec![],
        ),
        (
            r#"{"detail":"Customer does not exist."}"#,
            "(Customer does not exist.)",
            vec![],
        ),
        (
            r#"{"error":"Amount too high"}"#,
            "(Amount too high)",
            vec![],
        ),
        (r#"{"message":["Not so"],"detail":""}"#, "(Not so)", vec![]),
        (
            r#"["This discount code is expired."]"#,
            "(This discount code is expired.)",
            vec![],
        ),
        (r#""Nothing works""#, "(Nothing works)", vec![]),
        (
            r#"{"successUrl":"Enter a valid URL."}"#,
            "successUrl: Enter a valid URL.",
            vec!["successUrl"],
        ),
        (
            r#"{"successUrl":["Enter a valid URL."],"features":[{"quantity":["A valid integer is required."]}]}"#,
            "features[0].quantity: A valid integer is required.",
            vec!["successUrl", "features[0].quantity"],
        ),
        (r#"{"message":"","x":null,"y":5}"#, "returned 400", vec![]),
        (
            r#"{"code":400.5,"limit":5,"successUrl":["Enter a valid URL.", 7],"total":1.10,
                "features":[{"max":1e999,"quantity":["Too many."],"min":-0.0}]}"#,
            "successUrl: Enter a valid URL.; features[0].quantity: Too many.",
            vec!["successUrl", "features[0].quantity"],
        ),
        ("\u{feff}{\"detail\":\"Marked.\"}", "(Marked.)", vec![]),
        ("<html>", "returned 400", vec![]),
        ("", "returned 400", vec![]),
    ] {
        let error = error_for(response("400 Bad Request", "", body)).await;
        assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(400)));
        assert!(error.to_string().ends_with(text), "{error}");
        assert_eq!(fields(&error), invalid);
    }
}

#[tokio::test]
async fn an_error_of_any_size_or_depth_stays_one_short_line() {
    let long_key = format!(
        r#"{{"{}":[{}{{}}]}}"#,
        "k".repeat(20_000),
        "1,".repeat(15_000)
    );
    let nested = format!(r#"{{"a":{}"x"{}}}"#, "[[".repeat(60), "]]".repeat(60));
    let mut hostile = "1".to_owned();
    while hostile.len() < 30_000 {
        let json = format!("{}{hostile}{}", "[".repeat(126), "]".repeat(126));
        hostile = serde_json::json!({ "$serde_json::private::RawValue": json }).to_string();
    }
    let reordering = r#"{"detail":"a\nb\u202ec\u2028d"}"#.to_owned();
    let many: Vec<_> = (0..1000).map(|n| format!(r#""f{n}":["x"]"#)).collect();
    for body in [
        long_key,
        nested,
        hostile,
        reordering,
        format!("{{{}}}", many.join(",")),
    ] {
        let error = error_for(response("400 Bad Request", "", &body)).await;
        assert_eq!(error.status(), Some(400));
        let text = error.to_string();
        assert!(
            text.len() < 2_000 && !text.contains(['\n', '\u{202e}', '\u{2028}']),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_rejected_key_is_reported_with_the_address_of_the_server() {
    let upstream = Upstream::responding([response(
        "401 Unauthorized",
        "",
        r#"{"detail":"Invalid token."}"#,
    )])
    .await;
    let error = create(&upstream).await.unwrap_err().to_string();
    assert!(
        error.contains(upstream.url.strip_prefix("http://").unwrap()),
        "{error}"
    );
    assert!(
        error.contains("KELVIQ_API_KEY") && error.contains("KELVIQ_BASE_URL"),
        "{error}"
    );
}

#[tokio::test]
async fn a_response_that_is_not_a_session_is_an_error() {
    for (body, problem) in [
        ("", "not a JSON object"),
        (
            r#"{"checkoutUrl":"https://kelviq.com/c/","checkoutSessionId":"cs\r\n1"}"#,
            "checkoutSessionId",
        ),
        ("{}", "checkoutUrl is missing, empty or not a string"),
        (
            r#"{"checkoutUrl":"https://kelviq.com/c/"}"#,
            "checkoutSessionId",
        ),
        (
            r#"{"checkoutUrl":"","checkoutSessionId":"cs_1"}"#,
            "checkoutUrl is missing, empty or not a string",
        ),
        (
            r#"{"checkoutUrl":"javascript:alert(1)","checkoutSessionId":"cs_1"}"#,
            "not an absolute",
        ),
        (
            r#"{"checkoutUrl":"/checkout/cs_1","checkoutSessionId":"cs_1"}"#,
            "not an absolute",
        ),
        (
            r#"{"checkoutUrl":5,"checkoutSessionId":"cs_1"}"#,
            "checkoutUrl is missing, empty or not a string",
        ),
    ] {
        let error = error_for(response("201 Created", "", body)).await;
        assert_eq!(error.kind(), ErrorKind::UnexpectedResponse, "{body}");
        assert!(error.to_string().contains(problem), "{error}");
    }
    let html = error_for(response("200 OK", "Content-Type: text/html\r\n", "<html>")).await;
    assert!(html.to_string().contains("HTML"), "{html}");
    // The 404 of a server that does not know the path.
    let html = "Content-Type: text/html\r\n";
    let not_found = error_for(response("404 Not Found", html, "<html>")).await;
    assert_eq!(not_found.kind(), ErrorKind::UnexpectedResponse);
    assert_eq!(not_found.status(), Some(404));
    assert!(not_found.to_string().contains("check the base URL"));
}

#[tokio::test]
async fn the_id_and_the_url_of_a_session_have_a_maximum_length() {
    let body = |url: &str, id: &str| {
        serde_json::json!({ "checkoutUrl": url, "checkoutSessionId": id }).to_string()
    };
    let start = "https://kelviq.com/";
    let url = |length: usize| format!("{start}{}", "a".repeat(length - start.len()));
    let longest = body(&url(2048), &"c".repeat(255));
    let upstream = Upstream::responding([response("201 Created", "", &longest)]).await;
    let session = create(&upstream).await.unwrap();
    assert_eq!(session.checkout_url.len(), 2048);
    assert_eq!(session.checkout_session_id.len(), 255);
    for (body, problem) in [
        (body(&url(2049), "cs_1"), "checkoutUrl is too long"),
        (
            body(&format!("{start}{}", "é".repeat(700)), "cs_1"),
            "checkoutUrl is too long",
        ),
        (
            body(start, &"c".repeat(256)),
            "checkoutSessionId is missing, too long",
        ),
        (
            body(start, &"c".repeat(1_000_000)),
            "checkoutSessionId is missing, too long",
        ),
    ] {
        let error = error_for(response("201 Created", "", &body)).await;
        assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
        let text = error.to_string();
        assert!(text.contains(problem) && text.len() < 200, "{text:.300}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Upstream::responding([created()]).await;
    let location = format!("Location: {}/\r\n", elsewhere.url);
    let error = error_for(response("307 Temporary Redirect", &location, "")).await;
    assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
    assert_eq!(elsewhere.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn a_timeout_is_not_retried() {
    let upstream = Upstream::responding([String::new()]).await;
    let kelviq = upstream
        .builder()
        .timeout(Duration::from_millis(100))
        .build()
        .unwrap();
    let error = kelviq
        .create_checkout_session(&request())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(upstream.requests().len(), 1);
}

#[tokio::test]
async fn an_incomplete_response_is_a_transport_error_and_is_not_retried() {
    let half =
        "HTTP/1.1 201 Created\r\nContent-Length: 500\r\nConnection: close\r\n\r\n{\"checkoutUrl\":"
            .to_owned();
    let upstream = Upstream::responding([half]).await;
    let error = create(&upstream).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert_eq!(upstream.requests().len(), 1);
}

#[tokio::test]
async fn a_read_is_retried_after_a_lost_connection() {
    let half_head = "HTTP/1.1 200".to_owned();
    let half_body =
        "HTTP/1.1 200 OK\r\nContent-Length: 500\r\nConnection: close\r\n\r\n{".to_owned();
    let upstream = Upstream::responding([half_head, half_body, ok(r#"{"id":"cs_1"}"#)]).await;
    let session = upstream.client().retrieve_checkout_session("cs_1").await;
    assert_eq!(session.unwrap().id.as_deref(), Some("cs_1"));
    assert_eq!(upstream.requests().len(), 3);
}

#[tokio::test]
async fn a_response_that_is_not_http_is_unexpected_and_is_not_retried() {
    for response in [
        "SSH-2.0-OpenSSH_9.9\r\n\r\n",
        "HTTP/1.1 abc Created\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        "HTTP/1.1 200 OK\r\na header\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ] {
        let upstream = Upstream::responding([response.to_owned()]).await;
        let kelviq = upstream.client();
        let created = kelviq.create_checkout_session(&request()).await;
        let read = kelviq.retrieve_checkout_session("cs_1").await;
        for error in [created.unwrap_err(), read.unwrap_err()] {
            assert_eq!(error.kind(), ErrorKind::UnexpectedResponse, "{response}");
            let text = error.to_string();
            assert!(text.contains("is not valid HTTP"), "{text}");
        }
        assert_eq!(upstream.requests().len(), 2);
    }
}

#[tokio::test]
async fn an_error_has_a_status_for_the_own_response_and_says_whether_to_try_again() {
    for (status, own, is_retryable) in [
        ("400 Bad Request", 502, false),
        ("401 Unauthorized", 502, false),
        ("404 Not Found", 502, false),
        ("408 Request Timeout", 502, true),
        ("429 Too Many Requests", 503, true),
        ("500 Internal Server Error", 502, true),
        ("501 Not Implemented", 502, false),
        ("502 Bad Gateway", 502, true),
        ("503 Service Unavailable", 503, true),
        ("504 Gateway Timeout", 504, true),
        ("302 Found", 502, false),
        ("200 OK", 502, false),
    ] {
        let upstream = Upstream::responding([response(status, "", "{}")]).await;
        let kelviq = upstream.builder().max_retries(0).build().unwrap();
        let error = kelviq.create_checkout_session(&request()).await;
        let error = error.unwrap_err();
        assert_eq!(error.response_status(), own, "{status}");
        assert_eq!(error.is_retryable(), is_retryable, "{status}");
    }

    let silent = Upstream::responding([String::new()]).await;
    let timeout = silent.builder().timeout(Duration::from_millis(100));
    let unreachable = builder("http://127.0.0.1:1").max_retries(0);
    for (builder, own) in [(timeout, 504), (unreachable, 502)] {
        let kelviq = builder.build().unwrap();
        let error = kelviq.create_checkout_session(&request()).await;
        let error = error.unwrap_err();
        assert_eq!((error.response_status(), error.is_retryable()), (own, true));
    }

    let plan = CheckoutPlan::new("", ChargePeriod::Monthly);
    let invalid = CreateCheckoutSession::new(plan, "https://a.example/thanks");
    let error = invalid.to_json().unwrap_err();
    assert_eq!(
        (error.response_status(), error.is_retryable()),
        (500, false)
    );
}

#[tokio::test]
async fn a_key_can_be_a_secret_string() {
    let upstream = Upstream::responding([created()]).await;
    let kelviq = Kelviq::builder(SecretString::from(KEY)).base_url(&upstream.url);
    let kelviq = kelviq.build().unwrap();
    kelviq.create_checkout_session(&request()).await.unwrap();
    let header = format!("authorization: Bearer {KEY}");
    assert!(upstream.requests()[0].contains(&header));
}

#[tokio::test]
async fn a_list_is_read_with_a_plain_loop() {
    let page =
        |id: &str, next: &str| ok(&format!(r#"{{"next":{next},"results":[{{"id":"{id}"}}]}}"#));
    let upstream =
        Upstream::responding([page("cs_1", r#""x""#), page("cs_2", r#""x""#), ok("[]")]).await;
    let mut ids = Vec::new();
    let mut sessions = upstream
        .client()
        .list_checkout_sessions(ListCheckoutSessions::new());
    let error = loop {
        match sessions.try_next().await {
            Ok(session) => ids.extend(session.unwrap().id),
            Err(error) => break error,
        }
    };
    assert_eq!(ids, ["cs_1", "cs_2"]);
    assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
    assert!(sessions.try_next().await.unwrap().is_none());
}

#[tokio::test]
async fn an_idle_connection_is_reused_for_30_seconds() {
    let upstream = KeepAlive::start().await;
    let kelviq = builder(&upstream.url).build().unwrap();
    for (idle, connections) in [(0, 1), (29, 1), (31, 2)] {
        // The connection returns to the pool after the response was read.
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(idle)).await;
        tokio::time::resume();
        kelviq.retrieve_checkout_session("cs_1").await.unwrap();
        assert_eq!(
            upstream.connections.load(Ordering::SeqCst),
            connections,
            "after {idle} s"
        );
    }
}

/// A server that keeps its connections open.
struct KeepAlive {
    url: String,
    connections: Arc<AtomicUsize>,
}

impl KeepAlive {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let connections = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&connections);
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                count.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(async move {
                    let body = r#"{"id":"cs_1"}"#;
                    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
                    while stream.read(&mut [0; 8192]).await.unwrap_or_default() > 0 {
                        stream
                            .write_all(format!("{head}{body}").as_bytes())
                            .await
                            .unwrap();
                    }
                });
            }
        });
        Self { url, connections }
    }
}

#[tokio::test]
async fn a_response_that_is_too_large_is_an_error() {
    let error = error_for(response("201 Created", "", &"x".repeat(9 * 1024 * 1024))).await;
    assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
}

#[tokio::test]
async fn a_closed_port_is_a_connection_error() {
    let kelviq = builder("http://127.0.0.1:1")
        .max_retries(0)
        .build()
        .unwrap();
    let error = kelviq
        .create_checkout_session(&request())
        .await
        .unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Connect, None));
    assert!(error.to_string().contains("127.0.0.1:1"));
}

#[tokio::test]
async fn a_busy_status_is_retried() {
    for status in ["429 Too Many Requests", "503 Service Unavailable"] {
        let busy = response(status, "Retry-After: 0\r\n", "");
        let upstream = Upstream::responding([busy.clone(), busy.clone(), created()]).await;
        assert!(create(&upstream).await.is_ok());
        assert_eq!(upstream.requests().len(), 3);

        let upstream = Upstream::responding([busy.clone(), busy.clone(), busy]).await;
        let error = create(&upstream).await.unwrap_err();
        assert_eq!((error.attempts(), upstream.requests().len()), (3, 3));
    }
}

#[tokio::test]
async fn a_busy_status_is_reported_whatever_the_body() {
    let cut = "HTTP/1.1 503 Busy\r\nRetry-After: 3600\r\nContent-Length: 500\r\nConnection: close\r\n\r\n{".to_owned();
    let huge = response("503 Busy", "Retry-After: 3600\r\n", &"x".repeat(100_000));
    for body in [cut, huge] {
        let upstream = Upstream::responding([body]).await;
        let error = create(&upstream).await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(503)));
        assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
        assert_eq!((error.attempts(), upstream.requests().len()), (1, 1));
    }
}

#[tokio::test]
async fn there_is_no_retry_without_time_left_for_the_response() {
    let busy = response("429 Too Many Requests", "Retry-After: 1\r\n", "");
    let upstream = Upstream::responding([busy, String::new()]).await;
    let kelviq = upstream
        .builder()
        .timeout(Duration::from_millis(1200))
        .build()
        .unwrap();
    let error = kelviq
        .create_checkout_session(&request())
        .await
        .unwrap_err();
    assert_eq!(error.status(), Some(429));
    assert_eq!(upstream.requests().len(), 1);
}

#[tokio::test]
async fn unusual_retry_after_values_are_parsed_or_ignored() {
    let day = Duration::from_secs(24 * 60 * 60);
    for (value, more_than_a_day) in [
        ("18446744073709551616", Some(true)),
        ("Fri, 31 Dec 9999 23:59:59 GMT", Some(true)),
        ("Thu, 01 Jan 1970 00:00:00 GMT", Some(false)),
        ("0", Some(false)),
        ("1.5", Some(false)),
        ("86400.5", Some(true)),
        ("-5", None),
        ("-1.5", None),
        ("1.5.5", None),
        ("5, 10", None),
        ("soon", None),
        ("", None),
    ] {
        let busy = response(
            "429 Too Many Requests",
            &format!("Retry-After: {value}\r\n"),
            "",
        );
        let upstream = Upstream::responding([busy]).await;
        let kelviq = upstream.builder().max_retries(0).build().unwrap();
        let error = kelviq
            .create_checkout_session(&request())
            .await
            .unwrap_err();
        assert_eq!(
            error.retry_after().map(|wait| wait > day),
            more_than_a_day,
            "{value}"
        );
    }
}

#[tokio::test]
async fn a_retry_after_with_a_fraction_is_exact() {
    let busy = response("429 Too Many Requests", "Retry-After: 1.5\r\n", "");
    let upstream = Upstream::responding([busy]).await;
    let kelviq = upstream.builder().max_retries(0).build().unwrap();
    let error = kelviq.create_checkout_session(&request()).await;
    let wait = error.unwrap_err().retry_after();
    assert_eq!(wait, Some(Duration::from_millis(1500)));
}

#[tokio::test]
async fn a_created_session_is_read_despite_a_byte_order_mark_and_a_numeric_id() {
    let body = r#"{"checkoutUrl":"https://kelviq.com/checkout/5/","checkoutSessionId":5}"#;
    let upstream = Upstream::responding([response("201 Created", "", &format!("\u{feff}{body}"))]);
    let session = create(&upstream.await).await.unwrap();
    assert_eq!(session.checkout_session_id, "5");
}

#[tokio::test]
async fn a_refused_connection_is_retried_after_a_delay() {
    // The socket is bound but not listening, so connections are refused and no other process can take the port.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let kelviq = builder(&format!("http://{}", socket.local_addr().unwrap()))
        .build()
        .unwrap();
    let request = request();
    let refused = kelviq.create_checkout_session(&request);
    let listen = async { Upstream::on(socket.listen(1).unwrap(), [created()]) };
    let started = std::time::Instant::now();
    let (session, upstream) = futures_util::join!(refused, listen);
    // The retry waits for the backoff.
    assert!(started.elapsed() >= Duration::from_millis(125));
    assert!(session.is_ok());
    assert_eq!(upstream.requests().len(), 1);
}

#[tokio::test]
async fn a_timeout_of_any_length_can_be_set() {
    let upstream = Upstream::responding([created()]).await;
    let kelviq = upstream
        .builder()
        .timeout(Duration::MAX)
        .connect_timeout(Duration::MAX)
        .max_retries(u32::MAX)
        .build()
        .unwrap();
    assert!(kelviq.create_checkout_session(&request()).await.is_ok());
}

#[tokio::test]
async fn a_custom_http_client_follows_no_redirect_either() {
    let elsewhere = Upstream::responding([created()]).await;
    let location = format!("Location: {}/\r\n", elsewhere.url);
    let upstream = Upstream::responding([response("307 Temporary Redirect", &location, "")]).await;
    let mut headers = reqwest::header::HeaderMap::new();
    headers.insert("x-mine", "yes".parse().unwrap());
    let http = reqwest::Client::builder()
        .default_headers(headers)
        .redirect(reqwest::redirect::Policy::limited(5));
    let kelviq = upstream.builder().http_client(http).build().unwrap();
    let error = kelviq
        .create_checkout_session(&request())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
    assert_eq!(elsewhere.requests(), Vec::<String>::new());
    assert!(upstream.requests()[0].contains("x-mine: yes"));
}

#[tokio::test]
async fn a_retry_after_beyond_the_timeout_is_returned() {
    let busy = response("429 Too Many Requests", "Retry-After: 3600\r\n", "");
    let upstream = Upstream::responding([busy]).await;
    let error = create(&upstream).await.unwrap_err();
    assert_eq!(error.status(), Some(429));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
    assert_eq!(upstream.requests().len(), 1);
}

#[tokio::test]
async fn other_errors_are_not_retried() {
    for status in [
        "400 Bad Request",
        "500 Internal Server Error",
        "502 Bad Gateway",
        "504 Gateway Timeout",
    ] {
        let upstream = Upstream::responding([response(status, "", "<html>oops</html>")]).await;
        let error = create(&upstream).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Api);
        assert!(!error.to_string().contains("oops"), "{error}");
        assert_eq!(upstream.requests().len(), 1);
    }
}

#[tokio::test]
async fn nothing_shows_the_key_even_when_it_is_echoed() {
    let again = format!("{KEY} ").repeat(100);
    let echo = format!(r#"{{"detail":"bad token {again}","x":["{KEY}"],"{KEY}":["y"]}}"#);
    let error = error_for(response("401 Unauthorized", "", &echo)).await;
    let with_key = builder("http://127.0.0.1:1");
    for text in [
        format!("{error} {error:?} {:?}", error.source()),
        format!("{with_key:?}"),
        format!("{:?}", with_key.build()),
        format!("{:?}", Kelviq::builder(format!("{KEY}\n")).build()),
        format!(
            "{:?}",
            Kelviq::builder(KEY.replace("server", "client")).build()
        ),
    ] {
        assert!(!text.contains("0123456789abcdef"), "{text}");
    }
}

#[test]
fn the_variables_select_the_base_url() {
    let base_url = |variables: &[(&str, &str)]| {
        let lookup = |name: &str| {
            let found = variables.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let kelviq = Kelviq::builder_from_lookup(lookup)?.build()?;
        Ok::<_, Error>(kelviq.base_url().to_owned())
    };
    let key = ("KELVIQ_API_KEY", KEY);
    for (variables, expected) in [
        (vec![key], Environment::Sandbox.base_url()),
        (
            vec![key, ("KELVIQ_ENV", "")],
            Environment::Sandbox.base_url(),
        ),
        (
            vec![key, ("KELVIQ_ENV", " Sandbox ")],
            Environment::Sandbox.base_url(),
        ),
        (
            vec![key, ("KELVIQ_ENV", "PROD")],
            Environment::Production.base_url(),
        ),
        (
            vec![key, ("KELVIQ_ENV", "production")],
            Environment::Production.base_url(),
        ),
        (
            vec![key, ("KELVIQ_BASE_URL", "http://127.0.0.1:4010")],
            "http://127.0.0.1:4010/api/v1",
        ),
        (
            vec![key, ("KELVIQ_BASE_URL", "http://localhost:4010/")],
            "http://localhost:4010/api/v1",
        ),
        (
            vec![key, ("KELVIQ_BASE_URL", "http://[::1]:4010/api/v1/")],
            "http://[::1]:4010/api/v1",
        ),
        (
            vec![key, ("KELVIQ_BASE_URL", "https://k.example/x")],
            "https://k.example/x",
        ),
    ] {
        assert_eq!(base_url(&variables).unwrap(), expected);
    }
    for (variables, named) in [
        (vec![], "KELVIQ_API_KEY"),
        (vec![("KELVIQ_API_KEY", "")], "KELVIQ_API_KEY"),
        (vec![("KELVIQ_API_KEY", " ")], "KELVIQ_API_KEY"),
        (vec![("KELVIQ_API_KEY", "server a")], "KELVIQ_API_KEY"),
        (vec![("KELVIQ_API_KEY", "client-a")], "server key"),
        (vec![("KELVIQ_API_KEY", "Client-a")], "server key"),
        (vec![("KELVIQ_API_KEY", "\"server-a\"")], "quotes"),
        (
            vec![("KELVIQ_API_KEY", "kq_whsec_a")],
            "KELVIQ_WEBHOOK_SECRET",
        ),
        (
            vec![key, ("KELVIQ_ENV", "staging")],
            r#"KELVIQ_ENV is "staging""#,
        ),
        (
            vec![key, ("KELVIQ_BASE_URL", "localhost:4010")],
            "KELVIQ_BASE_URL",
        ),
        (vec![key, ("KELVIQ_BASE_URL", "http://k.example")], "https"),
        (
            vec![key, ("KELVIQ_BASE_URL", "https://u:p@k.example")],
            "KELVIQ_BASE_URL",
        ),
        (
            vec![key, ("KELVIQ_BASE_URL", "https://k.example?x")],
            "KELVIQ_BASE_URL",
        ),
    ] {
        let error = base_url(&variables).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains(named), "{error}");
    }
}
