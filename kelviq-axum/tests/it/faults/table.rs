//! The table in `docs/faults.md`.

use std::{
    fmt::Write as _,
    fs, io,
    net::SocketAddr,
    sync::{Arc, atomic::Ordering},
    thread,
    time::Duration,
};

use axum::{Router, extract::ConnectInfo, routing::post};
use kelviq_axum::{
    Checkout, CheckoutRedirect, Offer, Offers, Rejection, Shop,
    kelviq_core::{ChargePeriod, Kelviq},
    routes,
};
use reqwest::dns::{Name, Resolve, Resolving};
use tokio::{runtime, task};

use super::{
    rows::{Network, Row, connections, incomplete, tls, unexpected},
    statuses::{retry_after, statuses},
    tls::AUTHORITY,
    upstream::{Answer, Counts, start},
};
use crate::support::{TestResponse, buyer::User, form, log::Log, send, with};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/faults.md");
const UPDATE: &str = "KELVIQ_UPDATE_DOCS=1 cargo test -p kelviq-axum --test it faults";

const INTRODUCTION: &str = "\
# Faults

What a buyer gets, what the log has, and how many requests Kelviq receives if Kelviq or the network fails while a checkout
session is created.

The tables are generated: a test sells an offer through the checkout routes for each row, with a server on loopback that
fails as described. The test fails if a result differs from this file. Update it with

```sh
{UPDATE}
```

Each row is one click of a buyer:

- **fault**: what the server or the network does, for the first request and for each retry unless the row says otherwise.
- **buyer**: the status of the response, and the message of its page, or the target of the redirect. Error pages also have the
  reference of the log event.
- **Retry-After**: this header of the response to the buyer.
- **log**: the event of kelviq-axum: its level, its message, and its fields without `reference` and `offer`, or `plan` of a
  handler, which each event has. `HOST` is the host of the base URL, with its port. `status` is that of a response whose headers
  were complete, `attempts` is the number of attempts to send the request, and `retry_after` is the `Retry-After` of the response
  in seconds. `…` is a number that depends on the time of the test.
- **requests**: the number of complete requests that the server received. A number over 1 means that the request was
  retried. If the server received none, the number of connections is given.

The client has its default of 2 retries. Its timeouts are those of the test: 2 s where a response stops or arrives slowly, 60 s
elsewhere so that a busy machine does not change the table, and 0.5 s to connect where a TLS handshake is not answered. The
defaults are 10 s, and 3 s to connect. The timeout is that of the whole call, so a response that arrives slowly does not extend
it.

After a timeout or a lost connection, and with an unexpected 201, Kelviq can have created a session, but its URL was not received.
";

#[test]
fn the_table_of_faults_is_that_of_the_docs() {
    let generated = document();
    if std::env::var_os("KELVIQ_UPDATE_DOCS").is_some() {
        fs::write(PATH, generated).unwrap();
        return;
    }
    let documented = fs::read_to_string(PATH).unwrap_or_default();
    let without = |text: &str, other: &str, sign: &str| {
        let lines = text
            .lines()
            .filter(|line| !other.lines().any(|it| it == *line));
        let lines: Vec<_> = lines.map(|line| format!("{sign} {line}\n")).collect();
        lines.concat()
    };
    assert!(
        generated == documented,
        "docs/faults.md differs from what happens:\n{}{}If the change is intended, update the file with\n{UPDATE}\n",
        without(&documented, &generated, "-"),
        without(&generated, &documented, "+"),
    );
}

fn document() -> String {
    let sections = [
        ("Connections", connections()),
        ("TLS", tls()),
        ("Incomplete responses", incomplete()),
        ("Unexpected responses", unexpected()),
        ("Statuses", statuses()),
        ("`Retry-After`", retry_after()),
    ];
    let mut document = INTRODUCTION.replace("{UPDATE}", UPDATE);
    thread::scope(|scope| {
        // Each row has its own thread, because the log is that of the thread.
        let sections = sections.map(|(title, rows)| {
            let rows = rows.into_iter();
            let rows = rows.map(|row| scope.spawn(move || line(&row)));
            (title, rows.collect::<Vec<_>>())
        });
        for (title, rows) in sections {
            write!(
                document,
                "\n## {title}\n\n| fault | buyer | Retry-After | log | requests |\n|---|---|---|---|---|\n"
            )
            .unwrap();
            for row in rows {
                document += &row.join().unwrap();
            }
        }
    });
    document
}

/// Sells an offer with the fault of a row, and returns the line of the table.
fn line(row: &Row) -> String {
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    runtime.unwrap().block_on(async {
        let counts = Arc::new(Counts::default());
        let address = start(row.answers.clone(), Arc::clone(&counts)).await;
        let app = app(client(row, &address));
        if row.network == Network::UsedConnection {
            assert_eq!(
                click(&app, row.path, "cust_0").await.status,
                303,
                "{}",
                row.fault
            );
            // The client's task returns the connection to the pool.
            for _ in 0..100 {
                task::yield_now().await;
            }
        }
        let earlier = counts.requests.load(Ordering::SeqCst);
        let log = Log::start();
        let response = click(&app, row.path, "cust_1").await;
        let connections = counts.connections.load(Ordering::SeqCst);
        if row.network == Network::UsedConnection {
            assert_eq!(connections, 1, "{}", row.fault);
        }
        let requests = match counts.requests.load(Ordering::SeqCst) - earlier {
            0 if connections == 1 => "0 (1 connection)".to_owned(),
            0 if connections > 1 => format!("0 ({connections} connections)"),
            requests => requests.to_string(),
        };
        let events: Vec<_> = log
            .with("")
            .iter()
            .map(|event| event_of(event, &address))
            .collect();
        format!(
            "| {} | {} | {} | {} | {requests} |\n",
            row.fault,
            buyer(&response, &log, &row.fault),
            response.header("retry-after"),
            events.join("<br>"),
        )
    })
}

fn client(row: &Row, address: &str) -> Kelviq {
    struct NoNames;
    impl Resolve for NoNames {
        fn resolve(&self, _: Name) -> Resolving {
            Box::pin(async { Err(io::Error::other("no such host").into()) })
        }
    }
    // Fast faults do not depend on the timeout, even on a busy machine.
    let timeout = match row.answers.first() {
        Some(Answer::Stall(_) | Answer::Drip(_)) => Duration::from_secs(2),
        _ => Duration::from_secs(60),
    };
    let url = match row.network {
        Network::Http | Network::UsedConnection => format!("http://{address}"),
        Network::Https | Network::HttpsTrusted => format!("https://{address}"),
        Network::Refused => "http://127.0.0.1:1".to_owned(),
        Network::UnknownHost => "https://kelviq.invalid".to_owned(),
    };
    let mut client = Kelviq::builder("server-test")
        .base_url(url)
        .timeout(timeout);
    if matches!(row.answers.first(), Some(Answer::Tls(bytes)) if bytes.is_empty()) {
        client = client.connect_timeout(Duration::from_millis(500));
    }
    if row.network == Network::HttpsTrusted {
        let authority = reqwest::Certificate::from_pem(AUTHORITY).unwrap();
        let http = reqwest::Client::builder().no_proxy();
        client = client.http_client(http.tls_certs_only([authority]));
    }
    if row.network == Network::UnknownHost {
        let http = reqwest::Client::builder().no_proxy();
        client = client.http_client(http.dns_resolver(Arc::new(NoNames)));
    }
    client.build().unwrap()
}

fn app(client: Kelviq) -> Router {
    let shop = Shop::new(client, "https://app.example.com").unwrap();
    let team = || Offer::plan("team", ChargePeriod::Yearly);
    let offers = Offers::builder(shop.clone())
        .offer("team", team())
        .offer("coupon", team().discount_code("WELCOME20"))
        .sold_to::<User>()
        .build();
    Router::new()
        .route("/buy", post(buy_with_code))
        .with_state(shop)
        .nest("/checkout", routes(offers.unwrap()))
}

async fn buy_with_code(checkout: Checkout) -> Result<CheckoutRedirect, Rejection> {
    let plan = checkout.plan("team", ChargePeriod::Yearly);
    let plan = plan.with(|plan| plan.discount_code("AUTUMN"));
    plan.redirect().await
}

async fn click(app: &Router, path: &str, customer: &str) -> TestResponse {
    let mut request = with(form(path, ""), "x-user", customer);
    let peer = ConnectInfo(SocketAddr::from(([192, 0, 2, 1], 1234)));
    request.extensions_mut().insert(peer);
    send(app, request).await
}

/// Describes the response. An error page has a reference that is in the log.
fn buyer(response: &TestResponse, log: &Log, fault: &str) -> String {
    let status = response.status.as_u16();
    if status == 303 {
        return format!("303 to `{}`", response.header("location"));
    }
    let between = |start: &str, end: &str| {
        let (_, rest) = response.body.split_once(start).unwrap();
        rest.split_once(end).unwrap().0
    };
    let reference = between("Reference: <code>", "</code>");
    assert_eq!(log.with(reference).len(), 1, "{fault}");
    format!("{status}: {}", between("<p role=\"alert\">", "</p>"))
}

/// Returns the level and the message of an event, and its fields without those that every event has.
fn event_of(event: &str, address: &str) -> String {
    let (message, fields) = event.split_once(" reference=").unwrap();
    let mut fields = fields[32..].to_owned();
    for item in ["offer=\"team\"", "offer=\"coupon\"", "plan=\"team\""] {
        fields = fields.replace(item, "");
    }
    let fields = fields.replace(address, "HOST").replace('|', "\\|");
    let words = fields.split_whitespace().map(without_time);
    format!(
        "{}: `{}`",
        message.replace(" message=", ": "),
        words.collect::<Vec<_>>().join(" ")
    )
}

/// Replaces the number in a word if it is one of seconds that depends on the time.
fn without_time(word: &str) -> String {
    let digits: String = word.chars().filter(char::is_ascii_digit).collect();
    let is_time = digits.len() > 8 && word.contains(&digits) && digits != END_OF_EXPIRED;
    if is_time {
        word.replace(&digits, "…")
    } else {
        word.to_owned()
    }
}

/// The end of the expired certificate, in seconds since 1970.
const END_OF_EXPIRED: &str = "978307200";
