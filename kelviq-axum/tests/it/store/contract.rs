//! The contract of inboxes and stores.

use std::io::Write;

use kelviq_axum::{
    Claim, ClaimToken, Inbox, MemoryInbox,
    contract::{self, Harness},
};
use kelviq_core::VerifiedEvent;

use super::support::{DATABASE_URL, InMemory, InPostgres, InSqlite};

#[test]
fn postgres_is_tested_or_left_out() {
    if std::env::var_os(DATABASE_URL).is_none() {
        // Unlike `eprintln!`, this is not captured.
        let line = format!("PostgreSQL is left out: {DATABASE_URL} is not set, see .ci/postgres\n");
        std::io::stderr().write_all(line.as_bytes()).unwrap();
    }
}

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

/// What is wrong with an inbox.
#[derive(Clone, Copy)]
enum Defect {
    AcquiresTwice,
    IgnoresTokens,
    ForgetsCompletions,
    NeverExpires,
}

#[derive(Clone)]
struct Defective(MemoryInbox, Defect);

impl Inbox for Defective {
    type Error = <MemoryInbox as Inbox>::Error;

    async fn claim(&self, event: &VerifiedEvent) -> Result<Claim, Self::Error> {
        let claim = self.0.claim(event).await?;
        Ok(match (self.1, claim) {
            (Defect::AcquiresTwice, Claim::InProgress { .. }) => {
                Claim::Acquired(ClaimToken::new(event.id(), 1_000))
            }
            (Defect::NeverExpires, Claim::Acquired(claim)) if claim.token > 1 => {
                Claim::InProgress {
                    retry_after: Self::LEASE,
                }
            }
            (_, claim) => claim,
        })
    }

    async fn renew(&self, claim: &ClaimToken) -> Result<bool, Self::Error> {
        let is_renewed = self.0.renew(claim).await?;
        Ok(is_renewed || matches!(self.1, Defect::IgnoresTokens))
    }

    async fn complete(&self, claim: &ClaimToken) -> Result<bool, Self::Error> {
        match self.1 {
            Defect::ForgetsCompletions => self.0.release(claim).await.map(|()| true),
            _ => self.0.complete(claim).await,
        }
    }

    async fn release(&self, claim: &ClaimToken) -> Result<(), Self::Error> {
        self.0.release(claim).await
    }
}

struct WithDefect(Defect);

impl Harness for WithDefect {
    type Inbox = Defective;

    async fn create(&self) -> Defective {
        Defective(InMemory.create().await, self.0)
    }

    async fn advance(&self, inbox: &Defective, by: std::time::Duration) {
        InMemory.advance(&inbox.0, by).await;
    }
}

#[tokio::test(start_paused = true)]
#[should_panic = "contract: racers: expected the number of racers that acquire the claim to be 1, but it is 20"]
async fn the_contract_finds_a_claim_that_is_acquired_twice() {
    contract::inbox(WithDefect(Defect::AcquiresTwice)).await;
}

#[tokio::test(start_paused = true)]
#[should_panic = "contract: a lost lease: expected `renew` to return false after another claim"]
async fn the_contract_finds_a_token_that_is_ignored() {
    contract::inbox(WithDefect(Defect::IgnoresTokens)).await;
}

#[tokio::test(start_paused = true)]
#[should_panic = "contract: racers: expected evt_race to be `Handled` after its completion"]
async fn the_contract_finds_a_completion_that_is_forgotten() {
    contract::inbox(WithDefect(Defect::ForgetsCompletions)).await;
}

#[tokio::test(start_paused = true)]
#[should_panic = "contract: racers: expected the number of racers that acquire the claim to be 1, but it is 0"]
async fn the_contract_finds_a_claim_that_never_expires() {
    contract::inbox(WithDefect(Defect::NeverExpires)).await;
}
