//! The JavaScript and WebAssembly for hydration: served if they have been built, and absent from the pages otherwise.

use std::{fs, io::Read, path::PathBuf};

use axum::{
    body::Body,
    http::{
        HeaderMap, Request, StatusCode,
        header::{
            ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY,
            CONTENT_TYPE, ETAG, IF_NONE_MATCH, SET_COOKIE, VARY,
        },
    },
};
use flate2::read::GzDecoder;
use http_body_util::BodyExt;
use storefront::Site;
use tower::ServiceExt;

use crate::support::{page::Page, storefront::Storefront};

const PAGES: [&str; 9] = [
    "/",
    "/orders",
    "/account",
    "/plan",
    "/drafts",
    "/cancelled",
    "/thanks",
    "/thanks?reference=0123456789abcdef0123456789abcdef",
    "/nothing/here",
];

/// Creates a folder with the files of a build, but with placeholder content.
fn build_site(name: &str) -> PathBuf {
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let pkg = root.join("pkg");
    fs::create_dir_all(&pkg).unwrap();
    fs::write(pkg.join("storefront.js"), "export default 1;").unwrap();
    fs::write(pkg.join("storefront.wasm"), b"\0asm").unwrap();
    fs::write(pkg.join("secret.txt"), "secret").unwrap();
    root
}

#[track_caller]
fn assert_has_no_script(page: &Page) {
    page.assert_hides("<script");
    page.assert_hides("/pkg/");
    let policy = page.header(CONTENT_SECURITY_POLICY);
    assert!(
        policy.starts_with("default-src 'none'; script-src 'none'; style-src 'self'"),
        "{policy}"
    );
    assert!(!policy.contains("connect-src"), "{policy}");
}

#[tokio::test]
async fn without_a_site_no_page_has_a_script() {
    let shop = Storefront::open().await;
    let mut visitor = shop.visitor();
    for path in PAGES {
        assert_has_no_script(&visitor.get(path).await);
    }
    assert_eq!(visitor.get("/pkg/storefront.js").await.status, 404);
}

#[tokio::test]
async fn with_a_site_every_page_has_scripts_that_its_policy_allows() {
    let site = Site::at(build_site("every-page"));
    let shop = Storefront::with_site(site).await;
    let mut visitor = shop.visitor();
    let mut nonces = Vec::new();
    for path in PAGES {
        let page = visitor.get(path).await;
        page.assert_shows(r#"<link rel="modulepreload" href="/pkg/storefront.js""#);
        let policy = page.header(CONTENT_SECURITY_POLICY);
        let (nonce, rest) = policy
            .strip_prefix("default-src 'none'; script-src 'self' 'nonce-")
            .and_then(|rest| rest.split_once('\''))
            .unwrap();
        assert!(
            rest.starts_with(" 'wasm-unsafe-eval'; connect-src 'self'; style-src 'self'"),
            "{policy}"
        );
        let scripts: Vec<_> = page.html.split("<script").skip(1).collect();
        assert!(scripts.len() > 1, "{path}");
        for script in scripts {
            let tag = script.split('>').next().unwrap();
            assert!(tag.contains(&format!(r#"nonce="{nonce}""#)), "{tag}");
        }
        assert!(!nonces.contains(&nonce.to_owned()));
        nonces.push(nonce.to_owned());
    }
}

/// Hydration would replace the error page with the page at the path.
#[tokio::test]
async fn the_error_page_for_methods_has_no_script() {
    let site = Site::at(build_site("refusal"));
    let mut visitor = Storefront::with_site(site).await.visitor();
    let page = visitor.get("/api/kelviq/checkout").await;
    assert_eq!(page.status, 405);
    assert_has_no_script(&page);
}

#[tokio::test]
async fn browsers_cache_the_files_and_revalidate_them() {
    let root = build_site("files");
    let mut visitor = Storefront::with_site(Site::at(&root)).await.visitor();
    for (path, content_type) in [
        ("/pkg/storefront.js", "text/javascript"),
        ("/pkg/storefront.wasm", "application/wasm"),
        ("/pkg/storefront_bg.wasm", "application/wasm"),
    ] {
        let file = visitor.get(path).await;
        assert_eq!(file.status, 200, "{path}");
        assert_eq!(file.header(CONTENT_TYPE), content_type);
        assert_eq!(file.header(CACHE_CONTROL), "no-cache");
        assert!(!file.headers.contains_key(SET_COOKIE));

        let tag = file.header(ETAG).to_owned();
        let revalidate = || {
            let request = Request::get(path).header(IF_NONE_MATCH, &tag);
            request.body(Body::empty()).unwrap()
        };
        let same = visitor.send(revalidate()).await;
        assert_eq!(same.status, 304, "{path}");
        assert_eq!(same.html, "");
        assert_eq!(same.header(ETAG), tag);

        for name in ["storefront.js", "storefront.wasm"] {
            fs::write(root.join("pkg").join(name), format!("new for {path}")).unwrap();
        }
        let new = visitor.send(revalidate()).await;
        assert_eq!(new.status, 200, "{path}");
        assert_eq!(new.html, format!("new for {path}"));
    }
    for path in [
        "/pkg/secret.txt",
        "/pkg/",
        "/pkg/..%2fpkg/storefront.js",
        "/pkg",
    ] {
        assert_eq!(visitor.get(path).await.status, 404, "{path}");
    }
}

/// Requests a file as a browser that accepts these encodings, and that has cached content with this tag.
async fn get_encoded(
    shop: &Storefront,
    path: &str,
    encodings: &str,
    tag: Option<&str>,
) -> (StatusCode, HeaderMap, Vec<u8>) {
    let mut request = Request::get(path).header(ACCEPT_ENCODING, encodings);
    if let Some(tag) = tag {
        request = request.header(IF_NONE_MATCH, tag);
    }
    let request = request.body(Body::empty()).unwrap();
    let response = shop.router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    (parts.status, parts.headers, body.into())
}

fn unzip(bytes: &[u8]) -> String {
    let mut text = String::new();
    GzDecoder::new(bytes).read_to_string(&mut text).unwrap();
    text
}

#[tokio::test]
async fn the_files_are_compressed_for_browsers_that_accept_it() {
    let root = build_site("compressed");
    let content = "the same line again\n".repeat(1000);
    for name in ["storefront.js", "storefront.wasm"] {
        fs::write(root.join("pkg").join(name), &content).unwrap();
    }
    let shop = Storefront::with_site(Site::at(&root)).await;
    for (path, content_type) in [
        ("/pkg/storefront.js", "text/javascript"),
        ("/pkg/storefront.wasm", "application/wasm"),
        ("/pkg/storefront_bg.wasm", "application/wasm"),
    ] {
        let (status, headers, plain) = get_encoded(&shop, path, "identity", None).await;
        assert_eq!(status, 200);
        assert_eq!(plain, content.as_bytes());
        assert!(!headers.contains_key(CONTENT_ENCODING));
        assert_eq!(headers[VARY], "Accept-Encoding");
        let plain_tag = headers[ETAG].to_str().unwrap().to_owned();

        for encodings in [
            "gzip",
            "gzip, deflate, br, zstd",
            "br;q=1.0, GZIP ; q=0.8",
            "*, gzip",
        ] {
            let (status, headers, bytes) = get_encoded(&shop, path, encodings, None).await;
            assert_eq!(status, 200, "{encodings}");
            assert_eq!(headers[CONTENT_ENCODING], "gzip");
            assert_eq!(headers[CONTENT_TYPE], content_type);
            assert_eq!(headers[CACHE_CONTROL], "no-cache");
            assert_eq!(headers[VARY], "Accept-Encoding");
            assert!(bytes.len() * 10 < content.len(), "{} bytes", bytes.len());
            assert_eq!(unzip(&bytes), content);
        }
        for encodings in ["gzip;q=0", "br", "gzip;q=0.0, br", "x-gzip", ""] {
            let (_, headers, bytes) = get_encoded(&shop, path, encodings, None).await;
            assert!(!headers.contains_key(CONTENT_ENCODING), "{encodings}");
            assert_eq!(bytes, content.as_bytes());
        }

        // Each encoding has its own tag, and is revalidated by it.
        let (_, headers, _) = get_encoded(&shop, path, "gzip", None).await;
        let tag = headers[ETAG].to_str().unwrap().to_owned();
        assert_ne!(tag, plain_tag);
        for cached in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}")] {
            let (status, headers, bytes) = get_encoded(&shop, path, "gzip", Some(&cached)).await;
            assert_eq!(status, 304, "{cached}");
            assert_eq!(headers[ETAG], tag);
            assert_eq!(headers[VARY], "Accept-Encoding");
            assert_eq!(bytes, b"");
        }
        let (status, ..) = get_encoded(&shop, path, "gzip", Some(&plain_tag)).await;
        assert_eq!(status, 200);
        let (status, ..) = get_encoded(&shop, path, "identity", Some(&tag)).await;
        assert_eq!(status, 200);
    }

    // A rebuild replaces the compressed content.
    fs::write(root.join("pkg/storefront.wasm"), "rebuilt").unwrap();
    let (_, _, bytes) = get_encoded(&shop, "/pkg/storefront.wasm", "gzip", None).await;
    assert_eq!(unzip(&bytes), "rebuilt");
}

#[tokio::test]
async fn a_deleted_file_is_not_found() {
    let root = build_site("gone");
    let mut visitor = Storefront::with_site(Site::at(&root)).await.visitor();
    fs::remove_dir_all(&root).unwrap();
    assert_eq!(visitor.get("/pkg/storefront.js").await.status, 404);
    assert_eq!(visitor.get("/").await.status, 200);
}

#[test]
fn an_incomplete_site_is_ignored() {
    for name in ["storefront.js", "storefront.wasm"] {
        let root = build_site(&format!("half-{name}"));
        assert!(Site::at(&root).is_some());
        fs::remove_file(root.join("pkg").join(name)).unwrap();
        assert!(Site::at(&root).is_none(), "without {name}");
    }
    assert!(Site::at("no/such/folder").is_none());
}
