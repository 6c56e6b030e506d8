//! Properties of generated inputs.

mod joined_urls;
mod output;
mod secrets;
mod secrets_of_webhooks;
mod single_flight;
mod support;
