//! Paths of the application below its public address.

use url::Url;

use crate::reference::Reference;

/// Joins a path such as `/thanks?from=checkout` to a base URL.
///
/// Returns `None` if the path is invalid, if the result has another origin than `base`, or if the path has a query
/// parameter `reference`.
pub(crate) fn join(base: &Url, path: &str) -> Option<Url> {
    let is_path = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains(|c: char| c == '\\' || c.is_control() || c.is_whitespace());
    let prefix = base.as_str().trim_end_matches('/');
    let joined = Url::parse(&format!("{prefix}{path}")).ok()?;
    // The checkout's reference is added under this name.
    let has_no_reference = joined
        .query_pairs()
        .all(|(name, _)| name != Reference::PARAMETER);
    (is_path && has_no_reference && joined.origin() == base.origin()).then_some(joined)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::public_address::PublicAddress;

    fn base(text: &str) -> Url {
        PublicAddress::parse(text).unwrap().sample_base().unwrap()
    }

    #[test]
    fn paths_are_joined_below_the_public_url() {
        for (public, path, joined) in [
            ("https://a.example", "/thanks", "https://a.example/thanks"),
            (
                "https://a.example/",
                "/thanks?x=1",
                "https://a.example/thanks?x=1",
            ),
            (
                "https://a.example/shop",
                "/thanks",
                "https://a.example/shop/thanks",
            ),
            (
                "https://a.example:8443/shop/",
                "/",
                "https://a.example:8443/shop/",
            ),
        ] {
            assert_eq!(join(&base(public), path).unwrap().as_str(), joined);
        }
    }

    #[test]
    fn no_path_leaves_the_origin() {
        let base = base("https://a.example");
        for path in [
            "",
            "thanks",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example",
            "@evil.example",
            ".evil.example",
            ":1@evil.example/",
            "/\nx",
            "/\t/evil.example",
            " /x",
            "/thanks?reference=campaign7",
        ] {
            assert_eq!(join(&base, path), None, "{path:?}");
        }
        assert_eq!(
            join(&base, "/../../x").unwrap().as_str(),
            "https://a.example/x"
        );
        assert_eq!(
            join(&base, "/@evil.example").unwrap().host_str(),
            Some("a.example")
        );
    }
}
