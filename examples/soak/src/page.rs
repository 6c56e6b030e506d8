//! Requests of buyers, and the pages that they get.

use std::error::Error;

use reqwest::{
    RequestBuilder, StatusCode,
    header::{ACCEPT, COOKIE, LOCATION, SET_COOKIE},
};

/// A response.
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    /// The target of a redirect.
    pub(crate) location: Option<String>,
    /// The cookie that is set, without its attributes.
    pub(crate) cookie: Option<String>,
    pub(crate) html: String,
}

impl Page {
    /// Sends a request as a browser does. An error is its kind.
    pub(crate) async fn load(
        request: RequestBuilder,
        cookie: Option<&str>,
    ) -> Result<Self, &'static str> {
        let mut request = request.header(ACCEPT, "text/html,*/*;q=0.8");
        if let Some(cookie) = cookie {
            request = request.header(COOKIE, cookie);
        }
        let response = request.send().await.map_err(|error| kind(&error))?;
        let header = |name| {
            let value = response.headers().get(name)?;
            Some(value.to_str().ok()?.to_owned())
        };
        let cookie = header(SET_COOKIE);
        Ok(Self {
            status: response.status(),
            location: header(LOCATION),
            cookie: cookie.and_then(|cookie| Some(cookie.split(';').next()?.to_owned())),
            html: response.text().await.map_err(|error| kind(&error))?,
        })
    }

    pub(crate) fn title(&self) -> &str {
        let title = self.html.split_once("<title>");
        let title = title.and_then(|(_, rest)| rest.split_once("</title>"));
        title.map_or("no title", |(title, _)| title)
    }

    /// Returns the action and the body of the form for an offer, as a browser sends it.
    pub(crate) fn form(&self, offer: &str) -> Option<(String, String)> {
        let input = format!(r#"name="offer" value="{offer}""#);
        let forms = self.html.split("<form ").skip(1);
        let form = forms
            .filter_map(|rest| rest.split("</form>").next())
            .find(|form| form.contains(&input))?;
        let mut body = form_urlencoded::Serializer::new(String::new());
        for tag in form.split("<input ").skip(1) {
            let tag = tag.split('>').next()?;
            body.append_pair(&attribute(tag, "name")?, &attribute(tag, "value")?);
        }
        Some((attribute(form, "action")?, body.finish()))
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(r#"{name}=""#))?;
    let (value, _) = rest.split_once('"')?;
    Some(value.replace("&amp;", "&"))
}

/// Returns the kind of an error.
pub(crate) fn kind(error: &reqwest::Error) -> &'static str {
    let is_refused = || {
        let mut cause = error.source();
        while let Some(error) = cause {
            let io: Option<&std::io::Error> = error.downcast_ref();
            if io.is_some_and(|error| error.kind() == std::io::ErrorKind::ConnectionRefused) {
                return true;
            }
            cause = error.source();
        }
        false
    };
    if error.is_builder() {
        "invalid URL"
    } else if error.is_timeout() {
        "no response in time"
    } else if error.is_connect() && is_refused() {
        "connection refused"
    } else if error.is_connect() {
        "no connection"
    } else if error.is_body() || error.is_decode() {
        "response cut off"
    } else {
        "connection closed before the response"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_sent_as_a_browser_sends_it() {
        let html = r#"<form method="post" action="/other"><input type="hidden" name="offer" value="starter"></form>
            <form method="post" action="/buy?a=1&amp;b=2"><input type="hidden" name="offer" value="team-yearly">
            <input type="number" name="quantity[seats]" min="1" value="5" required></form>"#;
        let page = Page {
            status: StatusCode::OK,
            location: None,
            cookie: None,
            html: html.into(),
        };
        let (action, body) = page.form("team-yearly").unwrap();
        assert_eq!(action, "/buy?a=1&b=2");
        assert_eq!(body, "offer=team-yearly&quantity%5Bseats%5D=5");
        assert!(page.form("pro-monthly").is_none());
    }
}
