//! The page on which a buyer continues after signing in.

use std::fmt;

use axum::response::{IntoResponse, Response};

use super::layout::{escape, page};
use crate::shop::Shop;

/// A page with one button, on which a buyer continues after signing in: to the checkout of an offer, or to the customer
/// portal. Opening the page does not start a checkout.
///
/// It is in the extensions of its response, so that an application can replace it with its own: see [`Page`](crate::Page).
/// The page needs a form that posts the [`hidden_fields`](Self::hidden_fields) to the path of the page itself:
///
/// ```
/// use kelviq_axum::ResumePage;
///
/// fn html(page: &ResumePage, csrf_token: &str) -> String {
///     let fields = page.hidden_fields();
///     let button = match page.offer() {
///         Some("team-yearly") => "Continue: Team, one year",
///         Some(_) => "Continue to checkout",
///         None => "See your invoices",
///     };
///     format!(
///         r#"<form method="post">{fields}<input type="hidden" name="csrf" value="{csrf_token}"><button>{button}</button></form>"#
///     )
/// }
/// ```
#[derive(Clone)]
pub struct ResumePage {
    offer: Option<ResumedOffer>,
    home: String,
}

/// The offer that a buyer continues with.
#[derive(Clone)]
pub(crate) struct ResumedOffer {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) quantities: Vec<(String, u32)>,
    /// The names and values of the form fields with the quantities.
    pub(crate) quantity_fields: Vec<(String, String)>,
    /// The names and texts of the fields that the offer allows.
    pub(crate) texts: Vec<(String, String)>,
}

impl ResumePage {
    /// Creates a page for an offer, or with `None` for the customer portal.
    pub(crate) fn new(offer: Option<ResumedOffer>, shop: &Shop) -> Self {
        Self {
            offer,
            home: shop.public_path().to_owned(),
        }
    }

    /// Returns the name of the offer. `None` if the button opens the customer portal.
    pub fn offer(&self) -> Option<&str> {
        self.offer.as_ref().map(|offer| offer.name.as_str())
    }

    /// Returns the [title](crate::Offer::title) of the offer, or its name. `None` if the button opens the customer portal.
    pub fn offer_title(&self) -> Option<&str> {
        self.offer.as_ref().map(|offer| offer.title.as_str())
    }

    /// Returns the quantity of each feature, in the order of the offer.
    pub fn quantities(&self) -> impl Iterator<Item = (&str, u32)> {
        let quantities = self.offer.iter().flat_map(|offer| &offer.quantities);
        quantities.map(|(feature, quantity)| (feature.as_str(), *quantity))
    }

    /// Returns the name and the text of each [field](crate::Offer::field) that the form has, in the order of the offer.
    ///
    /// They are from the URL, so that anyone can write them into a link to the page. Show the buyer those that matter, such
    /// as a recipient. They are not escaped.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        let texts = self.offer.iter().flat_map(|offer| &offer.texts);
        texts.map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// Returns the hidden `input` elements of the form, as escaped HTML.
    pub fn hidden_fields(&self) -> String {
        let fields = self.offer.iter();
        let fields = fields.flat_map(|offer| offer.quantity_fields.iter().chain(&offer.texts));
        let inputs = fields.map(|(name, value)| {
            let (name, value) = (escape(name), escape(value));
            format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">\n")
        });
        inputs.collect::<Vec<_>>().concat()
    }

    fn html(&self) -> Response {
        let (title, text, button) = match self.offer_title() {
            Some(offer) => (
                "Continue to checkout",
                self.summary(offer),
                "Continue to checkout",
            ),
            None => (
                "Your purchases",
                "<p>See your invoices, and change or cancel a subscription.</p>\n".to_owned(),
                "Open the customer portal",
            ),
        };
        let fields = self.hidden_fields();
        let form = format!(
            "{text}<form method=\"post\">\n{fields}<button type=\"submit\">{button}</button>\n</form>\n"
        );
        page(title, &form, &self.home)
    }

    fn summary(&self, offer: &str) -> String {
        let items = self
            .quantities()
            .map(|(feature, quantity)| (feature, quantity.to_string()));
        let texts = self.fields().filter(|(_, text)| !text.trim().is_empty());
        let items = items.chain(texts.map(|(name, text)| (name, text.to_owned())));
        let items =
            items.map(|(name, text)| format!("<li>{}: {}</li>\n", escape(name), escape(&text)));
        let items = items.collect::<Vec<_>>().concat();
        let list = if items.is_empty() {
            String::new()
        } else {
            format!("<ul>\n{items}</ul>\n")
        };
        format!("<p><strong>{}</strong></p>\n{list}", escape(offer))
    }
}

/// Omits the fields, which can be personal.
impl fmt::Debug for ResumePage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResumePage")
            .field("offer", &self.offer())
            .finish_non_exhaustive()
    }
}

impl IntoResponse for ResumePage {
    fn into_response(self) -> Response {
        let mut response = self.html();
        response.extensions_mut().insert(self);
        response
    }
}
