//! The form that a buyer posts.

use axum::{
    body::Body,
    http::{
        StatusCode, Uri,
        header::{CONTENT_TYPE, HeaderMap},
    },
};

use crate::{CheckoutProblem, body::read_body};

/// Far more than a checkout form of one offer has.
const MAX_FORM: usize = 16 * 1024;

/// The fields of a `application/x-www-form-urlencoded` body; an empty body of any type has none.
pub(super) async fn fields(
    headers: &HeaderMap,
    body: Body,
) -> Result<Vec<(String, String)>, CheckoutProblem> {
    let body = read_body(body, MAX_FORM)
        .await
        .map_err(|status| match status {
            StatusCode::PAYLOAD_TOO_LARGE => CheckoutProblem::BodyTooLarge,
            _ => CheckoutProblem::UnreadableBody,
        })?;
    if !is_form(headers) && !body.is_empty() {
        return Err(CheckoutProblem::UnsupportedBody);
    }
    Ok(form_urlencoded::parse(&body).into_owned().collect())
}

/// The fields of a query.
pub(super) fn query(uri: &Uri) -> Vec<(String, String)> {
    let query = uri.query().unwrap_or_default();
    form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}

fn is_form(headers: &HeaderMap) -> bool {
    let value = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let media_type = value.and_then(|value| value.split(';').next());
    media_type.is_some_and(|media_type| {
        media_type
            .trim()
            .eq_ignore_ascii_case("application/x-www-form-urlencoded")
    })
}
