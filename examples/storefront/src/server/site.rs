//! What browsers load to take the pages over, if it has been built.

use std::{
    env,
    path::{Path, PathBuf},
};

use axum::{
    Router,
    http::{
        HeaderMap, StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH},
    },
    response::{IntoResponse, Response},
    routing::get,
};
use leptos::config::LeptosOptions;
use sha2::{Digest, Sha256};
use tokio::fs;

/// As in Cargo.toml's `package.metadata.leptos`.
const NAME: &str = "storefront";

/// A folder with the browser's side of the shop in it. Cloning is cheap enough for each page.
#[derive(Clone, Debug)]
pub struct Site {
    root: PathBuf,
    /// `cargo leptos watch` tells open pages to load themselves again.
    is_watched: bool,
}

impl Site {
    /// The site in this folder; `None` if it is not, or not wholly, there.
    pub fn at(root: impl Into<PathBuf>) -> Option<Self> {
        let site = Self {
            root: root.into(),
            is_watched: env::var_os("LEPTOS_WATCH").is_some(),
        };
        let is_there = |extension| site.file(extension).is_file();
        (is_there("js") && is_there("wasm")).then_some(site)
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What Leptos' own components need to know of it.
    pub(super) fn options(&self) -> LeptosOptions {
        LeptosOptions::builder()
            .output_name(NAME)
            .site_root(self.root.to_string_lossy())
            .build()
    }

    /// Whom pages may talk to by themselves, as sources of a Content-Security-Policy.
    pub(super) fn connections(&self) -> &'static str {
        if self.is_watched {
            "'self' ws://127.0.0.1:3001 ws://localhost:3001"
        } else {
            "'self'"
        }
    }

    fn file(&self, extension: &str) -> PathBuf {
        self.root.join("pkg").join(NAME).with_extension(extension)
    }
}

/// The files of the site, and no others of its folder.
pub(super) fn routes<S: Clone + Send + Sync + 'static>(site: Option<Site>) -> Router<S> {
    let Some(site) = site else {
        return Router::new();
    };
    let file = |extension, content_type| {
        let file = site.file(extension);
        get(move |headers: HeaderMap| serve(file.clone(), content_type, headers))
    };
    let wasm = file("wasm", "application/wasm");
    Router::new()
        .route("/pkg/storefront.js", file("js", "text/javascript"))
        .route("/pkg/storefront.wasm", wasm.clone())
        // So it is called by a server that was built without cargo-leptos.
        .route("/pkg/storefront_bg.wasm", wasm)
}

/// Browsers keep the file, and ask each time whether it is still the same: it can be built anew while the shop runs.
async fn serve(file: PathBuf, content_type: &'static str, asked: HeaderMap) -> Response {
    let content = match fs::read(&file).await {
        Ok(content) => content,
        Err(error) => {
            tracing::warn!(file = %file.display(), %error, "the site is not there any more");
            return StatusCode::NOT_FOUND.into_response();
        }
    };
    let tag = format!(r#""{}""#, &hex::encode(Sha256::digest(&content))[..32]);
    let is_known = asked
        .get(IF_NONE_MATCH)
        .is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let headers = [(CACHE_CONTROL, "no-cache".to_owned()), (ETAG, tag)];
    if is_known {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, [(CONTENT_TYPE, content_type)], content).into_response()
}
