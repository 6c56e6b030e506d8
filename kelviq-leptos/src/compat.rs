//! What differs between Leptos 0.8 and 0.9.
//!
//! Leptos 0.8 is the default. `.ci/leptos-next` sets `--cfg leptos_next` to compile against 0.9.

use std::time::Duration;

#[cfg(leptos_next)]
pub(crate) use leptos::tachys::view::RenderFlags;
use leptos::{
    attr::any_attribute::AnyAttribute,
    tachys::{
        ssr::StreamBuilder,
        view::{Position, RenderHtml},
    },
};

/// How a view is rendered to HTML.
#[cfg(not(leptos_next))]
#[derive(Clone, Copy, Debug)]
pub(crate) struct RenderFlags {
    pub(crate) escape: bool,
    pub(crate) mark_branches: bool,
}

/// A view that renders itself with flags, which Leptos 0.8 passes one by one. Its implementation of `RenderHtml` contains
/// `delegate_to_html!()`.
pub(crate) trait ToHtml: Sized {
    fn to_html_with(
        self,
        buf: &mut String,
        position: &mut Position,
        flags: RenderFlags,
        attributes: Vec<AnyAttribute>,
    );

    fn to_html_async_with<const OUT_OF_ORDER: bool>(
        self,
        buf: &mut StreamBuilder,
        position: &mut Position,
        flags: RenderFlags,
        attributes: Vec<AnyAttribute>,
    );
}

/// Defines the methods of `RenderHtml` that render HTML by those of [`ToHtml`].
macro_rules! delegate_to_html {
    () => {
        #[cfg(not(leptos_next))]
        $crate::compat::delegate_to_html!(
            (escape: bool, mark_branches: bool)
            ($crate::compat::RenderFlags { escape, mark_branches })
        );
        #[cfg(leptos_next)]
        $crate::compat::delegate_to_html!((flags: $crate::compat::RenderFlags) (flags));
    };
    (($($flag:ident: $type:ty),*) ($flags:expr)) => {
        fn to_html_with_buf(
            self,
            buf: &mut String,
            position: &mut leptos::tachys::view::Position,
            $($flag: $type,)*
            attributes: Vec<leptos::attr::any_attribute::AnyAttribute>,
        ) {
            $crate::compat::ToHtml::to_html_with(self, buf, position, $flags, attributes);
        }

        fn to_html_async_with_buf<const OUT_OF_ORDER: bool>(
            self,
            buf: &mut leptos::tachys::ssr::StreamBuilder,
            position: &mut leptos::tachys::view::Position,
            $($flag: $type,)*
            attributes: Vec<leptos::attr::any_attribute::AnyAttribute>,
        ) {
            $crate::compat::ToHtml::to_html_async_with::<OUT_OF_ORDER>(
                self, buf, position, $flags, attributes,
            );
        }
    };
}
pub(crate) use delegate_to_html;

/// Renders a view to HTML.
pub(crate) fn to_html(
    view: impl RenderHtml,
    buf: &mut String,
    position: &mut Position,
    flags: RenderFlags,
    attributes: Vec<AnyAttribute>,
) {
    #[cfg(not(leptos_next))]
    view.to_html_with_buf(buf, position, flags.escape, flags.mark_branches, attributes);
    #[cfg(leptos_next)]
    view.to_html_with_buf(buf, position, flags, attributes);
}

/// Renders a view to a stream of HTML.
pub(crate) fn to_html_async<const OUT_OF_ORDER: bool, V: RenderHtml>(
    view: V,
    buf: &mut StreamBuilder,
    position: &mut Position,
    flags: RenderFlags,
    attributes: Vec<AnyAttribute>,
) {
    #[cfg(not(leptos_next))]
    view.to_html_async_with_buf::<OUT_OF_ORDER>(
        buf,
        position,
        flags.escape,
        flags.mark_branches,
        attributes,
    );
    #[cfg(leptos_next)]
    view.to_html_async_with_buf::<OUT_OF_ORDER>(buf, position, flags, attributes);
}

/// Calls a function once after a delay. Leptos 0.9 also returns a handle.
pub(crate) fn set_timeout(callback: impl FnOnce() + 'static, delay: Duration) {
    #[cfg(not(leptos_next))]
    leptos::prelude::set_timeout(callback, delay);
    #[cfg(leptos_next)]
    let _ = leptos::prelude::set_timeout(callback, delay);
}
