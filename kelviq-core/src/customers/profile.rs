//! What an application knows about a customer.

use std::fmt::{self, Display};

use serde_json::Value;

use crate::{error::Error, json::ObjectWriter, validation::Validation};

/// What the application knows about a customer: its own id of the customer, and optionally email address and name.
///
/// Kelviq's checkout page takes name and email address only from the customer at Kelviq, so an application that knows its user
/// writes the customer before it creates the checkout session. [`Kelviq::upsert_customer`](crate::Kelviq::upsert_customer)
/// does that.
///
/// Only the given fields are sent, so the others remain as they are. All fields are checked when the request is sent. `Debug`
/// shows none of them.
///
/// ```
/// use kelviq_core::{Customer, CustomerProfile, Error, Kelviq};
///
/// async fn on_sign_up(kelviq: &Kelviq, user_id: u64, email: &str) -> Result<Customer, Error> {
///     kelviq.upsert_customer(&CustomerProfile::new(user_id).email(email)).await
/// }
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct CustomerProfile {
    customer_id: String,
    email: Option<String>,
    name: Option<String>,
}

impl CustomerProfile {
    /// Creates a profile with the application's id of the customer (`customerId`), and without other fields.
    ///
    /// The id must identify one user forever: Kelviq never gives an id of an archived customer to another one. It has at most
    /// 500 characters, no control characters and no surrounding white space, and is neither `.` nor `..`. If it contains `/` or
    /// `\`, no part between them may be `.` or `..` either, because the id becomes a part of a path. It can contain all other
    /// characters. Whether Kelviq finds a customer whose id contains `/` is not documented.
    pub fn new(customer_id: impl Display) -> Self {
        Self {
            customer_id: customer_id.to_string(),
            email: None,
            name: None,
        }
    }

    /// Sets `email`: the customer's email address, at most 500 characters. Kelviq checks whether it is an email address.
    ///
    /// Several customers may share an address.
    #[must_use]
    pub fn email(mut self, email: impl Into<String>) -> Self {
        self.email = Some(email.into());
        self
    }

    /// Sets `name`: the customer's name, at most 500 characters.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Returns the application's id of the customer.
    ///
    /// ```
    /// use kelviq_core::CustomerProfile;
    ///
    /// let ada = CustomerProfile::new(7041).email("ada@b.example");
    /// assert_eq!(ada.customer_id(), "7041");
    /// assert!(ada.has_email() && !ada.has_name());
    /// ```
    pub fn customer_id(&self) -> &str {
        &self.customer_id
    }

    /// Returns `true` if the profile has an email address.
    pub fn has_email(&self) -> bool {
        self.email.is_some()
    }

    /// Returns `true` if the profile has a name.
    pub fn has_name(&self) -> bool {
        self.name.is_some()
    }

    pub(super) fn validate(&self) -> Result<(), Error> {
        let mut check = Validation::default();
        check.customer_id("customerId", &self.customer_id);
        let mut parts = self.customer_id.split(['/', '\\']);
        if parts.any(|part| matches!(part, "." | "..")) {
            check.fail(
                "customerId",
                "must not be `.` or `..`, or contain them between slashes",
            );
        }
        for (field, value) in self.fields() {
            check.personal_text(field, value);
        }
        check.finish()
    }

    /// Returns the JSON of an update, which has no id.
    pub(super) fn update_json(&self) -> String {
        self.write_fields(ObjectWriter::default())
    }

    /// Returns the JSON of a new customer.
    pub(super) fn create_json(&self) -> String {
        let mut json = ObjectWriter::default();
        json.raw_field("customerId", &json_text(&self.customer_id));
        self.write_fields(json)
    }

    fn write_fields(&self, mut json: ObjectWriter) -> String {
        for (field, value) in self.fields() {
            json.raw_field(field, &json_text(value));
        }
        json.finish()
    }

    /// Returns the given fields other than the id.
    fn fields(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let fields = [("email", &self.email), ("name", &self.name)];
        fields
            .into_iter()
            .filter_map(|(field, value)| Some((field, value.as_deref()?)))
    }
}

fn json_text(text: &str) -> String {
    Value::from(text).to_string()
}

/// Creates a profile with an id alone.
impl From<&str> for CustomerProfile {
    fn from(customer_id: &str) -> Self {
        Self::new(customer_id)
    }
}

/// Creates a profile with an id alone.
impl From<String> for CustomerProfile {
    fn from(customer_id: String) -> Self {
        Self::new(customer_id)
    }
}

/// Shows which fields are given, but not their values.
impl fmt::Debug for CustomerProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CustomerProfile")
            .field("has_email", &self.has_email())
            .field("has_name", &self.has_name())
            .finish_non_exhaustive()
    }
}
