//! The JavaScript and WebAssembly that hydrate the pages, if they have been built.

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

/// The `output-name` in Cargo.toml's `package.metadata.leptos`.
const OUTPUT_NAME: &str = "storefront";

/// A folder with the JavaScript and WebAssembly of the shop, as built by `cargo leptos build` or `.ci/build-wasm`.
#[derive(Clone, Debug)]
pub struct Site {
    root: PathBuf,
    /// Whether `cargo leptos watch` started the server. Pages then connect to it and reload after each build.
    is_watched: bool,
}

impl Site {
    /// Returns the site in this folder, or `None` if a file of it is missing.
    pub fn at(root: impl Into<PathBuf>) -> Option<Self> {
        let site = Self {
            root: root.into(),
            is_watched: env::var_os("LEPTOS_WATCH").is_some(),
        };
        let exists = |extension| site.file(extension).is_file();
        (exists("js") && exists("wasm")).then_some(site)
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The options for Leptos' `<HydrationScripts>` and `<AutoReload>`.
    pub(super) fn options(&self) -> LeptosOptions {
        LeptosOptions::builder()
            .output_name(OUTPUT_NAME)
            .site_root(self.root.to_string_lossy())
            .build()
    }

    /// The sources for `connect-src` in the Content-Security-Policy.
    pub(super) fn connect_sources(&self) -> &'static str {
        if self.is_watched {
            "'self' ws://127.0.0.1:3001 ws://localhost:3001"
        } else {
            "'self'"
        }
    }

    fn file(&self, extension: &str) -> PathBuf {
        self.root
            .join("pkg")
            .join(OUTPUT_NAME)
            .with_extension(extension)
    }
}

/// Creates the routes for the JavaScript and the WebAssembly. Other files in the folder are not served.
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
        // Leptos uses this name if the server was built without cargo-leptos.
        .route("/pkg/storefront_bg.wasm", wasm)
}

/// Serves a file that browsers may cache, but must revalidate: it can be rebuilt while the shop runs.
async fn serve(file: PathBuf, content_type: &'static str, headers: HeaderMap) -> Response {
    let content = match fs::read(&file).await {
        Ok(content) => content,
        Err(error) => {
            tracing::warn!(file = %file.display(), %error, "cannot read a file of the site");
            return StatusCode::NOT_FOUND.into_response();
        }
    };
    let tag = format!(r#""{}""#, &hex::encode(Sha256::digest(&content))[..32]);
    let is_current = headers
        .get(IF_NONE_MATCH)
        .is_some_and(|cached| cached.as_bytes() == tag.as_bytes());
    let headers = [(CACHE_CONTROL, "no-cache".to_owned()), (ETAG, tag)];
    if is_current {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, [(CONTENT_TYPE, content_type)], content).into_response()
}
