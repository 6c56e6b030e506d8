//! Deliveries of `checkout.completed`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use kelviq_core::WebhookSecret;
use reqwest::{Body, Method, Request, StatusCode};

use crate::{
    Result,
    requests::{Requests, Run},
};

/// The secret of the servers.
pub(crate) const SECRET: &str = "kq_whsec_4Zc1b7Yt9QpLmN3vXs8Kd2Rf6Hw5Jg0A";

const FIXTURE: &str = include_str!("../../../kelviq-core/tests/fixtures/checkout.completed.json");

/// What is wrong with a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Accepted,
    WrongSignature,
    Stale,
    Unsigned,
    /// Unsigned, for a server that accepts everything.
    Unverified,
}

/// Signed deliveries with bodies of one size. The ids of the event, the session and the reference are different in each.
#[derive(Clone, Debug)]
pub(crate) struct Deliveries {
    body: String,
    kind: Kind,
    signer: WebhookSecret,
    run: Run,
}

impl Deliveries {
    /// Creates deliveries with bodies of at least this size. The list of features fills them.
    pub(crate) fn new(size: usize, kind: Kind) -> Result<Self> {
        let mut body: String = FIXTURE.lines().map(str::trim_start).collect();
        body = body.replace("/thanks", "/thanks?reference={reference}");
        let list = body
            .find("\"features\": [")
            .ok_or("the fixture has no features")?;
        let start = list + "\"features\": [".len();
        let feature = r#"{"identifier": "seats-in-the-studio", "quantity": 3},"#;
        let missing = size.saturating_sub(body.len()).div_ceil(feature.len());
        body.insert_str(start, &feature.repeat(missing));
        let signer = match kind {
            Kind::WrongSignature => "kq_whsec_9Zc1b7Yt9QpLmN3vXs8Kd2Rf6Hw5Jg0B",
            _ => SECRET,
        };
        Ok(Self {
            body,
            kind,
            signer: WebhookSecret::new(signer)?,
            run: Run::new(),
        })
    }

    /// Returns the size of a body.
    pub(crate) fn size(&self) -> usize {
        self.body(0).0.len()
    }

    /// Returns a body and the id of its event.
    fn body(&self, number: usize) -> (String, String) {
        let unique = self.run.id(number);
        let id = format!("evt_{unique}");
        let body = self
            .body
            .replacen("evt_fixture_01", &id, 1)
            .replacen("cs_fixture0001", &format!("cs_{unique}"), 1)
            .replacen("{reference}", &format!("{unique:0>32.20}"), 1);
        (body, id)
    }
}

impl Requests for Deliveries {
    #[expect(
        clippy::unwrap_used,
        reason = "the URL of a server and all headers are valid"
    )]
    fn request(&self, url: &str, number: usize) -> Request {
        let (body, id) = self.body(number);
        let age = match self.kind {
            Kind::Stale => Duration::from_hours(1),
            _ => Duration::ZERO,
        };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let timestamp = now.saturating_sub(age).as_secs().to_string();
        let mut request = Request::new(Method::POST, url.parse().unwrap());
        let headers = request.headers_mut();
        headers.insert("content-type", "application/json".parse().unwrap());
        if !matches!(self.kind, Kind::Unsigned | Kind::Unverified) {
            let signature = self.signer.sign(&id, &timestamp, body.as_bytes());
            headers.insert("webhook-id", id.parse().unwrap());
            headers.insert("webhook-timestamp", timestamp.parse().unwrap());
            headers.insert("webhook-signature", signature.parse().unwrap());
        }
        *request.body_mut() = Some(Body::from(body));
        request
    }

    fn expected(&self) -> StatusCode {
        match self.kind {
            Kind::Accepted | Kind::Unverified => StatusCode::OK,
            Kind::WrongSignature | Kind::Stale => StatusCode::UNAUTHORIZED,
            Kind::Unsigned => StatusCode::BAD_REQUEST,
        }
    }

    fn renewed(&self) -> Self {
        Self {
            run: Run::new(),
            ..self.clone()
        }
    }
}
