//! What is sold: products and their plans, as parts of other objects.

use crate::model::model;

model! {
    /// A plan: what is bought.
    ///
    /// ```
    /// use kelviq_core::Plan;
    ///
    /// fn projects(plan: &Plan) -> u32 {
    ///     match plan.identifier.as_deref() {
    ///         Some("team") => 100,
    ///         Some("pro") => 10,
    ///         _ => 1,
    ///     }
    /// }
    /// ```
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
    ///
    /// ```
    /// use kelviq_core::{CheckoutCompleted, Product};
    ///
    /// // The id of the product in the Kelviq dashboard.
    /// const COURSE: &str = "df398021-477b-4e67-972d-c763a2f2ba7b";
    ///
    /// fn is_course(session: &CheckoutCompleted) -> bool {
    ///     matches!(&session.product, Some(Product { id: Some(id), .. }) if id == COURSE)
    /// }
    /// ```
    pub struct Product {
        /// Kelviq's id of the product, a UUID.
        pub id: Option<String>,
        /// The name, as the buyer saw it.
        pub name: Option<String>,
    }
}
