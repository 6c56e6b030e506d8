//! The form of every component that redirects the buyer.

use std::time::Duration;

use kelviq_core::CheckoutProblem;
use leptos::{
    ev::{self, SubmitEvent},
    html,
    leptos_dom::helpers::TimeoutHandle,
    prelude::*,
    reactive::{actions::ActionAbortHandle, send_wrapper_ext::SendOption},
    server_fn::ServerFn,
    text_prop::TextProp,
};
use web_sys::Element;

use super::error_message::ErrorMessage;
use crate::{
    buyer_redirect::BuyerRedirect,
    checkout_error::CheckoutError,
    platform::{form_on_page, remove_server_alert},
};

/// Reads the arguments of a server function from its form.
pub(super) type ReadArguments<S> = fn(&SubmitEvent) -> Option<S>;

/// Time after which the form is enabled again if the browser has not left the page: the buyer stopped the navigation,
/// or the next page does not respond.
const NAVIGATION_TIMEOUT: Duration = Duration::from_secs(15);

/// The state of a form. It is created once for each component; its [`view`](Self::view) can be rendered several times.
///
/// The form works without JavaScript. In the browser, a script submits it.
pub(super) struct RedirectForm<S: ServerFn<Output: 'static> + 'static> {
    action: ServerAction<S>,
    read_arguments: ReadArguments<S>,
    /// Whether this form, rather than another form with the same action, was submitted. Reset to `false` when the form is
    /// enabled again.
    submitted: RwSignal<bool>,
    busy: Memo<bool>,
    /// The error of a submission by the script.
    error: RwSignal<Option<CheckoutError>>,
    alert: NodeRef<html::P>,
    browser_state: StoredValue<BrowserState>,
}

/// State that is used in the browser only.
struct BrowserState {
    /// The button that was clicked.
    submitter: SendOption<Element>,
    request: Option<ActionAbortHandle>,
    navigation_timeout: Option<TimeoutHandle>,
}

impl<S> RedirectForm<S>
where
    S: ServerFn<Output = BuyerRedirect, Error = CheckoutError> + Clone + Send + Sync + 'static,
{
    /// Creates the state of a form.
    pub(super) fn new(action: ServerAction<S>, read_arguments: ReadArguments<S>) -> Self {
        let submitted = RwSignal::new(false);
        let (pending, result) = (action.pending(), action.value());
        // A successful form stays busy until the browser has left the page.
        let is_leaving = move || result.with(|result| matches!(result, Some(Ok(_))));
        let form = Self {
            action,
            read_arguments,
            submitted,
            busy: Memo::new(move |_| submitted.get() && (pending.get() || is_leaving())),
            error: RwSignal::new(None),
            alert: NodeRef::new(),
            browser_state: StoredValue::new(BrowserState {
                submitter: SendOption::new_local(None),
                request: None,
                navigation_timeout: None,
            }),
        };
        form.handle_results();
        form.mark_submitter_as_busy();
        form.focus_alert();
        form.reset_on_page_show();
        form
    }

    /// Renders the form around inputs and a button. `name` identifies the form on its page if it fails without JavaScript.
    pub(super) fn view<V: IntoView + 'static>(
        self,
        name: &str,
        busy: TextProp,
        message: ErrorMessage,
        children: V,
    ) -> impl IntoView + use<S, V> {
        let busy = move || self.busy.get().then(|| busy.get());
        let (action, server_alert) = form_on_page(S::PATH, name, &message);
        let alert = move || {
            self.error.get().map(|error| {
                view! { <p role="alert" tabindex="-1" node_ref=self.alert>{message.text(&error)}</p> }
            })
        };
        view! {
            <form method="post" action=action on:submit=move |event| self.submit(&event)>
                {children}
                <span role="status">{busy}</span>
                {alert}
                {server_alert}
            </form>
        }
    }

    /// Submits the form in the background. Does nothing while a request is pending.
    fn submit(self, event: &SubmitEvent) {
        if event.default_prevented() {
            return;
        }
        event.prevent_default();
        if self.busy.get_untracked() {
            return;
        }
        self.error.set(None);
        remove_server_alert(event);
        let arguments = (self.read_arguments)(event);
        self.browser_state.update_value(|state| {
            state.submitter = SendOption::new_local(event.submitter().map(Element::from));
        });
        if let Some(arguments) = arguments {
            self.submitted.set(true);
            let request = self.action.dispatch(arguments);
            self.browser_state
                .update_value(|state| state.request = Some(request));
        } else {
            // Deferred, so that a screen reader announces the error again if it is the same as before.
            let fail = move || self.fail(CheckoutProblem::UnsupportedBody.into());
            set_timeout(fail, Duration::ZERO);
        }
    }

    fn handle_results(self) {
        let version = move || self.action.version().get();
        let handle = move |_: &usize, _: Option<&usize>, _: Option<()>| {
            if !self.submitted.get_untracked() {
                return;
            }
            match self.action.value().get_untracked() {
                Some(Ok(redirect)) => self.navigate(&redirect),
                Some(Err(error)) => self.fail(error),
                None => {}
            }
        };
        Effect::watch(version, handle, false);
    }

    fn navigate(self, redirect: &BuyerRedirect) {
        let url = redirect.url();
        // Rejects `javascript:` and other URLs that are not pages.
        let is_page = url.starts_with("http") || url.starts_with('/');
        if !is_page || window().location().assign(url).is_err() {
            self.fail(CheckoutProblem::Internal.into());
            return;
        }
        let enable = move || {
            self.submitted.try_set(false);
        };
        let timeout = set_timeout_with_handle(enable, NAVIGATION_TIMEOUT).ok();
        self.browser_state
            .update_value(|state| state.navigation_timeout = timeout);
    }

    fn fail(self, error: CheckoutError) {
        self.submitted.try_set(false);
        self.error.try_set(Some(error));
    }

    /// Sets `aria-busy` on the button. The button is not disabled, because it would lose the focus.
    fn mark_submitter_as_busy(self) {
        Effect::new(move |_| {
            let busy = self.busy.get();
            self.browser_state.with_value(|state| {
                let Some(button) = &*state.submitter else {
                    return;
                };
                // Cannot fail: `aria-busy` is a valid attribute name.
                let _ = if busy {
                    button.set_attribute("aria-busy", "true")
                } else {
                    button.remove_attribute("aria-busy")
                };
            });
        });
    }

    /// Focuses an error, unless the buyer has moved the focus out of the form. An error in the server's HTML has
    /// `autofocus` instead.
    fn focus_alert(self) {
        Effect::new(move |_| {
            let Some(alert) = self.alert.get() else {
                return;
            };
            if has_focus(alert.closest("form").ok().flatten()) {
                let _ = alert.focus();
            }
        });
    }

    /// Resets the form if the browser restores the page from its cache, where it is still busy.
    fn reset_on_page_show(self) {
        Effect::new(move |_| {
            let handle = window_event_listener(ev::pageshow, move |event| {
                if event.persisted() {
                    self.reset();
                }
            });
            on_cleanup(move || handle.remove());
        });
    }

    fn reset(self) {
        self.browser_state.update_value(|state| {
            if let Some(request) = state.request.take() {
                request.abort();
            }
            if let Some(timeout) = state.navigation_timeout.take() {
                timeout.clear();
            }
        });
        self.submitted.set(false);
        self.error.set(None);
    }
}

/// Returns whether the focused element is in the form, or no element has the focus.
fn has_focus(form: Option<Element>) -> bool {
    match document().active_element() {
        Some(focused) if focused.tag_name() != "BODY" => {
            form.is_some_and(|form| form.contains(Some(&focused)))
        }
        _ => true,
    }
}

impl<S: ServerFn<Output: 'static> + 'static> Clone for RedirectForm<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: ServerFn<Output: 'static> + 'static> Copy for RedirectForm<S> {}
