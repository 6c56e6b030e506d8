//! Paths of the application below its public address.

use url::Url;

use crate::reference::Reference;

/// Joins a path such as `/thanks?from=checkout` to a base URL, which has neither a query nor a fragment.
///
/// Returns `None` if the path is invalid, or has a query parameter `reference`.
pub(crate) fn join(base: &Url, path: &str) -> Option<Url> {
    let is_path = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains(|c: char| c == '\\' || c.is_control() || c.is_whitespace());
    if !is_path {
        return None;
    }
    let (path, fragment) = split_at(path, '#');
    let (path, query) = split_at(path, '?');
    let mut parameters = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    if parameters.any(|(name, _)| name == Reference::PARAMETER) {
        return None;
    }
    // Only these parts are parsed, so that the origin is that of the base.
    let mut joined = base.clone();
    joined.set_path(&[base.path().trim_end_matches('/'), path].concat());
    joined.set_query(query);
    joined.set_fragment(fragment);
    Some(joined)
}

/// Adds the reference as the last query parameter.
pub(crate) fn add_reference(url: &mut Url, reference: &Reference) {
    let mut query = url.query_pairs_mut();
    query.append_pair(Reference::PARAMETER, reference.as_str());
}

fn split_at(text: &str, separator: char) -> (&str, Option<&str>) {
    match text.split_once(separator) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
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
    fn the_reference_is_the_last_parameter_of_the_query() {
        let reference: Reference = "0123456789abcdef0123456789abcdef".parse().unwrap();
        for (path, start, fragment) in [
            ("/thanks", "/thanks?", ""),
            ("/thanks?", "/thanks?", ""),
            ("/thanks?x=a b", "", ""),
            ("/thanks?x=é", "/thanks?x=%C3%A9&", ""),
            ("/thanks?x=1&y#top?z", "/thanks?x=1&y&", "#top?z"),
            ("/thanks#top", "/thanks?", "#top"),
        ] {
            let joined = join(&base("https://a.example/shop"), path).map(|mut url| {
                add_reference(&mut url, &reference);
                url
            });
            let expected = format!("https://a.example/shop{start}reference={reference}{fragment}");
            let expected = (!start.is_empty()).then_some(expected);
            assert_eq!(joined.map(String::from), expected, "{path}");
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
