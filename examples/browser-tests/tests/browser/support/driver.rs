//! The chromedriver process, which all tests share.

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

use super::installation::Installation;

/// Timeout of the requests that close browsers and shut down chromedriver.
const CLEANUP_TIMEOUT: Duration = Duration::from_secs(10);

/// Starts chromedriver for the first test. Shuts it and its browsers down when dropped, also during a panic.
pub(crate) struct Driver {
    pub(crate) installation: Installation,
    process: OnceLock<Process>,
}

struct Process {
    child: Child,
    port: u16,
    /// The temporary folder, with the profiles and other files of Chromium.
    folder: PathBuf,
}

impl Driver {
    pub(crate) fn new(installation: Installation) -> Self {
        Self {
            installation,
            process: OnceLock::new(),
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.process().port)
    }

    /// Closes a browser. Not async, so that it can be called from `Drop`, also during a panic.
    pub(crate) fn close(&self, session_id: &str) {
        let port = self.process().port;
        if let Err(error) = send_request(port, &format!("DELETE /session/{session_id}")) {
            eprintln!("cannot close the browser: {error}");
        }
    }

    fn process(&self) -> &Process {
        self.process.get_or_init(|| {
            Process::start(&self.installation.driver).expect("chromedriver should start")
        })
    }
}

impl Process {
    fn start(driver: &Path) -> io::Result<Self> {
        // A short path, because Chromium creates sockets in it, whose paths are limited.
        let folder = env::temp_dir().join(format!("browser-tests-{}", process::id()));
        fs::create_dir_all(&folder)?;
        let mut child = Command::new(driver)
            .env("TMPDIR", &folder)
            // Selects a free port. By default, it listens on loopback only.
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut lines = BufReader::new(child.stdout.take().expect("stdout is piped")).lines();
        let Some(port) = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| parse_port(&line))
        else {
            let _ = child.kill();
            let status = child.wait()?;
            return Err(io::Error::other(format!(
                "chromedriver printed no port; {status}"
            )));
        };
        // Reads the remaining output, because chromedriver would block once the pipe is full.
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
        // Asks it to shut down first: if it is killed, its browsers keep running.
        let deadline = Instant::now() + CLEANUP_TIMEOUT;
        if send_request(self.port, "GET /shutdown").is_ok() {
            while Instant::now() < deadline && matches!(self.child.try_wait(), Ok(None)) {
                sleep(Duration::from_millis(10));
            }
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Parses the port from `ChromeDriver was started successfully on port 41234.`
fn parse_port(line: &str) -> Option<u16> {
    let (_, port) = line.split_once("successfully on port ")?;
    port.trim_end_matches('.').parse().ok()
}

/// Sends a request without a body and reads the status line. Does not wait for the end of the response, because
/// chromedriver keeps connections open.
fn send_request(port: u16, request: &str) -> io::Result<()> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, CLEANUP_TIMEOUT)?;
    stream.set_read_timeout(Some(CLEANUP_TIMEOUT))?;
    write!(stream, "{request} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")?;
    let mut status = String::new();
    BufReader::new(stream).read_line(&mut status)?;
    match status.split(' ').nth(1) {
        Some("200") => Ok(()),
        _ => Err(io::Error::other(format!("{request}: {status}"))),
    }
}
