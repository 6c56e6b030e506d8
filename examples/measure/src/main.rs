//! Measures the workspace beside hand-written equivalents, which run in the same way and in the same minutes.
//!
//! A subcommand prints one section of docs/measurements.md to stdout, and its progress to stderr. `.ci/measure` runs them.
//! Each server that is measured is a process of its own: this program with the hidden subcommand `serve`.

#![allow(
    clippy::cast_precision_loss,
    reason = "counts and sizes are far below 2^52"
)]

mod buyers;
mod buyers_servers;
mod buyers_upstream;
mod buyers_wave;
mod checkout;
mod checkout_by_hand;
mod checkout_purchases;
mod checkout_servers;
mod checkout_upstream;
mod costs;
mod instructions;
mod load;
mod memory;
mod memory_fill;
mod metadata;
mod metadata_operations;
mod metadata_structs;
mod report;
mod requests;
mod round_trips;
mod rounds;
mod server;
mod stores;
mod stores_servers;
mod webhook;
mod webhook_delivery;
mod webhook_servers;

use std::{error::Error, process::ExitCode};

use clap::{Parser, Subcommand};

type Result<T, E = Box<dyn Error + Send + Sync>> = std::result::Result<T, E>;

#[derive(Debug, Parser)]
#[command(about = "Measures the workspace beside hand-written equivalents")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The checkout extractor and route.
    Checkout,
    /// The webhook route.
    Webhook,
    /// The stores, with PostgreSQL at `KELVIQ_TEST_DATABASE_URL`.
    Stores,
    /// Many buyers who wait at the same time.
    Buyers,
    /// The memory that events and references take.
    Memory,
    /// Metadata, written and read.
    Metadata,
    /// Repeats an operation.
    #[command(hide = true)]
    Repeat {
        /// The name of the operation.
        name: String,
        /// How many times.
        times: usize,
    },
    /// Sends requests to a program that keeps events or references, and prints its memory.
    #[command(hide = true)]
    Fill {
        /// The name of the program.
        name: String,
        /// The number of requests.
        requests: usize,
        /// The URL of the server that creates sessions.
        upstream: String,
    },
    /// Runs a server that is measured: prints its address, and ends when stdin is closed.
    #[command(hide = true)]
    Serve {
        /// The name of the server.
        name: String,
        /// Runs on the main thread only.
        #[arg(long)]
        single_thread: bool,
        /// Arguments of the server.
        arguments: Vec<String>,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("measure: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    match command {
        Command::Stores => server::runtime(false)?.block_on(stores::print()),
        Command::Buyers => server::runtime(false)?.block_on(buyers::print()),
        Command::Memory => server::runtime(false)?.block_on(memory::print()),
        Command::Metadata => metadata::print(),
        Command::Repeat { name, times } => {
            let operation = metadata_operations::operation(&name)?;
            (0..times).try_for_each(|_| operation())
        }
        Command::Fill {
            name,
            requests,
            upstream,
        } => server::runtime(true)?.block_on(memory_fill::fill(&name, requests, &upstream)),
        Command::Checkout => server::runtime(false)?.block_on(checkout::print()),
        Command::Webhook => server::runtime(false)?.block_on(webhook::print()),
        Command::Serve {
            name,
            single_thread,
            arguments,
        } => server::runtime(single_thread)?.block_on(serve(&name, &arguments)),
    }
}

/// Runs the server with this name.
async fn serve(name: &str, arguments: &[String]) -> Result<()> {
    let app = match name {
        "empty" => axum::Router::new().route("/", axum::routing::post(async || ())),
        "checkout-upstream" => checkout_upstream::app(),
        "buyers-upstream" => buyers_upstream::upstream(),
        _ if name.starts_with("buyers-") => {
            let upstream = arguments.first().ok_or("the server needs an upstream")?;
            buyers_servers::server(name, upstream)?
        }
        _ if name.starts_with("store-") => {
            let database = arguments.first().ok_or("the server needs a database")?;
            let is_counted = arguments.iter().any(|argument| argument == "counted");
            stores_servers::server(name, database, is_counted).await?
        }
        _ if name.starts_with("checkout-") => {
            let upstream = arguments.first().ok_or("the server needs an upstream")?;
            let refuses = arguments.iter().any(|argument| argument == "refuses");
            if name.ends_with("-by-hand") {
                checkout_by_hand::server(name, upstream, refuses)?
            } else {
                checkout_servers::server(name, upstream, refuses)?
            }
        }
        _ if name.starts_with("webhook-") => webhook_servers::server(name, arguments)?,
        _ => return Err(format!("there is no server named {name}").into()),
    };
    server::serve(app).await
}
