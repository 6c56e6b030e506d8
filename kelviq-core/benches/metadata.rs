//! Time of metadata operations by number of keys: `cargo bench -p kelviq-core --bench metadata`.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use kelviq_core::{Metadata, MetadataError};

fn main() -> Result<(), MetadataError> {
    for count in [10, 1_000, 10_000] {
        let keys: Vec<String> = (0..count).map(|number| format!("key_{number}")).collect();

        let mut metadata = Metadata::new();
        let insert = time(|| {
            keys.iter()
                .try_for_each(|key| metadata.insert(key, "value"))
        })?;
        let replace = time(|| {
            keys.iter()
                .try_for_each(|key| metadata.insert(key, "another value"))
        })?;
        let text = metadata.as_json().to_owned();

        let metadata = Metadata::from_json(text)?;
        let get_once = time(|| metadata.get::<String>(&keys[count / 2]).map(black_box))?;
        let get = time(|| {
            keys.iter()
                .try_for_each(|key| metadata.get::<String>(key).map(black_box).map(drop))
        })?;
        println!(
            "{count} keys: insert all {insert:?}, replace all {replace:?}, get one {get_once:?}, get all {get:?}"
        );
    }
    Ok(())
}

fn time<T>(run: impl FnOnce() -> Result<T, MetadataError>) -> Result<Duration, MetadataError> {
    let start = Instant::now();
    run()?;
    Ok(start.elapsed())
}
