//! The process as an operator meets it: what it refuses to start with, what it answers, what it logs.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use collabd_loadgen::http::HttpClient;
use tempfile::TempDir;
use tokio::time::Instant;

use crate::support::{ChildGuard, binary, eventually};

/// A process that has ended.
struct Run {
    code: Option<i32>,
    stdout: String,
    stderr: String,
    took: Duration,
}

fn start(flags: &[String], variables: &[(&str, &str)]) -> ChildGuard {
    let mut command = Command::new(binary());
    // The tests' own environment may hold settings of the server.
    command.args(flags).env_clear().envs(variables.iter().copied());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    ChildGuard(command.spawn().expect("collabd starts"))
}

/// Runs the server, which must end by itself.
fn run(flags: &[String], variables: &[(&str, &str)]) -> Run {
    let began = Instant::now();
    let mut process = start(flags, variables);
    let status =
        eventually(Duration::from_secs(10), "end of the process", || process.try_wait().expect("status"));
    let took = began.elapsed();
    let mut run = Run { code: status.code(), stdout: String::new(), stderr: String::new(), took };
    process.stdout.take().expect("a pipe").read_to_string(&mut run.stdout).expect("text");
    process.stderr.take().expect("a pipe").read_to_string(&mut run.stderr).expect("text");
    run
}

/// Flags that must not start a server, and what the line that says so must hold. `DIR` is a directory with a
/// `file`, `PORT` a port that is taken.
const REFUSED: [(&[&str], &str); 51] = [
    (&["--listen=localhost"], "listen (localhost)"),
    (&["--listen=127.0.0.1"], "listen (127.0.0.1)"),
    (&["--listen=127.0.0.1:65536"], "listen (127.0.0.1:65536)"),
    (&["--listen=[::1:3000"], "listen ([::1:3000)"),
    (&["--listen=127.0.0.1:PORT"], "listen on 127.0.0.1:PORT"),
    (&["--listen=127.0.0.1:0", "--admin-listen=127.0.0.1:PORT"], "listen on 127.0.0.1:PORT"),
    (&["--listen=127.0.0.1:PORT", "--admin-listen=127.0.0.1:PORT"], "admin_listen (127.0.0.1:PORT)"),
    (&["--listen=192.0.2.1:3000", "--allow-unauthenticated"], "listen on 192.0.2.1:3000"),
    (&["--listen=0.0.0.0:0"], "listen (0.0.0.0:0)"),
    (&["--listen=[::]:0"], "allow_unauthenticated"),
    (&["--listen=127.0.0.1:0", "--admin-listen=0.0.0.0:0"], "admin_listen (0.0.0.0:0)"),
    (&["--allow-unauthenticated=perhaps"], "allow_unauthenticated (perhaps)"),
    (&["--silence-timeout=30s"], "silence_timeout (30s) must be longer than heartbeat_interval (30s)"),
    (&["--heartbeat-interval=2m"], "silence_timeout (90s) must be longer than heartbeat_interval (120s)"),
    (&["--grace=1500"], "grace (1500)"),
    (&["--drain=-1s"], "drain (-1s)"),
    (&["--join-timeout=0s"], "join_timeout (0s)"),
    (&["--cursor-tick=25h"], "cursor_tick (90000s)"),
    (&["--max-connections=0"], "max_connections (0)"),
    (&["--max-connections=-1"], "max_connections (-1)"),
    (&["--max-connections=many"], "max_connections (many)"),
    (&["--project-members=0"], "project_members (0)"),
    (&["--documents-per-session=0"], "documents_per_session (0)"),
    (&["--messages-per-second=0"], "messages_per_second (0)"),
    (&["--message-burst=4294967296"], "message_burst (4294967296)"),
    (&["--max-message-bytes=100"], "max_message_bytes (100)"),
    (&["--outbox-bytes=5000"], "outbox_bytes (5000)"),
    (&["--outbox-items=0"], "outbox_items (0)"),
    (&["--listen=127.0.0.1:0", "--data-dir=DIR/file"], "data_dir (DIR/file)"),
    (&["--listen=127.0.0.1:0", "--data-dir=DIR/file/below"], "data_dir (DIR/file/below)"),
    (&["--config=DIR/missing.toml"], "config (DIR/missing.toml)"),
    (&["--config=DIR/unknown.toml"], "\"max_conections\""),
    (&["--config=DIR/broken.toml"], "config (DIR/broken.toml), line 2"),
    (&["--auth-secret=short"], "auth_secret (not shown) must have at least 32 bytes"),
    (&["--listen=127.0.0.1:0", "--auth-secret-file=DIR/missing"], "auth_secret_file (DIR/missing)"),
    (
        &["--listen=127.0.0.1:0", "--auth-secret-file=DIR/file"],
        "auth_secret_file (DIR/file) must have at least",
    ),
    (
        &["--listen=127.0.0.1:0", "--auth-public-key-file=DIR/file"],
        "auth_public_key_file (DIR/file) holds no",
    ),
    (&["--listen=127.0.0.1:0", "--auth-public-key-file=DIR/private.pem"], "holds a private key"),
    (
        &["--auth-jwks-url=http://id.example/k", "--auth-issuer=us"],
        "auth_jwks_url (not shown) must begin with",
    ),
    (&["--auth-jwks-url=https://id.example/k"], "auth_issuer must be set beside auth_jwks_url"),
    (&["--auth-issuer=us"], "auth_issuer has no effect without a key"),
    (&["--auth-query-token"], "auth_query_token has no effect without a key"),
    (&["--auth-algorithm=none"], "auth_algorithm (none)"),
    (&["--auth-secret-file=a", "--auth-public-key-file=b"], "must not both be set"),
    (&["--allowed-origins=*"], "allowed_origins (*): * is no origin; allow_any_origin lets in all"),
    (&["--allowed-origins=https://a.example", "--allow-any-origin"], "must not both be set"),
    (&["--auth-secret-file=a", "--admin-listen=0.0.0.0:0"], "admin_listen (0.0.0.0:0)"),
    (&["--memory-limit=1000"], "memory_limit (1000) must be at least 16777216"),
    (&["--listen=127.0.0.1:0", "--data-dir=DIR/damaged"], "the database is damaged"),
    (&["--log=info,=,"], "log (info,=,)"),
    (&["--log-format=xml"], "log_format (xml)"),
];

/// A13, O8: a bad setting ends the process at once, and one line says which it was.
#[test]
fn a_bad_setting_ends_the_process_with_one_line_that_names_it() {
    let directory = TempDir::new().expect("a directory");
    std::fs::create_dir(directory.path().join("damaged")).expect("a directory");
    for (name, text) in [
        ("private.pem", "-----BEGIN PRIVATE KEY-----"),
        ("file", ""),
        ("damaged/collabd.db", "this is no database, and long enough to be none: it has no header"),
        ("unknown.toml", "max_conections = 5"),
        ("broken.toml", "grace = '1s'\n= 5"),
    ] {
        File::create(directory.path().join(name))
            .and_then(|mut file| file.write_all(text.as_bytes()))
            .expect(name);
    }
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("its address").port().to_string();
    let path = directory.path().to_str().expect("a path").to_owned();
    let concrete = |text: &str| text.replace("DIR", &path).replace("PORT", &port);
    for (flags, named) in REFUSED {
        let flags: Vec<_> = flags.iter().map(|flag| concrete(flag)).collect();
        let run = run(&flags, &[]);
        let said = &run.stderr;
        assert_eq!(run.code, Some(1), "{flags:?}: {said}");
        let errors: Vec<_> = said.lines().filter(|line| line.starts_with("collabd: ")).collect();
        assert_eq!(errors.len(), 1, "{flags:?}: {said}");
        assert!(errors[0].contains(&concrete(named)), "{flags:?}: {said}");
        assert_eq!(said.lines().last(), Some(errors[0]), "{flags:?}: {said}");
        assert_eq!(run.stdout, "", "{flags:?}");
        assert!(run.took < Duration::from_secs(1), "{flags:?} took {:?}", run.took);
    }
}

/// O8: what is no setting at all is told with the usage.
#[test]
fn an_unknown_flag_or_a_missing_value_is_a_matter_of_usage() {
    for (flags, named) in [
        (&["--max-conections=5"][..], "--max-conections"),
        (&["--verbose"], "--verbose"),
        (&["serve"], "serve"),
        (&["--listen"], "--listen"),
        (&["--data-dir="], "--data-dir"),
        (&["--grace=1s", "--grace=2s"], "--grace"),
        (&["--", "--grace=1s"], "--grace"),
    ] {
        let flags: Vec<_> = flags.iter().map(|flag| (*flag).to_owned()).collect();
        let run = run(&flags, &[]);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{flags:?}: {}", run.stderr);
        let first = run.stderr.lines().next().unwrap_or_default();
        assert!(first.starts_with("error: ") && first.contains(named), "{flags:?}: {}", run.stderr);
        assert!(run.took < Duration::from_secs(1), "{flags:?} took {:?}", run.took);
    }
}

/// The environment is a source like the others.
#[test]
fn a_bad_variable_is_named_like_a_bad_flag() {
    for (variable, value, named) in [
        ("COLLABD_GRACE", "soon", "grace (soon)"),
        ("COLLABD_MAX_CONNECTIONS", "", "max_connections ()"),
        ("COLLABD_LISTEN", "0.0.0.0:0", "listen (0.0.0.0:0)"),
        ("COLLABD_CONFIG", "/nonexistent/collabd.toml", "config (/nonexistent/collabd.toml)"),
    ] {
        let run = run(&[], &[(variable, value)]);
        assert_eq!(run.code, Some(1), "{variable}={value}: {}", run.stderr);
        assert!(
            run.stderr.lines().count() == 1 && run.stderr.contains(named),
            "{variable}={value}: {}",
            run.stderr
        );
    }
}

/// O8: whatever is wrong with a database's address, its password stays unsaid, at every level of the log.
#[test]
fn the_password_of_a_database_is_never_printed() {
    const PASSWORD: &str = "correct-horse-battery";
    let closed =
        TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
    for url in [
        format!("mysql://collabd:{PASSWORD}@localhost/x"),
        format!("collabd:{PASSWORD}@localhost/x"),
        format!("postgres://collabd:{PASSWORD}@localhost:port/x"),
        format!("postgres://collabd:{PASSWORD}@localhost/x?sslmode=maybe"),
        format!("postgres://collabd:{PASSWORD}@127.0.0.1:{closed}/x"),
    ] {
        let log = ["--listen=127.0.0.1:0", "--log=trace"].map(str::to_owned);
        let flag = [&log[..], &[format!("--database-url={url}")]].concat();
        for run in [run(&flag, &[]), run(&log, &[("COLLABD_DATABASE_URL", &url)])] {
            assert_eq!(run.code, Some(1), "{}", run.stderr);
            assert!(run.stderr.contains("database"), "{}", run.stderr);
            assert!(!run.stderr.contains(PASSWORD) && !run.stdout.contains(PASSWORD), "{}", run.stderr);
        }
    }
}

/// A13: what would be refused at a start is refused here, and nothing is started.
#[test]
fn settings_are_checked_without_starting_anything() {
    let directory = TempDir::new().expect("a directory");
    let secret = directory.path().join("secret");
    std::fs::write(&secret, "0123456789abcdef0123456789abcdef").expect("a file");
    let of_file = format!("--auth-secret-file={}", secret.display());
    let checked = |flags: &[&str]| {
        let flags: Vec<_> = flags.iter().map(|flag| (*flag).to_owned()).collect();
        let run = run(&flags, &[]);
        (run.code, run.stdout, run.stderr)
    };
    let open = "these settings make an open server without TLS on 127.0.0.1:3000\n".to_owned();
    assert_eq!(checked(&["check-config", "--max-connections=100"]), (Some(0), open, String::new()));
    let secured = "these settings make a secured server without TLS on 0.0.0.0:3000\n".to_owned();
    let flags = ["check-config", "--max-connections=100", "--listen=0.0.0.0:3000", &of_file];
    assert_eq!(checked(&flags), (Some(0), secured, String::new()));
    std::fs::write(&secret, "short").expect("a file");
    let (code, stdout, stderr) = checked(&["check-config", &of_file]);
    assert_eq!((code, stdout.as_str()), (Some(1), ""));
    assert!(stderr.starts_with("collabd: auth_secret_file (") && stderr.lines().count() == 1, "{stderr}");
}

#[test]
fn help_and_version_are_no_errors() {
    for (flag, start) in [
        ("--help", "Realtime collaboration server"),
        ("-h", "Realtime collaboration server"),
        ("--version", concat!("collabd ", env!("CARGO_PKG_VERSION"), "\n")),
        ("-V", "collabd "),
    ] {
        let run = run(&[flag.to_owned()], &[]);
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{flag}");
        assert!(run.stdout.starts_with(start), "{flag}: {}", run.stdout);
    }
}

/// Two listeners, and the addresses that the process prints for them.
fn start_with_admin(data: &Path) -> (ChildGuard, SocketAddr, SocketAddr) {
    let data = format!("--data-dir={}", data.display());
    let flags = ["--listen=127.0.0.1:0", "--admin-listen=127.0.0.1:0", &data].map(str::to_owned);
    let mut process = start(&flags, &[]);
    let mut lines = BufReader::new(process.stdout.take().expect("a pipe")).lines();
    let mut address_after = |label: &str| -> SocketAddr {
        let mut lines = lines.by_ref().map(|line| line.expect("text"));
        let line = lines.find(|line| line.contains(label)).unwrap_or_else(|| panic!("no {label}"));
        line.rsplit("http://").next().and_then(|address| address.parse().ok()).expect("an address")
    };
    let public = address_after("listens on");
    let admin = address_after("admin");
    (process, public, admin)
}

#[tokio::test]
async fn the_admin_listener_answers_operators_and_nobody_else() {
    let directory = TempDir::new().expect("a directory");
    let (mut process, public, admin) = start_with_admin(&directory.path().join("data"));
    assert_ne!(public, admin);
    for path in ["/health", "/health/live", "/health/ready", "/health/collaboration", "/metrics"] {
        for address in [public, admin] {
            let response = HttpClient::new(address).get(path).await.expect("an answer");
            assert_eq!(response.status.as_u16(), 200, "{address}{path}: {}", response.text());
        }
    }
    for path in
        ["/ws/collaboration/v2?project_id=1", "/ws/collaboration?project_id=1", "/graphql", "/graphql/ws"]
    {
        let status =
            |address| async move { HttpClient::new(address).get(path).await.expect("an answer").status };
        assert_ne!(status(public).await.as_u16(), 404, "{path}");
        assert_eq!(status(admin).await.as_u16(), 404, "{path}");
    }
    let killed = Command::new("kill").args(["-s", "TERM", &process.id().to_string()]).status();
    assert!(killed.expect("kill runs").success());
    let status = eventually(Duration::from_secs(5), "exit", || process.try_wait().expect("status"));
    assert!(status.success(), "{status}");
}
