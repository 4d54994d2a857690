//! The server goes and comes again below very many, who all come back as the SDK does.
//!
//! Once it is killed, once it ends in order, as at an upgrade. All have to be back in time, nobody's return may look like a
//! departure to those who are back already, and then everybody has to know where everybody is.

use std::path::Path;
use std::time::Duration;

use rand::rngs::SmallRng;
use rand::{RngExt as _, SeedableRng as _};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use super::aftermath::{Calm, log_is_clean};
use super::crowd::Crowd;
use super::daemon::{Daemon, Whereabouts};
use super::report::Report;
use super::vitals::Vitals;
use crate::failure::Failure;
use crate::oracle::Verdict;
use crate::storm::{Farewell, Member, settle};
use crate::wire::{Target, WireError};

/// As in the SDK: most seconds before the first try, which double with each, and most before any.
const BASE: f64 = 1.0;
const CEILING: f64 = 30.0;
/// Tries after which somebody gives up.
const TRIES: u32 = 10;
/// Where joins are counted together.
const SECOND: Duration = Duration::from_secs(1);

/// What to play.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Those who come back.
    pub crowd: Crowd,
    /// How long it may take until all are back.
    pub within: Duration,
    /// When each tries follows from it.
    pub seed: u64,
    /// How long the health page may take.
    pub health: Duration,
}

/// How the server goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Going {
    /// SIGKILL.
    Killed,
    /// SIGTERM.
    Told,
}

/// Somebody who is back.
struct Return {
    member: Member,
    at: Instant,
    tries: u32,
}

/// What came of one return of all.
struct Round {
    members: Vec<Member>,
    /// From the moment when the server was gone, for each.
    times: Vec<Duration>,
    tries: u32,
    failures: Vec<String>,
    departures: Vec<String>,
    verdict: Verdict,
}

/// Plays `plan` with the server `program`.
///
/// # Errors
/// [`Failure`] when the server does not start or end, or somebody does not get in at first.
pub async fn run(plan: &Plan, program: &Path) -> Result<Report, Failure> {
    let mut daemon = Daemon::start(program, &[]).await?;
    let calm = Calm::of(&daemon.members()).await?;
    let vitals = Vitals::watch(daemon.place(), plan.health);
    let members = plan.crowd.enter(&daemon.members(), 1).await?;
    let (members, before) = settle(members, 1).await?;
    let mut report = Report::new("restart", plan.seed);
    report.count("members", members.len());
    let killed = go_and_come(plan, &mut daemon, members, 2, Going::Killed).await?;
    let told = go_and_come(plan, &mut daemon, killed.members, 3, Going::Told).await?;
    report.measure("all back after SIGKILL", last(&killed.times), "s");
    report.count("most joins within a second", peak(&killed.times));
    report.count("tries", killed.tries as usize);
    report.measure("all back after SIGTERM", last(&told.times), "s");
    report.count("most joins within a second, then", peak(&told.times));
    report.count("tries, then", told.tries as usize);
    let late = |times: &[Duration]| times.iter().filter(|&&time| time > plan.within).count();
    let late = late(&killed.times) + late(&told.times);
    let late = (late > 0).then(|| format!("{late} were back after {:?} or later", plan.within));
    report.promise("all are back in time", late.as_slice());
    report.promise("everybody gets in", &[killed.failures, told.failures].concat());
    report.promise("nobody who came back was seen to leave", &[killed.departures, told.departures].concat());
    let mut verdict = before;
    verdict += killed.verdict;
    verdict += told.verdict;
    report.promise("everybody knows where everybody is", &verdict.named());
    for member in told.members {
        member.leave().await;
    }
    calm.again(&daemon.members(), &mut report).await?;
    vitals.report(&mut report);
    log_is_clean(&daemon, &mut report)?;
    Ok(report)
}

/// The server goes, and everybody comes back and says that it is at `step`.
async fn go_and_come(
    plan: &Plan,
    daemon: &mut Daemon,
    members: Vec<Member>,
    step: u32,
    going: Going,
) -> Result<Round, Failure> {
    let mut returns = JoinSet::new();
    for member in members {
        let place = member.place();
        let random =
            SmallRng::seed_from_u64(plan.seed ^ (u64::from(place.project) << 32) ^ u64::from(place.member));
        returns.spawn(come_back(member, daemon.place(), daemon.members(), step, random));
    }
    match going {
        Going::Killed => daemon.kill().await?,
        Going::Told => drop(daemon.terminate().await?),
    }
    let gone = Instant::now();
    daemon.launch().await?;
    let mut round = Round {
        members: Vec::new(),
        times: Vec::new(),
        tries: 0,
        failures: Vec::new(),
        departures: Vec::new(),
        verdict: Verdict::default(),
    };
    while let Some(back) = returns.join_next().await {
        match back? {
            Ok(Return { member, at, tries }) => {
                round.members.push(member);
                round.times.push(at.saturating_duration_since(gone));
                round.tries += tries;
            }
            Err(error) => round.failures.push(error.to_string()),
        }
    }
    round.times.sort_unstable();
    let back = round.members.len();
    (round.members, round.verdict) = settle(round.members, step).await?;
    if round.members.len() < back {
        round.failures.push(format!("{} were lost again", back - round.members.len()));
    }
    for member in &round.members {
        let shown = |departure| format!("{:?} was told of {departure:?}", member.place());
        round.departures.extend(member.departures().iter().map(shown));
    }
    Ok(round)
}

/// Waits for the end of the connection, and then as the SDK does: as long as the server said, or else for a random part of a
/// time that doubles.
async fn come_back(
    member: Member,
    whereabouts: watch::Receiver<Whereabouts>,
    last: Target,
    step: u32,
    mut random: SmallRng,
) -> Result<Return, WireError> {
    let place = member.place();
    let Farewell { mut retry_after, .. } = member.farewell().await;
    for tries in 0..TRIES {
        let most = (BASE * f64::from(1_u32 << tries)).min(CEILING);
        sleep(retry_after.take().unwrap_or_else(|| Duration::from_secs_f64(most * random.random::<f64>())))
            .await;
        let target = Target { address: whereabouts.borrow().address, ..last };
        match Member::try_enter(target, place, step).await {
            Ok(member) => return Ok(Return { member, at: Instant::now(), tries: tries + 1 }),
            Err(
                WireError::Connect(_)
                | WireError::Refused { .. }
                | WireError::Lost(_)
                | WireError::Closed { .. },
            ) => {}
            Err(error) => return Err(error),
        }
    }
    Err(WireError::JoinRefused(format!("{TRIES} times")))
}

fn last(times: &[Duration]) -> f64 {
    times.last().map_or(0.0, Duration::as_secs_f64)
}

/// The most of these times, which are in order, that lie within one second.
fn peak(times: &[Duration]) -> usize {
    let within =
        |(first, &time): (usize, &Duration)| times[first..].partition_point(|&other| other < time + SECOND);
    times.iter().enumerate().map(within).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_the_fullest_second_wherever_it_begins() {
        let times = [0, 900, 1_000, 1_500, 1_899, 1_900, 5_000].map(Duration::from_millis);
        assert_eq!(peak(&times), 4);
        assert_eq!(peak(&[]), 0);
    }
}
