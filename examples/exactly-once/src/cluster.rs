//! A PostgreSQL cluster in a temporary folder.

use std::{
    fs,
    io::Write,
    net::TcpListener,
    os::unix::{
        fs::{MetadataExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

use crate::error::BoxError;

/// A PostgreSQL cluster on a free port of 127.0.0.1. It is stopped and removed when dropped.
#[derive(Debug)]
pub struct Cluster {
    programs: PathBuf,
    folder: TempDir,
    /// The user and group to run PostgreSQL as, which refuses to run as root.
    user: Option<(u32, u32)>,
    port: u16,
    password: String,
}

impl Cluster {
    /// Creates a cluster and starts it.
    ///
    /// # Errors
    ///
    /// Returns an error if PostgreSQL is not installed or does not start.
    pub fn start_new() -> Result<Self, BoxError> {
        let folder = tempfile::Builder::new().prefix("exactly-once-").tempdir()?;
        let is_root = fs::metadata(folder.path())?.uid() == 0;
        let user = is_root.then(unprivileged_user).transpose()?;
        if let Some((user, group)) = user {
            chown(folder.path(), Some(user), Some(group))?;
        }
        let mut password = [0; 16];
        getrandom::fill(&mut password)?;
        let cluster = Self {
            programs: programs()?,
            folder,
            user,
            port: TcpListener::bind("127.0.0.1:0")?.local_addr()?.port(),
            password: hex::encode(password),
        };
        cluster.init()?;
        cluster.start()?;
        Ok(cluster)
    }

    /// Returns the URL of the database, with the password.
    pub fn url(&self) -> String {
        format!(
            "postgres://postgres:{}@127.0.0.1:{}/postgres",
            self.password, self.port
        )
    }

    /// Starts the cluster, and waits until it accepts connections.
    ///
    /// # Errors
    ///
    /// Returns an error if it does not start. The error contains the log.
    pub fn start(&self) -> Result<(), BoxError> {
        let log = self.folder.path().join("log");
        let mut command = self.pg_ctl("start");
        command.arg("-l").arg(&log);
        run(&mut command).map_err(|error| {
            let log = fs::read_to_string(&log).unwrap_or_default();
            format!("{error}\n{log}").into()
        })
    }

    /// Stops the cluster without a shutdown, as in a crash.
    ///
    /// # Errors
    ///
    /// Returns an error if it cannot be stopped, for example because it is not running.
    pub fn crash(&self) -> Result<(), BoxError> {
        run(self.pg_ctl("stop").args(["-m", "immediate"]))
    }

    fn init(&self) -> Result<(), BoxError> {
        let password_file = self.folder.path().join("password");
        fs::write(&password_file, &self.password)?;
        let mut initdb = self.command("initdb");
        initdb
            .args([
                "--username=postgres",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
            ])
            .args(["--locale=C", "--no-sync", "--pwfile"])
            .arg(&password_file)
            .arg("--pgdata")
            .arg(self.data());
        run(&mut initdb)?;
        let settings = self.data().join("postgresql.conf");
        let mut settings = fs::OpenOptions::new().append(true).open(settings)?;
        writeln!(
            settings,
            "listen_addresses = '127.0.0.1'\nport = {}\nunix_socket_directories = ''",
            self.port
        )?;
        Ok(())
    }

    fn pg_ctl(&self, action: &str) -> Command {
        let mut command = self.command("pg_ctl");
        command
            .arg(action)
            .args(["--wait", "--timeout=60", "--pgdata"]);
        command.arg(self.data());
        command
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        if let Some((user, group)) = self.user {
            command.uid(user).gid(group);
        }
        command.current_dir(self.folder.path());
        command
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Err(error) = self.crash() {
            eprintln!("PostgreSQL was not stopped: {error}");
        }
    }
}

fn run(command: &mut Command) -> Result<(), BoxError> {
    // Not piped: the server, which keeps running, would inherit the pipe.
    let command = command.stdin(Stdio::null()).stdout(Stdio::null());
    let status = command.stderr(Stdio::null()).status();
    let program = command.get_program().display();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{program}: {status}").into()),
        Err(error) => Err(format!("{program}: {error}").into()),
    }
}

/// Returns the folder with the latest version of PostgreSQL's programs.
fn programs() -> Result<PathBuf, BoxError> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<_> = std::env::split_paths(&path).collect();
    let debian = Path::new("/usr/lib/postgresql");
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir(debian)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    versions.sort_unstable_by(|a, b| b.cmp(a));
    folders.extend(versions.into_iter().map(|(_, folder)| folder));
    let found = folders.into_iter().find(|folder| {
        ["initdb", "pg_ctl"]
            .iter()
            .all(|program| folder.join(program).is_file())
    });
    found.ok_or_else(|| {
        "PostgreSQL's programs initdb and pg_ctl were not found; install PostgreSQL".into()
    })
}

/// Returns the ids of the user and the group `postgres`, or of `nobody`.
fn unprivileged_user() -> Result<(u32, u32), BoxError> {
    let users = fs::read_to_string("/etc/passwd")?;
    let ids = |name: &str| {
        let fields = users
            .lines()
            .map(|line| line.split(':').collect::<Vec<_>>());
        let user = fields
            .into_iter()
            .find(|fields| fields.first() == Some(&name))?;
        Some((user.get(2)?.parse().ok()?, user.get(3)?.parse().ok()?))
    };
    ids("postgres").or_else(|| ids("nobody")).ok_or_else(|| {
        "PostgreSQL refuses to run as root, and there is no user \"postgres\" or \"nobody\"".into()
    })
}
