//! A form on the page that is being rendered.

use std::sync::{Arc, OnceLock};

use axum::http::request::Parts;
use kelviq_core::{__internal::is_reference, CheckoutProblem};
use leptos::{ev::SubmitEvent, prelude::*, suspense::Unsuspend};

use super::{
    context::LayerContext,
    form_action::FormAction,
    form_numbers::FormNumbers,
    page::{current_page, query_parameters},
};
use crate::{checkout_error::CheckoutError, components::error_message::ErrorMessage, page_query};

/// Returns the URL that a form posts to, and the error of the form in the URL of the page.
///
/// The browser neither reads nor hydrates the error: it is the last child of the form, behind everything that is
/// hydrated. The two platforms therefore need not agree on which form has failed.
pub(crate) fn form_on_page(
    path: &str,
    name: &str,
    message: &ErrorMessage,
) -> (FormAction, impl IntoView + 'static + use<>) {
    let form = Arc::new(FormOnPage::new(path, name));
    let action = {
        let form = Arc::clone(&form);
        FormAction::new(move || form.action())
    };
    let (message, owner) = (message.clone(), Owner::current());
    // Like the action, the error is created when it is written as HTML.
    let alert = Unsuspend::new(move || {
        let error = form.error()?;
        // In the context of the component.
        let text = match owner {
            Some(owner) => owner.with(|| message.text(error)),
            None => message.text(error),
        };
        Some(view! { <p role="alert" tabindex="-1" autofocus>{text}</p> })
    });
    // The browser hydrates the unit.
    (action, ((), alert))
}

/// Does nothing: the server renders no page after a submission by the script.
pub(crate) fn remove_server_alert(_event: &SubmitEvent) {}

/// A form on the page that is being rendered.
struct FormOnPage {
    path: String,
    name: String,
    page: String,
    numbers: Option<FormNumbers>,
    /// The form with an error, and the error.
    failed: Option<(String, CheckoutError)>,
    id: OnceLock<String>,
}

impl FormOnPage {
    fn new(path: &str, name: &str) -> Self {
        let parts = use_context::<Parts>();
        let context = parts
            .as_ref()
            .and_then(|parts| parts.extensions.get::<LayerContext>());
        Self {
            path: context.map_or_else(|| path.to_owned(), |context| context.mount.path(path)),
            name: name.to_owned(),
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

    fn action(&self) -> String {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair(page_query::FORM, self.id())
            .append_pair(page_query::PAGE, &self.page)
            .finish();
        format!("{}?{query}", self.path)
    }

    fn error(&self) -> Option<&CheckoutError> {
        let (failed, error) = self.failed.as_ref()?;
        (failed == self.id()).then_some(error)
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
