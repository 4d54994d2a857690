//! `collabd`: configuration, logs, listeners, serve.

use std::io::{IsTerminal as _, Write as _};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::thread::available_parallelism;
use std::time::Duration;

use anyhow::Context as _;
use collabd_server::config::{Command, Config, ConfigError, TokenCommand};
use collabd_server::{
    App, EXIT_STATUS, Listeners, bind, check, check_tls, connection_limit, mint, raise_descriptor_limit,
    telemetry,
};
use tikv_jemallocator::Jemalloc;
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Gives memory back to the system once clients have gone, which glibc's allocator does not.
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

/// An actor that is stuck keeps its thread: there is at least one for everybody else.
const LEAST_THREADS: usize = 2;

/// What is still running when all is over has so long to come to an end. A turn that never ends does not keep the process.
const LAST_TURNS: Duration = Duration::from_millis(100);

fn main() -> ExitCode {
    let config = match Config::load(std::env::args_os()) {
        Ok(config) => config,
        // Help and version are no errors, and clap knows where to print what.
        Err(ConfigError::Usage(usage)) => usage.exit(),
        Err(error) => return fail(&error),
    };
    match dispatch(config) {
        Ok(code) => code,
        Err(error) => fail(&one_line(&error)),
    }
}

fn dispatch(config: Config) -> anyhow::Result<ExitCode> {
    raise_descriptor_limit();
    match &config.command {
        None => run(config),
        Some(Command::CheckConfig) => {
            check(&config.auth)?;
            check_tls(&config.tls)?;
            let kind = if config.auth.is_secured() { "a secured" } else { "an open" };
            let tls = if config.tls.is_on() { "with" } else { "without" };
            let (set, fitting) =
                (config.limits.max_connections, connection_limit(config.limits.max_connections));
            let fewer = if fitting < set {
                format!(
                    "; file descriptors suffice for {fitting} connections instead of max_connections ({set})"
                )
            } else {
                String::new()
            };
            say(&format!("these settings make {kind} server {tls} TLS on {}{fewer}", config.listen.address))
        }
        Some(Command::Token(TokenCommand::Mint(token))) => say(&mint(&config.auth, token)?),
    }
}

fn say(line: &str) -> anyhow::Result<ExitCode> {
    std::io::stdout().write_all(format!("{line}\n").as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn run(config: Config) -> anyhow::Result<ExitCode> {
    let threads = available_parallelism()?.get().max(LEAST_THREADS);
    let runtime = Builder::new_multi_thread().worker_threads(threads).enable_all().build()?;
    let ended = runtime.block_on(serve(config));
    runtime.shutdown_timeout(LAST_TURNS);
    ended
}

async fn serve(config: Config) -> anyhow::Result<ExitCode> {
    telemetry::init(&config.log).context("cannot start logging")?;
    let public = listen(config.listen.address)?;
    let admin = config.listen.admin_address.map(listen).transpose()?;
    let has_tls = config.tls.is_on();
    let app = App::start(config).await?;
    announce(has_tls, public.local_addr()?, admin.as_ref().map(TcpListener::local_addr).transpose()?);
    let shutdown = CancellationToken::new();
    let mut serving = std::pin::pin!(app.serve(Listeners { public, admin }, shutdown.clone()));
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    // Unless a terminal was closed, it asks to read certificates again, of which a plain server has none. To have a
    // handler is enough not to be ended by it.
    let _hangup = (!std::io::stdin().is_terminal()).then(|| signal(SignalKind::hangup())).transpose()?;
    loop {
        tokio::select! {
            ended = &mut serving => match ended {
                Ok(()) => return Ok(ExitCode::SUCCESS),
                // At once: what is left of the server would accept connections that nobody serves.
                Err(_) => std::process::exit(EXIT_STATUS),
            },
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        if shutdown.is_cancelled() {
            // D1: the second signal does not wait for anything.
            return Ok(ExitCode::FAILURE);
        }
        shutdown.cancel();
    }
}

fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    bind(address).with_context(|| format!("cannot listen on {address}"))
}

/// Tells where to point a client: the only lines on standard output, for people and for scripts.
fn announce(has_tls: bool, public: SocketAddr, admin: Option<SocketAddr>) {
    let s = if has_tls { "s" } else { "" };
    let admin = admin.map_or_else(String::new, |admin| format!("  admin      http://{admin}\n"));
    let lines = format!(
        "collabd listens on http{s}://{public}\n  \
         WebSocket  ws{s}://{public}/ws/collaboration/v2?project_id=1\n  \
         GraphQL    http{s}://{public}/graphql\n  \
         health     http{s}://{public}/health/ready\n{admin}"
    );
    // Whoever closed the pipe does not want to know.
    let _ = std::io::stdout().write_all(lines.as_bytes());
}

/// The error and its causes. Some name their cause themselves, so a cause that was just told is left out.
fn one_line(error: &anyhow::Error) -> String {
    error.chain().skip(1).fold(error.to_string(), |line, cause| {
        let cause = cause.to_string();
        if line.ends_with(&cause) { line } else { format!("{line}: {cause}") }
    })
}

fn fail(error: &dyn std::fmt::Display) -> ExitCode {
    // Standard error may be closed; the exit code says it all the same.
    let _ = writeln!(std::io::stderr(), "collabd: {error}");
    ExitCode::FAILURE
}
