//! What the programs have in common.

use leptos::prelude::*;

/// The server function of the plain forms.
#[server]
#[allow(
    missing_docs,
    clippy::unused_async,
    reason = "server functions must be async; the arguments become fields"
)]
pub async fn buy(offer: String) -> Result<(), ServerFnError> {
    let _ = offer;
    Ok(())
}

/// What every Leptos application contains: an event listener and reactive text.
#[component]
pub fn Counter() -> impl IntoView {
    let count = RwSignal::new(0);
    view! { <button on:click=move |_| count.update(|count| *count += 1)>{count}</button> }
}

/// A plain form that calls a server function, and shows that it is busy.
#[component]
pub fn PlainForm() -> impl IntoView {
    let action = ServerAction::<Buy>::new();
    let pending = action.pending();
    view! {
        <ActionForm action=action>
            <input type="hidden" name="offer" value="pro-monthly"/>
            <button type="submit">"Go Pro"</button>
            {move || pending.get().then_some("Please wait…")}
        </ActionForm>
    }
}

/// Defines `App`, an application with 20 pages. Each has its own type and contains the view that `form!()` expands to.
#[macro_export]
macro_rules! application {
    () => {
        $crate::application! {
            Page1 Page2 Page3 Page4 Page5 Page6 Page7 Page8 Page9 Page10
            Page11 Page12 Page13 Page14 Page15 Page16 Page17 Page18 Page19 Page20
        }
    };
    ($($page:ident)*) => {
        $(
            #[component]
            fn $page() -> impl IntoView {
                view! {
                    <main>
                        <h1>{stringify!($page)}</h1>
                        {form!()}
                    </main>
                }
            }
        )*

        #[component]
        fn App() -> impl IntoView {
            view! {
                <Router>
                    <Routes fallback=|| "This page does not exist.">
                        $(<Route path=StaticSegment(stringify!($page)) view=$page/>)*
                    </Routes>
                </Router>
            }
        }

        fn main() {
            let app = view! { <App/> };
            let chunks = app.to_html_stream_out_of_order();
            println!("{}", std::mem::size_of_val(&chunks));
        }
    };
}
