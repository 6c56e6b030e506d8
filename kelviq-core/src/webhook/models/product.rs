//! What is sold: products and their plans, as parts of other objects.

use crate::model::model;

model! {
    /// A plan: what is bought.
    pub struct Plan {
        /// What `planIdentifier` was when the checkout was created.
        pub identifier: Option<String>,
        /// The name, as the buyer saw it.
        pub name: Option<String>,
        /// The plan's version; editing a plan at Kelviq makes a new one.
        pub version: Option<i64>,
    }
}

model! {
    /// A product, which plans belong to.
    pub struct Product {
        /// Kelviq's id of the product, a UUID.
        pub id: Option<String>,
        /// The name, as the buyer saw it.
        pub name: Option<String>,
    }
}
