//! Using a page without a mouse.

use fantoccini::{
    actions::{InputSource, KeyAction, KeyActions},
    key::Key,
};

use super::{browser::Browser, target::Target};

/// More than any page here has to walk through.
const MOST_TABS: usize = 60;

impl Browser {
    /// Presses a key and lets it go, wherever the focus is.
    pub(crate) async fn press(&self, key: Key) {
        self.press_together(&[key.into()]).await;
    }

    /// Presses keys one after the other, then lets all of them go: `[Key::Shift.into(), Key::Tab.into()]`.
    pub(crate) async fn press_together(&self, keys: &[char]) {
        let down = keys.iter().map(|key| KeyAction::Down { value: *key });
        let up = keys.iter().rev().map(|key| KeyAction::Up { value: *key });
        let actions = down
            .chain(up)
            .fold(KeyActions::new("keyboard".into()), InputSource::then);
        self.client.perform_actions(actions).await.unwrap();
    }

    /// Types where the focus is.
    pub(crate) async fn type_text(&self, text: &str) {
        for letter in text.chars() {
            self.press_together(&[letter]).await;
        }
    }

    /// Presses Tab until an element has the focus.
    pub(crate) async fn tab_to(&self, target: impl Into<Target>) {
        let target = target.into();
        for _ in 0..MOST_TABS {
            self.press(Key::Tab).await;
            if self.has_focus(&target).await.unwrap() {
                return;
            }
        }
        panic!("{MOST_TABS} Tabs do not lead to {target:?}");
    }
}
