//! Customers: their profile, and the calls that create and update them.

mod profile;
mod write;

pub use self::profile::CustomerProfile;
