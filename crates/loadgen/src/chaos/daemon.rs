//! The server as a child that is killed, frozen, ended and started again with the same data.

use std::fs::{self, OpenOptions};
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use collabd_protocol::Encoding;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::io::{BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

use crate::editing;
use crate::server::listening;
use crate::wire::{Target, Wire};

/// How long it may take until the server listens, and until it has ended when told to. Far longer than either takes.
const PATIENCE: Duration = Duration::from_mins(1);

/// The directory of the data.
const DATA: &str = "data";

/// The server and what it keeps. Dropping it kills the process and removes the data.
#[derive(Debug)]
pub struct Daemon {
    program: PathBuf,
    options: Vec<String>,
    disk: Disk,
    /// Has the log and the data.
    home: TempDir,
    place: watch::Sender<Whereabouts>,
    run: Option<Run>,
}

/// What the data are on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Disk {
    /// The machine's own.
    Large,
    /// One in memory with so many bytes, which only the server sees, and which ends with it.
    Small(u64),
}

impl Disk {
    /// Does this machine let a process have a disk that nobody else sees?
    pub(crate) async fn can_be_small() -> bool {
        let tried = Command::new("unshare")
            .args(["--map-root-user", "--mount", "sh", "-c", "mount -t tmpfs tmpfs /mnt"])
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .status();
        tried.await.is_ok_and(|status| status.success())
    }
}

/// Mounts a disk at its first argument and becomes the program that the others name.
const ON_A_DISK: &str = "mount -t tmpfs -o size=\"$1\" tmpfs \"$0\" && shift && exec \"$@\"";

/// Where the server is to be found. A new run has a new address, which clients are told as they would be by a name service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Whereabouts {
    /// The address of the last run.
    pub(crate) address: SocketAddr,
    /// Is it meant to answer? Not while it is dead, frozen or on its way to its end.
    pub(crate) is_up: bool,
}

/// One run of the process.
#[derive(Debug)]
struct Run {
    child: Child,
    pid: u32,
    /// Kept open: a server that prints more must not fail for want of a reader.
    _output: Lines<BufReader<ChildStdout>>,
}

/// Why there is no server to break.
#[derive(Debug, thiserror::Error)]
pub enum DaemonError {
    /// The program is not there or cannot be run.
    #[error("cannot start {program}: {source}")]
    Start {
        /// Its path.
        program: PathBuf,
        /// The system's word.
        source: io::Error,
    },
    /// The process ended or said something else.
    #[error("the server does not listen; its log: {log}")]
    Silent {
        /// All that it has logged.
        log: String,
    },
    /// There is no place for its data, or its log cannot be read.
    #[error("files of the server: {0}")]
    Files(#[source] io::Error),
    /// The process runs no more.
    #[error("the server has ended")]
    Ended,
    /// The process did not end.
    #[error("the server does not end")]
    Endless,
}

impl Daemon {
    /// Starts `program` with data of its own.
    ///
    /// # Errors
    /// [`DaemonError`] when it does not come to listen.
    pub async fn start(program: &Path, options: &[&str]) -> Result<Self, DaemonError> {
        Self::start_on(Disk::Large, program, options).await
    }

    /// The same with its data on `disk`.
    pub(crate) async fn start_on(disk: Disk, program: &Path, options: &[&str]) -> Result<Self, DaemonError> {
        let home = TempDir::with_prefix("collab-chaos-").map_err(DaemonError::Files)?;
        fs::create_dir(home.path().join(DATA)).map_err(DaemonError::Files)?;
        let nowhere = Whereabouts { address: SocketAddr::from(([127, 0, 0, 1], 0)), is_up: false };
        let mut daemon = Self {
            program: program.to_owned(),
            options: options.iter().map(|&option| option.to_owned()).collect(),
            disk,
            home,
            place: watch::Sender::new(nowhere),
            run: None,
        };
        daemon.launch().await?;
        Ok(daemon)
    }

    /// Starts it again, with the data that are there.
    pub(crate) async fn launch(&mut self) -> Result<(), DaemonError> {
        let log =
            OpenOptions::new().create(true).append(true).open(self.log_path()).map_err(DaemonError::Files)?;
        let start = |source| DaemonError::Start { program: self.program.clone(), source };
        let mut child = self
            .command()
            .args(["--listen", "127.0.0.1:0", "--log", "warn", "--data-dir"])
            .arg(self.home.path().join(DATA))
            .args(&self.options)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .map_err(start)?;
        let (Some(pid), Some(output)) = (child.id(), child.stdout.take()) else {
            return Err(DaemonError::Ended);
        };
        let mut output = tokio::io::AsyncBufReadExt::lines(BufReader::new(output));
        let found = timeout(PATIENCE, listening(&mut output)).await.ok().flatten();
        let Some((_, address)) = found else { return Err(DaemonError::Silent { log: self.log()? }) };
        self.run = Some(Run { child, pid, _output: output });
        self.place.send_replace(Whereabouts { address, is_up: true });
        Ok(())
    }

    /// Kills it with SIGKILL and waits until it is gone.
    pub(crate) async fn kill(&mut self) -> Result<(), DaemonError> {
        self.signal(Signal::KILL)?;
        self.ended().await.map(drop)
    }

    /// Asks it to end in order and waits until it has. Says how, and how long it took.
    pub(crate) async fn terminate(&mut self) -> Result<(ExitStatus, Duration), DaemonError> {
        let asked = Instant::now();
        self.signal(Signal::TERM)?;
        Ok((self.ended().await?, asked.elapsed()))
    }

    /// Sends a signal. From then on it is not meant to answer, unless it is the one that lets it go on.
    pub(crate) fn signal(&self, signal: Signal) -> Result<(), DaemonError> {
        let pid = self.run.as_ref().and_then(|run| Pid::from_raw(i32::try_from(run.pid).ok()?));
        let is_up = signal == Signal::CONT;
        if !is_up {
            self.place.send_modify(|place| place.is_up = false);
        }
        kill_process(pid.ok_or(DaemonError::Ended)?, signal).map_err(|_| DaemonError::Ended)?;
        if is_up {
            self.place.send_modify(|place| place.is_up = true);
        }
        Ok(())
    }

    /// Where its members meet.
    pub(crate) fn members(&self) -> Target {
        let pid = self.run.as_ref().map(|run| run.pid);
        Target { address: self.place.borrow().address, pid, wire: Wire::Collabd(Encoding::Compact) }
    }

    /// Where the documents of `project` are.
    pub(crate) fn documents(&self, project: u32) -> editing::Target {
        let Target { address, pid, .. } = self.members();
        let path = format!("/ws/documents/{project}/");
        editing::Target { address, pid, dialect: editing::Dialect::YWebsocket, path }
    }

    /// Where it is now and will be.
    pub(crate) fn place(&self) -> watch::Receiver<Whereabouts> {
        self.place.subscribe()
    }

    /// The directory of its database, as others see it. On a small disk that is a way on which files can be read and
    /// written, but no database opened: SQLite follows links, and comes out where that disk is not.
    pub(crate) fn data(&self) -> PathBuf {
        let path = self.home.path().join(DATA);
        match (self.disk, &self.run) {
            (Disk::Small(_), Some(run)) => {
                let inside: PathBuf = path.components().skip(1).collect();
                PathBuf::from(format!("/proc/{}/root", run.pid)).join(inside)
            }
            _ => path,
        }
    }

    fn command(&self) -> Command {
        let Disk::Small(bytes) = self.disk else { return Command::new(&self.program) };
        let mut command = Command::new("unshare");
        command.args(["--map-root-user", "--mount", "sh", "-c", ON_A_DISK]);
        command.arg(self.home.path().join(DATA)).arg(bytes.to_string()).arg(&self.program);
        command
    }

    /// All that it has logged, in all its runs.
    pub(crate) fn log(&self) -> Result<String, DaemonError> {
        fs::read_to_string(self.log_path()).map_err(DaemonError::Files)
    }

    fn log_path(&self) -> PathBuf {
        self.home.path().join("log")
    }

    async fn ended(&mut self) -> Result<ExitStatus, DaemonError> {
        let mut run = self.run.take().ok_or(DaemonError::Ended)?;
        match timeout(PATIENCE, run.child.wait()).await {
            Ok(status) => status.map_err(DaemonError::Files),
            Err(_) => Err(DaemonError::Endless),
        }
    }
}
