//! A server as a child process, with its data in a temporary directory.

use std::io;
use std::net::SocketAddr;
use std::process::Stdio;
use std::time::Duration;

use collabd_protocol::Encoding;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::net::TcpStream;
use tokio::process::{Child, ChildStdout};
use tokio::time::{sleep, timeout};

use super::peer::{Peer, Programs};
use crate::editing::Target;
use crate::wire;

/// How long a server may take to listen, and to end in order.
const PATIENCE: Duration = Duration::from_secs(30);

/// Between two looks whether a server that says nothing listens.
const PAUSE: Duration = Duration::from_millis(20);

/// What most servers print between its name and its address.
const LISTENS: &str = " listens on http://";

/// A running server. Dropping it kills the process and removes the data.
#[derive(Debug)]
pub struct Server {
    peer: Peer,
    programs: Programs,
    data: TempDir,
    run: Run,
}

/// One run of the process.
#[derive(Debug)]
struct Run {
    child: Child,
    pid: u32,
    name: String,
    address: SocketAddr,
    /// Kept open: a server that prints more must not fail for want of a reader.
    _output: Lines<BufReader<ChildStdout>>,
}

/// Why there is no server.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The program is not there or cannot be run.
    #[error("cannot start {peer}: {source}")]
    Start {
        /// Which server.
        peer: Peer,
        /// The system's word.
        source: io::Error,
    },
    /// The process ended or said something else.
    #[error("{0} does not listen")]
    Silent(Peer),
    /// It has cursors and no documents.
    #[error("{0} has no documents")]
    NoDocuments(Peer),
    /// The process did not end.
    #[error("{0} does not end")]
    Endless(Peer),
    /// There is no place for its data.
    #[error("no temporary directory: {0}")]
    Data(#[source] io::Error),
}

impl Server {
    /// Starts a server without any documents.
    ///
    /// # Errors
    /// [`ServerError`] when it does not come to listen.
    pub async fn start(peer: Peer, programs: &Programs) -> Result<Self, ServerError> {
        let data = TempDir::with_prefix("collab-bench-").map_err(ServerError::Data)?;
        let run = Run::start(peer, programs, &data).await?;
        Ok(Self { peer, programs: programs.clone(), data, run })
    }

    /// Which server it is.
    pub fn peer(&self) -> Peer {
        self.peer
    }

    /// What it calls itself: name and, of the peers, version.
    pub fn name(&self) -> &str {
        &self.run.name
    }

    /// Where its members meet. collabd is spoken to in `encoding`.
    pub fn members(&self, encoding: Encoding) -> wire::Target {
        let Run { address, pid, .. } = self.run;
        wire::Target { address, pid: Some(pid), wire: self.peer.wire(encoding) }
    }

    /// Where its documents are.
    ///
    /// # Errors
    /// [`ServerError::NoDocuments`] of one that has none.
    pub fn target(&self) -> Result<Target, ServerError> {
        let Run { address, pid, .. } = self.run;
        let dialect = self.peer.dialect().ok_or(ServerError::NoDocuments(self.peer))?;
        Ok(Target { address, pid: Some(pid), dialect, path: self.peer.path().to_owned() })
    }

    /// Ends it in order and starts it again with the same data, at another address.
    ///
    /// # Errors
    /// [`ServerError`] when it does not end or does not come back.
    pub async fn restart(&mut self) -> Result<(), ServerError> {
        self.run.end(self.peer).await?;
        self.run = Run::start(self.peer, &self.programs, &self.data).await?;
        Ok(())
    }

    /// Ends it in order.
    ///
    /// # Errors
    /// [`ServerError::Endless`] when it does not end; it is killed then.
    pub async fn end(mut self) -> Result<(), ServerError> {
        self.run.end(self.peer).await
    }
}

impl Run {
    async fn start(peer: Peer, programs: &Programs, data: &TempDir) -> Result<Self, ServerError> {
        let start = |source| ServerError::Start { peer, source };
        let free = free_address().map_err(start)?;
        let mut child = peer
            .command(programs, data.path(), free.port())
            .map_err(start)?
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(start)?;
        let (Some(pid), Some(output)) = (child.id(), child.stdout.take()) else {
            return Err(ServerError::Silent(peer));
        };
        let mut output = BufReader::new(output).lines();
        let listening = async {
            match peer.silent_name(programs) {
                Some(name) => answering(free).await.map(|()| (name, free)),
                None => listening(&mut output).await,
            }
        };
        let listening = timeout(PATIENCE, listening).await;
        let (name, address) = listening.ok().flatten().ok_or(ServerError::Silent(peer))?;
        Ok(Self { child, pid, name, address, _output: output })
    }

    async fn end(&mut self, peer: Peer) -> Result<(), ServerError> {
        let pid = i32::try_from(self.pid).ok().and_then(Pid::from_raw);
        // It fails for one that has ended by itself.
        let _ = pid.map(|pid| kill_process(pid, Signal::TERM));
        match timeout(PATIENCE, self.child.wait()).await {
            Ok(_) => Ok(()),
            Err(_) => Err(ServerError::Endless(peer)),
        }
    }
}

/// An address that was free a moment ago.
fn free_address() -> io::Result<SocketAddr> {
    std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()
}

/// Tries until somebody listens at `address`.
async fn answering(address: SocketAddr) -> Option<()> {
    while TcpStream::connect(address).await.is_err() {
        sleep(PAUSE).await;
    }
    Some(())
}

/// Reads up to the line that says where the server listens.
pub(crate) async fn listening(output: &mut Lines<BufReader<ChildStdout>>) -> Option<(String, SocketAddr)> {
    while let Ok(Some(line)) = output.next_line().await {
        if let Some((name, address)) = line.split_once(LISTENS) {
            return Some((name.to_owned(), address.trim_end_matches('/').parse().ok()?));
        }
    }
    None
}
