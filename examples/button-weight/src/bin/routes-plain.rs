//! A server with 20 pages that contain a plain form, as a baseline.

use button_weight::{Buy, application};
use leptos::prelude::*;
use leptos_router::{
    StaticSegment,
    components::{Route, Router, Routes},
};

macro_rules! form {
    () => {
        view! {
            <ActionForm action={ServerAction::<Buy>::new()}>
                <input type="hidden" name="offer" value="pro-monthly"/>
                <button type="submit">"Go Pro"</button>
            </ActionForm>
        }
    };
}

application!();
