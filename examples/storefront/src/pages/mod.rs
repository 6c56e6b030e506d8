//! The pages: rendered on the server, and taken over by the browser. Both have to come to the same views.

#![expect(
    unreachable_pub,
    reason = "the component macro makes a hidden `pub` function of each component"
)]

mod cancelled;
pub(crate) mod frame;
mod not_found;
mod order;
mod orders;
mod plans;
mod refused;
mod thanks;

use leptos::prelude::*;
use leptos_router::{
    components::{Route, Routes},
    path,
};

use self::{
    cancelled::Cancelled, frame::Frame, not_found::NotFound, orders::YourOrders, plans::Plans,
    thanks::Thanks,
};

/// The application: which page is at which path.
#[component]
pub(crate) fn App() -> impl IntoView {
    view! {
        <Frame>
            <Routes fallback=NotFound>
                <Route path=path!("/") view=Plans/>
                <Route path=path!("/thanks") view=Thanks/>
                <Route path=path!("/cancelled") view=Cancelled/>
                <Route path=path!("/orders") view=YourOrders/>
            </Routes>
        </Frame>
    }
}

/// Where people answer.
#[component]
fn Help() -> impl IntoView {
    view! { <a href="mailto:help@quillmoor.example">"help@quillmoor.example"</a> }
}

/// The status of the page, where the server renders it.
fn answer_with(status: u16) {
    #[cfg(feature = "ssr")]
    crate::server::set_status(status);
    #[cfg(not(feature = "ssr"))]
    let _ = status;
}
