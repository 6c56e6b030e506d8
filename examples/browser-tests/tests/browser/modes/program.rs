//! What the browser runs of the shop: built by `.ci/build-wasm`, not by cargo.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use super::mode::Mode;

const WORKSPACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// What it is made of, as far as this workspace is concerned.
const SOURCES: [&str; 3] = [
    "kelviq-core/src",
    "kelviq-leptos/src",
    "examples/browser-tests/src",
];

impl Mode {
    /// What `.ci/build-wasm` has called it.
    pub(crate) fn output_name(self) -> &'static str {
        match self {
            Self::Islands => "browser-tests-islands",
            _ => "browser-tests",
        }
    }

    /// The folder that it is in.
    pub(crate) fn site_root(self) -> PathBuf {
        let site = Path::new(WORKSPACE).join("target/site");
        site.join(self.output_name())
    }

    /// Whether it is there, where pages of this mode need it, and of this day: an old one fails in ways that nobody
    /// understands.
    pub(crate) fn is_built(self) -> Result<(), String> {
        if !self.rendering().hydrates() {
            return Ok(());
        }
        let name = self.output_name();
        let program = self.site_root().join(format!("pkg/{name}.wasm"));
        let built = program.metadata().and_then(|program| program.modified());
        let problem = match built {
            Err(_) => "missing",
            Ok(built) if newest_source().is_ok_and(|changed| built < changed) => "out of date",
            Ok(_) => return Ok(()),
        };
        let options = match self {
            Self::Islands => format!(" --features hydrate,islands --out {name}"),
            _ => String::new(),
        };
        Err(format!(
            "what the browser runs is {problem}: `.ci/build-wasm browser-tests{options}` builds it"
        ))
    }
}

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
