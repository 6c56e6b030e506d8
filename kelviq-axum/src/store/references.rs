//! The references of a store, for a shop that does not depend on the store's type.

use std::{error::Error, pin::Pin};

use super::store_trait::Store;

type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, BoxError>> + Send + 'a>>;
pub(crate) type BoxError = Box<dyn Error + Send + Sync>;

/// The part of a [`Store`] with the references, without the store's type.
pub(crate) trait References: Send + Sync {
    fn insert<'a>(&'a self, reference: &'a str, session_id: &'a str) -> BoxFuture<'a, ()>;
    fn session_id<'a>(&'a self, reference: &'a str) -> BoxFuture<'a, Option<String>>;
}

impl<S: Store> References for S {
    fn insert<'a>(&'a self, reference: &'a str, session_id: &'a str) -> BoxFuture<'a, ()> {
        Box::pin(async move { Ok(self.insert_reference(reference, session_id).await?) })
    }

    fn session_id<'a>(&'a self, reference: &'a str) -> BoxFuture<'a, Option<String>> {
        Box::pin(async move { Ok(Store::session_id(self, reference).await?) })
    }
}
