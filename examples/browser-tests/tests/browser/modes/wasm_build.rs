//! The WebAssembly of the shop, which is built by `.ci/build-wasm` rather than by cargo.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use super::mode::Mode;

const WORKSPACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// The source folders of this workspace that it is built from.
const SOURCES: [&str; 3] = [
    "kelviq-core/src",
    "kelviq-leptos/src",
    "examples/browser-tests/src",
];

impl Mode {
    /// The `--out` name in `.ci/build-wasm`.
    pub(crate) fn output_name(self) -> &'static str {
        match self {
            Self::Islands => "browser-tests-islands",
            Self::ClientOnly => "browser-tests-csr",
            _ => "browser-tests",
        }
    }

    /// The folder that contains the build.
    pub(crate) fn site_root(self) -> PathBuf {
        let site = Path::new(WORKSPACE).join("target/site");
        site.join(self.output_name())
    }

    /// Checks that the build exists and is newer than its sources, if this mode hydrates pages.
    pub(crate) fn check_build(self) -> Result<(), String> {
        if !self.rendering().hydrates() {
            return Ok(());
        }
        let name = self.output_name();
        let file = self.site_root().join(format!("pkg/{name}.wasm"));
        let built = file.metadata().and_then(|file| file.modified());
        let problem = match built {
            Err(_) => "missing",
            Ok(built) if newest_source().is_ok_and(|changed| built < changed) => "out of date",
            Ok(_) => return Ok(()),
        };
        let options = match self {
            Self::Islands => format!(" --features hydrate,islands --out {name}"),
            Self::ClientOnly => format!(" --features csr --out {name}"),
            _ => String::new(),
        };
        Err(format!(
            "the WebAssembly is {problem}; `.ci/build-wasm browser-tests{options}` builds it"
        ))
    }
}

/// Returns the time of the latest change to a source file.
fn newest_source() -> io::Result<SystemTime> {
    let mut newest = SystemTime::UNIX_EPOCH;
    let mut folders: Vec<_> = SOURCES.map(|path| Path::new(WORKSPACE).join(path)).into();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else {
                newest = newest.max(entry.metadata()?.modified()?);
            }
        }
    }
    Ok(newest)
}
