//! Properties of generated inputs.

mod joined_urls;
mod single_flight;
mod support;
