//! Calls [`Buyer::metadata`].

use std::panic::AssertUnwindSafe;

use axum::{
    body::{Body, Bytes},
    response::{ErrorResponse, IntoResponse, Response},
};
use futures_util::FutureExt;
use kelviq_core::{Metadata, MetadataError, ToMetadata};

use super::{buyer::Buyer, sale::Sale};
use crate::{body::read_body, reference::Reference};

/// Why there is no metadata. Each click of a double click gets a clone.
#[derive(Clone)]
pub(super) enum MetadataFailure {
    /// [`Buyer::metadata`] returned this response as an error.
    Response(Response<Bytes>),
    /// It panicked, or its response could not be read. This was logged with the reference.
    Internal(Reference),
}

/// Maximum size of the body of the application's response, which is kept for a second click.
const MAX_RESPONSE: usize = 64 * 1024;

/// Creates the metadata of a sale.
pub(super) async fn metadata_of(
    buyer: &impl Buyer,
    sale: &Sale<'_>,
) -> Result<Result<Metadata, MetadataError>, MetadataFailure> {
    let metadata = async { Ok(buyer.metadata(sale).await?.to_metadata()) };
    match AssertUnwindSafe(metadata).catch_unwind().await {
        Ok(Ok(metadata)) => Ok(metadata),
        Ok(Err(error)) => Err(buffer(error, sale).await),
        Err(_) => {
            // The panic hook has printed the message.
            tracing::error!(reference = %sale.reference(), offer = sale.offer(), "Buyer::metadata panicked");
            Err(MetadataFailure::Internal(sale.reference().clone()))
        }
    }
}

/// Reads the body of the application's response.
async fn buffer(error: ErrorResponse, sale: &Sale<'_>) -> MetadataFailure {
    let response = Err::<(), _>(error).into_response();
    let (mut parts, body) = response.into_parts();
    let (reference, offer) = (sale.reference(), sale.offer());
    let status = parts.status.as_u16();
    let Ok(body) = read_body(body, MAX_RESPONSE).await else {
        tracing::error!(
            %reference,
            offer,
            status,
            "the error response of Buyer::metadata could not be read: it must have at most 64 KiB and be complete within 10 s"
        );
        return MetadataFailure::Internal(reference.clone());
    };
    tracing::info!(%reference, offer, status, "Buyer::metadata returned an error response");
    parts.extensions.insert(reference.clone());
    MetadataFailure::Response(Response::from_parts(parts, body))
}

impl MetadataFailure {
    /// Returns the response of the application.
    ///
    /// # Errors
    ///
    /// Returns the reference of an internal error.
    pub(super) fn into_response(self) -> Result<Response, Reference> {
        match self {
            Self::Response(response) => Ok(response.map(Body::from)),
            Self::Internal(reference) => Err(reference),
        }
    }
}
