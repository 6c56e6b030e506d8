//! Replays the corpora.

#![allow(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use std::{collections::BTreeSet, fs, panic, path::Path};

use fuzz::TARGETS;

/// Returns the files of a folder, with their names.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<_> = entries
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, fs::read(path).unwrap())
        })
        .collect();
    files.sort();
    files
}

fn corpus() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus"))
}

#[test]
fn every_target_passes_on_its_corpus() {
    let mut findings = Vec::new();
    for (name, target) in TARGETS {
        let mut inputs = files(&corpus().join(name));
        assert!(!inputs.is_empty(), "the corpus of {name} is empty");
        if name == "events" {
            inputs.extend(files(&corpus().join("../../../kelviq-core/tests/fixtures")));
        }
        let mut accepted = 0;
        for (file, input) in &inputs {
            match panic::catch_unwind(|| target(input)) {
                Ok(is_accepted) => accepted += usize::from(is_accepted),
                Err(_) => findings.push(format!("{name}/{file}")),
            }
        }
        // Otherwise a target that rejects everything would pass.
        assert!(
            accepted * 5 >= inputs.len(),
            "{name} accepts only {accepted} of {} inputs",
            inputs.len()
        );
    }
    assert!(findings.is_empty(), "{findings:?}");
}

#[test]
fn every_corpus_and_every_program_has_its_target() {
    let names: BTreeSet<_> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    let folders = fs::read_dir(corpus()).unwrap();
    let folders: BTreeSet<_> = folders
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(folders, names);
    let programs = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/fuzz_targets");
    let programs: BTreeSet<_> = files(&programs)
        .into_iter()
        .map(|(file, _)| file.trim_end_matches(".rs").to_owned())
        .collect();
    assert_eq!(programs, names);
}
