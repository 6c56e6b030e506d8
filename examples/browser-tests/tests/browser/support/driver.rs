//! One chromedriver for the whole run.

use std::{
    env, fs,
    io::{self, BufRead, BufReader, Write},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{self, Child, Command, Stdio},
    sync::OnceLock,
    thread::{self, sleep},
    time::{Duration, Instant},
};

use super::programs::Programs;

/// How long chromedriver may take over what it is told when nobody waits for the answer any more.
const GRACE: Duration = Duration::from_secs(10);

/// Starts chromedriver when the first test needs it, and ends it and its browsers when dropped, on a panic too.
pub(crate) struct Driver {
    pub(crate) programs: Programs,
    process: OnceLock<Process>,
}

struct Process {
    child: Child,
    port: u16,
    /// Profiles and whatever else Chromium leaves behind.
    folder: PathBuf,
}

impl Driver {
    pub(crate) fn new(programs: Programs) -> Self {
        Self {
            programs,
            process: OnceLock::new(),
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.process().port)
    }

    /// Closes a browser, also while a panic unwinds: it needs no async runtime.
    pub(crate) fn close(&self, session_id: &str) {
        let port = self.process().port;
        if let Err(error) = tell(port, &format!("DELETE /session/{session_id}")) {
            eprintln!("a browser may still be open: {error}");
        }
    }

    fn process(&self) -> &Process {
        self.process.get_or_init(|| {
            Process::start(&self.programs.driver).expect("chromedriver should start")
        })
    }
}

impl Process {
    fn start(driver: &Path) -> io::Result<Self> {
        // Short, since Chromium makes sockets in it.
        let folder = env::temp_dir().join(format!("browser-tests-{}", process::id()));
        fs::create_dir_all(&folder)?;
        let mut child = Command::new(driver)
            .env("TMPDIR", &folder)
            // A free one. Without more it listens on loopback alone.
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        let Some(port) = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| port_in(&line))
        else {
            let _ = child.kill();
            let status = child.wait()?;
            return Err(io::Error::other(format!("no port named, {status}")));
        };
        // A pipe that nobody reads would stop it one day.
        thread::spawn(move || lines.for_each(drop));
        Ok(Self {
            child,
            port,
            folder,
        })
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Killed at once it would leave its browsers behind.
        let deadline = Instant::now() + GRACE;
        if tell(self.port, "GET /shutdown").is_ok() {
            while Instant::now() < deadline && matches!(self.child.try_wait(), Ok(None)) {
                sleep(Duration::from_millis(10));
            }
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// From `ChromeDriver was started successfully on port 41234.`
fn port_in(line: &str) -> Option<u16> {
    let (_, port) = line.split_once("successfully on port ")?;
    port.trim_end_matches('.').parse().ok()
}

/// Sends one request without a body, and waits for the head of the answer: chromedriver keeps connections open.
fn tell(port: u16, request: &str) -> io::Result<()> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, GRACE)?;
    stream.set_read_timeout(Some(GRACE))?;
    write!(stream, "{request} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")?;
    let mut status = String::new();
    BufReader::new(stream).read_line(&mut status)?;
    match status.split(' ').nth(1) {
        Some("200") => Ok(()),
        _ => Err(io::Error::other(format!("{request}: {status}"))),
    }
}
