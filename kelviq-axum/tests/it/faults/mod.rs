//! What a buyer gets, what the log has, and what Kelviq receives if a request to Kelviq fails.

mod rows;
mod statuses;
mod table;
mod tls;
mod upstream;
