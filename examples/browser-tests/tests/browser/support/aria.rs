//! Reading ARIA attributes, for engines whose accessibility tree the driver does not make available. Role and name are
//! those that the engine computes.

use std::collections::HashMap;

use fantoccini::{elements::Element, error::CmdError};
use serde_json::Value;

use super::{
    accessibility::{Accessible, LiveRegion},
    browser::Browser,
    driver_command::DriverCommand,
    target::Target,
};

impl Browser {
    pub(super) async fn accessible_by_aria(
        &self,
        selector: &str,
    ) -> Result<Option<Accessible>, CmdError> {
        let element = self.client.find(Target::from(selector).locator()).await?;
        let description = match element.attr("aria-describedby").await? {
            Some(id) => {
                let target = Target::Css(format!("#{id}"));
                self.client.find(target.locator()).await?.text().await?
            }
            None => String::new(),
        };
        let mut properties = HashMap::new();
        for property in ["busy", "disabled"] {
            let attribute = element.attr(&format!("aria-{property}")).await?;
            if let Some(value) = attribute {
                properties.insert(property.to_owned(), Value::Bool(value == "true"));
            }
        }
        Ok(Some(Accessible {
            role: self.computed(&element, "computedrole").await?,
            name: self.computed(&element, "computedlabel").await?,
            description,
            properties,
        }))
    }

    async fn computed(&self, element: &Element, what: &str) -> Result<String, CmdError> {
        let path = format!("element/{}/{what}", &*element.element_id());
        let value = self.client.issue_cmd(DriverCommand::get(path)).await?;
        Ok(value.as_str().unwrap_or_default().to_owned())
    }

    pub(super) async fn live_regions_by_aria(&self) -> Result<Vec<LiveRegion>, CmdError> {
        let mut regions = Vec::new();
        for (role, default) in [("alert", "assertive"), ("status", "polite")] {
            let target = Target::Css(format!("[role={role}]"));
            for element in self.client.find_all(target.locator()).await? {
                let live = element.attr("aria-live").await?;
                let region = LiveRegion {
                    role: role.to_owned(),
                    live: live.unwrap_or_else(|| default.to_owned()),
                    text: element.text().await?,
                };
                if region.live != "off" && !region.text.is_empty() {
                    regions.push(region);
                }
            }
        }
        Ok(regions)
    }
}
