//! The page on which a buyer continues to the checkout after signing in.

use super::{offer::Offer, requested_quantities::field_name, sold_quantities::SoldQuantities};
use crate::{
    response::resume_page::{ResumePage, ResumedOffer},
    shop::Shop,
};

/// Returns a page with one button, which posts the quantities to the page's own path.
pub(super) fn resume_page(
    name: &str,
    offer: &Offer,
    quantities: &SoldQuantities,
    shop: &Shop,
) -> ResumePage {
    let fields = quantities
        .iter()
        .map(|(feature, quantity)| (field_name(feature), quantity.to_string()));
    let offer = ResumedOffer {
        name: name.to_owned(),
        title: offer.title_or(name).to_owned(),
        quantities: quantities
            .iter()
            .map(|(feature, quantity)| (feature.to_owned(), quantity))
            .collect(),
        fields: fields.collect(),
    };
    ResumePage::new(Some(offer), shop)
}
