//! Using a page with the keyboard.

use fantoccini::{
    actions::{InputSource, KeyAction, KeyActions},
    key::Key,
};

use super::{browser::Browser, target::Target};

/// More than the number of focusable elements on any page.
const MAX_TABS: usize = 60;

impl Browser {
    /// Presses and releases a key at the focused element.
    pub(crate) async fn press(&self, key: Key) {
        self.press_together(&[key.into()]).await;
    }

    /// Presses several keys in order, then releases them, e.g. `[Key::Shift.into(), Key::Tab.into()]`.
    pub(crate) async fn press_together(&self, keys: &[char]) {
        let down = keys.iter().map(|key| KeyAction::Down { value: *key });
        let up = keys.iter().rev().map(|key| KeyAction::Up { value: *key });
        let actions = down
            .chain(up)
            .fold(KeyActions::new("keyboard".into()), InputSource::then);
        self.client.perform_actions(actions).await.unwrap();
    }

    /// Types text into the focused element.
    pub(crate) async fn type_text(&self, text: &str) {
        for letter in text.chars() {
            self.press_together(&[letter]).await;
        }
    }

    /// Presses Tab until an element has the focus.
    pub(crate) async fn tab_to(&self, target: impl Into<Target>) {
        let target = target.into();
        for _ in 0..MAX_TABS {
            self.press(Key::Tab).await;
            if self.has_focus(&target).await.unwrap() {
                return;
            }
        }
        panic!("{target:?} did not receive the focus after {MAX_TABS} Tabs");
    }
}
