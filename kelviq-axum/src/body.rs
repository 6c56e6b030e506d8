//! Reads a request body with a size limit and a timeout.

use std::time::Duration;

use axum::{
    body::{Body, Bytes, HttpBody},
    http::{HeaderValue, StatusCode, header::CONNECTION},
    response::Response,
};
use http_body_util::{BodyExt, LengthLimitError};
use tokio::{sync::Semaphore, time::timeout};

use crate::{
    byte_budget::{ByteBudget, Reservation},
    short_timer::keep_short_timer,
};

/// Maximum time to wait for the whole request body.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// Reads a request body of at most `limit` bytes.
///
/// # Errors
///
/// Returns the status for the response:
///
/// - 413 if the body is larger than `limit`,
/// - 408 if it is not complete within [`BODY_TIMEOUT`],
/// - 400 if the connection breaks.
///
/// The rest of the body is [drained](drain).
pub(crate) async fn read_body(body: Body, limit: usize) -> Result<Bytes, StatusCode> {
    read(body, limit, None).await
}

/// Like [`read_body`], for bodies that count against `budget` until the reservation is dropped.
///
/// # Errors
///
/// Returns the statuses of [`read_body`], and 503 if the budget is exhausted.
pub(crate) async fn read_body_within(
    body: Body,
    limit: usize,
    budget: &ByteBudget,
) -> Result<(Bytes, Reservation<'_>), StatusCode> {
    let mut reservation = budget.reservation();
    let bytes = read(body, limit, Some(&mut reservation)).await?;
    Ok((bytes, reservation))
}

async fn read(
    mut body: Body,
    limit: usize,
    reservation: Option<&mut Reservation<'_>>,
) -> Result<Bytes, StatusCode> {
    if body.size_hint().lower() > limit as u64 {
        drain(body);
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    keep_short_timer();
    let collected = timeout(BODY_TIMEOUT, collect(&mut body, limit, reservation)).await;
    let result = collected.unwrap_or(Err(StatusCode::REQUEST_TIMEOUT));
    if result.is_err() {
        drain_if_idle(body);
    }
    result
}

/// Collects the frames of a body.
///
/// Their data is copied, because a frame of a few bytes can keep a large buffer of the connection alive.
async fn collect(
    body: &mut Body,
    limit: usize,
    mut reservation: Option<&mut Reservation<'_>>,
) -> Result<Bytes, StatusCode> {
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| status_of(&error))?;
        let Ok(data) = frame.into_data() else {
            continue; // trailers
        };
        if data.len() > limit - bytes.len() {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        if let Some(reservation) = &mut reservation
            && !reservation.grow_to(bytes.len() + data.len())
        {
            return Err(StatusCode::SERVICE_UNAVAILABLE);
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes.into())
}

/// Also finds the limit of a layer around the route, at any depth of the error's source chain.
fn status_of(error: &axum::Error) -> StatusCode {
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        if error.is::<LengthLimitError>() {
            return StatusCode::PAYLOAD_TOO_LARGE;
        }
        source = error.source();
    }
    StatusCode::BAD_REQUEST
}

/// Maximum time for which the rest of a body is read after the response.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(2);

/// Maximum number of bytes that are read of such a rest. They are not kept.
const DRAIN_LIMIT: usize = 64 * 1024 * 1024;

/// Time between the rejection and the first read of the rest. hyper sends `100 Continue` when an unread body is read
/// before the response, and the sender would then send a body that is already rejected.
const DRAIN_DELAY: Duration = Duration::from_millis(20);

/// Maximum number of bodies that are drained at the same time. For each, hyper keeps a buffer of up to 400 KiB.
static DRAINS: Semaphore = Semaphore::const_new(32);

/// Reads and drops the rest of an unread body in the background, while the response is sent.
///
/// A connection that is closed with unread data is reset. Many clients, and proxies such as nginx, then lose the response.
pub(crate) fn drain(body: Body) {
    spawn_drain(body, DRAIN_TIMEOUT);
}

/// Size up to which hyper itself reads the rest of a body.
const SMALL_BODY: u64 = 4 * 1024;

/// Adds `Connection: close` to the response to a request whose body is not read, and [drains](drain) the body. For a small
/// body, the connection stays open.
pub(crate) fn respond_unread(mut response: Response, body: Body) -> Response {
    let is_small = body
        .size_hint()
        .upper()
        .is_some_and(|size| size <= SMALL_BODY);
    if !is_small {
        let headers = response.headers_mut();
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
        drain(body);
    }
    response
}

/// Like [`drain`], for a body of which a part was read. The connection's buffer may have grown, so the body does not wait
/// while other bodies are drained, but is dropped.
fn drain_if_idle(body: Body) {
    spawn_drain(body, Duration::ZERO);
}

fn spawn_drain(mut body: Body, max_wait: Duration) {
    if body.is_end_stream() {
        return;
    }
    tokio::spawn(async move {
        let Ok(Ok(_permit)) = timeout(max_wait, DRAINS.acquire()).await else {
            return;
        };
        tokio::time::sleep(DRAIN_DELAY).await;
        let rest = async {
            let mut drained = 0;
            while drained < DRAIN_LIMIT
                && let Some(Ok(frame)) = body.frame().await
            {
                drained += frame.data_ref().map_or(0, Bytes::len);
            }
        };
        // A timeout also ends the connection, because hyper closes it when the body is dropped.
        let _ = timeout(DRAIN_TIMEOUT, rest).await;
    });
}
