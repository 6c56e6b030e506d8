//! The faults of the network and of responses.

use super::{
    tls::{Certificate, server_hello},
    upstream::Answer::{self, Close, Drip, Endless, Reset, ResetUnread, Secure, Send, Stall, Tls},
};

/// A row of the table: what the upstream or the network does.
pub(super) struct Row {
    pub(super) fault: String,
    pub(super) network: Network,
    pub(super) answers: Vec<Answer>,
    /// The path of the buyer's click.
    pub(super) path: &'static str,
}

impl Row {
    pub(super) fn at(self, path: &'static str) -> Self {
        Self { path, ..self }
    }
}

/// An offer without a discount code.
const OFFER: &str = "/checkout/team";

/// The network between the shop and the upstream.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Network {
    Http,
    /// http, with a connection that another sale has used before.
    UsedConnection,
    Https,
    /// https, with a client that accepts the tests' certificate authority.
    HttpsTrusted,
    /// No process listens at the port.
    Refused,
    /// The host name does not exist.
    UnknownHost,
}

pub(super) fn row(fault: impl Into<String>, answers: impl Into<Vec<Answer>>) -> Row {
    on(Network::Http, fault, answers)
}

fn on(network: Network, fault: impl Into<String>, answers: impl Into<Vec<Answer>>) -> Row {
    Row {
        fault: fault.into(),
        network,
        answers: answers.into(),
        path: OFFER,
    }
}

/// Returns a complete response. `head` is the status and possibly headers, one a line.
pub(super) fn response(head: &str, body: &str) -> Answer {
    Send(text(head, body.len(), body))
}

fn text(head: &str, length: usize, body: &str) -> String {
    let head = head.replace('\n', "\r\n");
    format!("HTTP/1.1 {head}\r\ncontent-length: {length}\r\n\r\n{body}")
}

const CREATED: &str = "201 Created\ncontent-type: application/json";

fn json(body: &str) -> Answer {
    response(CREATED, body)
}

fn session(url: &str) -> String {
    format!(r#"{{"checkoutUrl":"{url}","checkoutSessionId":"cs_1"}}"#)
}

/// Returns the response to a successful request.
pub(super) fn created() -> Answer {
    json(&session("https://kelviq.com/checkout/cs_1/"))
}

const HTML: &str = "<!doctype html><title>Proxy</title><p>Something went wrong.</p>";

fn html(status: &str) -> Answer {
    response(&format!("{status}\ncontent-type: text/html"), HTML)
}

pub(super) fn connections() -> Vec<Row> {
    vec![
        row("none", [created()]),
        on(Network::Refused, "connection refused", []),
        on(Network::UnknownHost, "DNS does not know the host", []),
        row("connection reset before the request is read", [ResetUnread]),
        row("connection reset after the request", [Reset]),
        row(
            "connection closed after the request",
            [Close(String::new())],
        ),
        on(
            Network::UsedConnection,
            "reused connection reset before the request is read",
            [created(), ResetUnread],
        ),
        on(
            Network::UsedConnection,
            "reused connection reset after the request",
            [created(), Reset],
        ),
        on(
            Network::UsedConnection,
            "reused connection closed after the request",
            [created(), Close(String::new())],
        ),
    ]
}

pub(super) fn tls() -> Vec<Row> {
    let plain = b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec();
    let body = session("https://kelviq.com/checkout/cs_1/");
    let secure = |certificate| [Secure(certificate, text(CREATED, body.len(), &body))];
    vec![
        on(
            Network::HttpsTrusted,
            "none, over https",
            secure(Certificate::Valid),
        ),
        on(
            Network::Https,
            "https to a port that serves http",
            [Tls(plain)],
        ),
        on(
            Network::Https,
            "certificate of an unknown issuer",
            secure(Certificate::Valid),
        ),
        on(
            Network::HttpsTrusted,
            "expired certificate",
            secure(Certificate::Expired),
        ),
        on(
            Network::HttpsTrusted,
            "certificate of another host",
            secure(Certificate::OtherHost),
        ),
        on(
            Network::Https,
            "malformed certificate",
            [Tls(server_hello())],
        ),
        on(
            Network::Https,
            "TLS handshake not answered within the connect timeout",
            [Tls(Vec::new())],
        ),
    ]
}

pub(super) fn incomplete() -> Vec<Row> {
    let head = "HTTP/1.1 201 Created\r\ncontent-type: application/json\r\n";
    let chunked = "\r\ntransfer-encoding: chunked\r\n\r\n";
    let body = session("https://kelviq.com/checkout/cs_1/");
    let (half, _) = body.split_at(20);
    let part = |status: &str| text(status, body.len(), half);
    vec![
        row("no response within the timeout", [Stall(String::new())]),
        row("headers stop halfway", [Stall(head.to_owned())]),
        row("201, body stops halfway", [Stall(part("201 Created"))]),
        row(
            "500, body stops halfway",
            [Stall(part("500 Internal Server Error"))],
        ),
        row(
            "headers arrive slowly, 10 bytes each second",
            [Drip(format!("{head}x-slow: "))],
        ),
        row(
            "201, body arrives slowly, 10 bytes each second",
            [Drip(text("201 Created", 10_000, ""))],
        ),
        row(
            "500, body arrives slowly, 10 bytes each second",
            [Drip(text("500 Internal Server Error", 10_000, ""))],
        ),
        row(
            "connection closed within the headers",
            [Close(head.to_owned())],
        ),
        row(
            "201, connection closed within the body",
            [Close(part("201 Created"))],
        ),
        row(
            "500, connection closed within the body",
            [Close(part("500 Internal Server Error"))],
        ),
        row(
            "201, body without end",
            [Endless(format!("HTTP/1.1 201 Created{chunked}"))],
        ),
        row(
            "500, body without end",
            [Endless(format!(
                "HTTP/1.1 500 Internal Server Error{chunked}"
            ))],
        ),
    ]
}

pub(super) fn unexpected() -> Vec<Row> {
    let mut rows = vec![
        row(
            "another protocol than HTTP",
            [Close("SSH-2.0-OpenSSH_10.0\r\n".to_owned())],
        ),
        row("201, empty body", [json("")]),
        row("201, body is not JSON", [json("created")]),
        row("201, JSON is incomplete", [json(r#"{"checkoutUrl":"#)]),
        row("201, JSON is a list", [json("[]")]),
        row("201, JSON has another shape", [json(r#"{"status":"ok"}"#)]),
        row(
            "201, without `checkoutUrl`",
            [json(r#"{"checkoutSessionId":"cs_1"}"#)],
        ),
        row(
            "201, without `checkoutSessionId`",
            [json(
                r#"{"checkoutUrl":"https://kelviq.com/checkout/cs_1/"}"#,
            )],
        ),
        row(
            "201, checkout page on another host",
            [json(&session("https://kelviq.com.example/checkout/cs_1/"))],
        ),
        row(
            "201, checkout page over http",
            [json(&session("http://kelviq.com/checkout/cs_1/"))],
        ),
        row(
            "201, checkout page is `javascript:`",
            [json(&session("javascript:alert(1)"))],
        ),
        row(
            "201, checkout page is a path",
            [json(&session("/checkout/cs_1/"))],
        ),
        row("HTML with 200", [html("200 OK")]),
        row("HTML with 404", [html("404 Not Found")]),
        row("HTML with 502", [html("502 Bad Gateway")]),
        row("204", [Send("HTTP/1.1 204 No Content\r\n\r\n".to_owned())]),
    ];
    for status in [301, 302, 303, 307, 308] {
        let head = format!("{status} Redirect\nlocation: https://other.example/");
        rows.push(row(
            format!("{status} to another host"),
            [response(&head, "")],
        ));
    }
    rows
}
