//! The URLs that a buyer returns to.

use url::Url;

use crate::{address::path::add_reference, reference::Reference};

/// The URLs that a buyer returns to with and without having paid.
#[derive(Hash)]
pub(super) struct ReturnUrls {
    pub(super) success: Url,
    pub(super) cancel: Option<Url>,
}

impl ReturnUrls {
    /// Adds the reference to the query strings.
    pub(super) fn add_reference(&mut self, reference: &Reference) {
        add_reference(&mut self.success, reference);
        if let Some(url) = &mut self.cancel {
            add_reference(url, reference);
        }
    }
}
