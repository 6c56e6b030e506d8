//! Pagination: streams over lists that Kelviq returns in pages.

use futures_core::Stream;
use futures_util::stream;
use serde_json::value::RawValue;

use super::{api_response::ApiResponse, kelviq::Kelviq};
use crate::{error::Error, json::RawObject, model::Model};

/// Default number of results per page. Kelviq's limit is 100.
pub(crate) const PAGE_SIZE: u32 = 50;

/// Returns a stream over the results of all pages.
///
/// A page is fetched when the results of the previous one are used up. The stream ends after an error.
pub(crate) fn paginate<T: Model + Send>(
    kelviq: Kelviq,
    path: Vec<String>,
    query: Vec<(&'static str, String)>,
    page_size: u32,
) -> impl Stream<Item = Result<T, Error>> + Send {
    let page_size = page_size.to_string();
    let fetch_page = async move |number: u32| {
        let number = number.to_string();
        let path: Vec<_> = path.iter().map(String::as_str).collect();
        let query = query.iter().map(|(name, value)| (*name, value.as_str()));
        let query: Vec<_> = query
            .chain([("page_size", &*page_size), ("page", &number)])
            .collect();
        Page::from_response(&kelviq.get(&path, &query).await?)
    };
    let start = (fetch_page, Some(1), Vec::new().into_iter());
    stream::try_unfold(start, async |(fetch_page, mut next, mut results)| {
        loop {
            if let Some(result) = results.next() {
                return Ok(Some((result, (fetch_page, next, results))));
            }
            let Some(number) = next else { return Ok(None) };
            let page = fetch_page(number).await?;
            next = page.has_next.then_some(number + 1);
            results = page.results.into_iter();
        }
    })
}

/// One page of results.
struct Page<T> {
    results: Vec<T>,
    has_next: bool,
}

impl<T: Model> Page<T> {
    /// Reads `{"results": […], "next": …}`.
    ///
    /// The URL in `next` is not used, because the API key must only be sent to the base URL.
    fn from_response(response: &ApiResponse) -> Result<Self, Error> {
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
                .filter_map(|result| RawObject::parse_lenient(result.get()))
                .map(|object| T::read_fields(&object))
                .collect(),
        };
        if page.results.is_empty() && !results.is_empty() {
            return Err(response.unexpected("the results are not JSON objects"));
        }
        Ok(page)
    }
}
