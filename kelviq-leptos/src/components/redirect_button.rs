//! A button that submits a form to one of the library's own server functions.

use leptos::{
    ev::{SubmitEvent, on, submit},
    prelude::*,
    task::spawn_local_scoped,
    text_prop::TextProp,
};

use super::{
    error_view::ErrorView,
    form_view::{FormParts, FormView},
    redirect_form::RedirectForm,
    send_form::send_form,
};
use crate::platform::FormOnPage;

/// Renders a form with a button. The attributes of the component are added to the button.
pub(super) fn redirect_button(
    path: &str,
    name: &str,
    busy: TextProp,
    error: ErrorView,
    offer: Option<String>,
    inputs: Option<AnyView>,
    children: Children,
) -> FormView {
    let on_page = FormOnPage::new(path, name, &error);
    let form = RedirectForm::new(busy, error);
    let on_submit = move |event: SubmitEvent| {
        if let Some(number) = form.begin(&event) {
            let result = send_form(&event);
            spawn_local_scoped(async move {
                form.complete(number, result.await);
            });
        }
    };
    FormView::new(FormParts {
        form: on_page,
        offer,
        inputs,
        button: Some(children()),
        on_submit: on(submit, Box::new(on_submit)),
    })
}
