//! The layout of the pages that this crate renders.

use axum::{
    http::{
        HeaderValue,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, X_FRAME_OPTIONS},
    },
    response::{Html, IntoResponse, Response},
};

/// Returns an HTML page without scripts and external resources, which is never cached.
///
/// `title` and `content` are HTML and are not escaped. `home` is the path of the shop's home page, which the page links to.
pub(super) fn page(title: &str, content: &str, home: &str) -> Response {
    let home = escape(home);
    // The color scheme is also a `meta` element, so that the page is dark where a policy of the application blocks the style.
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n\
         <main>\n<h1>{title}</h1>\n{content}<p><a href=\"{home}\">Back to the shop</a></p>\n</main>\n</html>\n"
    );
    let headers = [
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    ];
    (headers, Html(html)).into_response()
}

/// Escapes a text for an HTML text or a quoted attribute.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// Allows [`STYLE`] by its SHA-256 digest.
const POLICY: &str = "default-src 'none'; style-src 'sha256-+DUVkBWBKRdN1U/a99EiGtCVFjoz/6wOps9Vvwo74n4='; base-uri 'none'; frame-ancestors 'none'";

// A transparent border is visible in high-contrast modes, which ignore the background.
const STYLE: &str = ":root{color-scheme:light dark}*{box-sizing:border-box}\
    body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1rem;\
    font:1rem/1.5 system-ui,sans-serif;background:#f4f4f5;color:#18181b}\
    main{width:100%;max-width:28rem;padding:2rem;border:1px solid #e4e4e7;border-radius:.75rem;background:#fff}\
    h1{margin:0 0 1rem;font-size:1.375rem;line-height:1.3}p,ul,form{margin:0 0 1rem}\
    main>:last-child{margin-bottom:0}ul{padding:0;list-style:none}p+ul{margin-top:-.75rem}a{color:#1d4ed8}small{color:#52525b}\
    h1,p,li,code{overflow-wrap:anywhere}\
    button{width:100%;padding:.75rem 1rem;border:1px solid transparent;border-radius:.5rem;font:inherit;\
    font-weight:600;background:#1d4ed8;color:#fff;cursor:pointer}button:hover{background:#1e40af}\
    :focus-visible{outline:3px solid #60a5fa;outline-offset:2px}\
    @media(prefers-color-scheme:dark){body{background:#18181b;color:#f4f4f5}\
    main{background:#27272a;border-color:#3f3f46}a{color:#93c5fd}small{color:#a1a1aa}}";

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    fn base64(bytes: &[u8]) -> String {
        const DIGITS: &[u8; 64] =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let encode = |chunk: &[u8]| {
            let byte = |i: usize| u32::from(chunk.get(i).copied().unwrap_or(0));
            let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
            let digit = |i: usize| {
                if i <= chunk.len() {
                    char::from(DIGITS[(bits >> (18 - 6 * i) & 63) as usize])
                } else {
                    '='
                }
            };
            (0..4).map(digit).collect::<String>()
        };
        bytes.chunks(3).map(encode).collect()
    }

    #[test]
    fn the_policy_allows_the_style() {
        let digest = base64(&Sha256::digest(STYLE));
        assert!(POLICY.contains(&format!("'sha256-{digest}'")), "{digest}");
    }
}
