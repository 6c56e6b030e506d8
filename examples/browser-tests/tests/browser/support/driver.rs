//! The `WebDriver` process of a browser.

use std::{
    env, fs,
    io::{self, BufRead, BufReader, PipeReader, Write, pipe},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::PathBuf,
    process::{self, Child, Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    thread::{self, sleep},
    time::{Duration, Instant},
};

use tokio::{sync::watch, time::timeout};

use super::installation::Installation;

/// Maximum time until the driver listens.
const START_TIMEOUT: Duration = Duration::from_secs(30);

/// Timeout of the request that closes the browser.
const CLEANUP_TIMEOUT: Duration = Duration::from_secs(10);

/// Maximum time until a line that the browser has written is read.
const OUTPUT_TIMEOUT: Duration = Duration::from_secs(10);

/// Makes the names of the temporary folders unique.
static NEXT_NUMBER: AtomicUsize = AtomicUsize::new(1);

/// A running driver. Ended when dropped.
pub(crate) struct Driver {
    child: Child,
    port: u16,
    /// The temporary folder, with the profile and other files of the browser.
    folder: PathBuf,
    /// The lines that the driver and the browser have written.
    output: watch::Receiver<Vec<String>>,
}

impl Driver {
    /// Starts a driver, and returns when it listens.
    pub(crate) fn start(installation: &Installation) -> Self {
        let deadline = Instant::now() + START_TIMEOUT;
        loop {
            // Another process can use the port before the driver does. The driver then ends.
            let mut driver = Self::spawn(installation).expect("the driver should start");
            while Instant::now() < deadline && matches!(driver.child.try_wait(), Ok(None)) {
                if send_request(driver.port, "GET /status").is_ok() {
                    return driver;
                }
                sleep(Duration::from_millis(10));
            }
            let output = driver.output.borrow().join("\n");
            assert!(
                Instant::now() < deadline,
                "{} does not listen: {output}",
                installation.driver.display()
            );
        }
    }

    fn spawn(installation: &Installation) -> io::Result<Self> {
        let number = NEXT_NUMBER.fetch_add(1, Ordering::Relaxed);
        // A short path, because browsers create sockets in it, whose paths are limited.
        let folder = env::temp_dir().join(format!("browser-tests-{}-{number}", process::id()));
        fs::create_dir_all(&folder)?;
        let port = free_port()?;
        let (reader, writer) = pipe()?;
        let child = Command::new(&installation.driver)
            .args(installation.engine.driver_arguments(port))
            .env("TMPDIR", &folder)
            .stdin(Stdio::null())
            .stdout(writer.try_clone()?)
            .stderr(writer)
            .spawn()?;
        Ok(Self {
            child,
            port,
            folder,
            output: read_lines(reader),
        })
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Closes the browser. Not async, so that it can be called from `Drop`, also during a panic.
    pub(crate) fn close(&self, session_id: &str) {
        if let Err(error) = send_request(self.port, &format!("DELETE /session/{session_id}")) {
            eprintln!("cannot close the browser: {error}");
        }
    }

    /// Waits until the driver or the browser writes this line, and returns the lines before it, starting from an index.
    pub(super) async fn output_before(&self, line: &str, start: usize) -> Vec<String> {
        let mut output = self.output.clone();
        let lines = output.wait_for(|lines| lines.iter().skip(start).any(|other| other == line));
        let lines = timeout(OUTPUT_TIMEOUT, lines).await;
        let lines = lines.expect("the browser should write the line");
        let lines = lines.expect("the browser should be running");
        let lines = lines.iter().skip(start);
        lines.take_while(|other| *other != line).cloned().collect()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Returns a port that is free.
fn free_port() -> io::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?.port())
}

/// Collects the lines in the background, so that the writer never blocks.
fn read_lines(reader: PipeReader) -> watch::Receiver<Vec<String>> {
    let (sender, receiver) = watch::channel(Vec::new());
    thread::spawn(move || {
        let lines = BufReader::new(reader).split(b'\n').map_while(Result::ok);
        for line in lines {
            let line = String::from_utf8_lossy(&line).into_owned();
            sender.send_modify(|lines| lines.push(line));
        }
    });
    receiver
}

/// Sends a request without a body and reads the status line. Does not wait for the end of the response, because
/// drivers keep connections open.
fn send_request(port: u16, request: &str) -> io::Result<()> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, CLEANUP_TIMEOUT)?;
    stream.set_read_timeout(Some(CLEANUP_TIMEOUT))?;
    write!(
        stream,
        "{request} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"
    )?;
    let mut status = String::new();
    BufReader::new(stream).read_line(&mut status)?;
    match status.split(' ').nth(1) {
        Some("200") => Ok(()),
        _ => Err(io::Error::other(format!("{request}: {status}"))),
    }
}
