//! The buyer: a visitor, with the name and the email address of the account if there is one.

use std::error::Error;

use axum::{
    Extension, RequestPartsExt,
    extract::{FromRequestParts, rejection::ExtensionRejection},
    http::{StatusCode, request::Parts},
    response::Result,
};
use kelviq_axum::{Buyer, Sale};
use kelviq_core::{CustomerProfile, ToMetadata};

use super::{accounts::Accounts, order_metadata::OrderMetadata, visitor::Visitor};
use crate::{
    account::Account,
    plan::{Plan, SEATS},
};

/// A visitor who buys.
pub(super) struct Customer {
    visitor: Visitor,
    account: Option<Account>,
}

impl Buyer for Customer {
    /// Without an account, Kelviq's checkout page asks for the email address.
    fn customer(&self) -> Option<CustomerProfile> {
        let profile = CustomerProfile::new(self.visitor.customer_id());
        Some(match &self.account {
            Some(Account { name, email }) => profile.name(name).email(email),
            None => profile,
        })
    }

    fn lock_email(&self) -> Option<bool> {
        self.account.as_ref().map(|_| true)
    }

    async fn metadata(&self, sale: &Sale<'_>) -> Result<impl ToMetadata> {
        let plan = Plan::from_offer_name(sale.offer());
        Ok(plan.map(|plan| OrderMetadata {
            order_ref: sale.reference().clone(),
            plan,
            customer_id: self.visitor.customer_id().to_owned(),
            seats: sale.quantity(SEATS),
        }))
    }
}

/// A sale does not need the database: without it, the checkout page asks for the email address.
impl<S: Send + Sync> FromRequestParts<S> for Customer {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        let visitor: Visitor = parts.extract().await?;
        let accounts: Result<Extension<Accounts>, ExtensionRejection> = parts.extract().await;
        let Ok(Extension(accounts)) = accounts else {
            return Err(StatusCode::INTERNAL_SERVER_ERROR);
        };
        let account = accounts.find(visitor.customer_id()).await;
        let account = account.unwrap_or_else(|error| {
            let error = &error as &dyn Error;
            tracing::warn!(
                error,
                "selling without the account, which could not be read"
            );
            None
        });
        Ok(Self { visitor, account })
    }
}
