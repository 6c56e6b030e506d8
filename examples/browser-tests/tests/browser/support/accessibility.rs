//! Reading what assistive technology reads.

use std::collections::HashMap;

use fantoccini::error::CmdError;
use serde_json::Value;

use super::{browser::Browser, engine::Engine, target::Target};

/// An element, as assistive technology reads it.
#[derive(Clone, Debug)]
pub(crate) struct Accessible {
    pub(crate) role: String,
    pub(crate) name: String,
    pub(crate) description: String,
    /// `disabled`, `busy`, …
    pub(crate) properties: HashMap<String, Value>,
}

/// A region whose changes screen readers announce.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LiveRegion {
    pub(crate) role: String,
    /// `polite` or `assertive`.
    pub(crate) live: String,
    pub(crate) text: String,
}

impl Browser {
    /// Waits for an element.
    pub(crate) async fn accessible(&self, selector: &str) -> Accessible {
        self.find(Target::from(selector)).await;
        self.wait_for(
            &format!("{selector} for assistive technology"),
            async || match self.engine() {
                Engine::Chromium => self.accessible_in_tree(selector).await,
                Engine::Firefox | Engine::WebKit => self.accessible_by_aria(selector).await,
            },
        )
        .await
    }

    /// Returns the live regions that currently contain text.
    pub(crate) async fn live_regions(&self) -> Vec<LiveRegion> {
        self.try_live_regions().await.unwrap()
    }

    /// Waits until a live region contains this text.
    pub(crate) async fn wait_for_live_region(&self, text: &str) -> LiveRegion {
        self.wait_for(&format!("a live region with {text:?}"), async || {
            let mut regions = self.try_live_regions().await?.into_iter();
            Ok(regions.find(|region| region.text.contains(text)))
        })
        .await
    }

    async fn try_live_regions(&self) -> Result<Vec<LiveRegion>, CmdError> {
        match self.engine() {
            Engine::Chromium => self.live_regions_in_tree().await,
            Engine::Firefox | Engine::WebKit => self.live_regions_by_aria().await,
        }
    }
}

impl Accessible {
    /// Whether a property is set.
    pub(crate) fn is(&self, property: &str) -> bool {
        // Some properties are booleans, others numbers.
        let value = self.properties.get(property);
        value.is_some_and(|value| *value == true || *value == 1)
    }
}
