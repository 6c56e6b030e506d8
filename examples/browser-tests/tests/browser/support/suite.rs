//! The list of tests, and how each is run.

use std::{env, sync::Arc, time::Duration};

use libtest_mimic::{Completion, Trial};
use tokio::{runtime, time::timeout};

use super::{browser::Browser, driver::Driver, programs::Programs, settings::Settings};

/// `required`: a missing browser is a failure.
const VARIABLE: &str = "BROWSER_TESTS";

/// A test that hangs fails.
const PATIENCE: Duration = Duration::from_secs(150);

pub(crate) struct Suite {
    driver: Result<Arc<Driver>, String>,
    trials: Vec<Trial>,
}

impl Suite {
    pub(crate) fn new() -> Self {
        let programs = Programs::find();
        Self {
            driver: programs.map(|programs| Arc::new(Driver::new(programs))),
            trials: Vec::new(),
        }
    }

    /// A test in a browser of its own. Its server ends with it, as well.
    pub(crate) fn test<T>(&mut self, name: &str, settings: Settings, test: T)
    where
        T: AsyncFnOnce(&Browser) + Send + 'static,
    {
        self.test_if(Ok(()), name, settings, test);
    }

    /// A test that needs something besides a browser, or else says what is missing.
    pub(crate) fn test_if<T>(
        &mut self,
        available: Result<(), String>,
        name: &str,
        settings: Settings,
        test: T,
    ) where
        T: AsyncFnOnce(&Browser) + Send + 'static,
    {
        let driver = self
            .driver
            .clone()
            .and_then(|driver| available.map(|()| driver));
        self.trials
            .push(Trial::ignorable_test(name, move || match driver {
                Ok(driver) => {
                    run(driver, settings, test);
                    Ok(Completion::Completed)
                }
                Err(missing) if env::var_os(VARIABLE).is_some_and(|value| value == "required") => {
                    Err(missing.into())
                }
                Err(missing) => Ok(Completion::ignored_with(missing)),
            }));
    }

    /// The same test twice: `…::with_javascript` and `…::without_javascript`.
    pub(crate) fn both_ways<T>(&mut self, name: &str, settings: &Settings, test: T)
    where
        T: AsyncFnOnce(&Browser) + Clone + Send + 'static,
    {
        let with = settings.clone().javascript(true);
        let without = settings.clone().javascript(false);
        self.test(&format!("{name}::with_javascript"), with, test.clone());
        self.test(&format!("{name}::without_javascript"), without, test);
    }

    pub(crate) fn into_trials(self) -> Vec<Trial> {
        self.trials
    }
}

fn run(driver: Arc<Driver>, settings: Settings, test: impl AsyncFnOnce(&Browser)) {
    let runtime = runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let test = async {
            let browser = Browser::open(driver, settings).await;
            test(&browser).await;
        };
        assert!(timeout(PATIENCE, test).await.is_ok(), "it hangs");
    });
}
