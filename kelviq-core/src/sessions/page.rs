//! Lists that come page by page.

use futures_core::Stream;
use futures_util::stream;
use serde_json::value::RawValue;

use crate::{Error, Kelviq, client::ApiResponse, json::RawObject, model::Model};

/// How many results are asked for at a time; Kelviq's limit is 100.
const PAGE_SIZE: &str = "50";

/// The results of all pages, one after the other; a page is asked for when the one before is used up. An error ends it.
pub(super) fn pages<T: Model + Send>(
    kelviq: Kelviq,
    path: Vec<String>,
    query: Vec<(&'static str, String)>,
) -> impl Stream<Item = Result<T, Error>> + Send {
    let get = async move |number: u32| {
        let number = number.to_string();
        let path: Vec<_> = path.iter().map(String::as_str).collect();
        let query = query.iter().map(|(name, value)| (*name, value.as_str()));
        let query: Vec<_> = query
            .chain([("page_size", PAGE_SIZE), ("page", &number)])
            .collect();
        Page::read(&kelviq.get(&path, &query).await?)
    };
    let start = (get, Some(1), Vec::new().into_iter());
    stream::try_unfold(start, async |(get, mut next, mut results)| {
        loop {
            if let Some(result) = results.next() {
                return Ok(Some((result, (get, next, results))));
            }
            let Some(number) = next else { return Ok(None) };
            let page = get(number).await?;
            next = page.has_next.then_some(number + 1);
            results = page.results.into_iter();
        }
    })
}

/// The results of a page, and whether there is another.
struct Page<T> {
    results: Vec<T>,
    has_next: bool,
}

impl<T: Model> Page<T> {
    /// Reads `{"results": […], "next": …}`. The address in `next` is not used: the key goes to the base URL only.
    fn read(answer: &ApiResponse) -> Result<Self, Error> {
        let object = RawObject::parse_lenient(&answer.body)
            .ok_or_else(|| answer.unexpected("it is not a JSON object"))?;
        let results: Vec<&RawValue> = object
            .raw("results")
            .and_then(|results| serde_json::from_str(results).ok())
            .ok_or_else(|| answer.unexpected("it has no list of results"))?;
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
            return Err(answer.unexpected("its results are not objects"));
        }
        Ok(page)
    }
}
