//! The settings of `FakeKelviq` about plans: their prices and features.

use super::{
    builder::FakeKelviqBuilder,
    entitlements::feature::{Feature, FeatureKind},
};

impl FakeKelviqBuilder {
    /// Sets the price of a plan, such as `("team", "180.00", "USD")` or `("team", "1200", "JPY")`. By default, a plan has an
    /// example price.
    ///
    /// For a checkout with features, the price is multiplied by the quantity of the first one.
    pub fn price(
        mut self,
        plan: impl Into<String>,
        amount: impl Into<String>,
        currency: impl Into<String>,
    ) -> Self {
        let price = (plan.into(), amount.into(), currency.into());
        self.prices.push(price);
        self
    }

    /// Adds a feature to a plan: a `BOOLEAN` entitlement of the customers who have a subscription to it, or have bought it.
    ///
    /// ```
    /// use kelviq_axum::fake::FakeKelviq;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> std::io::Result<()> {
    /// let kelviq = FakeKelviq::builder()
    ///     .feature("pro", "analytics")
    ///     .meter("pro", "api-calls", 1000)
    ///     .start()
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn feature(self, plan: impl Into<String>, feature: impl Into<String>) -> Self {
        self.plan_feature(plan.into(), feature.into(), FeatureKind::Boolean)
    }

    /// Adds a metered feature to a plan: a `METER` entitlement with a hard limit for each billing period.
    pub fn meter(
        self,
        plan: impl Into<String>,
        feature: impl Into<String>,
        usage_limit: u32,
    ) -> Self {
        self.plan_feature(plan.into(), feature.into(), FeatureKind::Meter(usage_limit))
    }

    fn plan_feature(mut self, plan: String, identifier: String, kind: FeatureKind) -> Self {
        let feature = Feature { identifier, kind };
        self.features.entry(plan).or_default().push(feature);
        self
    }
}
