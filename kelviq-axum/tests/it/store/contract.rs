//! The contract of inboxes and stores.

use kelviq_axum::contract;

use super::support::{InMemory, InPostgres, InSqlite};

#[tokio::test(start_paused = true)]
async fn the_memory_inbox_keeps_the_contract() {
    contract::inbox(InMemory).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_keeps_the_contract_of_an_inbox() {
    contract::inbox(InSqlite::new()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_keeps_the_contract_of_a_store() {
    contract::store(InSqlite::new()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_keeps_the_contract_of_transactions() {
    contract::transaction(InSqlite::new()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_keeps_the_contract_of_an_inbox() {
    if let Some(postgres) = InPostgres::new("inbox") {
        contract::inbox(postgres).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_keeps_the_contract_of_a_store() {
    if let Some(postgres) = InPostgres::new("store") {
        contract::store(postgres).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_keeps_the_contract_of_transactions() {
    if let Some(postgres) = InPostgres::new("transaction") {
        contract::transaction(postgres).await;
    }
}
