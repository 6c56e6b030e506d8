//! The HTML that the server sends.

use kelviq_leptos::CheckoutButton;
use leptos::prelude::*;

fn html<V: IntoView>(view: impl FnOnce() -> V) -> String {
    let html = Owner::new().with(|| view().into_view().to_html());
    // Markers for hydration, which are no part of what a visitor gets.
    html.replace("<!>", "")
}

#[test]
fn a_form_of_its_own_posts_to_the_checkout_route() {
    assert_eq!(
        html(|| view! { <CheckoutButton offer="pro-monthly">"Go Pro"</CheckoutButton> }),
        r#"<form method="post" action="/checkout/pro-monthly"><button type="submit">Go Pro</button></form>"#,
    );
}

#[test]
fn the_routes_may_be_elsewhere() {
    for (path, action) in [
        ("/shop/buy", "/shop/buy/starter"),
        ("/shop/buy/", "/shop/buy/starter"),
        ("/", "/starter"),
    ] {
        let html = html(
            move || view! { <CheckoutButton offer="starter" path=path>"Buy"</CheckoutButton> },
        );
        assert!(html.contains(&format!(r#"action="{action}""#)), "{html}");
    }
}

#[test]
fn the_button_shows_any_view() {
    let html = html(|| {
        view! { <CheckoutButton offer="starter">"Buy " <strong>"Starter"</strong>" now"</CheckoutButton> }
    });
    assert!(
        html.contains(r#"<button type="submit">Buy <strong>Starter</strong> now</button>"#),
        "{html}"
    );
}

#[test]
fn attributes_reach_the_button_and_not_the_form() {
    let button = concat!(
        r#"<button type="submit" id="go" data-plan="pro" aria-describedby="price""#,
        r#" class="primary" style="color: red;">"#,
    );
    let with_prefix = html(|| {
        view! {
            <CheckoutButton
                offer="starter"
                attr:class="primary"
                attr:id="go"
                attr:style="color: red"
                attr:data-plan="pro"
                attr:aria-describedby="price"
            >
                "Buy"
            </CheckoutButton>
        }
    });
    let with_spread = html(|| {
        view! {
            <CheckoutButton
                offer="starter"
                {..}
                class="primary"
                id="go"
                style="color: red"
                data-plan="pro"
                aria-describedby="price"
            >
                "Buy"
            </CheckoutButton>
        }
    });
    for html in [with_prefix, with_spread] {
        assert!(html.contains(button), "{html}");
        assert!(
            html.contains(r#"<form method="post" action="/checkout/starter">"#),
            "{html}"
        );
    }
}

#[test]
fn nothing_breaks_out_of_an_attribute_or_the_text() {
    let html = html(|| {
        let hostile = r#""><script>alert(1)</script>&'"#;
        view! { <CheckoutButton offer=hostile attr:title=hostile>{hostile}</CheckoutButton> }
    });
    assert!(!html.contains("<script"), "{html}");
    assert!(
        html.contains(
            r#"action="/checkout/&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;'""#
        ),
        "{html}"
    );
}
