//! What a server holds, read from outside without disturbing what is read.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use tokio::time::Instant;

/// The counts that must return to where they were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ServerState {
    pub(crate) connections: usize,
    pub(crate) admission: Admission,
    pub(crate) sessions: usize,
    pub(crate) projects: usize,
    /// Documents in memory.
    pub(crate) documents: usize,
    /// Tracked tasks, the one that serves this very reading included.
    pub(crate) tasks: usize,
    /// Every task of the runtime, likewise.
    pub(crate) alive_tasks: usize,
    /// Open sockets of the process, the reading's own included.
    pub(crate) sockets: usize,
}

/// Places and budgets in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) struct Admission {
    pub(crate) unjoined: usize,
    pub(crate) addresses: usize,
    pub(crate) users: usize,
    pub(crate) openings: usize,
    pub(crate) purses: usize,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    connections: usize,
    admission: Admission,
    sessions: usize,
    documents: Documents,
    tasks: Tasks,
    projects: Vec<Project>,
}

#[derive(Deserialize)]
struct Documents {
    open: usize,
}

#[derive(Deserialize)]
struct Tasks {
    tracked: usize,
    alive: usize,
}

#[derive(Deserialize)]
struct Project {}

impl ServerState {
    /// Reads the state with a connection of its own, blocking, so that it works in `Drop`, too. `None` while the
    /// server does not answer.
    pub(crate) fn read(address: SocketAddr, pid: u32) -> Option<Self> {
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(2)).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
        let request = format!("GET /health/collaboration HTTP/1.1\r\nhost: {address}\r\n\r\n");
        stream.write_all(request.as_bytes()).ok()?;
        let report: Report = serde_json::from_str(&body(&mut stream)?).ok()?;
        // Counted while this connection is still open, as in every other reading.
        let sockets = sockets(pid)?;
        Some(Self {
            connections: report.connections,
            admission: report.admission,
            sessions: report.sessions,
            projects: report.projects.len(),
            documents: report.documents.open,
            tasks: report.tasks.tracked,
            alive_tasks: report.tasks.alive,
            sockets,
        })
    }

    /// Is nobody here?
    pub(crate) fn is_idle(&self) -> bool {
        self.connections == 0 && self.sessions == 0 && self.projects == 0 && self.documents == 0
    }
}

/// Reads one response and returns its body.
fn body(stream: &mut TcpStream) -> Option<String> {
    let mut response = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&response).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
            })?;
            if body.len() >= length {
                return Some(body[..length].to_owned());
            }
        }
        match stream.read(&mut chunk).ok()? {
            0 => return None,
            count => response.extend_from_slice(&chunk[..count]),
        }
    }
}

fn sockets(pid: u32) -> Option<usize> {
    let descriptors = Path::new("/proc").join(pid.to_string()).join("fd").read_dir().ok()?;
    let is_socket = |entry: &std::fs::DirEntry| {
        std::fs::read_link(entry.path()).is_ok_and(|target| target.to_string_lossy().starts_with("socket:"))
    };
    Some(descriptors.flatten().filter(is_socket).count())
}

/// Looks again and again until `look` finds something, for at most `within`.
pub(crate) fn eventually<T>(within: Duration, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + within;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "no {what} within {within:?}");
        std::thread::sleep(Duration::from_millis(10));
    }
}
