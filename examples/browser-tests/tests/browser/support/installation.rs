//! The installed Chromium and chromedriver.

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

/// The paths of the executables.
pub(crate) struct Installation {
    pub(crate) driver: PathBuf,
    pub(crate) browser: PathBuf,
}

impl Installation {
    /// Finds the executables on `PATH`.
    ///
    /// # Errors
    ///
    /// Returns a message that names what is missing and how to install it.
    pub(crate) fn find() -> Result<Self, String> {
        let browser = BROWSERS.into_iter().find_map(find_on_path);
        match (find_on_path(DRIVER), browser) {
            (Some(driver), Some(browser)) => Ok(Self { driver, browser }),
            (None, Some(_)) => Err(missing("chromedriver is")),
            (Some(_), None) => Err(missing("Chromium is")),
            (None, None) => Err(missing("Chromium and chromedriver are")),
        }
    }
}

fn missing(subject: &str) -> String {
    format!("{subject} not on PATH; `.ci/install-browser-tools` installs them on Debian")
}

fn find_on_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| is_executable(file))
}

#[cfg(unix)]
fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;

    file.metadata()
        .is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(file: &Path) -> bool {
    file.is_file()
}
