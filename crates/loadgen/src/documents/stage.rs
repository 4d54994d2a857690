//! Leads all clients through the phases and collects what became of them.

use std::sync::Arc;
use std::time::Duration;

use collabd_protocol::DocumentId;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until, timeout_at};

use super::client::{Client, Stall};
use super::outcome::{End, Outcome, Place};
use super::phase::{Phase, PhaseWatch, Schedule};
use super::plan::{DocumentsError, Plan};
use super::report::{Load, Memory, Report};
use super::verdict::Verdict;
use crate::editing::{State, Target, Visit};
use crate::process::ProcessSample;
use crate::tally::Tally;

/// How long all clients together may take to open their documents.
const GATHER_PATIENCE: Duration = Duration::from_mins(1);
/// Everything has arrived when nothing has for this long. Longer than what servers wait before they write to disk.
const CALM: Duration = Duration::from_secs(3);
/// How long it may take until nothing arrives any more.
const SETTLE_PATIENCE: Duration = Duration::from_secs(30);

/// Plays `plan` against `target`. Takes its warm-up and duration, a few seconds around them, and at most two minutes.
///
/// # Errors
/// [`DocumentsError`] when the plan is refused, a process cannot be looked at, or nobody can open a document. Clients
/// that fail or differ are no error here: the report tells.
pub async fn run(plan: &Plan, target: &Target) -> Result<Report, DocumentsError> {
    plan.check()?;
    let resident = || Ok::<_, DocumentsError>(look(target)?.map(|sample| sample.resident_bytes));
    let before = resident()?;
    let tally = Tally::new().map_err(DocumentsError::Histogram)?;
    let stall = Arc::new(Stall::new(plan, target, tally, names(plan)?));
    let mut stage = Stage::raise(&stall);
    if stage.gather().await == 0 {
        return Err(nobody_came(&stage.close().await?));
    }
    let load = stage.play().await?;
    let with = resident()?;
    let fresh = fresh_states(&stall).await?;
    let outcomes = stage.close().await?;
    let after = resident()?;
    sleep(plan.unload).await;
    let memory = Memory { before, with, after, unloaded: resident()? };
    let latencies = stall.tally.merged().map_err(DocumentsError::Histogram)?;
    let verdict = Verdict::of(&outcomes, &fresh);
    Ok(Report::new(plan, &outcomes, &latencies, &load, memory, verdict))
}

/// Names that no earlier run has used: the server may remember those.
fn names(plan: &Plan) -> Result<Vec<DocumentId>, DocumentsError> {
    let run: u32 = rand::random();
    let name = |index| Ok(DocumentId::new(format!("bench-{run:08x}-{index}"))?);
    (0..plan.documents.get()).map(name).collect()
}

async fn fresh_states(stall: &Stall) -> Result<Vec<State>, DocumentsError> {
    let mut states = Vec::with_capacity(stall.documents.len());
    for document in &stall.documents {
        states.push(Visit::state(&stall.target, document).await?);
    }
    Ok(states)
}

/// The clients' tasks, and the two channels between them and the stage.
struct Stage {
    stall: Arc<Stall>,
    clients: JoinSet<Outcome>,
    phases: watch::Sender<Phase>,
    notices: mpsc::Receiver<bool>,
}

impl Stage {
    fn raise(stall: &Arc<Stall>) -> Self {
        let plan = &stall.plan;
        // Each client gives one notice, so this is enough for all of them, read or not.
        let (sender, notices) = mpsc::channel(plan.total_clients() as usize);
        let phases = watch::Sender::new(Phase::Gathering);
        let mut clients = JoinSet::new();
        for document in 0..plan.documents.get() {
            for client in 0..plan.clients.get() {
                let client = Client {
                    place: Place { document, client },
                    stall: Arc::clone(stall),
                    phase: PhaseWatch::new(&phases),
                    notices: sender.clone(),
                };
                clients.spawn(client.run());
            }
        }
        Self { stall: Arc::clone(stall), clients, phases, notices }
    }

    /// Waits until every client has opened its document or failed, or patience ends. Gives how many are there.
    async fn gather(&mut self) -> usize {
        let deadline = Instant::now() + GATHER_PATIENCE;
        let mut there = 0;
        for _ in 0..self.stall.plan.total_clients() {
            match timeout_at(deadline, self.notices.recv()).await {
                Ok(Some(opened)) => there += usize::from(opened),
                Ok(None) | Err(_) => break,
            }
        }
        there
    }

    /// Lets everybody type, and waits until all of it has arrived.
    async fn play(&mut self) -> Result<Load, DocumentsError> {
        let plan = &self.stall.plan;
        let start = Instant::now();
        let measured = start + plan.warm_up;
        let stop = measured + plan.duration;
        let measured_from = self.stall.clock.at(measured);
        self.phases.send_replace(Phase::Typing(Arc::new(Schedule { start, measured_from, stop })));
        sleep_until(measured).await;
        let generator = ProcessSample::of_this_process()?.cpu;
        let server = look(&self.stall.target)?;
        sleep_until(stop).await;
        let generator = ProcessSample::of_this_process()?.cpu.saturating_sub(generator);
        self.settle().await;
        // A server that died under the load is a finding, told by its absence, not a reason to tell nothing.
        let server = server.zip(look(&self.stall.target).ok().flatten());
        let received = self.stall.tally.received();
        Ok(Load { frames: received, generator, server })
    }

    async fn settle(&self) {
        let deadline = Instant::now() + SETTLE_PATIENCE;
        let mut received = self.stall.tally.received();
        while Instant::now() < deadline {
            sleep(CALM).await;
            let now = self.stall.tally.received();
            if now == received {
                return;
            }
            received = now;
        }
    }

    /// Lets every client close; each has a deadline of its own, so this ends.
    async fn close(mut self) -> Result<Vec<Outcome>, DocumentsError> {
        self.phases.send_replace(Phase::Closing);
        let mut outcomes = Vec::with_capacity(self.clients.len());
        while let Some(outcome) = self.clients.join_next().await {
            outcomes.push(outcome?);
        }
        Ok(outcomes)
    }
}

fn look(target: &Target) -> Result<Option<ProcessSample>, DocumentsError> {
    Ok(target.pid.map(ProcessSample::read).transpose()?)
}

fn nobody_came(outcomes: &[Outcome]) -> DocumentsError {
    let reason = outcomes.iter().find_map(|outcome| match &outcome.end {
        End::NotOpened(reason) => Some(reason.clone()),
        End::Closed | End::Lost(_) => None,
    });
    DocumentsError::NobodyCame { reason: reason.unwrap_or_default() }
}
