//! Products and plans, as parts of other objects.

use crate::model::model;

model! {
    /// A plan of a product.
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
        /// The plan's identifier, as in [`CheckoutPlan::new`](crate::CheckoutPlan::new).
        pub identifier: Option<String>,
        /// The name that the buyer saw.
        pub name: Option<String>,
        /// The version of the plan. Editing a plan at Kelviq creates a new version.
        pub version: Option<i64>,
    }
}

model! {
    /// A product, which is sold in one or more plans.
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
        /// The name that the buyer saw.
        pub name: Option<String>,
    }
}
