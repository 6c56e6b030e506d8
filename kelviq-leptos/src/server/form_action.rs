//! The attribute `action` of a form.

use std::sync::Arc;

use leptos::tachys::{html::attribute::AttributeValue, renderer::types::Element};

/// The URL that a form posts to. It is created when the attribute is written as HTML: before that, Leptos calls the
/// closures of a `<Suspense>` repeatedly, and drops their views.
#[derive(Clone)]
pub(crate) struct FormAction(Arc<dyn Fn() -> String + Send + Sync>);

impl FormAction {
    pub(super) fn new(url: impl Fn() -> String + Send + Sync + 'static) -> Self {
        Self(Arc::new(url))
    }
}

/// Only the browser builds and hydrates views, and it has a string instead.
const IN_BROWSER: &str = "the feature `ssr` is enabled in the browser";

impl AttributeValue for FormAction {
    type State = ();
    type AsyncOutput = Self;
    type Cloneable = Self;
    type CloneableOwned = Self;

    fn html_len(&self) -> usize {
        0
    }

    fn to_html(self, key: &str, buf: &mut String) {
        (self.0)().to_html(key, buf);
    }

    fn to_template(_: &str, _: &mut String) {}

    fn hydrate<const FROM_SERVER: bool>(self, _: &str, _: &Element) {
        unreachable!("{IN_BROWSER}")
    }

    fn build(self, _: &Element, _: &str) {
        unreachable!("{IN_BROWSER}")
    }

    fn rebuild(self, _: &str, (): &mut ()) {
        unreachable!("{IN_BROWSER}")
    }

    fn into_cloneable(self) -> Self {
        self
    }

    fn into_cloneable_owned(self) -> Self {
        self
    }

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }
}
