//! The style sheet and the icon, which are compiled into the program.

use std::sync::LazyLock;

use axum::{
    Router,
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    routing::get,
};
use sha2::{Digest, Sha256};

use crate::pages::layout::ICON_PATH;

const STYLE: &str = include_str!("style.css");
const ICON: &str = include_str!("icon.svg");

/// The path of the style sheet. It contains a hash of the content, so browsers can cache the file forever.
pub(super) static STYLE_PATH: LazyLock<String> = LazyLock::new(|| {
    let hash = hex::encode(Sha256::digest(STYLE));
    format!("/style-{}.css", &hash[..12])
});

pub(super) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let style = [
        (CONTENT_TYPE, "text/css; charset=utf-8"),
        (CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    let icon = [
        (CONTENT_TYPE, "image/svg+xml"),
        (CACHE_CONTROL, "public, max-age=86400"),
    ];
    Router::new()
        .route(&STYLE_PATH, get((style, STYLE)))
        .route(ICON_PATH, get((icon, ICON)))
}
