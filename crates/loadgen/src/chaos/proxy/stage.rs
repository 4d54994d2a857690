//! Leads visitors and witnesses.

use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroU32;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rand::SeedableRng as _;
use rand::rngs::SmallRng;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::fate::Fate;
use super::visitor::{Visited, visit};
use crate::chaos::aftermath::{Calm, log_is_clean};
use crate::chaos::daemon::Daemon;
use crate::chaos::report::Report;
use crate::chaos::vitals::Vitals;
use crate::failure::Failure;
use crate::oracle::{Expected, Truth, Verdict};
use crate::storm::Member;
use crate::wire::{Place, Target};

/// Witnesses of each project.
const WITNESSES: u32 = 2;
/// Of those whose connection was harmed, one in so many comes back and stays.
const RETURNS: u32 = 10;
/// What is swallowed is to be noticed while somebody waits for it, and whoever comes back is to be back in time even on a
/// busy machine.
const OPTIONS: [&str; 8] =
    ["--heartbeat-interval", "1s", "--silence-timeout", "4s", "--join-timeout", "4s", "--grace", "5s"];

/// What to play.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Projects.
    pub projects: NonZeroU32,
    /// How many connections are made through the proxy.
    pub visits: u32,
    /// How many at a time.
    pub visitors: u32,
    /// What happens to each follows from it.
    pub seed: u64,
    /// How long the health page may take.
    pub health: Duration,
}

/// What visitors share.
struct Shared {
    plan: Plan,
    target: Target,
    next: AtomicU32,
    truths: Mutex<HashMap<u32, Truth>>,
    /// Have the last visitors gone?
    over: watch::Sender<bool>,
    /// Does everybody know all that there is to know?
    settled: watch::Sender<bool>,
}

/// What came of one visitor's visits.
#[derive(Default)]
struct Visits {
    fates: BTreeMap<&'static str, usize>,
    were_in: usize,
    /// Those who came back; they stay and listen.
    members: JoinSet<Member>,
    /// What still carries bytes.
    carriers: JoinSet<std::io::Result<()>>,
    failures: Vec<String>,
}

/// Plays `plan` with the server `program`.
///
/// # Errors
/// [`Failure`] when the server does not start, or a witness does not get in.
pub async fn run(plan: &Plan, program: &Path) -> Result<Report, Failure> {
    let daemon = Daemon::start(program, &OPTIONS).await?;
    let target = daemon.members();
    let calm = Calm::of(&target).await?;
    let vitals = Vitals::watch(daemon.place(), plan.health);
    let shared = Arc::new(Shared {
        plan: plan.clone(),
        target,
        next: AtomicU32::new(0),
        truths: Mutex::default(),
        over: watch::Sender::new(false),
        settled: watch::Sender::new(false),
    });
    let witnesses = seat(&shared).await?;
    let mut visitors = JoinSet::new();
    for _ in 0..plan.visitors {
        visitors.spawn(call(Arc::clone(&shared)));
    }
    let mut visits = visitors.join_all().await;
    let (verdict, lost) = testify(&shared, witnesses).await?;
    for visits in &mut visits {
        for member in std::mem::take(&mut visits.members).join_all().await {
            member.leave().await;
        }
        std::mem::take(&mut visits.carriers).join_all().await;
    }

    let mut report = Report::new("proxy", plan.seed);
    report_visits(&visits, &mut report);
    report.promise("witnesses are told the truth", &verdict.named());
    report.promise("no witness is lost", &lost);
    let failures: Vec<_> = visits.into_iter().flat_map(|visits| visits.failures).collect();
    report.promise("what is not cut gets through, who returns gets in", &failures);
    calm.again(&target, &mut report).await?;
    vitals.report(&mut report);
    log_is_clean(&daemon, &mut report)?;
    Ok(report)
}

/// Lets the witnesses in; they listen until it is over.
async fn seat(shared: &Shared) -> Result<JoinSet<Member>, Failure> {
    let mut witnesses = JoinSet::new();
    for project in 1..=shared.plan.projects.get() {
        for member in 0..WITNESSES {
            let entry = Member::enter(shared.target, Place { project, member }, 1).await;
            let entry = entry.map_err(|source| Failure::Entry { who: "a witness".to_owned(), source })?;
            shared.know(Place { project, member }, Expected::Stayed(Some(1)));
            witnesses.spawn(entry.member.attend(shared.over.subscribe()));
        }
    }
    Ok(witnesses)
}

/// Lets the witnesses say what they were told; they stay until the last has said so. Gives what was wrong, and who is lost.
async fn testify(shared: &Shared, witnesses: JoinSet<Member>) -> Result<(Verdict, Vec<String>), Failure> {
    let truths = std::mem::take(&mut *shared.truths.lock().unwrap_or_else(PoisonError::into_inner));
    let truths: HashMap<u32, Arc<Truth>> =
        truths.into_iter().map(|(project, truth)| (project, Arc::new(truth))).collect();
    shared.over.send_replace(true);
    let mut settling = JoinSet::new();
    for witness in witnesses.join_all().await {
        if let Some(truth) = truths.get(&witness.place().project) {
            settling.spawn(witness.settle(Arc::clone(truth)));
        }
    }
    let (mut verdict, mut lost, mut staying) = (Verdict::default(), Vec::new(), JoinSet::new());
    while let Some(settled) = settling.join_next().await {
        let (witness, faults) = settled?;
        verdict += faults;
        match witness {
            Some(witness) => drop(staying.spawn(witness.attend(shared.settled.subscribe()))),
            None => lost.push("a witness".to_owned()),
        }
    }
    shared.settled.send_replace(true);
    for witness in staying.join_all().await {
        witness.leave().await;
    }
    Ok((verdict, lost))
}

/// One visit after the other.
async fn call(shared: Arc<Shared>) -> Visits {
    let Plan { projects, visits, seed, .. } = shared.plan;
    let mut all = Visits::default();
    loop {
        let number = shared.next.fetch_add(1, Ordering::Relaxed);
        if number >= visits {
            return all;
        }
        let place = Place { project: 1 + number % projects, member: WITNESSES + number / projects };
        let fate = Fate::draw(&mut SmallRng::seed_from_u64(seed ^ u64::from(number)));
        *all.fates.entry(fate.name()).or_default() += 1;
        shared.know(place, Expected::Unknown);
        let is_to_return = (number / projects).is_multiple_of(RETURNS);
        match visit(shared.target, place, fate, is_to_return, &mut all.carriers).await {
            Ok(Visited { expected, member, was_in }) => {
                shared.know(place, expected);
                all.were_in += usize::from(was_in);
                if let Some(member) = member {
                    all.members.spawn(member.attend(shared.settled.subscribe()));
                }
            }
            Err(error) => all.failures.push(format!("{fate:?}: {error}")),
        }
    }
}

impl Shared {
    fn know(&self, place: Place, expected: Expected) {
        let mut truths = self.truths.lock().unwrap_or_else(PoisonError::into_inner);
        truths.entry(place.project).or_default().set(place.member, expected);
    }
}

fn report_visits(visits: &[Visits], report: &mut Report) {
    let mut fates: BTreeMap<&str, usize> = BTreeMap::new();
    for (fate, count) in visits.iter().flat_map(|visits| &visits.fates) {
        *fates.entry(fate).or_default() += count;
    }
    report.count("connections through the proxy", fates.values().sum());
    for (fate, count) in fates {
        report.count(fate, count);
    }
    report.count("visitors who got in through it", visits.iter().map(|visits| visits.were_in).sum());
}
