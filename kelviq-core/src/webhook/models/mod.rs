//! The objects of events and their parts.

pub(crate) mod billing_type;
pub(crate) mod checkout_completed;
pub(crate) mod customer;
pub(crate) mod invoice;
pub(crate) mod order;
pub(crate) mod payment_method;
pub(crate) mod product;
pub(crate) mod refund;
pub(crate) mod session_status;
pub(crate) mod subscription;
pub(crate) mod subscription_access;
pub(crate) mod usage_alert;
