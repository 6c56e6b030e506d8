//! The accounts, in the database.

use super::database::{Database, with_store};
use crate::account::Account;

/// All accounts. Clones share the same database.
#[derive(Clone, Debug)]
pub(crate) struct Accounts(pub(super) Database);

const FIND: &str = "SELECT name, email FROM storefront_accounts WHERE customer_id = $1";

const SAVE: &str = "INSERT INTO storefront_accounts (customer_id, name, email) VALUES ($1, $2, $3)
    ON CONFLICT (customer_id) DO UPDATE SET name = excluded.name, email = excluded.email";

const DELETE: &str = "DELETE FROM storefront_accounts WHERE customer_id = $1";

impl Accounts {
    /// Returns the account of a customer.
    pub(crate) async fn find(&self, customer_id: &str) -> Result<Option<Account>, sqlx::Error> {
        let row: Option<(String, String)> = with_store!(&self.0, store => {
            let query = sqlx::query_as(FIND).bind(customer_id);
            query.fetch_optional(store.pool()).await?
        });
        Ok(row.map(|(name, email)| Account { name, email }))
    }

    /// Creates or replaces the account of a customer.
    pub(super) async fn save(
        &self,
        customer_id: &str,
        account: &Account,
    ) -> Result<(), sqlx::Error> {
        with_store!(&self.0, store => {
            let query = sqlx::query(SAVE).bind(customer_id);
            let query = query.bind(&account.name).bind(&account.email);
            query.execute(store.pool()).await?;
        });
        Ok(())
    }

    /// Deletes the account of a customer, if there is one.
    pub(super) async fn delete(&self, customer_id: &str) -> Result<(), sqlx::Error> {
        with_store!(&self.0, store => {
            sqlx::query(DELETE).bind(customer_id).execute(store.pool()).await?;
        });
        Ok(())
    }
}
