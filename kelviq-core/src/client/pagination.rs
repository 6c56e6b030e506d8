//! Pagination: lists that Kelviq returns in pages.

use std::{
    fmt,
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll},
};

use futures_core::Stream;
use futures_util::stream;
use serde_json::value::RawValue;

use super::{api_response::ApiResponse, kelviq::Kelviq};
use crate::{error::Error, json::RawObject};

/// Default number of results per page. Kelviq's limit is 100.
pub(crate) const PAGE_SIZE: u32 = 50;

/// The results of a list, which is fetched page by page.
///
/// ```no_run
/// # async fn run(kelviq: kelviq_core::Kelviq) -> Result<(), kelviq_core::Error> {
/// use kelviq_core::ListCheckoutSessions;
///
/// let mut sessions = kelviq.list_checkout_sessions(ListCheckoutSessions::new());
/// while let Some(session) = sessions.try_next().await? {
///     println!("{:?}", session.id);
/// }
/// # Ok(())
/// # }
/// ```
///
/// It is also a [`Stream`].
#[must_use]
pub struct Pages<T> {
    results: Pin<Box<dyn Stream<Item = Result<T, Error>> + Send>>,
}

impl<T> Pages<T> {
    fn new(results: impl Stream<Item = Result<T, Error>> + Send + 'static) -> Self {
        Self {
            results: Box::pin(results),
        }
    }

    /// Returns the next result, or `None` after the last one. Fetches a page if it is needed.
    ///
    /// # Errors
    ///
    /// Returns an error if a page cannot be fetched. After an error, the list has ended.
    pub async fn try_next(&mut self) -> Result<Option<T>, Error> {
        poll_fn(|context| self.results.as_mut().poll_next(context))
            .await
            .transpose()
    }
}

impl<T> Stream for Pages<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.results.as_mut().poll_next(context)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.results.size_hint()
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").finish_non_exhaustive()
    }
}

/// Returns the results of all pages.
///
/// `read` reads one result, and returns `None` if it is not a JSON object. A page is fetched when the results of the previous
/// one are used up. The list ends after an error. An invalid query is the only result of its list.
pub(crate) fn paginate<T: Send + 'static>(
    kelviq: Kelviq,
    path: Vec<String>,
    query: Result<Vec<(&'static str, String)>, Error>,
    page_size: u32,
    read: fn(&str) -> Option<T>,
) -> Pages<T> {
    let query = match query {
        Ok(query) => query,
        Err(error) => return Pages::new(stream::iter([Err(error)])),
    };
    let page_size = page_size.to_string();
    let fetch_page = async move |number: u32| {
        let number = number.to_string();
        let path: Vec<_> = path.iter().map(String::as_str).collect();
        let query = query.iter().map(|(name, value)| (*name, value.as_str()));
        let query: Vec<_> = query
            .chain([("page_size", &*page_size), ("page", &number)])
            .collect();
        Page::from_response(&kelviq.get(&path, &query).await?, read)
    };
    let start = (fetch_page, Some(1), Vec::new().into_iter());
    let results = stream::try_unfold(start, async |(fetch_page, mut next, mut results)| {
        loop {
            if let Some(result) = results.next() {
                return Ok(Some((result, (fetch_page, next, results))));
            }
            let Some(number) = next else { return Ok(None) };
            let page = fetch_page(number).await?;
            next = page.has_next.then_some(number + 1);
            results = page.results.into_iter();
        }
    });
    Pages::new(results)
}

/// One page of results.
struct Page<T> {
    results: Vec<T>,
    has_next: bool,
}

impl<T> Page<T> {
    /// Reads `{"results": […], "next": …}`.
    ///
    /// The URL in `next` is not used, because the API key must only be sent to the base URL.
    fn from_response(response: &ApiResponse, read: fn(&str) -> Option<T>) -> Result<Self, Error> {
        let object = RawObject::parse_lenient(&response.body)
            .ok_or_else(|| response.unexpected("the body is not a JSON object"))?;
        let results: Vec<&RawValue> = object
            .raw("results")
            .and_then(|results| serde_json::from_str(results).ok())
            .ok_or_else(|| response.unexpected("the body has no list of results"))?;
        let has_next = object.raw("next").is_some_and(|next| next != "null");
        let page = Self {
            has_next: has_next && !results.is_empty(),
            results: results
                .iter()
                .filter_map(|result| read(result.get()))
                .collect(),
        };
        if page.results.is_empty() && !results.is_empty() {
            return Err(response.unexpected("the results are not JSON objects"));
        }
        Ok(page)
    }
}
