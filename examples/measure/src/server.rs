//! Servers that are measured, each in a process of its own.

use std::{
    env, fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use axum::Router;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader},
    net::TcpSocket,
    process::{Child, ChildStdin, Command},
    runtime::{Builder, Runtime},
    time::timeout,
};

use crate::Result;

/// A server in another process. It is killed when this is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    child: Child,
    stdin: ChildStdin,
}

impl Server {
    /// Starts this program as the server with this name.
    pub(crate) async fn start(name: &str, arguments: &[&str]) -> Result<Self> {
        let mut command = Command::new(env::current_exe()?);
        command.arg("serve").arg(name).arg("--").args(arguments);
        Self::spawn(command).await
    }

    /// Starts this program as the server with this name, with a single arena of glibc's allocator. Otherwise, each thread has
    /// an arena that keeps the memory of its own peak.
    pub(crate) async fn start_in_one_arena(name: &str, arguments: &[&str]) -> Result<Self> {
        let mut command = Command::new(env::current_exe()?);
        command.arg("serve").arg(name).arg("--").args(arguments);
        command.env("MALLOC_ARENA_MAX", "1");
        Self::spawn(command).await
    }

    /// Starts the server with this name on a single thread under callgrind, which writes its counts to `counts`.
    pub(crate) async fn start_counted(
        name: &str,
        arguments: &[&str],
        counts: &Path,
    ) -> Result<Self> {
        let mut command = Command::new("valgrind");
        command
            .args(["-q", "--tool=callgrind"])
            .arg(format!("--callgrind-out-file={}", counts.display()))
            .arg(env::current_exe()?)
            .args(["serve", name, "--single-thread", "--"])
            .args(arguments);
        Self::spawn(command).await
    }

    async fn spawn(mut command: Command) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| {
                format!(
                    "cannot start {}: {error}",
                    command.as_std().get_program().display()
                )
            })?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("the server has no pipes".into());
        };
        let mut line = String::new();
        timeout(
            Duration::from_mins(1),
            BufReader::new(stdout).read_line(&mut line),
        )
        .await??;
        let address = line
            .trim()
            .parse()
            .map_err(|_| "the server did not start")?;
        Ok(Self {
            address,
            child,
            stdin,
        })
    }

    /// Returns the URL of a path of the server.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Returns the CPU time of the threads of the process so far, user and system.
    pub(crate) fn cpu(&self) -> Result<Duration> {
        let mut nanoseconds = 0;
        for thread in fs::read_dir(self.proc_path("task")?)? {
            let times = fs::read_to_string(thread?.path().join("schedstat"))?;
            let (running, _) = times.split_once(' ').ok_or("a schedstat is malformed")?;
            nanoseconds += running.parse::<u64>()?;
        }
        Ok(Duration::from_nanos(nanoseconds))
    }

    /// Returns the memory in kB that is a field of `/proc/PID/status`, e.g. `VmRSS`.
    pub(crate) fn memory(&self, field: &str) -> Result<f64> {
        kilobytes(&fs::read_to_string(self.proc_path("status")?)?, field)
    }

    fn proc_path(&self, file: &str) -> Result<PathBuf> {
        let id = self.child.id().ok_or("the server has ended")?;
        Ok(Path::new("/proc").join(id.to_string()).join(file))
    }

    /// Stops the server and waits for its end.
    pub(crate) async fn stop(mut self) -> Result<()> {
        drop(self.stdin);
        let status = timeout(Duration::from_mins(1), self.child.wait()).await??;
        if !status.success() {
            return Err(format!("the server ended with {status}").into());
        }
        Ok(())
    }
}

/// Returns a field of `/proc/PID/status` in kB.
pub(crate) fn kilobytes(status: &str, field: &str) -> Result<f64> {
    let mut lines = status.lines();
    let line = lines.find_map(|line| line.strip_prefix(field)?.strip_prefix(':'));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
    Ok(kilobytes
        .ok_or_else(|| format!("the process has no {field}"))?
        .parse()?)
}

/// Connections that wait to be accepted: all buyers connect at the same time.
const BACKLOG: u32 = 4096;

/// Serves an application on a free port: prints the address, and ends when stdin is closed.
pub(crate) async fn serve(app: Router) -> Result<()> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(([127, 0, 0, 1], 0).into())?;
    let listener = socket.listen(BACKLOG)?;
    println!("{}", listener.local_addr()?);
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    let mut stdin = tokio::io::stdin();
    tokio::select! {
        result = async { axum::serve(listener, app).await } => Ok(result?),
        _ = stdin.read_u8() => Ok(()),
    }
}

/// Returns the runtime of a server: with a thread per core, or with the current thread only.
pub(crate) fn runtime(single_thread: bool) -> Result<Runtime> {
    let mut builder = if single_thread {
        Builder::new_current_thread()
    } else {
        Builder::new_multi_thread()
    };
    Ok(builder.enable_all().build()?)
}
