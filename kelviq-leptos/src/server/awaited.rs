//! A view that the server awaits.

use std::{pin::Pin, sync::Arc};

use leptos::{
    attr::{Attribute, any_attribute::AnyAttribute},
    nonce::use_nonce,
    prelude::{AddAnyAttr, Render, RenderHtml},
    reactive::computed::ScopedFuture,
    tachys::{
        hydration::Cursor,
        ssr::StreamBuilder,
        view::{Position, PositionState},
    },
};

use crate::compat::{RenderFlags, ToHtml, delegate_to_html, to_html_async};

/// A view that the server renders in place once it is ready, also in an out-of-order stream, but not inside of a part
/// that is itself out of order.
///
/// The browser renders the inner view. Leptos' own `Suspend` renders nothing if another part of the page reads a
/// `LocalResource`, and in an out-of-order stream it can need a script, which a `Content-Security-Policy` blocks.
pub(crate) struct Awaited<V>(Pin<Box<dyn Future<Output = V> + Send>>);

impl<V> Awaited<V> {
    pub(crate) fn new(view: impl Future<Output = V> + Send + 'static) -> Self {
        Self(Box::pin(ScopedFuture::new(view)))
    }
}

/// Only the browser builds and hydrates views, and it has the inner view instead.
const IN_BROWSER: &str = "the feature `ssr` is enabled in the browser";

impl<V: Render> Render for Awaited<V> {
    type State = V::State;

    fn build(self) -> V::State {
        unreachable!("{IN_BROWSER}")
    }

    fn rebuild(self, _: &mut V::State) {
        unreachable!("{IN_BROWSER}")
    }
}

impl<V: RenderHtml + 'static> AddAnyAttr for Awaited<V> {
    type Output<A: Attribute> = Awaited<V::Output<A::CloneableOwned>>;

    fn add_any_attr<A: Attribute>(self, attribute: A) -> Self::Output<A>
    where
        Self::Output<A>: RenderHtml,
    {
        let attribute = attribute.into_cloneable_owned();
        Awaited::new(async move { self.0.await.add_any_attr(attribute) })
    }
}

impl<V: RenderHtml + 'static> RenderHtml for Awaited<V> {
    type AsyncOutput = V;
    type Owned = Self;

    const MIN_LENGTH: usize = V::MIN_LENGTH;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> V {
        self.0.await
    }

    delegate_to_html!();

    fn hydrate<const FROM_SERVER: bool>(self, _: &Cursor, _: &PositionState) -> V::State {
        unreachable!("{IN_BROWSER}")
    }

    fn into_owned(self) -> Self {
        self
    }
}

impl<V: RenderHtml + 'static> ToHtml for Awaited<V> {
    /// Renders nothing: without a stream, there is no time to wait.
    fn to_html_with(self, _: &mut String, _: &mut Position, _: RenderFlags, _: Vec<AnyAttribute>) {}

    fn to_html_async_with<const OUT_OF_ORDER: bool>(
        self,
        buf: &mut StreamBuilder,
        position: &mut Position,
        flags: RenderFlags,
        attributes: Vec<AnyAttribute>,
    ) {
        buf.next_id();
        let is_nested = buf.clone_id().is_some_and(|id| id.len() > 1);
        if OUT_OF_ORDER && is_nested {
            // Leptos would reverse the parts of a chunk that has an awaited part.
            let mut fallback_position = *position;
            buf.push_fallback((), &mut fallback_position, flags.mark_branches, Vec::new());
            buf.push_async_out_of_order_with_nonce(
                ScopedFuture::new(async move { Some(self.0.await) }),
                position,
                flags.mark_branches,
                use_nonce().map(|nonce| Arc::from(&*nonce)),
                attributes,
            );
            *position = Position::NextChild;
            return;
        }
        let id = buf.child_id();
        let mut view_position = *position;
        *position = Position::NextChild;
        buf.push_async(ScopedFuture::new(async move {
            let view = self.0.await;
            let mut buf = StreamBuilder::new(id);
            to_html_async::<OUT_OF_ORDER, _>(view, &mut buf, &mut view_position, flags, attributes);
            buf.finish().take_chunks()
        }));
    }
}
