//! The storefront, a process of its own.

use std::{
    path::PathBuf,
    process::{ExitStatus, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use exactly_once::BoxError;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    sync::{mpsc, oneshot, watch},
    task::JoinHandle,
    time::{sleep, timeout},
};

use crate::{outages::Part, world::World};

/// Maximum time for the start of the storefront.
const START_TIMEOUT: Duration = Duration::from_mins(1);

/// Maximum time in which the storefront must start again, with all attempts. It is longer than each outage of the database.
const RESTART_TIMEOUT: Duration = Duration::from_mins(1);

/// Number of unexpected ends after which the storefront is not started again.
const MAX_UNEXPECTED_ENDS: u32 = 5;

/// Maximum time for a graceful shutdown. The storefront waits 5 s for pending requests.
const STOP_TIMEOUT: Duration = Duration::from_secs(10);

/// How to start the storefront.
pub(crate) struct Program {
    pub(crate) path: PathBuf,
    pub(crate) vars: Vec<(&'static str, String)>,
}

/// How to end the storefront.
#[derive(Clone, Copy)]
pub(crate) enum End {
    /// SIGKILL.
    Kill,
    /// SIGTERM.
    Terminate,
    /// SIGTERM, without a restart.
    Stop,
}

/// The running storefront.
pub(crate) struct Shop {
    ends: mpsc::Sender<(End, oneshot::Sender<()>)>,
    process: watch::Receiver<Option<Process>>,
}

/// The process that serves the shop.
#[derive(Clone, Copy)]
pub(crate) struct Process {
    pub(crate) id: u32,
    /// The number of processes before this one.
    pub(crate) number: usize,
}

impl Shop {
    /// Starts the storefront. The task starts it again whenever it ends, as a service manager does, and fails if that is not
    /// possible.
    ///
    /// # Errors
    ///
    /// Returns an error if the storefront does not start the first time.
    pub(crate) async fn start(
        world: Arc<World>,
        program: Program,
    ) -> Result<(Self, JoinHandle<Result<(), BoxError>>), BoxError> {
        let first = start(&world, &program).await;
        let first = first.map_err(|error| format!("the storefront did not start: {error}"))?;
        let (ends, receiver) = mpsc::channel(1);
        let (sender, process) = watch::channel(None);
        let supervisor = tokio::spawn(supervise(world, program, first, receiver, sender));
        Ok((Self { ends, process }, supervisor))
    }

    /// Ends the process, and waits until the next one serves.
    pub(crate) async fn end(&self, end: End) -> Result<(), BoxError> {
        let (done, wait) = oneshot::channel();
        self.ends.send((end, done)).await?;
        Ok(wait.await?)
    }

    /// Returns the process that serves the shop.
    pub(crate) fn process(&self) -> watch::Receiver<Option<Process>> {
        self.process.clone()
    }
}

async fn supervise(
    world: Arc<World>,
    program: Program,
    mut child: Child,
    mut ends: mpsc::Receiver<(End, oneshot::Sender<()>)>,
    process: watch::Sender<Option<Process>>,
) -> Result<(), BoxError> {
    let mut unexpected_ends = 0;
    for number in 0.. {
        let id = child.id().unwrap_or_default();
        process.send_replace(Some(Process { id, number }));
        let request = tokio::select! {
            status = child.wait() => Err(status),
            request = ends.recv() => Ok(request),
        };
        process.send_replace(None);
        world.outages.begin(Part::Storefront);
        let done = match request {
            Err(status) => {
                let status = show(status.ok());
                let failures = &world.counts.failures;
                let failure = format!("the storefront ended unexpectedly: {status}");
                unexpected_ends += 1;
                if unexpected_ends == MAX_UNEXPECTED_ENDS {
                    let cause = world.log.latest();
                    return Err(format!("{failure}, {unexpected_ends} times: {cause}").into());
                }
                failures.add(failure);
                None
            }
            Ok(None) => return Ok(()),
            Ok(Some((end, done))) => {
                finish(&world, child, end).await;
                if matches!(end, End::Stop) {
                    let _ = done.send(());
                    return Ok(());
                }
                Some(done)
            }
        };
        child = restart(&world, &program).await?;
        world.outages.end(Part::Storefront);
        if let Some(done) = done {
            let _ = done.send(());
        }
    }
    Ok(())
}

/// Starts a process, again if that fails, for some time. A failure is expected only while the database is down.
async fn restart(world: &World, program: &Program) -> Result<Child, BoxError> {
    let began = Instant::now();
    loop {
        let attempt = Instant::now();
        let error = match start(world, program).await {
            Ok(child) => return Ok(child),
            Err(error) => format!("the storefront did not start: {error}"),
        };
        world.log.note(&error);
        if began.elapsed() > RESTART_TIMEOUT {
            return Err(error.into());
        }
        if world.outages.overlaps(Part::Database, attempt) {
            let disruptions = &world.counts.disruptions;
            disruptions.add("starts of the storefront without a database");
        } else {
            world.counts.failures.add(error);
        }
        sleep(Duration::from_secs(1)).await;
    }
}

/// Ends a process.
async fn finish(world: &World, mut child: Child, end: End) {
    match end {
        End::Kill => {
            world.log.note("SIGKILL");
            // It fails only if the process has ended already.
            let _ = child.kill().await;
        }
        End::Terminate | End::Stop => {
            world.log.note("SIGTERM");
            let id = child.id().unwrap_or_default().to_string();
            let began = Instant::now();
            let sent = Command::new("kill").args(["-TERM", &id]).status().await;
            if !sent.is_ok_and(|status| status.success()) {
                world.counts.failures.add("SIGTERM could not be sent");
            }
            match timeout(STOP_TIMEOUT, child.wait()).await {
                Ok(Ok(status)) if status.success() => {
                    let seconds = began.elapsed().as_secs_f64();
                    world
                        .log
                        .note(&format!("ended {seconds:.1} s after SIGTERM"));
                }
                Ok(status) => world.counts.failures.add(format!(
                    "the storefront ended with {} after SIGTERM",
                    show(status.ok())
                )),
                Err(_) => {
                    world
                        .counts
                        .failures
                        .add("the storefront did not end within 10 s of SIGTERM");
                    let _ = child.kill().await;
                }
            }
        }
    }
}

fn show(status: Option<ExitStatus>) -> String {
    status.map_or("an unknown status".into(), |status| status.to_string())
}

/// Starts a process, and waits until it serves.
async fn start(world: &World, program: &Program) -> Result<Child, BoxError> {
    let mut child = Command::new(&program.path)
        .env_clear()
        .envs(program.vars.iter().map(|(name, value)| (name, value)))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| format!("{}: {error}", program.path.display()))?;
    let stdout = child.stdout.take().ok_or("stdout is not piped")?;
    let stderr = child.stderr.take().ok_or("stderr is not piped")?;
    let log = world.log.read(stderr);
    let mut line = String::new();
    let mut stdout = BufReader::new(stdout);
    let read = timeout(START_TIMEOUT, stdout.read_line(&mut line)).await;
    let read = read.map_err(|_| "it did not serve within a minute")??;
    if read == 0 {
        let status = timeout(STOP_TIMEOUT, child.wait()).await;
        let status = status.map_err(|_| "it closed stdout, but did not end")??;
        log.await?;
        let cause = world.log.latest();
        return Err(format!("it ended with {status}: {cause}").into());
    }
    Ok(child)
}
