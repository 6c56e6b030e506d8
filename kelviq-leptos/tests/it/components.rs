//! The HTML of the components.

#![allow(clippy::unused_async, reason = "server functions are async")]

use kelviq_leptos::{
    BuyerRedirect, CheckoutButton, CheckoutError, CheckoutForm, CheckoutProblem, PortalButton,
    QuantityInput,
};
use leptos::{
    attr::{aria_describedby, custom::custom_attribute},
    prelude::*,
    tachys::html::{class::class, style::style},
};

fn html<V: IntoView>(view: impl FnOnce() -> V) -> String {
    let html = Owner::new().with(|| view().into_view().to_html());
    // Without hydration markers, which are not visible.
    html.replace("<!>", "")
}

const ACTION: &str = "/api/kelviq/checkout?kelviq_form=pro-monthly&amp;kelviq_page=%2F";

#[test]
fn a_button_is_a_form_of_its_own() {
    assert_eq!(
        html(|| view! { <CheckoutButton offer="pro-monthly">"Go Pro"</CheckoutButton> }),
        [
            &format!(r#"<form method="post" action="{ACTION}">"#),
            r#"<input type="hidden" name="offer" value="pro-monthly">"#,
            r#"<button type="submit">Go Pro</button>"#,
            r#"<span role="status"></span>"#,
            "</form>",
        ]
        .concat(),
    );
}

#[test]
fn the_button_shows_any_view() {
    for html in [
        html(|| {
            view! { <CheckoutButton offer="starter">"Buy " <strong>"Starter"</strong>" now"</CheckoutButton> }
        }),
        html(|| view! { <PortalButton>"Buy " <strong>"Starter"</strong>" now"</PortalButton> }),
    ] {
        assert!(
            html.contains(r#"<button type="submit">Buy <strong>Starter</strong> now</button>"#),
            "{html}"
        );
    }
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
    let portal = html(|| {
        view! {
            <PortalButton
                attr:class="primary"
                attr:id="go"
                attr:style="color: red"
                attr:data-plan="pro"
                attr:aria-describedby="price"
            >
                "Buy"
            </PortalButton>
        }
    });
    // As every component with `--cfg erase_components`.
    let erased = html(|| {
        let button = view! { <CheckoutButton offer="starter" attr:id="go">"Buy"</CheckoutButton> };
        button
            .into_any()
            .add_any_attr((
                custom_attribute("data-plan", "pro"),
                aria_describedby("price"),
            ))
            .add_any_attr((class("primary"), style("color: red")))
    });
    for html in [with_prefix, with_spread, portal, erased] {
        assert!(html.contains(button), "{html}");
        assert_eq!(html.matches("primary").count(), 1, "{html}");
    }
}

#[test]
fn inputs_are_in_the_form_before_the_button() {
    let html = html(|| {
        view! {
            <CheckoutButton
                offer="team"
                inputs=|| view! { <QuantityInput feature="seats" allowed=1..=50 value=5 attr:id="seats"/> }
            >
                "Buy Team"
            </CheckoutButton>
        }
    });
    let input = concat!(
        r#"<input type="number" name="quantity[seats]" min="1" max="50" value="5" required"#,
        r#" id="seats"><button"#
    );
    assert!(html.contains(input), "{html}");
}

#[test]
fn a_quantity_starts_at_the_minimum() {
    let html = html(|| view! { <QuantityInput feature="seats" allowed=3..=9/> });
    assert!(html.contains(r#"min="3" max="9" value="3""#), "{html}");
}

#[server]
async fn buy_seats(seats: u32) -> Result<BuyerRedirect, CheckoutError> {
    let _ = seats;
    Err(CheckoutProblem::InvalidQuantity.into())
}

#[test]
fn a_form_for_a_server_function_of_the_application_keeps_its_inputs_and_button() {
    let html = html(|| {
        let buy_seats = ServerAction::<BuySeats>::new();
        view! {
            <CheckoutForm action=buy_seats name="seats" attr:class="wide">
                <input name="seats"/>
                <button class="mine">"Buy"</button>
            </CheckoutForm>
        }
    });
    assert!(
        html.starts_with(r#"<form method="post" action="/api/buy_seats"#),
        "{html}"
    );
    assert!(
        html.contains("?kelviq_form=seats&amp;kelviq_page=%2F\""),
        "{html}"
    );
    assert!(html.contains(r#"class="wide""#), "{html}");
    assert!(
        html.contains(r#"<input name="seats"><button class="mine">Buy</button>"#),
        "{html}"
    );
}

#[test]
fn attributes_and_text_are_escaped() {
    let html = html(|| {
        let hostile = r#""><script>alert(1)</script>&'"#;
        view! { <CheckoutButton offer=hostile attr:title=hostile>{hostile}</CheckoutButton> }
    });
    assert!(!html.contains("<script"), "{html}");
    assert!(
        html.contains(r#"value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;'""#),
        "{html}"
    );
}

#[test]
fn an_unknown_error_body_is_an_internal_error() {
    use leptos::server_fn::error::FromServerFnError;
    let error = CheckoutError::from(CheckoutProblem::Busy);
    assert_eq!(CheckoutError::de(error.ser()), error);
    for body in [
        "invented_later 0123456789abcdef0123456789abcdef",
        "",
        "<html> <h1>",
        "busy",
        "{}",
    ] {
        let error = CheckoutError::de(body.into());
        assert_eq!(error.problem(), CheckoutProblem::Internal, "{body}");
        assert_eq!(error.reference(), None, "{body}");
    }
}
