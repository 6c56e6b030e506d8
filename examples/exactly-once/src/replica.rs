//! A process of the application.

use std::{
    net::SocketAddr,
    process::Stdio,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use exactly_once::BoxError;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    time::{sleep, timeout},
};

use crate::application::DATABASE_URL;

/// Time until a process that was killed is started again.
const DOWNTIME: Duration = Duration::from_millis(200);

/// Maximum time for the start of a process.
const START_TIMEOUT: Duration = Duration::from_mins(1);

/// A process of the application. It is killed when this is dropped, and ends when its standard input is closed.
pub(crate) struct Replica {
    database_url: String,
    failures: u32,
    process: Child,
    address: Address,
}

/// The address at which a process listens, or listened before it was killed.
#[derive(Clone)]
pub(crate) struct Address(Arc<Mutex<SocketAddr>>);

impl Address {
    pub(crate) fn get(&self) -> SocketAddr {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, address: SocketAddr) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = address;
    }
}

impl Replica {
    pub(crate) async fn start(database_url: &str, failures: u32) -> Result<Self, BoxError> {
        let (process, address) = start(database_url, failures).await?;
        Ok(Self {
            database_url: database_url.to_owned(),
            failures,
            process,
            address: Address(Arc::new(Mutex::new(address))),
        })
    }

    /// Returns the address, which stays up to date.
    pub(crate) fn address(&self) -> Address {
        self.address.clone()
    }

    /// Kills the process with SIGKILL, and starts another one.
    pub(crate) async fn kill_and_restart(&mut self) -> Result<(), BoxError> {
        if let Some(status) = self.process.try_wait()? {
            return Err(format!("an application ended before it was killed: {status}").into());
        }
        self.process.kill().await?;
        sleep(DOWNTIME).await;
        let (process, address) = start(&self.database_url, self.failures).await?;
        self.process = process;
        self.address.set(address);
        Ok(())
    }
}

async fn start(database_url: &str, failures: u32) -> Result<(Child, SocketAddr), BoxError> {
    let mut process = Command::new(std::env::current_exe()?)
        .arg(format!("--failures={failures}"))
        .arg("serve")
        .env(DATABASE_URL, database_url)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let output = process.stdout.take().ok_or("the output is not piped")?;
    let mut line = String::new();
    let mut output = BufReader::new(output);
    let length = timeout(START_TIMEOUT, output.read_line(&mut line)).await;
    if length.map_err(|_| "an application did not start in time")?? == 0 {
        return Err("an application ended at its start".into());
    }
    let address = line.trim().parse()?;
    Ok((process, address))
}
