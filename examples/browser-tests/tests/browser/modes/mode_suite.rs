//! The tests of one mode.

use super::mode::Mode;
use crate::support::{
    axe::check_axe, browser::Browser, engine::Engine, settings::Settings, suite::Suite,
};

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
        for javascript in [true, false] {
            let settings = settings.clone().javascript(javascript);
            self.add_one(self.mode.check_build(), name, settings, test);
        }
    }

    /// Adds a test of hydrated pages: with JavaScript only, and not in modes without hydration.
    pub(super) fn add_hydrated<T>(&mut self, name: &str, settings: Settings, test: T)
    where
        T: AsyncFnOnce(&Browser, Mode) + Copy + Send + 'static,
    {
        if self.mode.rendering().hydrates() {
            self.add_one(self.mode.check_build(), name, settings, test);
        }
    }

    /// Adds a test that runs axe-core, which needs JavaScript. Its rules are about the document, so they are tested in one
    /// engine.
    pub(super) fn add_axe<T>(&mut self, name: &str, settings: Settings, test: T)
    where
        T: AsyncFnOnce(&Browser, Mode) + Copy + Send + 'static,
    {
        if self.is_chromium() {
            let available = check_axe().and_then(|()| self.mode.check_build());
            self.add_one(available, name, settings, test);
        }
    }

    fn is_chromium(&self) -> bool {
        let engine = self.suite.engine();
        engine.is_none_or(|engine| engine == Engine::Chromium)
    }

    fn add_one<T>(&mut self, available: Result<(), String>, name: &str, settings: Settings, test: T)
    where
        T: AsyncFnOnce(&Browser, Mode) + Send + 'static,
    {
        let mode = self.mode;
        if mode == Mode::ClientOnly && !settings.javascript {
            return;
        }
        // Pages without hydration have no scripts, so JavaScript makes no difference. Tested in one engine.
        if mode == Mode::Ssr && settings.javascript && !self.is_chromium() {
            return;
        }
        let with = if settings.javascript {
            "with"
        } else {
            "without"
        };
        self.suite.test_if(
            available,
            &format!("{}::{name}::{with}_javascript", mode.name()),
            settings,
            async move |browser: &Browser| test(browser, mode).await,
        );
    }
}
