//! The success page among other asynchronous parts of a page.

use std::{sync::Arc, time::Duration};

use axum::{
    body::Body,
    http::{Request, header, request::Parts},
    routing::get,
};
use kelviq_leptos::{CheckoutLayer, CheckoutStatus};
use leptos::prelude::*;
use leptos_axum::{render_app_async, render_app_to_stream, render_app_to_stream_in_order};
use tokio::{task::yield_now, time::sleep};

use crate::{
    status::{order, store_order},
    support::{MODES, Store},
};

const NEIGHBOURS: [&str; 6] = [
    "local-resource",
    "resource",
    "suspense",
    "transition",
    "await",
    "local-resource-in-suspense",
];

const VISITS: usize = 20;

/// An order that is found after a part of the page has been rendered.
async fn find_order(reference: String) -> Result<Option<String>, ServerFnError> {
    sleep(Duration::from_millis(2)).await;
    order(reference).await
}

#[component]
fn Status() -> impl IntoView {
    view! {
        <CheckoutStatus order=find_order let:order>
            <p>{order}</p>
        </CheckoutStatus>
    }
}

async fn load() -> u8 {
    for _ in 0..5 {
        yield_now().await;
    }
    7
}

/// A part of a page that loads asynchronously, around `content`.
fn neighbour<V: IntoView + 'static>(
    kind: &str,
    content: impl Fn() -> V + Clone + Send + Sync + 'static,
) -> AnyView {
    match kind {
        "local-resource" => {
            let local = LocalResource::new(load);
            view! { <i>{move || local.get()}</i> {content()} }.into_any()
        }
        "resource" => {
            let resource = Resource::new(|| (), |()| load());
            view! { {Suspend::new(async move { view! { <i>{resource.await}</i> {content()} } })} }
                .into_any()
        }
        "suspense" => {
            let resource = Resource::new(|| (), |()| load());
            view! {
                <Suspense>
                    <i>{move || resource.get()}</i>
                    {content()}
                </Suspense>
            }
            .into_any()
        }
        "transition" => {
            let resource = Resource::new(|| (), |()| load());
            view! {
                <Transition>
                    {move || {
                        let content = content.clone();
                        Suspend::new(async move { view! { <i>{resource.await}</i> {content()} } })
                    }}
                </Transition>
            }
            .into_any()
        }
        "await" => view! {
            <Await future=load() let:loaded>
                <i>{*loaded}</i>
                {content()}
            </Await>
        }
        .into_any(),
        "local-resource-in-suspense" => {
            let local = LocalResource::new(load);
            view! {
                <Suspense fallback=|| "Loading…">
                    <i>{move || local.get()}</i>
                </Suspense>
                {content()}
            }
            .into_any()
        }
        other => unreachable!("{other}"),
    }
}

/// The page at `/{mode}/{neighbour}/{place}`.
#[component]
fn Page() -> impl IntoView {
    let path = expect_context::<Parts>().uri.path().to_owned();
    let mut segments = path.split('/').skip(2);
    let (kind, place) = (segments.next().unwrap(), segments.next().unwrap());
    let body = match place {
        "before" => view! { <Status/> {neighbour(kind, || ())} }.into_any(),
        "after" => view! { {neighbour(kind, || ())} <Status/> }.into_any(),
        "between" => {
            view! { {neighbour(kind, || ())} <div><Status/></div> {neighbour(kind, || ())} }
                .into_any()
        }
        "inside" => neighbour(kind, || view! { <b><Status/></b> }),
        other => unreachable!("{other}"),
    };
    view! { <main>{body}</main> }
}

async fn store() -> Store {
    const LAYOUT: &str = "{neighbour}/{place}";
    Store::with_layer(|router, offers| {
        let page = || view! { <Page/> };
        router
            .route(&format!("/async/{LAYOUT}"), get(render_app_async(page)))
            .route(
                &format!("/in-order/{LAYOUT}"),
                get(render_app_to_stream_in_order(page)),
            )
            .route(
                &format!("/out-of-order/{LAYOUT}"),
                get(render_app_to_stream(page)),
            )
            .layer(CheckoutLayer::new(offers))
    })
    .await
}

/// Renders the page many times at once.
async fn visit(store: &Arc<Store>, path: &str, reference: &str) -> Vec<String> {
    let visits: Vec<_> = (0..VISITS)
        .map(|_| {
            let store = Arc::clone(store);
            let request = Request::get(format!("{path}?reference={reference}"))
                .header(header::HOST, "app.example.com")
                .body(Body::empty())
                .unwrap();
            tokio::spawn(async move { store.send(request).await.body })
        })
        .collect();
    let mut pages = Vec::new();
    for visit in visits {
        pages.push(visit.await.unwrap());
    }
    pages
}

/// Removes the parts of a page that only a script can insert.
fn without_templates(page: &str) -> String {
    let mut parts = page.split("<template");
    let mut rest = parts.next().unwrap().to_owned();
    for part in parts {
        rest += part.split_once("</template>").unwrap().1;
    }
    rest
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_beside_the_status_removes_it() {
    let store = Arc::new(store().await);
    let reference = format!("{:032x}", 0xa1);
    store_order(&reference, "Pro");
    for mode in MODES {
        for kind in NEIGHBOURS {
            for place in ["before", "after", "between"] {
                let path = format!("/{mode}/{kind}/{place}");
                for page in visit(&store, &path, &reference).await {
                    let page = without_templates(&page);
                    assert_eq!(page.matches("<p>Pro</p>").count(), 1, "{path}: {page}");
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_status_is_rendered_inside_other_asynchronous_parts() {
    let store = Arc::new(store().await);
    let reference = format!("{:032x}", 0xa2);
    store_order(&reference, "Pro");
    for mode in MODES {
        for kind in NEIGHBOURS {
            let path = format!("/{mode}/{kind}/inside");
            for page in visit(&store, &path, &reference).await {
                assert_eq!(page.matches("<p>Pro</p>").count(), 1, "{path}: {page}");
                // A script inserts the status at the marker.
                let (before, inside) = page.split_once("<b>").unwrap();
                let is_status = inside.starts_with("<div role") || inside.starts_with("<!--s-");
                let is_after = before.contains("<i>") || before.contains("Loading…");
                assert!(is_status && is_after, "{path}: {page}");
            }
        }
    }
}
