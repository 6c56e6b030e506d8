//! The application and its routes.

use leptos::prelude::*;
use leptos_router::{
    components::{Route, Routes},
    path,
};

use super::{
    account::YourAccount, cancelled::Cancelled, drafts::Drafts, layout::Layout,
    not_found::NotFound, orders::YourOrders, plans::Plans, thanks::Thanks, your_plan::YourPlan,
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
                <Route path=path!("/plan") view=YourPlan/>
                <Route path=path!("/drafts") view=Drafts/>
                <Route path=path!("/account") view=YourAccount/>
            </Routes>
        </Layout>
    }
}
