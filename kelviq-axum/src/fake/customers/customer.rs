//! A customer.

use std::time::SystemTime;

use serde_json::{Map, Value, json};

use crate::fake::{ids, timestamp::rfc3339_micros};

/// The name and the email address that a buyer without them enters on the checkout page.
pub(crate) const BUYER_NAME: &str = "Test Buyer";
pub(crate) const BUYER_EMAIL: &str = "buyer@example.com";

/// A customer. Archived ones keep their id.
pub(crate) struct Customer {
    /// The app's id.
    pub(crate) app_id: String,
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    metadata: Value,
    /// The address with camelCase names, or null.
    billing_address: Value,
    pub(crate) is_archived: bool,
    created: SystemTime,
    modified: SystemTime,
}

impl Customer {
    pub(crate) fn new(app_id: String, name: Option<String>) -> Self {
        let now = SystemTime::now();
        Self {
            app_id,
            name,
            email: None,
            metadata: json!({}),
            billing_address: Value::Null,
            is_archived: false,
            created: now,
            modified: now,
        }
    }

    /// Sets the fields that are present in a valid request. Null removes a value.
    pub(crate) fn update(&mut self, fields: &Map<String, Value>) {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        if let Some(name) = fields.get("name") {
            self.name = text(name);
        }
        if let Some(email) = fields.get("email") {
            self.email = text(email);
        }
        match fields.get("metadata") {
            Some(Value::Null) => self.metadata = json!({}),
            Some(metadata) => self.metadata = metadata.clone(),
            None => {}
        }
        if let Some(address) = fields.get("billingAddress") {
            self.billing_address = camel_case_address(address);
        }
        self.modified = SystemTime::now();
    }

    /// Sets what a buyer enters when paying: the email address, and the name and the address if they are missing.
    pub(crate) fn pay(&mut self, email: &str, country: &str) {
        self.email = Some(email.to_owned());
        self.name.get_or_insert_with(|| BUYER_NAME.to_owned());
        if self.billing_address.is_null() {
            let address = json!({"country": country, "postalCode": "12345"});
            self.billing_address = camel_case_address(&address);
        }
        self.modified = SystemTime::now();
    }

    /// Returns Kelviq's own id.
    pub(crate) fn kelviq_id(&self) -> String {
        ids::kelviq_customer_id(&self.app_id)
    }

    /// Returns the customer as the API does.
    pub(crate) fn json(&self) -> Value {
        json!({
            "id": self.kelviq_id(),
            "customerId": self.app_id,
            "name": self.name,
            "email": self.email,
            "details": {},
            "metadata": self.metadata,
            "billingAddress": self.billing_address,
            "createdOn": rfc3339_micros(self.created),
            "modifiedOn": rfc3339_micros(self.modified),
        })
    }

    /// Returns the customer as the objects of events contain it.
    pub(crate) fn event_json(&self) -> Value {
        json!({
            "id": self.kelviq_id(),
            "name": self.name,
            "email": self.email,
            "customer_id": self.app_id,
            "billing_address": self.event_address(),
        })
    }

    /// Returns the billing address as events contain it.
    pub(crate) fn event_address(&self) -> Value {
        let names = ADDRESS.iter().map(|(camel, snake)| {
            let value = self.billing_address.get(camel).cloned();
            ((*snake).to_owned(), value.unwrap_or_default())
        });
        Value::Object(names.collect())
    }

    /// Returns whether a text occurs in the name, the email address or the id, in any case.
    pub(crate) fn matches(&self, search: &str) -> bool {
        let texts = [Some(&self.app_id), self.name.as_ref(), self.email.as_ref()];
        let search = search.to_lowercase();
        let mut texts = texts.into_iter().flatten();
        texts.any(|text| text.to_lowercase().contains(&search))
    }
}

/// The fields of an address in camelCase and in `snake_case`.
const ADDRESS: [(&str, &str); 6] = [
    ("line1", "line1"),
    ("line2", "line2"),
    ("city", "city"),
    ("state", "state"),
    ("postalCode", "postal_code"),
    ("country", "country"),
];

/// Returns the known fields of an address with camelCase names. Of those without a value, only `line2` is null.
fn camel_case_address(address: &Value) -> Value {
    if address.is_null() {
        return Value::Null;
    }
    let fields = ADDRESS.iter().filter_map(|(camel, snake)| {
        let value = address.get(camel).or_else(|| address.get(snake));
        let value = value.cloned().unwrap_or_default();
        let is_listed = !value.is_null() || *camel == "line2";
        is_listed.then(|| ((*camel).to_owned(), value))
    });
    Value::Object(fields.collect())
}
