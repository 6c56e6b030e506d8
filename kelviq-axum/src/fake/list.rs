//! Lists that are filtered by date and returned in pages.

use std::{collections::HashMap, time::SystemTime};

use axum::{
    Json,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use jiff::civil::Date;
use serde_json::{Map, json};
use url::Url;

use super::{raw_json::with_raw_field, response::detail, timestamp::date_of};

/// The parameters of a query string.
pub(super) type QueryMap = HashMap<String, String>;

/// An item of a list.
pub(super) struct Item<F> {
    /// The time that the date filters apply to.
    pub(super) time: SystemTime,
    /// Creates the JSON. Only called for the items of the page.
    pub(super) json: F,
}

const DEFAULT_PAGE_SIZE: usize = 10;
const MAX_PAGE_SIZE: usize = 100;

/// Creates the response with the page of the items that the query asks for, filtered by `start_date` and `end_date`. `url`
/// is the URL of the list.
pub(super) fn page_by_date<F: FnOnce() -> String>(
    url: &str,
    query: &QueryMap,
    items: impl IntoIterator<Item = Item<F>>,
) -> Response {
    let mut errors = Map::new();
    let mut date = |name: &str| {
        let text = query.get(name).filter(|text| !text.is_empty())?;
        // jiff also parses a date with a time.
        let date = text.parse().ok().filter(|_| text.len() == 10);
        if date.is_none() {
            errors.insert(name.to_owned(), json!(["Enter a valid date."]));
        }
        date
    };
    let (start, end): (Option<Date>, Option<Date>) = (date("start_date"), date("end_date"));
    if !errors.is_empty() {
        return (StatusCode::BAD_REQUEST, Json(errors)).into_response();
    }
    let items = items.into_iter().filter(|item| {
        let day = date_of(item.time);
        start.is_none_or(|start| day >= start) && end.is_none_or(|end| day <= end)
    });
    page(url, query, items.map(|item| item.json).collect())
}

/// Creates the response with the page of the items that the query asks for. The items return their JSON.
pub(super) fn page<F: FnOnce() -> String>(url: &str, query: &QueryMap, items: Vec<F>) -> Response {
    let count = items.len();
    let number = |name: &str| query.get(name)?.parse::<usize>().ok();
    let page_size = number("page_size").filter(|size| *size > 0);
    let page_size = page_size.unwrap_or(DEFAULT_PAGE_SIZE).min(MAX_PAGE_SIZE);
    let last_page = count.div_ceil(page_size).max(1);
    let page = if query.contains_key("page") {
        number("page")
    } else {
        Some(1)
    };
    let Some(page) = page.filter(|page| (1..=last_page).contains(page)) else {
        return detail(StatusCode::NOT_FOUND, "Invalid page.");
    };
    let results: Vec<_> = items
        .into_iter()
        .skip((page - 1) * page_size)
        .take(page_size)
        .map(|json| json())
        .collect();
    let response = json!({
        "count": count,
        "next": (page < last_page).then(|| url_of_page(url, query, page + 1)),
        "previous": (page > 1).then(|| url_of_page(url, query, page - 1)),
    });
    let response = with_raw_field(&response, "results", &format!("[{}]", results.join(",")));
    ([(CONTENT_TYPE, "application/json")], response).into_response()
}

fn url_of_page(url: &str, query: &QueryMap, page: usize) -> Option<String> {
    let mut parameters: Vec<_> = query.iter().filter(|(name, _)| *name != "page").collect();
    parameters.sort();
    let mut url = Url::parse_with_params(url, parameters).ok()?;
    url.query_pairs_mut().append_pair("page", &page.to_string());
    Some(url.into())
}
