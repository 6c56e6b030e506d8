//! Measures the workspace beside hand-written equivalents, which run in the same way and in the same minutes.
//!
//! A subcommand prints one section of docs/measurements.md to stdout, and its progress to stderr. `.ci/measure` runs them.
//! Each server that is measured is a process of its own: this program with the hidden subcommand `serve`.

mod instructions;
mod load;
mod report;
mod server;

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
        Command::Serve {
            name,
            single_thread,
            arguments,
        } => server::runtime(single_thread)?.block_on(serve(&name, &arguments)),
    }
}

/// Runs the server with this name.
async fn serve(name: &str, _arguments: &[String]) -> Result<()> {
    let app = match name {
        "empty" => axum::Router::new().route("/", axum::routing::post(async || ())),
        _ => return Err(format!("there is no server named {name}").into()),
    };
    server::serve(app).await
}
