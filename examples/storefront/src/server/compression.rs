//! Compression of files with gzip, which every browser accepts.

use std::{
    io::{self, Read},
    sync::Arc,
};

use axum::{
    body::Bytes,
    http::{HeaderMap, header::ACCEPT_ENCODING},
};
use flate2::{Compression, bufread::GzEncoder};
use tokio::{sync::Mutex, task::spawn_blocking};

/// The last compressed content of a file, with its tag. Clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Compressed(Arc<Mutex<Option<(String, Bytes)>>>);

impl Compressed {
    /// Returns the compressed content. Content with the same tag is compressed once, also for concurrent requests.
    ///
    /// # Errors
    ///
    /// Returns an error if the runtime shuts down.
    pub(super) async fn get(&self, tag: &str, content: Vec<u8>) -> io::Result<Bytes> {
        let mut last = self.0.lock().await;
        if let Some((known, bytes)) = &*last
            && known == tag
        {
            return Ok(bytes.clone());
        }
        let bytes = Bytes::from(spawn_blocking(move || gzip(&content)).await??);
        *last = Some((tag.to_owned(), bytes.clone()));
        Ok(bytes)
    }
}

fn gzip(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    GzEncoder::new(content, Compression::best()).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Whether a client accepts gzip. `gzip;q=0` rejects it.
pub(super) fn accepts_gzip(headers: &HeaderMap) -> bool {
    let values = headers.get_all(ACCEPT_ENCODING).iter();
    let mut codings = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    codings.any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, "q=1"));
        let weight = weight.trim().trim_start_matches(['q', 'Q', '=']);
        name.trim().eq_ignore_ascii_case("gzip")
            && weight.parse().is_ok_and(|weight: f32| weight > 0.0)
    })
}
