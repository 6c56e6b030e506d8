//! Servers that store deliveries: the workspace's stores, and a plain `INSERT … ON CONFLICT`.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, StatusCode},
    routing::{get, post},
};
use kelviq_axum::{Event, PostgresStore, SqliteStore, Store, Webhooks};
use kelviq_core::WebhookSecret;
use sqlx::PgPool;
use tracing::Subscriber;
use tracing_subscriber::{
    Layer,
    filter::{LevelFilter, Targets},
    layer::{Context, SubscriberExt},
    util::SubscriberInitExt,
};

use crate::{
    Result,
    webhook_delivery::SECRET,
    webhook_servers::{Delivered, verify},
};

/// Returns the server with this name. `database` is a path or a URL.
///
/// The path `/statements` returns the number of statements that the database got, if `arguments` has `counted`.
pub(crate) async fn server(name: &str, database: &str, is_counted: bool) -> Result<Router> {
    let statements = Statements::default();
    if is_counted {
        let filter = Targets::new().with_target("sqlx::query", LevelFilter::DEBUG);
        let layer = statements.clone().with_filter(filter);
        tracing_subscriber::registry().with(layer).init();
    }
    let app = match name {
        "store-sqlite" => {
            let store = SqliteStore::open(database).await?;
            store.migrate().await?;
            webhooks(store)?
        }
        "store-sqlite-by-hand" => {
            let pool = SqliteStore::open(database).await?.pool().clone();
            let table =
                "CREATE TABLE IF NOT EXISTS deliveries (id TEXT PRIMARY KEY, body BLOB NOT NULL)";
            sqlx::query(table).execute(&pool).await?;
            by_hand(move |id, body| {
                let pool = pool.clone();
                async move {
                    let insert = sqlx::query(INSERT).bind(id).bind(&*body);
                    insert.execute(&pool).await.is_ok()
                }
            })
        }
        "store-postgres" => {
            let store = PostgresStore::new(PgPool::connect(database).await?);
            store.migrate().await?;
            webhooks(store)?
        }
        "store-postgres-by-hand" => {
            let pool = PgPool::connect(database).await?;
            let table =
                "CREATE TABLE IF NOT EXISTS deliveries (id TEXT PRIMARY KEY, body BYTEA NOT NULL)";
            sqlx::query(table).execute(&pool).await?;
            by_hand(move |id, body| {
                let pool = pool.clone();
                async move {
                    let insert = sqlx::query(INSERT).bind(id).bind(&*body);
                    insert.execute(&pool).await.is_ok()
                }
            })
        }
        _ => return Err(format!("there is no server named {name}").into()),
    };
    let count = async move || statements.0.load(Ordering::Relaxed).to_string();
    Ok(app.route("/statements", get(count)))
}

fn webhooks(store: impl Store) -> Result<Router> {
    let on_event = async |_: Event| ();
    let webhooks = Webhooks::new(WebhookSecret::new(SECRET)?, store, (), on_event);
    Ok(Router::new().route("/", webhooks.route()))
}

/// Counts the log events of sqlx about statements.
#[derive(Clone, Debug, Default)]
struct Statements(Arc<AtomicU64>);

impl<S: Subscriber> Layer<S> for Statements {
    fn on_event(&self, _: &tracing::Event<'_>, _: Context<'_, S>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

const INSERT: &str =
    "INSERT INTO deliveries (id, body) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING";

/// Returns the hand-written route, which calls `insert` for a verified delivery. `insert` returns `true` if it has stored it.
fn by_hand<F: Future<Output = bool> + Send>(
    insert: impl Fn(String, Bytes) -> F + Clone + Send + Sync + 'static,
) -> Router {
    let on_delivery = async move |headers: HeaderMap, body: Bytes| {
        let event: Delivered = verify(&headers, &body)?;
        if insert(event.id, body).await {
            Ok(())
        } else {
            Err(StatusCode::INTERNAL_SERVER_ERROR)
        }
    };
    Router::new().route("/", post(on_delivery))
}
