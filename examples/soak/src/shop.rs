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
    time::{sleep, timeout},
};

use crate::world::World;

/// Maximum time for the start of the storefront.
const START_TIMEOUT: Duration = Duration::from_mins(1);

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
    /// Starts the storefront, and starts it again whenever it ends, as a service manager does.
    pub(crate) fn start(world: Arc<World>, program: Program) -> Self {
        let (ends, receiver) = mpsc::channel(1);
        let (sender, process) = watch::channel(None);
        tokio::spawn(supervise(world, program, receiver, sender));
        Self { ends, process }
    }

    /// Ends the process, and waits until the next one serves.
    pub(crate) async fn end(&self, end: End) -> Result<(), BoxError> {
        let (done, wait) = oneshot::channel();
        self.ends.send((end, done)).await?;
        Ok(wait.await?)
    }

    /// Waits until the storefront serves.
    pub(crate) async fn ready(&self) -> Result<(), BoxError> {
        let mut process = self.process.clone();
        process.wait_for(Option::is_some).await?;
        Ok(())
    }

    /// Returns the process that serves the shop.
    pub(crate) fn process(&self) -> watch::Receiver<Option<Process>> {
        self.process.clone()
    }
}

async fn supervise(
    world: Arc<World>,
    program: Program,
    mut ends: mpsc::Receiver<(End, oneshot::Sender<()>)>,
    process: watch::Sender<Option<Process>>,
) {
    let mut waiting: Option<oneshot::Sender<()>> = None;
    for number in 0.. {
        let mut child = match start(&world, &program).await {
            Ok(child) => child,
            Err(error) => {
                world
                    .log
                    .note(&format!("the storefront did not start: {error}"));
                world
                    .disruptions
                    .add("starts of the storefront without a database");
                sleep(Duration::from_secs(1)).await;
                continue;
            }
        };
        let id = child.id().unwrap_or_default();
        process.send_replace(Some(Process { id, number }));
        if let Some(waiting) = waiting.take() {
            let _ = waiting.send(());
        }
        let (end, done) = tokio::select! {
            status = child.wait() => {
                process.send_replace(None);
                world.failures.add(format!("the storefront ended unexpectedly: {}", show(status.ok())));
                continue;
            }
            end = ends.recv() => match end {
                Some(end) => end,
                None => return,
            },
        };
        process.send_replace(None);
        finish(&world, child, end).await;
        if matches!(end, End::Stop) {
            let _ = done.send(());
            return;
        }
        waiting = Some(done);
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
                world.failures.add("SIGTERM could not be sent");
            }
            match timeout(STOP_TIMEOUT, child.wait()).await {
                Ok(Ok(status)) if status.success() => {
                    let seconds = began.elapsed().as_secs_f64();
                    world
                        .log
                        .note(&format!("ended {seconds:.1} s after SIGTERM"));
                }
                Ok(status) => world.failures.add(format!(
                    "the storefront ended with {} after SIGTERM",
                    show(status.ok())
                )),
                Err(_) => {
                    world
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
    world
        .log
        .read(child.stderr.take().ok_or("stderr is not piped")?);
    let mut line = String::new();
    let mut stdout = BufReader::new(stdout);
    if timeout(START_TIMEOUT, stdout.read_line(&mut line)).await?? == 0 {
        let status = child.wait().await?;
        return Err(format!("it ended with {status}").into());
    }
    Ok(child)
}
