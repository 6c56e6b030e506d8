//! Reading the accessibility tree.

use std::collections::HashMap;

use fantoccini::error::CmdError;
use serde_json::{Value, json};

use super::{browser::Browser, target::Target};

/// An element of the accessibility tree.
#[derive(Clone, Debug)]
pub(crate) struct Accessible {
    pub(crate) role: String,
    pub(crate) name: String,
    pub(crate) description: String,
    /// `disabled`, `busy`, `live`, `focused`, …
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
    /// Waits for an element in the accessibility tree.
    pub(crate) async fn accessible(&self, selector: &str) -> Accessible {
        self.find(Target::from(selector)).await;
        self.wait_for(
            &format!("{selector} in the accessibility tree"),
            async || {
                let document = self
                    .try_devtools("DOM.getDocument", json!({"depth": 0}))
                    .await?;
                let query = json!({"nodeId": document["root"]["nodeId"], "selector": selector});
                let node = self.try_devtools("DOM.querySelector", query).await?;
                let node = json!({"nodeId": node["nodeId"], "fetchRelatives": false});
                let tree = self
                    .try_devtools("Accessibility.getPartialAXTree", node)
                    .await?;
                Ok(tree["nodes"].get(0).map(Accessible::from_node))
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
        let tree = self
            .try_devtools("Accessibility.getFullAXTree", json!({}))
            .await?;
        let nodes: HashMap<&str, &Value> = tree["nodes"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|node| Some((node["nodeId"].as_str()?, node)))
            .collect();
        let region = |node: &Value| {
            let Accessible {
                role, properties, ..
            } = Accessible::from_node(node);
            let live = properties.get("live")?.as_str()?.to_owned();
            let mut text = String::new();
            collect_text(node, &nodes, &mut text);
            (live != "off" && !text.is_empty()).then_some(LiveRegion { role, live, text })
        };
        Ok(tree["nodes"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(region)
            .collect())
    }
}

impl Accessible {
    fn from_node(node: &Value) -> Self {
        let text = |field: &str| node[field]["value"].as_str().unwrap_or_default().to_owned();
        let property = |property: &Value| {
            let name = property["name"].as_str()?.to_owned();
            Some((name, property["value"]["value"].clone()))
        };
        let properties = node["properties"].as_array().into_iter().flatten();
        Self {
            role: text("role"),
            name: text("name"),
            description: text("description"),
            properties: properties.filter_map(property).collect(),
        }
    }

    /// Whether a property is set.
    pub(crate) fn is(&self, property: &str) -> bool {
        // Some properties are booleans, others numbers.
        let value = self.properties.get(property);
        value.is_some_and(|value| *value == true || *value == 1)
    }
}

fn collect_text(node: &Value, nodes: &HashMap<&str, &Value>, text: &mut String) {
    if node["role"]["value"] == "StaticText" {
        text.push_str(node["name"]["value"].as_str().unwrap_or_default());
        return;
    }
    for child in node["childIds"].as_array().into_iter().flatten() {
        if let Some(child) = child.as_str().and_then(|id| nodes.get(id)) {
            collect_text(child, nodes, text);
        }
    }
}
