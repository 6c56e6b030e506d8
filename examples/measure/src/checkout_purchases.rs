//! The requests of buyers.

use axum::http::HeaderMap;
use reqwest::{Body, Method, Request, StatusCode};

use crate::requests::{Requests, Run};

/// Who buys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Buyer {
    /// A visitor without an id.
    Anonymous,
    /// A user with an id.
    User,
    /// A user with an id and an email address.
    UserWithEmail,
}

/// Submissions of a form by a browser, each by another buyer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Purchases {
    buyer: Buyer,
    run: Run,
}

/// Path of the form.
const PATH: &str = "/team";

/// The headers with the user. An application reads the user from its session.
const USER_ID: &str = "x-user-id";
const USER_EMAIL: &str = "x-user-email";

/// The headers of a browser that submits a form.
const HEADERS: [(&str, &str); 9] = [
    ("host", "app.example.com"),
    ("origin", PUBLIC_URL),
    ("content-type", "application/x-www-form-urlencoded"),
    (
        "accept",
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    ),
    ("accept-language", "en-US,en;q=0.5"),
    (
        "user-agent",
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    ),
    ("sec-fetch-site", "same-origin"),
    ("sec-fetch-mode", "navigate"),
    ("sec-fetch-dest", "document"),
];

/// The public URL of the shop.
pub(crate) const PUBLIC_URL: &str = "https://app.example.com";

impl Purchases {
    pub(crate) fn new(buyer: Buyer) -> Self {
        Self {
            buyer,
            run: Run::new(),
        }
    }
}

impl Requests for Purchases {
    #[expect(
        clippy::unwrap_used,
        reason = "the URL of a server and all headers are valid"
    )]
    fn request(&self, url: &str, number: usize) -> Request {
        let url = format!("{url}{PATH}").parse().unwrap();
        let mut request = Request::new(Method::POST, url);
        let headers = request.headers_mut();
        for (name, value) in HEADERS {
            headers.insert(name, value.parse().unwrap());
        }
        let id = self.run.id(number);
        if self.buyer != Buyer::Anonymous {
            headers.insert(USER_ID, id.parse().unwrap());
        }
        if self.buyer == Buyer::UserWithEmail {
            let email = format!("{id}@b.example");
            headers.insert(USER_EMAIL, email.parse().unwrap());
        }
        *request.body_mut() = Some(Body::from("quantity%5Bseats%5D=5"));
        request
    }

    fn expected(&self) -> StatusCode {
        StatusCode::SEE_OTHER
    }

    fn renewed(&self) -> Self {
        Self::new(self.buyer)
    }
}

/// The user of a request.
#[derive(Debug)]
pub(crate) struct User {
    pub(crate) id: String,
    pub(crate) email: Option<String>,
}

impl User {
    /// Returns the user of a request. `None` for a visitor.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let text = |name| Some(headers.get(name)?.to_str().ok()?.to_owned());
        Some(Self {
            id: text(USER_ID)?,
            email: text(USER_EMAIL),
        })
    }
}
