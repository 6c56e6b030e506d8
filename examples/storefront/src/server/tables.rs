//! The tables of the orders and the accounts.

/// Creates the tables. SQLite and PostgreSQL both read these statements.
///
/// There is one order per checkout, one fulfilled order per reference, and one account per customer. `recorded_at` is in microseconds since the Unix
/// epoch.
pub(super) const STATEMENTS: [&str; 5] = [
    "CREATE TABLE IF NOT EXISTS storefront_orders (
        checkout TEXT PRIMARY KEY,
        reference TEXT NOT NULL,
        customer_id TEXT,
        amount TEXT,
        paid_at TEXT,
        metadata TEXT,
        review TEXT,
        recorded_at BIGINT NOT NULL
    )",
    "CREATE UNIQUE INDEX IF NOT EXISTS storefront_orders_fulfilled
        ON storefront_orders (reference) WHERE review IS NULL",
    "CREATE INDEX IF NOT EXISTS storefront_orders_reference
        ON storefront_orders (reference)",
    "CREATE INDEX IF NOT EXISTS storefront_orders_customer
        ON storefront_orders (customer_id, recorded_at)",
    "CREATE TABLE IF NOT EXISTS storefront_accounts (
        customer_id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        email TEXT NOT NULL
    )",
];
