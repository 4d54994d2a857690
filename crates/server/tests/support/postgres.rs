//! A real Postgres for tests: a cluster in a temporary directory, on loopback, gone when dropped.
//!
//! It needs the server's binaries (15 or newer, Debian package `postgresql`) and nothing else: no running
//! service, no password, no fixed port. A machine without them fails the test, since a skipped test proves nothing.

use std::fs::{self, File};
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use tempfile::TempDir;
use tokio::sync::Mutex;

/// The superuser that `initdb` makes; also the system user that runs the server when tests run as root.
const USER: &str = "postgres";

/// Times that a start is tried: between choosing a free port and binding it, another process may take it.
const ATTEMPTS: u32 = 5;

/// The server that tests running at the same moment share.
static SHARED: Mutex<Weak<PostgresServer>> = Mutex::const_new(Weak::new());

/// A running server. Dropping it stops the server and removes its files.
#[derive(Debug)]
pub(crate) struct PostgresServer {
    process: Child,
    port: u16,
    databases: AtomicU32,
    /// Removed after the server has ended; none while it is being started.
    directory: Option<TempDir>,
}

impl PostgresServer {
    /// The server of this process: started by whoever asks first, stopped when the last one lets go.
    pub(crate) async fn shared() -> Arc<Self> {
        let mut shared = SHARED.lock().await;
        if let Some(server) = shared.upgrade() {
            return server;
        }
        let server = Arc::new(Self::start().await);
        *shared = Arc::downgrade(&server);
        server
    }

    /// Makes an empty database and returns its address. Its collation is a linguistic one, as in production,
    /// so that an order by text that should be an order by byte shows.
    pub(crate) async fn create_database(&self) -> String {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let create = format!(
            "CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'en-US'"
        );
        let mut connection = PgConnection::connect(&self.url("postgres")).await.unwrap();
        connection.execute(AssertSqlSafe(create)).await.unwrap();
        connection.close().await.unwrap();
        self.url(&name)
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://{USER}@127.0.0.1:{}/{database}", self.port)
    }

    async fn start() -> Self {
        let binaries = binaries();
        let owner = Owner::of_server();
        let directory = TempDir::with_prefix("collabd-postgres-").unwrap();
        owner.give(directory.path());
        let data = directory.path().join("data");
        let made = owner
            .command(&binaries.join("initdb"), directory.path())
            .args(["--auth=trust", "--no-sync", "--encoding=UTF8", "--no-locale", "--username", USER])
            .arg(&data)
            .output();
        expect_success("initdb", &made.unwrap());

        let log = directory.path().join("log");
        for _ in 0..ATTEMPTS {
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            let process = owner
                .command(&binaries.join("postgres"), directory.path())
                .arg("-D")
                .arg(&data)
                .args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1"])
                .args(["-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "max_connections=200"])
                .stderr(File::create(&log).unwrap())
                .spawn()
                .unwrap();
            let mut server = Self { process, port, databases: AtomicU32::new(0), directory: None };
            if server.is_ready().await {
                server.directory = Some(directory);
                return server;
            }
        }
        panic!("PostgreSQL does not start: {}", fs::read_to_string(&log).unwrap_or_default());
    }

    /// Waits until the server answers, or has ended.
    async fn is_ready(&mut self) -> bool {
        let answer = async {
            while self.process.try_wait().unwrap().is_none() {
                if PgConnection::connect(&self.url("postgres")).await.is_ok() {
                    return true;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            false
        };
        tokio::time::timeout(Duration::from_secs(30), answer).await.unwrap_or(false)
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        // SIGQUIT ends it at once with all its children; SIGKILL would orphan them.
        let signalled = Command::new("kill").args(["-QUIT", &self.process.id().to_string()]).status();
        if signalled.is_ok_and(|status| status.success()) {
            let _ = self.process.wait();
        }
        drop(self.directory.take());
    }
}

/// Who runs the server: it refuses root.
#[derive(Debug, Clone, Copy)]
struct Owner(Option<(u32, u32)>);

impl Owner {
    fn of_server() -> Self {
        if id(&["-u"]) != Some(0) {
            return Self(None);
        }
        let ids = id(&["-u", USER]).zip(id(&["-g", USER]));
        assert!(
            ids.is_some(),
            "PostgreSQL refuses to run as root and there is no user {USER}: install Debian package `postgresql`"
        );
        Self(ids)
    }

    /// Makes the directory the owner's.
    fn give(self, directory: &Path) {
        if let Some((user, group)) = self.0 {
            chown(directory, Some(user), Some(group)).unwrap();
        }
    }

    /// A command run by the owner, in a directory that the owner may enter.
    fn command(self, program: &Path, directory: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(directory);
        if let Some((user, group)) = self.0 {
            command.uid(user).gid(group);
        }
        command
    }
}

/// What `id` prints, a number.
fn id(args: &[&str]) -> Option<u32> {
    let output = Command::new("id").args(args).output().unwrap();
    String::from_utf8_lossy(&output.stdout).trim().parse().ok()
}

/// The directory of `initdb` and `postgres`: of the newest version where there are several.
fn binaries() -> PathBuf {
    let told = Command::new("pg_config").arg("--bindir").output().ok();
    let told = told.map(|output| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    let mut found: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .collect();
    found.sort();
    // `pg_config` comes with the client library too, and then points to a directory without a server.
    let found = told
        .into_iter()
        .chain(found.into_iter().rev())
        .find(|directory| ["initdb", "postgres"].iter().all(|program| directory.join(program).is_file()));
    found.expect("no PostgreSQL server on this machine: install Debian package `postgresql`")
}

fn expect_success(program: &str, output: &Output) {
    assert!(output.status.success(), "{program} failed: {}", String::from_utf8_lossy(&output.stderr));
}
