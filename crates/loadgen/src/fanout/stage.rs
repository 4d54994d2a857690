//! Leads all members through the phases and collects what became of them.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::member::{End, Member, Outcome, Shared};
use super::phase::{Notice, Phase, PhaseWatch, Schedule};
use super::plan::{FanoutError, Plan};
use super::report::{Load, Report};
use crate::process::ProcessSample;
use crate::tally::{Recorder, Tally};
use crate::timeline::Timeline;
use crate::wire::Place;

/// How long all members together may take to join.
const GATHER_PATIENCE: Duration = Duration::from_mins(1);

/// How long the last positions may take to reach everybody.
const SETTLE_PATIENCE: Duration = Duration::from_secs(10);

/// Plays `plan`. Takes its warm-up and duration, and at most about 85 s for joining, settling and closing.
///
/// # Errors
/// [`FanoutError`] when the plan is refused, a process cannot be looked at, or nobody can join. Members that fail or
/// miss something are no error here: the report tells.
pub async fn run(plan: &Plan) -> Result<Report, FanoutError> {
    plan.check()?;
    let tally = Tally::new().map_err(FanoutError::Histogram)?;
    let freshness = Recorder::new().map_err(FanoutError::Histogram)?;
    let shared = Arc::new(Shared::new(plan.clone(), tally, freshness));
    let mut timeline = Timeline::new("fanout", plan.target.pid, Arc::clone(&shared.tally));
    let mut report = timeline.beside(play(&shared)).await?;
    report.timeline = timeline.into_points();
    Ok(report)
}

async fn play(shared: &Arc<Shared>) -> Result<Report, FanoutError> {
    let plan = &shared.plan;
    let mut stage = Stage::raise(shared);
    let rooms = stage.gather().await;
    if rooms.iter().all(Vec::is_empty) {
        return Err(nobody_joined(&stage.close().await?));
    }
    let schedule = stage.begin(rooms);
    let measured = schedule.stop - plan.duration;
    sleep_until(measured).await;
    let before = Look::take(shared)?;
    sleep_until(schedule.stop).await;
    let generator_cores = before.cores_since()?;
    stage.settle().await;
    let load = before.load_since(shared, generator_cores);
    let outcomes = stage.close().await?;
    let latencies = shared.tally.merged().map_err(FanoutError::Histogram)?;
    let freshness = shared.freshness.merged().map_err(FanoutError::Histogram)?;
    Ok(Report::new(plan, &outcomes, &latencies, &freshness, &load))
}

/// The members' tasks, and the two channels between them and the stage.
struct Stage {
    shared: Arc<Shared>,
    members: JoinSet<Outcome>,
    phases: watch::Sender<Phase>,
    notices: mpsc::Receiver<Notice>,
    joined: usize,
    settled: usize,
}

impl Stage {
    fn raise(shared: &Arc<Shared>) -> Self {
        let plan = &shared.plan;
        // Each member gives at most two notices, so this is enough for all of them, read or not.
        let (sender, notices) = mpsc::channel(2 * plan.total_members() as usize);
        let phases = watch::Sender::new(Phase::Gathering);
        let mut members = JoinSet::new();
        for project in plan.first_project..plan.first_project + plan.projects.get() {
            for member in 0..plan.members.get() {
                let member = Member {
                    place: Place { project, member },
                    shared: Arc::clone(shared),
                    phase: PhaseWatch::new(&phases),
                    notices: sender.clone(),
                };
                members.spawn(member.run());
            }
        }
        Self { shared: Arc::clone(shared), members, phases, notices, joined: 0, settled: 0 }
    }

    /// Waits until every member has joined or failed, or patience ends. Gives who joined, by project.
    async fn gather(&mut self) -> Vec<Vec<u32>> {
        let deadline = Instant::now() + GATHER_PATIENCE;
        let mut rooms = vec![Vec::new(); self.shared.plan.projects.get() as usize];
        let mut open = self.shared.plan.total_members();
        while open > 0 {
            match timeout_at(deadline, self.notices.recv()).await {
                Ok(Some(Notice::Joined(place))) => {
                    rooms[self.shared.plan.index(place) as usize].push(place.member);
                    self.joined += 1;
                    open -= 1;
                }
                Ok(Some(Notice::NotJoined)) => open -= 1,
                Ok(Some(Notice::Settled)) => self.settled += 1,
                Ok(None) | Err(_) => break,
            }
        }
        rooms
    }

    fn begin(&mut self, rooms: Vec<Vec<u32>>) -> Arc<Schedule> {
        let plan = &self.shared.plan;
        let start = Instant::now();
        let measured_from = start + plan.warm_up;
        let schedule = Arc::new(Schedule {
            start,
            measured_from: self.shared.clock.at(measured_from),
            stop: measured_from + plan.duration,
            rooms,
        });
        self.phases.send_replace(Phase::Moving(Arc::clone(&schedule)));
        schedule
    }

    /// Waits until every member that joined has seen all last positions, or patience ends.
    async fn settle(&mut self) {
        let deadline = Instant::now() + SETTLE_PATIENCE;
        while self.settled < self.joined {
            match timeout_at(deadline, self.notices.recv()).await {
                Ok(Some(Notice::Settled)) => self.settled += 1,
                // One that joined in the moment when patience ended has a ledger as well.
                Ok(Some(Notice::Joined(_))) => self.joined += 1,
                Ok(Some(Notice::NotJoined)) => {}
                Ok(None) | Err(_) => break,
            }
        }
    }

    /// Lets every member close; each has a deadline of its own, so this ends.
    async fn close(mut self) -> Result<Vec<Outcome>, FanoutError> {
        self.phases.send_replace(Phase::Closing);
        let mut outcomes = Vec::with_capacity(self.members.len());
        while let Some(outcome) = self.members.join_next().await {
            outcomes.push(outcome?);
        }
        Ok(outcomes)
    }
}

/// The state of both processes at one moment.
struct Look {
    at: Instant,
    received: u64,
    generator: ProcessSample,
    server: Option<ProcessSample>,
}

impl Look {
    fn take(shared: &Shared) -> Result<Self, FanoutError> {
        Ok(Self {
            at: Instant::now(),
            received: shared.tally.received(),
            generator: ProcessSample::of_this_process()?,
            server: shared.plan.target.pid.map(ProcessSample::read).transpose()?,
        })
    }

    /// CPU seconds of this process per second since.
    fn cores_since(&self) -> Result<f64, FanoutError> {
        let used = ProcessSample::of_this_process()?.cpu.saturating_sub(self.generator.cpu);
        // A plan without a measured time has no wall time to speak of.
        let wall = self.at.elapsed().max(Duration::from_millis(1));
        Ok(used.as_secs_f64() / wall.as_secs_f64())
    }

    fn load_since(&self, shared: &Shared, generator_cores: f64) -> Load {
        // A server that died under the load is a finding, told by its absence, not a reason to tell nothing.
        let server = shared.plan.target.pid.and_then(|pid| ProcessSample::read(pid).ok());
        Load {
            deliveries: shared.tally.received() - self.received,
            generator_cores,
            server: self.server.zip(server),
        }
    }
}

fn nobody_joined(outcomes: &[Outcome]) -> FanoutError {
    let reason = outcomes.iter().find_map(|outcome| match &outcome.end {
        End::NotJoined(reason) => Some(reason.clone()),
        End::Closed | End::Evicted | End::Lost(_) => None,
    });
    FanoutError::NobodyJoined { reason: reason.unwrap_or_default() }
}
