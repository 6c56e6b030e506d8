//! The installed browser and its driver.

use std::{
    env,
    path::{Path, PathBuf},
};

use super::engine::Engine;

/// The paths of the executables.
pub(crate) struct Installation {
    pub(crate) engine: Engine,
    pub(crate) driver: PathBuf,
    /// `None` if the driver finds the browser.
    pub(crate) browser: Option<PathBuf>,
}

impl Installation {
    /// Finds the executables on `PATH`.
    ///
    /// # Errors
    ///
    /// Returns a message that names what is missing and how to install it.
    pub(crate) fn find(engine: Engine) -> Result<Self, String> {
        let names = engine.browsers();
        let browser = names.iter().find_map(|name| find_on_path(name));
        let driver = find_on_path(engine.driver());
        let mut missing = Vec::new();
        if browser.is_none() {
            missing.extend(names.first().copied());
        }
        if driver.is_none() {
            missing.push(engine.driver());
        }
        match driver {
            Some(driver) if missing.is_empty() => Ok(Self {
                engine,
                driver,
                browser,
            }),
            _ => Err(format!(
                "{} not found on PATH; `{}` installs what is missing on Debian",
                missing.join(" and "),
                engine.install_command()
            )),
        }
    }
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
