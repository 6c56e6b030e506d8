//! The error of the creation of a checkout session.

use crate::rejection::Rejection;

/// Why no session was created. `F` is the error of the metadata.
#[derive(Clone)]
pub(crate) enum CreateError<F> {
    Rejection(Rejection),
    Metadata(F),
}
