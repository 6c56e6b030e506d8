//! The application and its routes.

use leptos::prelude::*;
use leptos_router::{
    components::{Route, Routes},
    path,
};

use super::{
    account::YourAccount, cancelled::Cancelled, layout::Layout, not_found::NotFound,
    orders::YourOrders, plans::Plans, thanks::Thanks,
};

/// The application: a page for each path.
#[component]
pub(crate) fn App() -> impl IntoView {
    view! {
        <Layout>
            <Routes fallback=NotFound>
                <Route path=path!("/") view=Plans/>
                <Route path=path!("/thanks") view=Thanks/>
                <Route path=path!("/cancelled") view=Cancelled/>
                <Route path=path!("/orders") view=YourOrders/>
                <Route path=path!("/account") view=YourAccount/>
            </Routes>
        </Layout>
    }
}
