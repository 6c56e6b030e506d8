//! Sends a form to one of the library's own server functions, in the browser.
//!
//! The client of `server_fn` with its deserializers would be larger than the rest of a button.

use kelviq_core::CheckoutProblem;
use leptos::{
    ev::SubmitEvent,
    prelude::window,
    wasm_bindgen::{JsCast, JsValue},
};
use web_sys::{
    FormData, Headers, HtmlFormElement, RequestInit, Response, UrlSearchParams,
    js_sys::{JSON, Promise, futures::JsFuture},
};

use crate::{buyer_redirect::BuyerRedirect, checkout_error::CheckoutError, platform::current_page};

/// Sends a form during the event, and returns the result of the server function.
pub(super) fn send_form(
    event: &SubmitEvent,
) -> impl Future<Output = Result<BuyerRedirect, CheckoutError>> + use<> {
    let request = request(event);
    async move { result(response(request).await) }
}

fn result(response: Result<(bool, String), JsValue>) -> Result<BuyerRedirect, CheckoutError> {
    let (is_success, body) = response.map_err(|_| CheckoutProblem::Unreachable)?;
    if is_success {
        let url = JSON::parse(&body).ok().and_then(|url| url.as_string());
        let url = url.ok_or(CheckoutProblem::Internal)?;
        return Ok(BuyerRedirect::to(url));
    }
    let error = CheckoutError::parse(body.as_bytes());
    Err(error.unwrap_or_else(|| CheckoutProblem::Internal.into()))
}

/// Returns whether the response has a status of success, and its body.
async fn response(request: Result<Promise, JsValue>) -> Result<(bool, String), JsValue> {
    let response = JsFuture::from(request?).await?;
    let response: Response = response.unchecked_into();
    let body = JsFuture::from(response.text()?).await?;
    Ok((response.ok(), body.as_string().unwrap_or_default()))
}

/// Sends the fields that the browser would send without a script, and the page to return to after signing in.
fn request(event: &SubmitEvent) -> Result<Promise, JsValue> {
    let form: HtmlFormElement = event.target().ok_or(JsValue::NULL)?.unchecked_into();
    let fields = FormData::new_with_form(&form)?;
    if let Some(button) = event.submitter()
        && let Some(name) = button.get_attribute("name").filter(|name| !name.is_empty())
    {
        fields.append_with_str(&name, &button.get_attribute("value").unwrap_or_default())?;
    }
    let body = UrlSearchParams::new_with_str_sequence_sequence(&fields)?;
    body.append("page", &current_page());
    let headers = Headers::new()?;
    headers.set("Accept", "application/json")?;
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_headers(&headers);
    request.set_body(&body);
    let url = form.get_attribute("action").unwrap_or_default();
    Ok(window().fetch_with_str_and_init(&url, &request))
}
