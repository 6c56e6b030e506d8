//! The JavaScript and WebAssembly that hydrate the pages, if they have been built.

use std::{
    env,
    path::{Path, PathBuf},
};

use axum::{
    Router,
    http::{
        HeaderMap, StatusCode,
        header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY},
    },
    response::{IntoResponse, Response},
    routing::get,
};
use leptos::config::LeptosOptions;
use sha2::{Digest, Sha256};
use tokio::fs;

use super::compression::{Compressed, accepts_gzip};

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
        let (file, compressed) = (site.file(extension), Compressed::default());
        get(move |headers: HeaderMap| {
            serve(file.clone(), content_type, compressed.clone(), headers)
        })
    };
    let wasm = file("wasm", "application/wasm");
    Router::new()
        .route("/pkg/storefront.js", file("js", "text/javascript"))
        .route("/pkg/storefront.wasm", wasm.clone())
        // Leptos uses this name if the server was built without cargo-leptos.
        .route("/pkg/storefront_bg.wasm", wasm)
}

/// Serves a file, compressed if the browser accepts it. Browsers may cache it, but must revalidate: it can be rebuilt while
/// the shop runs.
async fn serve(
    file: PathBuf,
    content_type: &'static str,
    compressed: Compressed,
    headers: HeaderMap,
) -> Response {
    let content = match fs::read(&file).await {
        Ok(content) => content,
        Err(error) => {
            tracing::warn!(file = %file.display(), %error, "cannot read a file of the site");
            return StatusCode::NOT_FOUND.into_response();
        }
    };
    let hash = &hex::encode(Sha256::digest(&content))[..32];
    let use_gzip = accepts_gzip(&headers);
    // Each encoding has its own tag.
    let tag = format!(r#""{hash}{}""#, if use_gzip { "-gzip" } else { "" });
    let is_current = is_cached(&headers, &tag);
    let headers = [
        (CACHE_CONTROL, "no-cache"),
        (VARY, "Accept-Encoding"),
        (ETAG, tag.as_str()),
    ];
    if is_current {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    let content_type = [(CONTENT_TYPE, content_type)];
    if !use_gzip {
        return (headers, content_type, content).into_response();
    }
    match compressed.get(hash, content).await {
        Ok(content) => {
            let encoding = [(CONTENT_ENCODING, "gzip")];
            (headers, content_type, encoding, content).into_response()
        }
        Err(error) => {
            tracing::error!(file = %file.display(), %error, "cannot compress a file of the site");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Whether the browser has cached the content with this tag. Proxies mark tags as weak (`W/`).
fn is_cached(headers: &HeaderMap, tag: &str) -> bool {
    let values = headers.get_all(IF_NONE_MATCH).iter();
    let mut tags = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    tags.any(|cached| cached.trim().trim_start_matches("W/") == tag)
}
