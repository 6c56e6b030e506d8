//! Reading a page, and using it with the mouse.

use std::time::Duration;

use fantoccini::{
    actions::{InputSource, MOUSE_BUTTON_LEFT, MouseActions, PointerAction},
    error::CmdError,
    key::Key,
};

use super::{browser::Browser, engine::Engine, target::Target};

/// The element that has the focus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Focused {
    /// `body` if no element has the focus.
    pub(crate) tag: String,
    pub(crate) id: Option<String>,
    pub(crate) text: String,
}

impl Browser {
    pub(crate) async fn click(&self, target: impl Into<Target>) {
        self.find(target).await.click().await.unwrap();
    }

    /// Clicks twice with a short pause. Without it, the browser would handle both as one click.
    pub(crate) async fn double_click(&self, target: impl Into<Target>) {
        const CLICK_INTERVAL: Duration = Duration::from_millis(100);
        let element = self.find(target).await;
        let (button, duration) = (MOUSE_BUTTON_LEFT, CLICK_INTERVAL);
        let clicks = [
            PointerAction::MoveToElement {
                element,
                duration: None,
                x: 0.0,
                y: 0.0,
            },
            PointerAction::Down { button },
            PointerAction::Up { button },
            PointerAction::Pause { duration },
            PointerAction::Down { button },
            PointerAction::Up { button },
        ];
        let mouse = MouseActions::new("mouse".into());
        let clicks = clicks.into_iter().fold(mouse, InputSource::then);
        self.client.perform_actions(clicks).await.unwrap();
    }

    /// Replaces the content of a field by typing, so that scripts receive the events.
    pub(crate) async fn fill(&self, target: impl Into<Target>, text: &str) {
        let field = self.find(target).await;
        field.click().await.unwrap();
        if self.engine() == Engine::WebKit {
            // The driver sometimes loses key combinations.
            field.clear().await.unwrap();
        } else {
            self.press_together(&[Key::Control.into(), 'a']).await;
        }
        field.send_keys(text).await.unwrap();
    }

    /// Returns the visible text of an element.
    pub(crate) async fn text(&self, target: impl Into<Target>) -> String {
        let target = target.into();
        self.wait_for(&format!("the text of {target:?}"), async || {
            let element = self.client.find(target.locator()).await?;
            element.text().await.map(Some)
        })
        .await
    }

    /// Returns the visible texts of all matching elements, without waiting.
    pub(crate) async fn texts(&self, target: impl Into<Target>) -> Vec<String> {
        let mut texts = Vec::new();
        for element in self.client.find_all(target.into().locator()).await.unwrap() {
            texts.push(element.text().await.unwrap());
        }
        texts
    }

    /// Returns the current HTML of the page.
    pub(crate) async fn source(&self) -> String {
        self.client.source().await.unwrap()
    }

    pub(crate) async fn attribute(&self, target: impl Into<Target>, name: &str) -> Option<String> {
        let target = target.into();
        self.wait_for(&format!("{name} of {target:?}"), async || {
            let element = self.client.find(target.locator()).await?;
            element.attr(name).await.map(Some)
        })
        .await
    }

    /// Returns the current value of a field.
    pub(crate) async fn value(&self, target: impl Into<Target>) -> String {
        let value = self.find(target).await.prop("value").await.unwrap();
        value.unwrap_or_default()
    }

    /// Returns the text colour, such as `rgb(1, 2, 3)`.
    pub(crate) async fn text_colour(&self, target: impl Into<Target>) -> String {
        let element = self.find(target).await;
        let colour = element.css_value("color").await.unwrap();
        // Chromium and WebKit add the opacity.
        let opaque = colour
            .strip_prefix("rgba(")
            .and_then(|rest| rest.strip_suffix(", 1)"));
        opaque.map_or(colour.clone(), |rgb| format!("rgb({rgb})"))
    }

    /// Returns the element that has the focus. Works without JavaScript.
    pub(crate) async fn active_element(&self) -> Focused {
        self.wait_for("the focused element", async || {
            self.try_focused().await.map(Some)
        })
        .await
    }

    /// Waits until this element has the focus.
    pub(crate) async fn wait_for_focus(&self, target: impl Into<Target>) {
        let target = target.into();
        self.wait_until(&format!("the focus on {target:?}"), async || {
            self.has_focus(&target).await
        })
        .await;
    }

    pub(super) async fn has_focus(&self, target: &Target) -> Result<bool, CmdError> {
        let element = self.client.find(target.locator()).await?;
        let focused = self.client.active_element().await?;
        Ok(element.element_id() == focused.element_id())
    }

    async fn try_focused(&self) -> Result<Focused, CmdError> {
        let element = self.client.active_element().await?;
        Ok(Focused {
            tag: element.tag_name().await?,
            id: element.attr("id").await?,
            text: element.text().await?,
        })
    }
}
