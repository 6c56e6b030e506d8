//! The components in every rendering mode, with JavaScript and without it.

mod attributes;
mod back;
mod before_the_script;
mod busy;
mod buying;
mod errors_in_addresses;
mod forms;
mod keyboard;
mod mode;
mod program;
mod refusals;
mod signing_in;
mod visit;

use self::mode::Mode;
use crate::support::{browser::Browser, settings::Settings, suite::Suite};

pub(crate) fn tests(suite: &mut Suite) {
    for mode in Mode::chosen() {
        let mut tests = Tests { suite, mode };
        buying::tests(&mut tests);
        refusals::tests(&mut tests);
        busy::tests(&mut tests);
        before_the_script::tests(&mut tests);
        keyboard::tests(&mut tests);
        back::tests(&mut tests);
        forms::tests(&mut tests);
        signing_in::tests(&mut tests);
        errors_in_addresses::tests(&mut tests);
        attributes::tests(&mut tests);
    }
}

/// The tests of one mode.
struct Tests<'a> {
    suite: &'a mut Suite,
    mode: Mode,
}

impl Tests<'_> {
    /// `{mode}::{name}::with_javascript` and `…::without_javascript`.
    fn add<T>(&mut self, name: &str, test: T)
    where
        T: AsyncFnOnce(&Browser, Mode) + Copy + Send + 'static,
    {
        self.add_in(name, &Settings::default(), test);
    }

    fn add_in<T>(&mut self, name: &str, settings: &Settings, test: T)
    where
        T: AsyncFnOnce(&Browser, Mode) + Copy + Send + 'static,
    {
        self.add_one(name, settings.clone().javascript(true), test);
        self.add_one(name, settings.clone().javascript(false), test);
    }

    /// A test of what the browser's side adds, where there is one: with JavaScript alone.
    fn add_scripted<T>(&mut self, name: &str, settings: Settings, test: T)
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
            mode.is_built(),
            &format!("{}::{name}::{with}_javascript", mode.name()),
            settings,
            async move |browser: &Browser| test(browser, mode).await,
        );
    }
}
