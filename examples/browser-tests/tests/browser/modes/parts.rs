//! Other parts of a page, which load while the page is used.

use axum::{Router, http::header::CONTENT_TYPE, routing::get};

/// The paths of an image, of data, and of a script.
pub(super) const PATHS: [&str; 3] = ["/parts/image.svg", "/parts/data.txt", "/parts/script.js"];

/// Loads the parts. `window.loaded` is the list of those that have been loaded.
pub(super) const LOAD: &str = "
    window.loaded = [];
    const [image, data, script] = ['/parts/image.svg', '/parts/data.txt', '/parts/script.js'];
    const done = path => () => window.loaded.push(path);
    Object.assign(new Image(), { onload: done(image), src: image });
    fetch(data).then(response => response.text()).then(done(data));
    document.head.append(Object.assign(document.createElement('script'),
        { type: 'module', onload: done(script), src: script }));
";

pub(super) fn routes() -> Router {
    let [image, data, script] = PATHS;
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>";
    Router::new()
        .route(image, get(([(CONTENT_TYPE, "image/svg+xml")], svg)))
        .route(data, get("data"))
        .route(
            script,
            get(([(CONTENT_TYPE, "text/javascript")], "export {};")),
        )
}
