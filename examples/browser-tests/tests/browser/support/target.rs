//! Naming an element: by CSS, or by what people see.

use fantoccini::Locator;

/// Where to find an element. Text is a CSS selector.
#[derive(Clone, Debug)]
pub(crate) enum Target {
    Css(String),
    XPath(String),
}

/// The button with this text.
pub(crate) fn button(text: &str) -> Target {
    Target::XPath(format!("//button[normalize-space() = {}]", quoted(text)))
}

/// The link with this text.
pub(crate) fn link(text: &str) -> Target {
    Target::XPath(format!("//a[normalize-space() = {}]", quoted(text)))
}

/// The field whose label begins with this text.
pub(crate) fn field(label: &str) -> Target {
    let label = quoted(label);
    Target::XPath(format!(
        "//*[@id = //label[starts-with(normalize-space(), {label})]/@for] \
         | //label[starts-with(normalize-space(), {label})]//input"
    ))
}

/// The form with this button, or with a selector something in it.
pub(crate) fn in_form_of(button: &str, inside: &str) -> Target {
    let button = quoted(button);
    Target::XPath(format!(
        "//form[.//button[normalize-space() = {button}]]{inside}"
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

/// `XPath` knows no escapes.
fn quoted(text: &str) -> String {
    assert!(!text.contains('"'), "{text} cannot be looked for");
    format!("\"{text}\"")
}
