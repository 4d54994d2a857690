//! The server is told to end while very many are in and write.
//!
//! Everybody has to hear that it goes away and when to come back, also beside some who do not read; the process has to end in
//! order and in time; and what was acknowledged has to be there after the next start.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use collabd_protocol::CloseCode;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::aftermath::{Calm, log_is_clean};
use super::crowd::Crowd;
use super::daemon::Daemon;
use super::database;
use super::report::Report;
use super::vitals::Vitals;
use super::writing::{Crew, Findings, Life, OPTIONS};
use crate::failure::Failure;
use crate::storm::Farewell;
use crate::wire::{Link, Place, Target};

/// How long everybody works before the signal.
const WORK: Duration = Duration::from_secs(1);
/// Bytes of the receive buffer of those who do not read.
const NARROW: u32 = 2048;

/// What to play.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Those who are in.
    pub crowd: Crowd,
    /// Those who do not read, all in the first project.
    pub deaf: u32,
    /// Those who write.
    pub crew: Crew,
    /// How long the process may take to end.
    pub limit: Duration,
    /// Nothing here is left to chance; it is only reported.
    pub seed: u64,
    /// How long the health page may take.
    pub health: Duration,
}

/// Plays `plan` with the server `program`.
///
/// # Errors
/// [`Failure`] when the server does not start or end, or somebody does not get in.
pub async fn run(plan: &Plan, program: &Path) -> Result<Report, Failure> {
    let mut daemon = Daemon::start(program, &OPTIONS).await?;
    let target = daemon.members();
    let calm = Calm::of(&target).await?;
    let vitals = Vitals::watch(daemon.place(), plan.health);
    let mut farewells = JoinSet::new();
    for member in plan.crowd.enter(&target, 1).await? {
        farewells.spawn(member.farewell());
    }
    let deaf = enter_deaf(plan, &target).await?;
    let mut findings = Findings::new()?;
    let life = Life::begin(plan.crew, &daemon, &findings, 0).await?;
    sleep(WORK).await;

    let (status, taken) = daemon.terminate().await?;
    let farewells = farewells.join_all().await;
    drop(deaf);
    let ledger = life.end(&mut findings).await?;
    findings.damage(database::faults(&daemon.data()).await?);
    daemon.launch().await?;
    findings.settle(&daemon, &ledger).await?;
    findings.compare(&daemon, &ledger).await?;

    let mut report = Report::new("terminate", plan.seed);
    report.count("members", farewells.len());
    report.count("members who do not read", plan.deaf as usize);
    report.measure("signal to exit", taken.as_secs_f64(), "s");
    hear(&farewells, &mut report);
    let failed = (!status.success()).then(|| status.to_string());
    report.promise("the process ends with status 0", failed.as_slice());
    let late = (taken > plan.limit).then(|| format!("{taken:?} instead of {:?}", plan.limit));
    report.promise("it ends in time", late.as_slice());
    findings.report(&mut report, &[ledger])?;
    calm.again(&daemon.members(), &mut report).await?;
    vitals.report(&mut report);
    log_is_clean(&daemon, &mut report)?;
    Ok(report)
}

/// Those who come and never read again.
async fn enter_deaf(plan: &Plan, target: &Target) -> Result<Vec<Link>, Failure> {
    let mut deaf = Vec::new();
    for number in 0..plan.deaf {
        let place = Place { project: 1, member: plan.crowd.members.get() + number };
        let link = target.open_narrow(place, Some(NARROW)).await;
        deaf.push(link.map_err(|source| Failure::Entry { who: "one who does not read".to_owned(), source })?);
    }
    Ok(deaf)
}

/// What everybody was told.
fn hear(farewells: &[Farewell], report: &mut Report) {
    let is_told = |farewell: &&Farewell| {
        farewell.code == Some(CloseCode::GoingAway.number()) && farewell.retry_after.is_some()
    };
    let untold: Vec<_> = farewells
        .iter()
        .filter(|farewell| !is_told(farewell))
        .map(|farewell| format!("{farewell:?}"))
        .collect();
    let returns: BTreeSet<_> = farewells.iter().filter_map(|farewell| farewell.retry_after).collect();
    if let (Some(first), Some(last)) = (returns.first(), returns.last()) {
        report.measure("told to come back, earliest", first.as_secs_f64(), "s");
        report.measure("told to come back, latest", last.as_secs_f64(), "s");
    }
    report.promise("everybody hears 1001 and when to come back", &untold);
}
