//! A form on the page that is being rendered.

use std::sync::OnceLock;

use axum::http::request::Parts;
use kelviq_core::{__internal::is_reference, CheckoutProblem};
use leptos::prelude::*;

use super::{
    context::LayerContext,
    form_numbers::FormNumbers,
    page::{current_page, query_parameters},
};
use crate::{checkout_error::CheckoutError, components::error_view::ErrorView, page_query};

/// A form on the page that is being rendered.
pub(crate) struct FormOnPage {
    path: String,
    name: String,
    error: ErrorView,
    owner: Option<Owner>,
    page: String,
    numbers: Option<FormNumbers>,
    /// The form with an error, and the error.
    failed: Option<(String, CheckoutError)>,
    id: OnceLock<String>,
}

impl FormOnPage {
    pub(crate) fn new(path: &str, name: &str, error: &ErrorView) -> Self {
        let parts = use_context::<Parts>();
        let context = parts
            .as_ref()
            .and_then(|parts| parts.extensions.get::<LayerContext>());
        Self {
            path: context.map_or_else(|| path.to_owned(), |context| context.mount.path(path)),
            name: name.to_owned(),
            error: error.clone(),
            owner: Owner::current(),
            page: current_page(),
            numbers: context.map(|context| context.form_numbers.clone()),
            failed: parts.as_ref().and_then(failed_form),
            id: OnceLock::new(),
        }
    }

    /// Returns the identifier of the form on the page.
    ///
    /// Forms are numbered when they are written as HTML, because a component can be created more often than it is
    /// written.
    fn id(&self) -> &str {
        self.id.get_or_init(|| match &self.numbers {
            Some(numbers) => numbers.next_id(&self.name),
            None => self.name.clone(),
        })
    }

    /// Returns the URL that the form posts to.
    pub(crate) fn action(&self) -> String {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair(page_query::FORM, self.id())
            .append_pair(page_query::PAGE, &self.page)
            .finish();
        format!("{}?{query}", self.path)
    }

    /// Returns the message for the error of the form in the URL of the page, and the content below it.
    pub(crate) fn alert(&self) -> Option<(String, Option<AnyView>)> {
        let (failed, error) = self.failed.as_ref()?;
        if failed != self.id() {
            return None;
        }
        // In the context of the component.
        let alert = || (self.error.text(error), self.error.content_view(error));
        Some(match &self.owner {
            Some(owner) => owner.with(alert),
            None => alert(),
        })
    }
}

/// Returns the form with an error in the URL of the page, and the error.
fn failed_form(page: &Parts) -> Option<(String, CheckoutError)> {
    let parameters = query_parameters(page);
    let get = |name| {
        let mut parameters = parameters.iter();
        parameters.find_map(|(key, value)| (key == name).then_some(value.as_str()))
    };
    let problem = CheckoutProblem::from_code(get(page_query::ERROR)?)?;
    let reference = get(page_query::REFERENCE).filter(|text| is_reference(text));
    let error = CheckoutError::from(problem).with_reference(reference.map(str::to_owned));
    Some((get(page_query::FAILED)?.to_owned(), error))
}
