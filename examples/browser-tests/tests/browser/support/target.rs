//! Selecting elements, by CSS selector or by visible text.

use fantoccini::Locator;

/// A selector. A string is converted to a CSS selector.
#[derive(Clone, Debug)]
pub(crate) enum Target {
    Css(String),
    XPath(String),
}

/// Selects the button with this text.
pub(crate) fn button(text: &str) -> Target {
    Target::XPath(format!("//button[normalize-space() = {}]", quote(text)))
}

/// Selects the link with this text.
pub(crate) fn link(text: &str) -> Target {
    Target::XPath(format!("//a[normalize-space() = {}]", quote(text)))
}

/// Selects the field whose label starts with this text.
pub(crate) fn field(label: &str) -> Target {
    let label = quote(label);
    Target::XPath(format!(
        "//*[@id = //label[starts-with(normalize-space(), {label})]/@for] \
         | //label[starts-with(normalize-space(), {label})]//input"
    ))
}

/// Selects the form with this button, or a descendant of it by an `XPath` such as `//input`.
pub(crate) fn in_form_of(button: &str, descendant: &str) -> Target {
    let button = quote(button);
    Target::XPath(format!(
        "//form[.//button[normalize-space() = {button}]]{descendant}"
    ))
}

impl Target {
    pub(super) fn locator(&self) -> Locator<'_> {
        match self {
            Self::Css(selector) => Locator::Css(selector),
            Self::XPath(path) => Locator::XPath(path),
        }
    }
}

impl From<&str> for Target {
    fn from(selector: &str) -> Self {
        Self::Css(selector.to_owned())
    }
}

/// Quotes a string for `XPath`, which has no escapes.
fn quote(text: &str) -> String {
    assert!(
        !text.contains('"'),
        "{text} contains a quote, which is not supported"
    );
    format!("\"{text}\"")
}
