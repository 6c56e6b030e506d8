//! The form of every component that redirects the buyer.
//!
//! The form works without JavaScript. In the browser, a script submits it, and changes the elements itself: signals and
//! effects would double the size of a button.

use std::time::Duration;

use kelviq_core::CheckoutProblem;
use leptos::{
    ev::SubmitEvent, prelude::*, reactive::send_wrapper_ext::SendOption, text_prop::TextProp,
    wasm_bindgen::JsCast,
};
use web_sys::{Element, HtmlElement};

use super::{error_content::ErrorContent, error_view::ErrorView, form_view::status_and_alert};
use crate::{
    buyer_redirect::BuyerRedirect, checkout_error::CheckoutError, compat, platform::on_reset,
};

/// Time after which the form is enabled again if the browser has not left the page: the buyer stopped the navigation,
/// or the next page does not respond.
const NAVIGATION_TIMEOUT: Duration = Duration::from_secs(15);

/// The state of a form in the browser. It is busy until the browser has left the page.
#[derive(Clone, Copy)]
pub(super) struct RedirectForm(StoredValue<Submission>);

/// The submission that the form is busy with, or the next one.
struct Submission {
    /// Increased when the submission ends, so that a late response or timeout has no effect.
    number: u32,
    is_busy: bool,
    /// The form and the button that was clicked, after the first submission.
    elements: SendOption<Elements>,
    busy: TextProp,
    error: ErrorView,
}

/// The event has no target after its dispatch if the form is in a shadow tree.
#[derive(Clone)]
struct Elements {
    form: Element,
    button: Option<HtmlElement>,
}

impl RedirectForm {
    /// Creates the state of a form. `busy` is its status while it is busy.
    pub(super) fn new(busy: TextProp, error: ErrorView) -> Self {
        let form = Self(StoredValue::new(Submission {
            number: 0,
            is_busy: false,
            elements: SendOption::new_local(None),
            busy,
            error,
        }));
        on_reset(move || form.reset(None));
        form
    }

    /// Begins a submission by the script, and returns its number. Returns `None` while another one is pending.
    pub(super) fn begin(self, event: &SubmitEvent) -> Option<u32> {
        if event.default_prevented() {
            return None;
        }
        event.prevent_default();
        let elements = Elements {
            form: event.target()?.unchecked_into(),
            button: event.submitter(),
        };
        let mut submission = self.0.try_write_value()?;
        if submission.is_busy {
            return None;
        }
        submission.is_busy = true;
        *submission.elements = Some(elements.clone());
        let (number, busy) = (submission.number, submission.busy.clone());
        // The elements and the texts can call handlers of the application, which can submit the form again.
        drop(submission);
        show(&elements, Some(&busy.get()), None, None);
        Some(number)
    }

    /// Returns the number of the pending submission. Returns `None` if the form is no longer on the page.
    pub(super) fn number(self) -> Option<u32> {
        let submission = self.0.try_read_value()?;
        // The state of a removed form can exist for some time.
        let is_on_page = submission.elements.as_ref()?.form.is_connected();
        (submission.is_busy && is_on_page).then_some(submission.number)
    }

    /// Completes a submission. Does nothing if it has ended.
    pub(super) fn complete(self, number: u32, result: Result<BuyerRedirect, CheckoutError>) {
        if self.number() != Some(number) {
            return;
        }
        match result.and_then(|redirect| navigate(&redirect)) {
            Ok(()) => {
                let enable = move || {
                    if self.number() == Some(number) {
                        self.reset(None);
                    }
                };
                compat::set_timeout(enable, NAVIGATION_TIMEOUT);
            }
            Err(error) => self.reset(Some(&error)),
        }
    }

    /// Ends the submission, and shows the error.
    fn reset(self, error: Option<&CheckoutError>) {
        let Some(mut submission) = self.0.try_write_value() else {
            return;
        };
        submission.number += 1;
        submission.is_busy = false;
        let Some(elements) = &*submission.elements else {
            return;
        };
        let (elements, view) = (elements.clone(), submission.error.clone());
        drop(submission);
        let text = error.map(|error| view.text(error));
        let content = error.and_then(|error| view.content(error));
        show(&elements, None, text.as_deref(), content);
    }
}

fn navigate(redirect: &BuyerRedirect) -> Result<(), CheckoutError> {
    let url = redirect.url();
    // Rejects `javascript:` and other URLs that are not pages.
    let is_page = url.starts_with("http") || url.starts_with('/');
    if !is_page || window().location().assign(url).is_err() {
        return Err(CheckoutProblem::Internal.into());
    }
    Ok(())
}

/// Shows the state of a form, which is in its last elements: the status, and an alert if there is an error.
///
/// The button is not disabled, because it would lose the focus.
fn show(
    elements: &Elements,
    busy: Option<&str>,
    error: Option<&str>,
    content: Option<&ErrorContent>,
) {
    let form = &elements.form;
    if let Some(button) = &elements.button {
        // Cannot fail: the name of the attribute is valid. The same applies below.
        let _ = if busy.is_some() {
            button.set_attribute("aria-busy", "true")
        } else {
            button.remove_attribute("aria-busy")
        };
    }
    let (status, alert) = status_and_alert(form);
    if let Some(alert) = alert {
        alert.remove();
    }
    if let Some(status) = status {
        status.set_text_content(busy);
    }
    let Some(error) = error else { return };
    let Ok(alert) = document().create_element("div") else {
        return;
    };
    let _ = alert.set_attribute("role", "alert");
    let _ = alert.set_attribute("tabindex", "-1");
    alert.set_text_content(Some(error));
    if let Some(content) = content {
        content.append_to(&alert);
    }
    let _ = form.append_child(&alert);
    // Not if the buyer has moved the focus out of the form.
    let focused = document().active_element();
    if focused.is_none_or(|focused| focused.tag_name() == "BODY" || form.contains(Some(&focused))) {
        let _ = alert.unchecked_into::<HtmlElement>().focus();
    }
}
