//! The page on which a buyer continues to the checkout after signing in.

use super::{
    choice::{Choice, quantity_field},
    offer::Offer,
};
use crate::{
    response::resume_page::{ResumePage, ResumedOffer},
    shop::Shop,
};

/// Returns a page with one button, which posts the choice to the page's own path.
pub(super) fn resume_page(name: &str, offer: &Offer, choice: &Choice, shop: &Shop) -> ResumePage {
    let quantities = choice.quantities.iter();
    let quantities =
        quantities.map(|(feature, quantity)| (quantity_field(feature), quantity.to_string()));
    let offer = ResumedOffer {
        name: name.to_owned(),
        title: offer.title_or(name).to_owned(),
        quantities: choice.quantities.clone(),
        quantity_fields: quantities.collect(),
        texts: choice.texts.clone(),
    };
    ResumePage::new(Some(offer), shop)
}
