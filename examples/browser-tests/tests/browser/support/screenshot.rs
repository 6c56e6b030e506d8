//! Pictures for people, when they ask for them.

use std::{
    env, fs,
    path::PathBuf,
    sync::atomic::{AtomicUsize, Ordering},
};

use super::browser::Browser;

/// The folder for pictures: absolute, or relative to the package, where Cargo runs its tests.
const FOLDER: &str = "SCREENSHOTS";

/// Tests run side by side, and in several ways.
static TAKEN: AtomicUsize = AtomicUsize::new(1);

impl Browser {
    /// Writes what the window shows to a file, if `SCREENSHOTS` names a folder.
    pub(crate) async fn screenshot(&self, name: &str) {
        let Some(folder) = env::var_os(FOLDER).map(PathBuf::from) else {
            return;
        };
        let picture = self.client.screenshot().await.unwrap();
        let number = TAKEN.fetch_add(1, Ordering::Relaxed);
        let (width, _) = self.settings.viewport;
        let scheme = if self.settings.dark { "-dark" } else { "" };
        let script = if self.settings.javascript {
            ""
        } else {
            "-no-js"
        };
        fs::create_dir_all(&folder).unwrap();
        let file = folder.join(format!("{number:02}-{name}-{width}{scheme}{script}.png"));
        fs::write(file, picture).unwrap();
    }
}
