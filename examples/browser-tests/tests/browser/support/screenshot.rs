//! Screenshots, if a folder for them is set.

use std::{
    env, fs,
    path::PathBuf,
    sync::atomic::{AtomicUsize, Ordering},
};

use super::browser::Browser;

/// The environment variable with the folder. A relative path is relative to the package.
const FOLDER_ENV: &str = "SCREENSHOTS";

/// The number of the next screenshot. Makes names unique, because several tests take screenshots with the same name.
static NEXT_NUMBER: AtomicUsize = AtomicUsize::new(1);

impl Browser {
    /// Writes a screenshot of the window to a file, if `SCREENSHOTS` is set.
    pub(crate) async fn screenshot(&self, name: &str) {
        let Some(folder) = env::var_os(FOLDER_ENV).map(PathBuf::from) else {
            return;
        };
        let png = self.client.screenshot().await.unwrap();
        let engine = self.engine().name();
        let number = NEXT_NUMBER.fetch_add(1, Ordering::Relaxed);
        let (width, _) = self.settings.viewport;
        let scheme = if self.settings.dark { "-dark" } else { "" };
        let script = if self.settings.javascript {
            ""
        } else {
            "-no-js"
        };
        fs::create_dir_all(&folder).unwrap();
        let file = folder.join(format!(
            "{engine}-{number:03}-{name}-{width}{scheme}{script}.png"
        ));
        fs::write(file, png).unwrap();
    }
}
