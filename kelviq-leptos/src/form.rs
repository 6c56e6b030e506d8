//! The form behind every button: a plain one, and what the browser's side adds to it.

use std::time::Duration;

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

use crate::{CheckoutError, CheckoutProblem, CheckoutRedirect, plain_form};

/// How the arguments of a server function are read from its form.
pub(crate) type Arguments<S> = fn(&SubmitEvent) -> Option<S>;

/// How a component words an error.
pub(crate) type MessageFn = fn(&CheckoutError) -> String;

/// A page that was to be left is still here after this time: the buyer stopped it, or the next page does not answer.
const STILL_HERE: Duration = Duration::from_secs(15);

/// The state of one form, made once for each component, however often its [`view`](Self::view) is made.
pub(crate) struct RedirectForm<S: ServerFn<Output: 'static> + 'static> {
    action: ServerAction<S>,
    arguments: Arguments<S>,
    /// This form was sent, and not another of the same action; back to false once the buyer may send it again.
    sent: RwSignal<bool>,
    busy: Memo<bool>,
    error: RwSignal<Option<CheckoutError>>,
    alert: NodeRef<html::P>,
    in_the_browser: StoredValue<InTheBrowser>,
}

/// What the server never has.
struct InTheBrowser {
    /// From the first time on that the form was sent, its errors are of the browser's making.
    was_sent: bool,
    /// The button that was pressed.
    submitter: SendOption<Element>,
    request: Option<ActionAbortHandle>,
    still_here: Option<TimeoutHandle>,
}

impl<S> RedirectForm<S>
where
    S: ServerFn<Output = CheckoutRedirect, Error = CheckoutError> + Clone + Send + Sync + 'static,
{
    /// `name` tells the forms of a page apart when one of them has failed without JavaScript.
    pub(crate) fn new(action: ServerAction<S>, arguments: Arguments<S>, name: &str) -> Self {
        let sent = RwSignal::new(false);
        let (pending, answer) = (action.pending(), action.value());
        // Also while the page is being left, without a gap in between.
        let leaving = move || answer.with(|answer| matches!(answer, Some(Ok(_))));
        let form = Self {
            action,
            arguments,
            sent,
            busy: Memo::new(move |_| sent.get() && (pending.get() || leaving())),
            error: RwSignal::new(plain_form::first_error(name)),
            alert: NodeRef::new(),
            in_the_browser: StoredValue::new(InTheBrowser {
                was_sent: false,
                submitter: SendOption::new_local(None),
                request: None,
                still_here: None,
            }),
        };
        form.follow_the_answer();
        form.mark_the_submitter();
        form.focus_the_alert();
        form.start_over_when_the_page_comes_back();
        form
    }

    /// The form around inputs and a button.
    pub(crate) fn view<V: IntoView + 'static>(
        self,
        name: &str,
        busy: TextProp,
        message: MessageFn,
        children: V,
    ) -> impl IntoView + use<S, V> {
        let busy = move || self.busy.get().then(|| busy.get());
        let alert = move || {
            self.error.get().map(|error| {
                let came_with_the_page = self.in_the_browser.with_value(|state| !state.was_sent);
                view! {
                    <p role="alert" tabindex="-1" autofocus=came_with_the_page node_ref=self.alert>
                        {message(&error)}
                    </p>
                }
            })
        };
        view! {
            <form
                method="post"
                action=plain_form::action(S::PATH, name)
                on:submit=move |event| self.submit(&event)
            >
                {children}
                <span role="status">{busy}</span>
                {alert}
            </form>
        }
    }

    /// Sends the form in the background, once: a click while it is under way does nothing.
    fn submit(self, event: &SubmitEvent) {
        if event.default_prevented() {
            return;
        }
        event.prevent_default();
        if self.busy.get_untracked() {
            return;
        }
        self.error.set(None);
        let arguments = (self.arguments)(event);
        self.in_the_browser.update_value(|state| {
            state.was_sent = true;
            state.submitter = SendOption::new_local(event.submitter().map(Element::from));
        });
        if let Some(arguments) = arguments {
            self.sent.set(true);
            let request = self.action.dispatch(arguments);
            self.in_the_browser
                .update_value(|state| state.request = Some(request));
        } else {
            // Later, so that the same error as before is a new one for a screen reader.
            let fail = move || self.fail(CheckoutProblem::UnsupportedBody.into());
            set_timeout(fail, Duration::ZERO);
        }
    }

    fn follow_the_answer(self) {
        let answered = move || self.action.version().get();
        let follow = move |_: &usize, _: Option<&usize>, _: Option<()>| {
            if !self.sent.get_untracked() {
                return;
            }
            match self.action.value().get_untracked() {
                Some(Ok(redirect)) => self.leave_for(&redirect),
                Some(Err(error)) => self.fail(error),
                None => {}
            }
        };
        Effect::watch(answered, follow, false);
    }

    fn leave_for(self, redirect: &CheckoutRedirect) {
        let url = redirect.url();
        // Never a script's: whatever a server function answers with, it is a page that is opened.
        let is_page = url.starts_with("http") || url.starts_with('/');
        if !is_page || window().location().assign(url).is_err() {
            self.fail(CheckoutProblem::Internal.into());
            return;
        }
        let stay = move || {
            self.sent.try_set(false);
        };
        let still_here = set_timeout_with_handle(stay, STILL_HERE).ok();
        self.in_the_browser
            .update_value(|state| state.still_here = still_here);
    }

    fn fail(self, error: CheckoutError) {
        self.sent.try_set(false);
        self.error.try_set(Some(error));
    }

    /// The button says that it is at work. It is not disabled: it would lose the focus.
    fn mark_the_submitter(self) {
        Effect::new(move |_| {
            let busy = self.busy.get();
            self.in_the_browser.with_value(|state| {
                let Some(button) = &*state.submitter else {
                    return;
                };
                // Neither fails: the name is one of an attribute.
                let _ = if busy {
                    button.set_attribute("aria-busy", "true")
                } else {
                    button.remove_attribute("aria-busy")
                };
            });
        });
    }

    /// An error of the browser's making gets the focus, unless the buyer has moved on; one that came with the page has it by
    /// `autofocus`.
    fn focus_the_alert(self) {
        Effect::new(move |_| {
            let Some(alert) = self.alert.get() else {
                return;
            };
            let was_sent = self.in_the_browser.with_value(|state| state.was_sent);
            if was_sent && has_the_focus(alert.closest("form").ok().flatten()) {
                let _ = alert.focus();
            }
        });
    }

    /// A page out of the browser's cache is as it was when the buyer left: at work.
    fn start_over_when_the_page_comes_back(self) {
        Effect::new(move |_| {
            let handle = window_event_listener(ev::pageshow, move |event| {
                if event.persisted() {
                    self.start_over();
                }
            });
            on_cleanup(move || handle.remove());
        });
    }

    fn start_over(self) {
        self.in_the_browser.update_value(|state| {
            if let Some(request) = state.request.take() {
                request.abort();
            }
            if let Some(still_here) = state.still_here.take() {
                still_here.clear();
            }
        });
        self.sent.set(false);
        self.error.set(None);
    }
}

/// Whether the focus is in the form, or nowhere.
fn has_the_focus(form: Option<Element>) -> bool {
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
