//! The accessibility tree of Chromium.

use std::collections::HashMap;

use fantoccini::error::CmdError;
use serde_json::{Value, json};

use super::{
    accessibility::{Accessible, LiveRegion},
    browser::Browser,
};

impl Browser {
    pub(super) async fn accessible_in_tree(
        &self,
        selector: &str,
    ) -> Result<Option<Accessible>, CmdError> {
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
    }

    pub(super) async fn live_regions_in_tree(&self) -> Result<Vec<LiveRegion>, CmdError> {
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
