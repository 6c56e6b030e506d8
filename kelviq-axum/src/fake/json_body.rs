//! The body of an API request.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
    response::Response,
};

use super::response::detail;

/// The text of a body with the content type JSON. The text is not parsed. Rejections are JSON as well.
pub(super) struct JsonBody(pub(super) String);

impl<S: Send + Sync> FromRequest<S> for JsonBody {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        if !is_json(request.headers()) {
            return Err(detail(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "The Content-Type must be application/json.",
            ));
        }
        let body = match Bytes::from_request(request, state).await {
            Ok(body) => body,
            Err(rejection) => return Err(detail(rejection.status(), &rejection.body_text())),
        };
        // A lossy conversion would change the text, which must be recorded as received.
        String::from_utf8(body.into())
            .map(Self)
            .map_err(|_| detail(StatusCode::BAD_REQUEST, "The body is not UTF-8."))
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let media_type = content_type.and_then(|value| value.split(';').next());
    media_type.is_some_and(|media_type| media_type.trim().eq_ignore_ascii_case("application/json"))
}
