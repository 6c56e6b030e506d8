//! Chromium and its driver, if they are installed.

use std::{
    env,
    path::{Path, PathBuf},
};

const DRIVER: &str = "chromedriver";
const BROWSERS: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

pub(crate) struct Programs {
    pub(crate) driver: PathBuf,
    pub(crate) browser: PathBuf,
}

impl Programs {
    /// Finds both on `PATH`, or says what to install.
    pub(crate) fn find() -> Result<Self, String> {
        let browser = BROWSERS.into_iter().find_map(on_path);
        match (on_path(DRIVER), browser) {
            (Some(driver), Some(browser)) => Ok(Self { driver, browser }),
            (None, Some(_)) => Err(missing("chromedriver is")),
            (Some(_), None) => Err(missing("Chromium is")),
            (None, None) => Err(missing("Chromium and chromedriver are")),
        }
    }
}

fn missing(what: &str) -> String {
    format!(
        "{what} not on PATH: install Chromium and the chromedriver of its version, \
         on Debian with `apt-get install chromium chromium-driver`"
    )
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| is_program(file))
}

#[cfg(unix)]
fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;

    file.metadata()
        .is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(file: &Path) -> bool {
    file.is_file()
}
