//! The product that every plan belongs to, and its seller.

pub(super) const PRODUCT: &str = "0b9d1d3a-52c4-4f6e-8a71-6a3e9c5d2f20";
pub(super) const PRODUCT_NAME: &str = "Test product";
pub(super) const ORGANIZATION: &str = "5f0c8c1e-7b0a-4c57-9a43-2d6f0c1b7e11";
