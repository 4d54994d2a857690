//! `collab-chaos`: breaks a collabd server on purpose, and says which promises it kept.

use std::env;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand};
use collabd_loadgen::chaos::{Crew, Crowd, Report, freeze, kill, proxy, restart, store, terminate};

/// Breaks a collabd server on purpose, and says which promises it kept.
///
/// Ends with status 1 when one was broken.
#[derive(Debug, Parser)]
#[command(name = "collab-chaos", version)]
struct Arguments {
    /// What to play.
    #[command(subcommand)]
    scenario: Scenario,
    #[command(flatten)]
    common: Common,
}

/// Options of every scenario.
#[derive(Debug, Args)]
struct Common {
    /// The server's binary [default: the one beside this program].
    #[arg(long, global = true, value_name = "PATH")]
    collabd: Option<PathBuf>,
    /// What chance begins with [default: another one each time; it is printed].
    #[arg(long, global = true)]
    seed: Option<u64>,
    /// Milliseconds that an answer of the health page may take.
    #[arg(long, global = true, default_value = "100")]
    health: u64,
    /// Append the report to this file, as one line of JSON.
    #[arg(long, global = true, value_name = "PATH")]
    json: Option<PathBuf>,
}

/// The scenarios.
#[derive(Debug, Subcommand)]
enum Scenario {
    /// kill -9 in the middle of writing, again and again.
    Kill {
        /// How often.
        #[arg(long, default_value = "500")]
        rounds: NonZeroU32,
        #[command(flatten)]
        crew: CrewArguments,
    },
    /// Connections through a proxy that cuts, slices, slows down and swallows them.
    Proxy {
        /// Projects.
        #[arg(long, default_value = "20")]
        projects: NonZeroU32,
        /// Connections through the proxy.
        #[arg(long, default_value = "17000")]
        visits: u32,
        /// How many at a time.
        #[arg(long, default_value = "100")]
        visitors: u32,
    },
    /// SIGTERM below very many.
    Terminate {
        #[command(flatten)]
        crowd: CrowdArguments,
        /// Those who do not read.
        #[arg(long, default_value = "100")]
        deaf: u32,
        #[command(flatten)]
        crew: CrewArguments,
        /// Seconds that the process may take to end.
        #[arg(long, default_value = "20")]
        limit: u64,
    },
    /// The server, and then clients, stand still and go on.
    Freeze {
        #[command(flatten)]
        crowd: CrowdArguments,
        /// Clients that stand still.
        #[arg(long, default_value = "100")]
        held: u32,
        /// Seconds that each stands still.
        #[arg(long, default_value = "60")]
        pause: u64,
        /// Seconds of silence after which the server gives a client up.
        #[arg(long, default_value = "15")]
        silence: u64,
    },
    /// The disk is full, the database locked or damaged.
    Store {
        /// Seconds for which the disk is full.
        #[arg(long, default_value = "10")]
        full: u64,
        /// Seconds for which somebody else holds the lock, one after the other.
        #[arg(long, value_delimiter = ',', default_value = "3,30")]
        locks: Vec<u64>,
        /// At how many places the file is damaged, one at a time.
        #[arg(long, default_value = "200")]
        damages: u32,
    },
    /// Has clients that stand still: a part of `freeze`.
    #[command(hide = true)]
    Hold {
        /// The server.
        address: SocketAddr,
        /// How many.
        members: u32,
    },
    /// The server goes and comes again, and everybody comes back as the SDK does.
    Restart {
        #[command(flatten)]
        crowd: CrowdArguments,
        /// Seconds until all have to be back.
        #[arg(long, default_value = "15")]
        within: u64,
    },
}

/// Those who are in.
#[derive(Debug, Clone, Copy, Args)]
struct CrowdArguments {
    /// Projects.
    #[arg(long, default_value = "100")]
    projects: NonZeroU32,
    /// Members of each.
    #[arg(long, default_value = "50")]
    members: NonZeroU32,
}

impl CrowdArguments {
    fn crowd(self) -> Crowd {
        Crowd { projects: self.projects, members: self.members }
    }
}

/// Those who write.
#[derive(Debug, Clone, Copy, Args)]
struct CrewArguments {
    /// Those who make documents over GraphQL.
    #[arg(long, default_value = "4")]
    writers: u32,
    /// Those who type into a document.
    #[arg(long, default_value = "4")]
    typists: u32,
}

impl CrewArguments {
    fn crew(self) -> Crew {
        Crew { writers: self.writers, typists: self.typists }
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let Arguments { scenario, common } = Arguments::parse();
    let seed = common.seed.unwrap_or_else(rand::random);
    writeln!(io::stderr(), "seed {seed}")?;
    let beside = || env::current_exe().unwrap_or_default().with_file_name("collabd");
    let program = common.collabd.clone().unwrap_or_else(beside);
    let Some(report) = play(&scenario, &program, seed, Duration::from_millis(common.health)).await? else {
        return Ok(ExitCode::SUCCESS);
    };
    report.write_table(&mut io::stdout().lock())?;
    if let Some(path) = &common.json {
        append(path, &report).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(if report.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn play(
    scenario: &Scenario,
    program: &Path,
    seed: u64,
    health: Duration,
) -> anyhow::Result<Option<Report>> {
    Ok(Some(match *scenario {
        Scenario::Kill { rounds, crew } => {
            kill::run(&kill::Plan { rounds, crew: crew.crew(), seed, health }, program).await?
        }
        Scenario::Proxy { projects, visits, visitors } => {
            proxy::run(&proxy::Plan { projects, visits, visitors, seed, health }, program).await?
        }
        Scenario::Freeze { crowd, held, pause, silence } => {
            let (crowd, holder) = (crowd.crowd(), env::current_exe()?);
            let (pause, silence) = (Duration::from_secs(pause), Duration::from_secs(silence));
            freeze::run(&freeze::Plan { crowd, held, pause, silence, holder, seed, health }, program).await?
        }
        Scenario::Store { full, ref locks, damages } => {
            let full = Duration::from_secs(full);
            let locks = locks.iter().copied().map(Duration::from_secs).collect();
            store::run(&store::Plan { full, locks, damages, seed, health }, program).await?
        }
        Scenario::Hold { address, members } => {
            freeze::hold(address, members).await?;
            return Ok(None);
        }
        Scenario::Terminate { crowd, deaf, crew, limit } => {
            let (crowd, crew, limit) = (crowd.crowd(), crew.crew(), Duration::from_secs(limit));
            terminate::run(&terminate::Plan { crowd, deaf, crew, limit, seed, health }, program).await?
        }
        Scenario::Restart { crowd, within } => {
            let (crowd, within) = (crowd.crowd(), Duration::from_secs(within));
            restart::run(&restart::Plan { crowd, within, seed, health }, program).await?
        }
    }))
}

fn append(path: &Path, report: &Report) -> io::Result<()> {
    let mut line = serde_json::to_vec(report)?;
    line.push(b'\n');
    OpenOptions::new().create(true).append(true).open(path)?.write_all(&line)
}
