//! The list of tests, and how each test runs.

use std::{env, sync::Arc, time::Duration};

use libtest_mimic::{Completion, Trial};
use tokio::{runtime, time::timeout};

use super::{browser::Browser, engine::Engine, installation::Installation, settings::Settings};

/// The environment variable that makes missing requirements fail tests, if it is `required`.
const REQUIRED_ENV: &str = "BROWSER_TESTS";

/// Maximum duration of a test.
const TEST_TIMEOUT: Duration = Duration::from_secs(150);

pub(crate) struct Suite {
    /// Required to run the tests, but not to list them.
    installation: Option<Arc<Installation>>,
    trials: Vec<Trial>,
}

impl Suite {
    pub(crate) fn new(installation: Option<Installation>) -> Self {
        Self {
            installation: installation.map(Arc::new),
            trials: Vec::new(),
        }
    }

    /// Returns the engine of the browser. `None` if the tests are only listed.
    pub(crate) fn engine(&self) -> Option<Engine> {
        Some(self.installation.as_ref()?.engine)
    }

    /// Adds a test, which runs in its own browser and async runtime.
    pub(crate) fn test<T>(&mut self, name: &str, settings: Settings, test: T)
    where
        T: AsyncFnOnce(&Browser) + Send + 'static,
    {
        self.test_if(Ok(()), name, settings, test);
    }

    /// Adds a test with another requirement besides a browser. `available` is an error if that is missing.
    pub(crate) fn test_if<T>(
        &mut self,
        available: Result<(), String>,
        name: &str,
        settings: Settings,
        test: T,
    ) where
        T: AsyncFnOnce(&Browser) + Send + 'static,
    {
        let installation = self.installation.clone();
        self.trials.push(Trial::ignorable_test(name, move || {
            let installation = installation.expect("a browser is required");
            if let Some(reason) = settings.unsupported_reason(installation.engine) {
                return Ok(Completion::ignored_with(reason));
            }
            match available {
                Ok(()) => run(installation, settings, test),
                Err(missing) if is_required() => return Err(missing.into()),
                Err(missing) => return Ok(Completion::ignored_with(missing)),
            }
            Ok(Completion::Completed)
        }));
    }

    /// Adds the tests `{name}::with_javascript` and `{name}::without_javascript`.
    pub(crate) fn test_with_and_without_javascript<T>(
        &mut self,
        name: &str,
        settings: &Settings,
        test: T,
    ) where
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

/// Whether missing requirements are failures.
pub(crate) fn is_required() -> bool {
    env::var_os(REQUIRED_ENV).is_some_and(|value| value == "required")
}

fn run(installation: Arc<Installation>, settings: Settings, test: impl AsyncFnOnce(&Browser)) {
    let runtime = runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let test = async {
            let browser = Browser::open(installation, settings).await;
            test(&browser).await;
        };
        let result = timeout(TEST_TIMEOUT, test).await;
        assert!(result.is_ok(), "the test took longer than {TEST_TIMEOUT:?}");
    });
}
