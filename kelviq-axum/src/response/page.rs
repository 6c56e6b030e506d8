//! The layout of the pages that this crate renders.

use axum::{
    http::{
        HeaderValue,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY},
    },
    response::{Html, IntoResponse, Response},
};

/// Returns an HTML page without scripts and external resources, which is never cached.
///
/// `content` is HTML and is not escaped.
pub(crate) fn page(title: &str, content: &str) -> Response {
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n\
         <main>\n<h1>{title}</h1>\n{content}</main>\n</html>\n"
    );
    let headers = [
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    ];
    (headers, Html(html)).into_response()
}

const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";

const STYLE: &str = ":root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;margin:0}\
    main{max-width:34rem;margin:15vh auto;padding:0 1.5rem}h1{font-size:1.5rem}a{color:inherit}\
    button{font:inherit;padding:.6rem 1.2rem;cursor:pointer}code{overflow-wrap:anywhere}";
