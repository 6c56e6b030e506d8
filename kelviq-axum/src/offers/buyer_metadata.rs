//! Calls [`Buyer::metadata`].

use std::{panic::AssertUnwindSafe, time::Duration};

use axum::{
    body::{Body, Bytes},
    response::{ErrorResponse, IntoResponse, Response},
};
use futures_util::FutureExt;
use kelviq_core::{Metadata, MetadataError, ToMetadata};
use tokio::time::timeout;

use super::{buyer::Buyer, sale::Sale};
use crate::{body::read_body, reference::Reference};

/// Why there is no metadata. Each click of a double click gets a clone.
#[derive(Clone)]
pub(super) enum MetadataFailure {
    /// [`Buyer::metadata`] returned this response as an error.
    Response(Response<Bytes>),
    /// It panicked or took too long, or its response could not be read. This was logged with the reference.
    Internal(Reference),
}

/// Maximum size of the body of the application's response, which is kept for a second click.
const MAX_RESPONSE: usize = 64 * 1024;

/// Maximum time to wait for the metadata. Later clicks for the same purchase wait for the same call, also after the request
/// of the first click was cancelled.
const METADATA_TIMEOUT: Duration = Duration::from_secs(30);

/// Creates the metadata of a sale.
pub(super) async fn metadata_of(
    buyer: &impl Buyer,
    sale: &Sale<'_>,
) -> Result<Result<Metadata, MetadataError>, MetadataFailure> {
    let metadata = async {
        let metadata = buyer.metadata(sale).await;
        match metadata.map(|metadata| metadata.to_metadata()) {
            Ok(metadata) => Ok(metadata),
            Err(error) => Err(buffer(error, sale).await),
        }
    };
    let metadata = AssertUnwindSafe(metadata).catch_unwind();
    let (reference, offer) = (sale.reference(), sale.offer());
    match timeout(METADATA_TIMEOUT, metadata).await {
        Ok(Ok(metadata)) => return metadata,
        // The panic hook has printed the message.
        Ok(Err(_)) => tracing::error!(%reference, offer, "Buyer::metadata panicked"),
        Err(_) => {
            tracing::error!(%reference, offer, "timeout: Buyer::metadata must return within 30 s");
        }
    }
    Err(MetadataFailure::Internal(reference.clone()))
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
