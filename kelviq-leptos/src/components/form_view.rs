//! The view of a component that renders a form.

#[cfg(feature = "ssr")]
use leptos::html::div;
use leptos::{
    attr::{
        Action, Attr, Attribute, Method, Name, Role, Type, Value,
        any_attribute::{AnyAttribute, IntoAnyAttribute},
    },
    ev::{On, SubmitEvent, submit},
    html::{Button, Form, HtmlElement, Input, Span, button, form, input, span},
    prelude::*,
    tachys::{
        hydration::Cursor,
        ssr::StreamBuilder,
        view::{Mountable, Position, PositionState},
    },
};
use web_sys::{Element, Node};

use crate::{
    compat::{RenderFlags, ToHtml, delegate_to_html, to_html, to_html_async},
    platform::FormOnPage,
};

// The types of elements after an attribute or a child was added. With `--cfg erase_components`, Leptos erases them.
type WithAttr<E, A> = <E as AddAnyAttr>::Output<A>;
type WithChild<E, C> = <E as ElementChild<C>>::Output;

type Text = &'static str;

type FormElement = WithChild<
    WithChild<
        WithChild<
            WithChild<WithChild<EmptyForm, Option<OfferElement>>, Option<AnyView>>,
            Option<ButtonElement>,
        >,
        StatusElement,
    >,
    Alert,
>;

type EmptyForm = WithAttr<
    WithAttr<
        WithAttr<WithAttr<HtmlElement<Form, (), ()>, Attr<Method, Text>>, Attr<Action, String>>,
        On<submit, SubmitHandler>,
    >,
    Vec<AnyAttribute>,
>;

type OfferElement = WithAttr<
    WithAttr<WithAttr<HtmlElement<Input, (), ()>, Attr<Type, Text>>, Attr<Name, Text>>,
    Attr<Value, String>,
>;

type ButtonElement = WithAttr<
    WithChild<WithAttr<HtmlElement<Button, (), ()>, Attr<Type, Text>>, AnyView>,
    Vec<AnyAttribute>,
>;

type StatusElement = WithAttr<HtmlElement<Span, (), ()>, Attr<Role, Text>>;

/// The browser does not hydrate an error in the server's HTML, which is the last child of the form. The two platforms
/// therefore need not agree on which form has failed.
#[cfg(feature = "ssr")]
type Alert = ((), Option<AnyView>);
#[cfg(not(feature = "ssr"))]
type Alert = ();

pub(super) type SubmitHandler = Box<dyn FnMut(SubmitEvent)>;

/// What a form consists of.
pub(super) struct FormParts {
    /// The URL that the form posts to, and an error in the server's HTML.
    pub(super) form: FormOnPage,
    /// The value of a hidden field.
    pub(super) offer: Option<String>,
    pub(super) inputs: Option<AnyView>,
    /// The content of a button that gets the attributes of the component. Without it, the form gets them.
    pub(super) button: Option<AnyView>,
    pub(super) on_submit: On<submit, SubmitHandler>,
}

/// A form whose attributes can be added to its button.
///
/// It has no type parameters, whatever the children and the attributes are. Otherwise, their types would be part of the
/// types of every page with a form, which makes a debug build of an application with many pages too large to link. For
/// browsers, the types of the elements are written out, because an `AnyView` for the form would double its size.
pub(super) struct FormView {
    parts: Box<FormParts>,
    attributes: Vec<AnyAttribute>,
}

impl FormView {
    pub(super) fn new(parts: FormParts) -> Self {
        Self {
            parts: Box::new(parts),
            attributes: Vec::new(),
        }
    }

    #[cfg_attr(
        not(feature = "ssr"),
        expect(clippy::unit_arg, reason = "the browser has no alert")
    )]
    fn into_element(self) -> FormElement {
        let Self { parts, attributes } = self;
        let offer = |offer| input().r#type("hidden").name("offer").value(offer);
        let (form_attributes, button) = match parts.button {
            Some(content) => {
                let button = button().r#type("submit").child(content);
                (Vec::new(), Some(button.add_any_attr(attributes)))
            }
            None => (attributes, None),
        };
        form()
            .method("post")
            .action(parts.form.action())
            .add_any_attr(parts.on_submit)
            .add_any_attr(form_attributes)
            .child(parts.offer.map(offer))
            .child(parts.inputs)
            .child(button)
            .child(span().role("status"))
            .child(alert(&parts.form))
    }
}

#[cfg(feature = "ssr")]
fn alert(form: &FormOnPage) -> Alert {
    // Not a `<p>`, because the content can be any element.
    let alert = form.alert().map(|(text, content)| {
        let children = match content {
            None => text.into_any(),
            Some(content) => (text, div().child(content)).into_any(),
        };
        let alert = div().role("alert").tabindex("-1").autofocus(true);
        alert.child(children).into_any()
    });
    ((), alert)
}

#[cfg(not(feature = "ssr"))]
fn alert(_: &FormOnPage) -> Alert {}

/// The state of a form in the browser.
pub(super) struct FormState {
    form: <FormElement as Render>::State,
    has_button: bool,
}

impl Mountable for FormState {
    fn unmount(&mut self) {
        self.form.unmount();
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        self.form.mount(parent, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.form.insert_before_this(child)
    }

    /// Returns the element that an `AnyView` of the component adds attributes to.
    fn elements(&self) -> Vec<Element> {
        let mut elements = self.form.elements();
        if self.has_button {
            for element in &mut elements {
                let (status, _) = status_and_alert(element);
                let button = status.and_then(|status| status.previous_element_sibling());
                *element = button.unwrap_or_else(|| element.clone());
            }
        }
        elements
    }
}

/// Returns the status of a form, and the alert if there is an error. Extensions of a browser can add elements after them.
pub(super) fn status_and_alert(form: &Element) -> (Option<Element>, Option<Element>) {
    let mut alert = None;
    let mut last = form.last_element_child();
    while let Some(element) = last {
        last = element.previous_element_sibling();
        match element.get_attribute("role").as_deref() {
            Some("status") => return (Some(element), alert),
            Some("alert") => alert = Some(element),
            _ => {}
        }
    }
    (None, alert)
}

impl Render for FormView {
    type State = FormState;

    fn build(self) -> Self::State {
        FormState {
            has_button: self.parts.button.is_some(),
            form: self.into_element().build(),
        }
    }

    fn rebuild(self, state: &mut Self::State) {
        state.has_button = self.parts.button.is_some();
        self.into_element().rebuild(&mut state.form);
    }
}

impl AddAnyAttr for FormView {
    type Output<A: Attribute> = Self;

    fn add_any_attr<A: Attribute>(mut self, attribute: A) -> Self {
        self.attributes
            .push(attribute.into_cloneable_owned().into_any_attr());
        self
    }
}

impl RenderHtml for FormView {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {
        self.parts.inputs.dry_resolve();
        self.parts.button.dry_resolve();
        self.attributes.dry_resolve();
    }

    async fn resolve(mut self) -> Self {
        self.parts.inputs = self.parts.inputs.resolve().await;
        self.parts.button = self.parts.button.resolve().await;
        self.attributes = self.attributes.resolve().await;
        self
    }

    delegate_to_html!();

    fn hydrate<const FROM_SERVER: bool>(
        self,
        cursor: &Cursor,
        position: &PositionState,
    ) -> Self::State {
        FormState {
            has_button: self.parts.button.is_some(),
            form: self.into_element().hydrate::<FROM_SERVER>(cursor, position),
        }
    }

    fn into_owned(self) -> Self {
        self
    }
}

impl ToHtml for FormView {
    fn to_html_with(
        mut self,
        buf: &mut String,
        position: &mut Position,
        flags: RenderFlags,
        attributes: Vec<AnyAttribute>,
    ) {
        // The attributes that were added to an `AnyView` of the component.
        self.attributes.extend(attributes);
        to_html(self.into_element(), buf, position, flags, Vec::new());
    }

    fn to_html_async_with<const OUT_OF_ORDER: bool>(
        mut self,
        buf: &mut StreamBuilder,
        position: &mut Position,
        flags: RenderFlags,
        attributes: Vec<AnyAttribute>,
    ) {
        self.attributes.extend(attributes);
        let element = self.into_element();
        to_html_async::<OUT_OF_ORDER, _>(element, buf, position, flags, Vec::new());
    }
}
