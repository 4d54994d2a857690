//! One server process, which must end as clean as it began.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use collabd_loadgen::Endpoint;
use collabd_loadgen::http::HttpClient;
use collabd_protocol::Encoding;
use tempfile::TempDir;
use tokio::time::Instant;

use super::child::ChildGuard;
use super::state::{ServerState, eventually};

/// Flags of a server that lets its clients send as fast as they can.
pub(crate) const FULL_SPEED: [&str; 8] = [
    "--messages-per-second",
    "100000",
    "--message-burst",
    "100000",
    "--bytes-per-second",
    "1000000000",
    "--byte-burst",
    "1000000000",
];

/// A started server has printed its address by then; the debug build migrates a database first.
const START: Duration = Duration::from_secs(20);
/// Readings alike, 10 ms apart, after which a start counts as over.
const QUIET_READINGS: u32 = 5;
/// Longest grace, vacancy and close deadlines a test can leave behind, with room for a busy machine.
const SETTLE: Duration = Duration::from_secs(15);
/// A listener for operators.
pub(crate) const ADMIN: &str = "--admin-listen=127.0.0.1:0";
/// D1.
const EXIT: Duration = Duration::from_secs(5);

/// The program that the tests start: the one that was built with them, or the one that `COLLABD_BIN` names, so that a
/// release can be tested as it is shipped.
pub(crate) fn binary() -> PathBuf {
    std::env::var_os("COLLABD_BIN").map_or_else(|| env!("CARGO_BIN_EXE_collabd").into(), PathBuf::from)
}

/// A running `collabd`. Dropping it checks that everything went back to the baseline and that SIGTERM ends it
/// cleanly; a test that fails only kills it and shows its log.
pub(crate) struct TestServer {
    process: ChildGuard,
    address: SocketAddr,
    /// Where the server reports on itself: a secured one does so on a listener for operators only.
    reports: SocketAddr,
    directory: TempDir,
    baseline: ServerState,
    has_ended: bool,
    may_panic: bool,
}

impl TestServer {
    /// A server with default settings.
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// A server with these flags, too.
    pub(crate) fn start_with(flags: &[&str]) -> Self {
        Self::start_by(|binary, _| Command::new(binary), flags)
    }

    /// A server with these flags, started by a shell that has set its limits.
    pub(crate) fn start_under(limits: &str, flags: &[&str]) -> Self {
        let launch = |binary: &Path, _: &Path| {
            let mut command = Command::new("sh");
            command.arg("-c").arg(format!("{limits}; exec \"$0\" \"$@\"")).arg(binary);
            command
        };
        Self::start_by(launch, flags)
    }

    /// A server that the command which `launch` makes of the binary and its data directory becomes.
    pub(crate) fn start_by(launch: impl FnOnce(&Path, &Path) -> Command, flags: &[&str]) -> Self {
        // One with TLS does so as well: the admin listener stays plain.
        let reporting = ["--auth-", "--tls-", "--admin-listen"];
        let has_admin = flags.iter().any(|flag| reporting.iter().any(|start| flag.starts_with(start)));
        let directory = TempDir::new().expect("temporary directory");
        let log = File::create(directory.path().join("log")).expect("log file");
        let data = directory.path().join("data");
        let mut process = launch(Path::new(&binary()), &data)
            .args(["--listen", "127.0.0.1:0", "--data-dir"])
            .arg(&data)
            .args(flags)
            .args((has_admin && !flags.contains(&ADMIN)).then_some(ADMIN))
            // Otherwise every document would outlive its test by half a minute.
            .env("COLLABD_DOCUMENT_IDLE", "100ms")
            // A terminal would mean something else to it.
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("collabd starts");
        let stdout = process.stdout.take().expect("stdout is piped");
        let mut lines = BufReader::new(stdout);
        let address = read_address(&mut lines, "listens on", &mut process);
        let reports = if has_admin { read_address(&mut lines, "admin", &mut process) } else { address };
        // The first probe opens what the server opens once (database connections, the canary's project).
        // Several readings alike: a task of the start itself may outlive the first ones by a moment.
        let (mut last, mut alike) = (None, 0);
        let baseline = eventually(START, "a quiet start", || {
            let state = ServerState::read(reports, process.id())?;
            let is_same = state.is_idle() && last.replace(state) == Some(state);
            alike = if is_same { alike + 1 } else { 0 };
            (alike >= QUIET_READINGS).then_some(state)
        });
        Self {
            process: ChildGuard(process),
            address,
            reports,
            directory,
            baseline,
            has_ended: false,
            may_panic: false,
        }
    }

    /// From now on a panic of the server is nothing unexpected.
    #[cfg(feature = "fault-injection")]
    pub(crate) fn allow_panics(&mut self) {
        self.may_panic = true;
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where the server reports on itself.
    pub(crate) fn reports(&self) -> SocketAddr {
        self.reports
    }

    pub(crate) fn pid(&self) -> u32 {
        self.process.id()
    }

    /// Where the server keeps its database.
    pub(crate) fn data_directory(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    pub(crate) fn http(&self) -> HttpClient {
        HttpClient::new(self.address)
    }

    /// Where a v2 client of `project` connects.
    pub(crate) fn v2(&self, project: i32) -> Endpoint {
        Endpoint::new(self.address, project, Encoding::Json)
    }

    /// Where a v2 client that takes batches connects.
    pub(crate) fn batch(&self, project: i32) -> Endpoint {
        Endpoint::new(self.address, project, Encoding::JsonBatch)
    }

    /// Where a v2 client that speaks the compact form connects.
    pub(crate) fn compact(&self, project: i32) -> Endpoint {
        Endpoint::new(self.address, project, Encoding::Compact)
    }

    /// Where a v1 client connects.
    pub(crate) fn v1(&self, project: i32) -> Endpoint {
        Endpoint::new(self.address, project, Encoding::V1)
    }

    /// What the server holds now.
    pub(crate) fn state(&self) -> ServerState {
        ServerState::read(self.reports, self.pid()).expect("the server answers")
    }

    /// Waits until the server holds exactly what it held at its start.
    pub(crate) fn settled(&self) {
        let mut last = self.baseline;
        let deadline = Instant::now() + SETTLE;
        while Instant::now() < deadline {
            last = self.state();
            if last == self.baseline {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!(
            "not back to the baseline after {SETTLE:?}:\n  was {:?}\n  is  {last:?}\n{}",
            self.baseline,
            self.log()
        );
    }

    /// Sends a signal by name.
    pub(crate) fn signal(&self, name: &str) {
        let status = Command::new("kill").args(["-s", name, &self.pid().to_string()]).status();
        assert!(status.expect("kill runs").success(), "cannot send {name}");
    }

    /// Waits until the process has ended.
    pub(crate) fn wait_for_exit(&mut self, within: Duration) -> ExitStatus {
        let process = &mut self.process;
        let status = eventually(within, "the server's exit", || process.try_wait().expect("child status"));
        self.has_ended = true;
        status
    }

    /// What the server has logged.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.log_path()).unwrap_or_default()
    }

    fn log_path(&self) -> PathBuf {
        self.directory.path().join("log")
    }

    fn end(&mut self) {
        if !self.has_ended {
            self.settled();
            self.signal("TERM");
            let status = self.wait_for_exit(EXIT);
            assert!(status.success(), "exit {status} after SIGTERM\n{}", self.log());
        }
        let log = self.log();
        assert!(self.may_panic || !log.contains("panicked"), "something panicked:\n{log}");
    }
}

impl Drop for TestServer {
    #[expect(clippy::print_stderr, reason = "the test runner shows it beside the failure")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            // Already failing: show what the process said. The guard ends it.
            eprintln!("--- server log ---\n{}", self.log());
        } else {
            self.end();
        }
    }
}

/// The address in the next line with this word.
fn read_address(stdout: &mut impl BufRead, word: &str, process: &mut Child) -> SocketAddr {
    let mut line = String::new();
    while !line.contains(word) {
        line.clear();
        if stdout.read_line(&mut line).expect("lines of the server") == 0 {
            break;
        }
    }
    let address = line.trim().rsplit("://").next().and_then(|address| address.parse().ok());
    address.unwrap_or_else(|| panic!("no address in {line:?}; exit: {:?}", process.try_wait()))
}
