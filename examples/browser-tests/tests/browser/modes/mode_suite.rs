//! The tests of one mode.

use super::mode::Mode;
use crate::support::{browser::Browser, settings::Settings, suite::Suite};

pub(super) struct ModeSuite<'a> {
    pub(super) suite: &'a mut Suite,
    pub(super) mode: Mode,
}

impl ModeSuite<'_> {
    /// Adds the tests `{mode}::{name}::with_javascript` and `{mode}::{name}::without_javascript`.
    pub(super) fn add<T>(&mut self, name: &str, test: T)
    where
        T: AsyncFnOnce(&Browser, Mode) + Copy + Send + 'static,
    {
        self.add_with(name, &Settings::default(), test);
    }

    /// Does the same as [`add`](Self::add), with the given settings.
    pub(super) fn add_with<T>(&mut self, name: &str, settings: &Settings, test: T)
    where
        T: AsyncFnOnce(&Browser, Mode) + Copy + Send + 'static,
    {
        self.add_one(name, settings.clone().javascript(true), test);
        self.add_one(name, settings.clone().javascript(false), test);
    }

    /// Adds a test of hydrated pages: with JavaScript only, and not in modes without hydration.
    pub(super) fn add_hydrated<T>(&mut self, name: &str, settings: Settings, test: T)
    where
        T: AsyncFnOnce(&Browser, Mode) + Copy + Send + 'static,
    {
        if self.mode.rendering().hydrates() {
            self.add_one(name, settings, test);
        }
    }

    fn add_one<T>(&mut self, name: &str, settings: Settings, test: T)
    where
        T: AsyncFnOnce(&Browser, Mode) + Send + 'static,
    {
        let mode = self.mode;
        let with = if settings.javascript {
            "with"
        } else {
            "without"
        };
        self.suite.test_if(
            mode.check_build(),
            &format!("{}::{name}::{with}_javascript", mode.name()),
            settings,
            async move |browser: &Browser| test(browser, mode).await,
        );
    }
}
