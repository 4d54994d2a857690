//! The server is killed in the middle of writing, again and again, and keeps what it has acknowledged.
//!
//! In each round people write into a project of the round's own. After SIGKILL and a new start, all that was acknowledged
//! must be there, once; what was not answered is asked for again with its id, and must then be there once, too.

use std::num::NonZeroU32;
use std::path::Path;
use std::time::Duration;

use rand::rngs::SmallRng;
use rand::{RngExt as _, SeedableRng as _};
use tokio::time::{Instant, sleep};

use super::aftermath::{Calm, log_is_clean};
use super::daemon::Daemon;
use super::database;
use super::report::Report;
use super::vitals::Vitals;
use super::writing::{Crew, Findings, Life, OPTIONS};
use crate::failure::Failure;
use crate::progress::Progress;
use crate::wire::Place;

/// Longest life of a server, from when everybody writes.
const LONGEST_LIFE: Duration = Duration::from_millis(400);
/// The one who comes first after each kill.
const FIRST: Place = Place { project: 1, member: 0 };

/// What to play.
#[derive(Debug, Clone)]
pub struct Plan {
    /// How often the server is killed.
    pub rounds: NonZeroU32,
    /// Those who write in each round.
    pub crew: Crew,
    /// When the kills come follows from it.
    pub seed: u64,
    /// How long the health page may take.
    pub health: Duration,
}

/// Plays `plan` with the server `program`.
///
/// # Errors
/// [`Failure`] when the server does not start again, or what it has cannot be read.
pub async fn run(plan: &Plan, program: &Path) -> Result<Report, Failure> {
    let mut random = SmallRng::seed_from_u64(plan.seed);
    let mut daemon = Daemon::start(program, &OPTIONS).await?;
    let vitals = Vitals::watch(daemon.place(), plan.health);
    let mut findings = Findings::new()?;
    let mut recoveries = Vec::new();
    let mut ledgers = Vec::new();
    let mut progress = Progress::new("kill");
    for round in 0..plan.rounds.get() {
        progress.tell(|| format!("{round} of {} rounds", plan.rounds));
        let life = Life::begin(plan.crew, &daemon, &findings, round).await?;
        sleep(LONGEST_LIFE.mul_f64(random.random())).await;
        let dying = Instant::now();
        daemon.kill().await?;
        let dead = dying.elapsed();
        findings.damage(database::faults(&daemon.data()).await?);
        recoveries.push(dead + recover(&mut daemon).await?);
        let ledger = life.end(&mut findings).await?;
        findings.settle(&daemon, &ledger).await?;
        ledgers.push(ledger);
    }
    // What was there after its own kill must have survived all later ones.
    let target = daemon.members();
    let calm = Calm::of(&target).await?;
    for ledger in &ledgers {
        findings.compare(&daemon, ledger).await?;
    }
    let mut report = Report::new("kill", plan.seed);
    report.count("kills", ledgers.len());
    findings.report(&mut report, &ledgers)?;
    recoveries.sort_unstable();
    let middle = recoveries.get(recoveries.len() / 2);
    report.measure("kill to first join, median", middle.map_or(0.0, Duration::as_secs_f64), "s");
    report.measure("kill to first join, worst", recoveries.last().map_or(0.0, Duration::as_secs_f64), "s");
    calm.again(&target, &mut report).await?;
    vitals.report(&mut report);
    log_is_clean(&daemon, &mut report)?;
    Ok(report)
}

/// Starts the server again. Says how long it takes until somebody is in.
async fn recover(daemon: &mut Daemon) -> Result<Duration, Failure> {
    let begun = Instant::now();
    daemon.launch().await?;
    let first = daemon.members().open(FIRST).await;
    let link = first.map_err(|source| Failure::Entry { who: "the first after a kill".to_owned(), source })?;
    let taken = begun.elapsed();
    // It may stay or go: nobody asks for it again.
    let _ = link.speaker.close().await;
    Ok(taken)
}
