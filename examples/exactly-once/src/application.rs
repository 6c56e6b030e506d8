//! The application: a process with two webhook routes, whose handlers fail now and then.

use std::{future::pending, io::Write, panic, time::Duration};

use axum::{Router, extract::State, http::StatusCode};
use exactly_once::BoxError;
use kelviq_axum::{Event, PostgresStore, SqliteStore, Webhooks};
use kelviq_core::WebhookSecret;
use tokio::{io::AsyncReadExt, net::TcpListener};
use tracing_subscriber::EnvFilter;

use crate::{
    database::Database,
    effect::{Effect, Handler, OrderMetadata},
};

/// The environment variable with the URL of a PostgreSQL database, or the path of a SQLite database.
pub(crate) const DATABASE_URL: &str = "DATABASE_URL";

pub(crate) const SECRET: &str = "kq_whsec_exactly_once";

/// Serves the routes on a free port of 127.0.0.1, and prints its address.
pub(crate) async fn serve(failures: u32) -> Result<(), BoxError> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("off"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    omit_injected_panics();
    let url = std::env::var(DATABASE_URL)?;
    if url.starts_with("postgres:") {
        serve_with::<PostgresStore>(&url, failures).await
    } else {
        serve_with::<SqliteStore>(&url, failures).await
    }
}

async fn serve_with<D: Database>(url: &str, failures: u32) -> Result<(), BoxError> {
    let app = async |handler| -> Result<App<D>, BoxError> {
        let store = D::open(url, handler).await?;
        Ok(App { store, failures })
    };
    let secret = WebhookSecret::new(SECRET)?;
    let app_in_transaction = app(Handler::InTransaction).await?;
    let in_transaction = Webhooks::new(
        secret.clone(),
        app_in_transaction.store.clone(),
        app_in_transaction,
        handle_in_transaction::<D>,
    );
    let plain_app = app(Handler::Plain).await?;
    let plain = Webhooks::new(
        secret,
        plain_app.store.clone(),
        plain_app,
        handle_plain::<D>,
    );
    let router = Router::new()
        .route(Handler::InTransaction.path(), in_transaction.route())
        .route(Handler::Plain.path(), plain.route());
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    writeln!(std::io::stdout(), "{}", listener.local_addr()?)?;
    let mut input = tokio::io::stdin();
    tokio::select! {
        result = axum::serve(listener, router) => result?,
        () = in_transaction.run(pending()) => {}
        () = plain.run(pending()) => {}
        // The program that started this process has ended.
        _ = input.read_u8() => {}
    }
    Ok(())
}

#[derive(Clone)]
struct App<D> {
    store: D,
    /// Percentage of attempts that fail.
    failures: u32,
}

/// How an attempt fails.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    BeforeTheEffect,
    Panic,
    Rollback,
    AfterCommit,
}

impl Fault {
    fn random(percentage: u32) -> Result<Self, BoxError> {
        if getrandom::u32()? % 100 >= percentage {
            return Ok(Self::None);
        }
        Ok(match getrandom::u32()? % 4 {
            0 => Self::BeforeTheEffect,
            1 => Self::Panic,
            2 => Self::Rollback,
            _ => Self::AfterCommit,
        })
    }

    /// Fails if this is the fault that is due.
    fn fail_if(self, due: Self) -> Result<(), BoxError> {
        match self {
            fault if fault != due => Ok(()),
            Self::Panic => panic!("{INJECTED_PANIC}"),
            _ => Err("an injected failure".into()),
        }
    }
}

const INJECTED_PANIC: &str = "an injected panic";

/// Keeps the injected panics from being printed.
fn omit_injected_panics() {
    let default = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if info.payload_as_str() != Some(INJECTED_PANIC) {
            default(info);
        }
    }));
}

/// Duration of the work of a handler.
const WORK: Duration = Duration::from_millis(2);

async fn handle_in_transaction<D: Database>(
    State(app): State<App<D>>,
    event: Event<OrderMetadata>,
) -> Result<(), StatusCode> {
    let handle = async || -> Result<(), BoxError> {
        let fault = Fault::random(app.failures)?;
        fault.fail_if(Fault::BeforeTheEffect)?;
        let mut tx = app.store.begin().await?;
        D::insert(&mut tx, Handler::InTransaction, &Effect::of(&event)).await?;
        tokio::time::sleep(WORK).await;
        fault.fail_if(Fault::Panic)?;
        event.complete(&mut tx).await?;
        // Returning an error drops the transaction, which rolls it back.
        fault.fail_if(Fault::Rollback)?;
        D::commit(tx).await?;
        fault.fail_if(Fault::AfterCommit)
    };
    handle().await.map_err(internal_error)
}

async fn handle_plain<D: Database>(
    State(app): State<App<D>>,
    event: Event<OrderMetadata>,
) -> Result<(), StatusCode> {
    let handle = async || -> Result<(), BoxError> {
        let fault = Fault::random(app.failures)?;
        fault.fail_if(Fault::BeforeTheEffect)?;
        tokio::time::sleep(WORK).await;
        fault.fail_if(Fault::Panic)?;
        let mut tx = app.store.begin().await?;
        D::insert(&mut tx, Handler::Plain, &Effect::of(&event)).await?;
        fault.fail_if(Fault::Rollback)?;
        D::commit(tx).await?;
        fault.fail_if(Fault::AfterCommit)
    };
    handle().await.map_err(internal_error)
}

fn internal_error(_: BoxError) -> StatusCode {
    StatusCode::INTERNAL_SERVER_ERROR
}
