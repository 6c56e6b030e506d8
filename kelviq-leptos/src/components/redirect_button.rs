//! A button that submits a form to one of the library's own server functions.

use leptos::{
    ev::{SubmitEvent, on, submit},
    prelude::*,
    task::spawn_local_scoped,
    text_prop::TextProp,
};

use super::{
    form_view::{FormParts, FormView},
    redirect_form::{MessageFn, RedirectForm},
    send_form::send_form,
};
use crate::platform::{error_of_form, form_action};

/// Renders a form with a button. The attributes of the component are added to the button.
pub(super) fn redirect_button(
    path: &'static str,
    name: &str,
    busy: TextProp,
    message: MessageFn,
    offer: Option<String>,
    inputs: Option<AnyView>,
    children: Children,
) -> FormView {
    let form = RedirectForm::new(busy, message);
    let on_submit = move |event: SubmitEvent| {
        if let Some(number) = form.begin(&event) {
            spawn_local_scoped(async move {
                form.complete(number, send_form(path, event).await);
            });
        }
    };
    FormView::new(FormParts {
        action: form_action(path, name),
        offer,
        inputs,
        button: Some(children()),
        alert: error_of_form(name).as_ref().map(message),
        on_submit: on(submit, Box::new(on_submit)),
    })
}
