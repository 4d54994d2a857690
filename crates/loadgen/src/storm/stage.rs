//! Leads everybody through the storms.

use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroU32;
use std::sync::Arc;

use collabd_protocol::Encoding;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::member::Member;
use super::report::{Report, Round};
use crate::failure::Failure;
use crate::oracle::{Expected, Truth, Verdict};
use crate::process::ProcessSample;
use crate::progress::Progress;
use crate::server::Server;
use crate::tally::{Latency, Recorder};
use crate::wire::{Place, Target};

/// One run of the scenario.
#[derive(Debug, Clone)]
pub struct Plan {
    /// How many projects.
    pub projects: NonZeroU32,
    /// Members of each.
    pub members: NonZeroU32,
    /// How often the server is restarted.
    pub restarts: u32,
    /// How members speak with collabd.
    pub encoding: Encoding,
}

impl Plan {
    fn places(&self) -> impl Iterator<Item = Place> {
        (1..=self.projects.get())
            .flat_map(|project| (0..self.members.get()).map(move |member| Place { project, member }))
    }
}

/// Plays `plan`; the first round is the one in which everybody comes for the first time.
///
/// # Errors
/// [`Failure`] when the server does not start again, or has no presence that could be checked.
pub async fn run(plan: &Plan, server: &mut Server) -> Result<Report, Failure> {
    let mut progress = Progress::new("storm");
    let mut rounds = Vec::new();
    let mut members = Vec::new();
    for number in 0..=plan.restarts {
        progress.tell(|| format!("{number} of {} restarts", plan.restarts));
        let untold = if number == 0 { 0 } else { restart(server, members).await? };
        let target = server.members(plan.encoding);
        if !target.wire.has_presence() {
            return Err(Failure::Unplayable(target.wire.name().to_owned()));
        }
        let (round, still) = storm(plan, target, number + 1, untold).await?;
        rounds.push(round);
        members = still;
    }
    for member in members {
        member.leave().await;
    }
    Ok(Report::new(plan, rounds))
}

/// Restarts the server below everybody. Gives how many were not told why.
async fn restart(server: &mut Server, members: Vec<Member>) -> Result<u64, Failure> {
    let mut partings = JoinSet::new();
    for member in members {
        partings.spawn(member.part());
    }
    server.restart().await?;
    let mut untold = 0;
    while let Some(was_told) = partings.join_next().await {
        untold += u64::from(!was_told?);
    }
    Ok(untold)
}

/// Everybody comes at once; then everybody must know everybody.
async fn storm(plan: &Plan, target: Target, step: u32, untold: u64) -> Result<(Round, Vec<Member>), Failure> {
    let begun = Instant::now();
    let mut entries = JoinSet::new();
    for place in plan.places() {
        entries.spawn(Member::enter(target, place, step));
    }
    let times = Recorder::new().map_err(Failure::Histogram)?;
    let mut failures: BTreeMap<String, u64> = BTreeMap::new();
    let (mut members, mut refused) = (Vec::new(), 0);
    while let Some(entry) = entries.join_next().await {
        match entry? {
            Ok(entry) => {
                times.record(0, i64::try_from(entry.taken.as_nanos()).unwrap_or(i64::MAX));
                refused += entry.refused;
                members.push(entry.member);
            }
            Err(error) => *failures.entry(error.to_string()).or_default() += 1,
        }
    }
    let all_in = begun.elapsed();
    let joined = members.len() as u64;
    let (members, oracle) = settle(members, step).await?;
    let round = Round {
        joined,
        failed: failures.values().sum(),
        failures,
        refused,
        untold,
        join: Latency::of(&times.merged().map_err(Failure::Histogram)?),
        seconds_until_all_in: all_in.as_secs_f64(),
        seconds_until_settled: begun.elapsed().as_secs_f64(),
        lost: joined - members.len() as u64,
        oracle,
        resident_bytes: target
            .pid
            .and_then(|pid| ProcessSample::read(pid).ok())
            .map(|sample| sample.resident_bytes),
    };
    Ok((round, members))
}

/// Waits until everybody knows everybody. Gives those who are still there.
pub(crate) async fn settle(members: Vec<Member>, step: u32) -> Result<(Vec<Member>, Verdict), Failure> {
    let mut truths: HashMap<u32, Truth> = HashMap::new();
    for Place { project, member } in members.iter().map(Member::place) {
        truths.entry(project).or_default().set(member, Expected::Present(Some(step)));
    }
    let truths: HashMap<u32, Arc<Truth>> =
        truths.into_iter().map(|(project, truth)| (project, Arc::new(truth))).collect();
    let mut settling = JoinSet::new();
    for member in members {
        if let Some(truth) = truths.get(&member.place().project) {
            settling.spawn(member.settle(Arc::clone(truth)));
        }
    }
    let (mut still, mut verdict) = (Vec::new(), Verdict::default());
    while let Some(settled) = settling.join_next().await {
        let (member, faults) = settled?;
        verdict += faults;
        still.extend(member);
    }
    Ok((still, verdict))
}
