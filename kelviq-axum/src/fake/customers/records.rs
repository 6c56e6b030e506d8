//! All customers.

use serde_json::{Map, Value, json};

use super::customer::Customer;
use crate::fake::ids;

/// All customers, oldest first.
#[derive(Default)]
pub(crate) struct Customers {
    customers: Vec<Customer>,
}

impl Customers {
    /// Returns a customer who is not archived.
    pub(crate) fn get(&self, customer_id: &str) -> Option<&Customer> {
        self.any(customer_id)
            .filter(|customer| !customer.is_archived)
    }

    /// Returns a customer who is not archived.
    pub(crate) fn get_mut(&mut self, customer_id: &str) -> Option<&mut Customer> {
        self.any_mut(customer_id)
            .filter(|customer| !customer.is_archived)
    }

    /// Returns a customer, also an archived one.
    pub(crate) fn any(&self, customer_id: &str) -> Option<&Customer> {
        let mut customers = self.customers.iter();
        customers.find(|customer| customer.app_id == customer_id)
    }

    /// Returns a customer, also an archived one.
    pub(crate) fn any_mut(&mut self, customer_id: &str) -> Option<&mut Customer> {
        let mut customers = self.customers.iter_mut();
        customers.find(|customer| customer.app_id == customer_id)
    }

    /// Creates a customer from the fields of a valid request, and returns it as the API does.
    ///
    /// # Errors
    ///
    /// Returns the body of the 400 response if the id is taken, also by an archived customer.
    pub(crate) fn create(&mut self, fields: &Map<String, Value>) -> Result<Value, Value> {
        let customer_id = fields.get("customerId").and_then(Value::as_str);
        let customer_id = customer_id.unwrap_or_default();
        if self.any(customer_id).is_some() {
            return Err(json!({"customerId": ["A customer with this id already exists."]}));
        }
        let mut customer = Customer::new(customer_id.to_owned(), None);
        customer.update(fields);
        let json = customer.json();
        self.customers.push(customer);
        Ok(json)
    }

    /// Returns the id of the customer of a new session. As at Kelviq, an unknown customer is created with the id as its
    /// name, and without an email address.
    pub(crate) fn of_session(&mut self, customer_id: Option<&str>) -> String {
        let Some(customer_id) = customer_id else {
            let customer_id = ids::uuid();
            self.customers
                .push(Customer::new(customer_id.clone(), None));
            return customer_id;
        };
        if self.any(customer_id).is_none() {
            let name = Some(customer_id.to_owned());
            self.customers
                .push(Customer::new(customer_id.to_owned(), name));
        }
        customer_id.to_owned()
    }

    /// Returns the customers who are not archived, newest first.
    pub(crate) fn newest_first(&self) -> impl Iterator<Item = &Customer> {
        let customers = self.customers.iter().rev();
        customers.filter(|customer| !customer.is_archived)
    }
}
