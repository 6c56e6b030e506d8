//! Creating and updating a customer.

use super::profile::CustomerProfile;
use crate::{
    client::{api_response::ApiResponse, kelviq::Kelviq},
    error::{Error, ErrorKind},
    json::Lenient,
    snake_case::with_snake_case_keys,
    webhook::models::customer::Customer,
};

impl Kelviq {
    /// Updates a customer, or creates it if the application's id is unknown at Kelviq.
    ///
    /// The customer is updated first, because that is what happens most of the time. If Kelviq does not know the id (status
    /// 404), the customer is created. If it was created by another request in the meantime (status 400 or 409), it is updated
    /// after all.
    ///
    /// The call can be repeated after any error. It sends at most three requests, and each has the retries and the timeout of a call
    /// of its own.
    ///
    /// ```
    /// use kelviq_core::{CustomerProfile, Error, Kelviq};
    ///
    /// async fn before_checkout(kelviq: &Kelviq, user_id: &str, email: &str) -> Result<(), Error> {
    ///     let profile = CustomerProfile::new(user_id).email(email).name("Ada Lovelace");
    ///     let customer = kelviq.upsert_customer(&profile).await?;
    ///     println!("Kelviq's id is {:?}", customer.kelviq_customer_id);
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`Api`](ErrorKind::Api) with status 400 or 409 if Kelviq rejects a field, which
    /// [`Error::field_errors`] then names, or if the id belongs to an archived customer: such an id can be neither updated nor
    /// used again. The other errors are those of [`create_checkout_session`](Self::create_checkout_session).
    pub async fn upsert_customer(&self, profile: &CustomerProfile) -> Result<Customer, Error> {
        match self.update_customer(profile).await {
            Err(error) if has_status(&error, &[404]) => {}
            result => return result,
        }
        let rejected = match self.create_customer(profile).await {
            Err(error) if has_status(&error, &[400, 409]) => error,
            result => return result,
        };
        match self.update_customer(profile).await {
            Err(error) if has_status(&error, &[404]) => Err(rejected),
            result => result,
        }
    }

    /// Creates a customer (`POST /customers/`). Use [`upsert_customer`](Self::upsert_customer) if the customer may exist.
    ///
    /// ```
    /// use kelviq_core::{Customer, CustomerProfile, Error, Kelviq};
    ///
    /// async fn import(kelviq: &Kelviq, user_id: u64, email: &str) -> Result<Customer, Error> {
    ///     kelviq.create_customer(&CustomerProfile::new(user_id).email(email)).await
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`Api`](ErrorKind::Api) with status 400 or 409 if Kelviq rejects a field or the id is in use, also by an
    /// archived customer. The other errors are those of [`create_checkout_session`](Self::create_checkout_session).
    pub async fn create_customer(&self, profile: &CustomerProfile) -> Result<Customer, Error> {
        profile.validate()?;
        let response = self.post(&["customers"], profile.create_json()).await?;
        read(&response, profile)
    }

    /// Updates the given fields of a customer (`PATCH /customers/{customerId}/`).
    ///
    /// The request is retried after a lost connection, because a repeated update has the same result.
    ///
    /// ```
    /// use kelviq_core::{Customer, CustomerProfile, Error, Kelviq};
    ///
    /// async fn on_new_email(kelviq: &Kelviq, user_id: u64, email: &str) -> Result<Customer, Error> {
    ///     kelviq.update_customer(&CustomerProfile::new(user_id).email(email)).await
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`Api`](ErrorKind::Api) with status 404 if the customer does not exist or is archived, and with status 400 if
    /// Kelviq rejects a field. The other errors are those of
    /// [`create_checkout_session`](Self::create_checkout_session).
    pub async fn update_customer(&self, profile: &CustomerProfile) -> Result<Customer, Error> {
        profile.validate()?;
        let json = profile.update_json();
        let response = self
            .patch(&["customers"], profile.customer_id(), json)
            .await?;
        read(&response, profile)
    }
}

fn has_status(error: &Error, statuses: &[u16]) -> bool {
    let status = error.status();
    error.kind() == ErrorKind::Api && status.is_some_and(|status| statuses.contains(&status))
}

fn read(response: &ApiResponse, profile: &CustomerProfile) -> Result<Customer, Error> {
    let customer = Customer::read(&with_snake_case_keys(&response.body))
        .ok_or_else(|| response.unexpected("the body is not a JSON object"))?;
    let id = customer.customer_id.as_deref();
    response.check_id(id, profile.customer_id(), "customer")?;
    Ok(customer)
}
