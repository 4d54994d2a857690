//! Leads everybody in and out.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::report::{Memory, Report};
use super::sitter::{Notice, Phase, Sitter};
use crate::failure::Failure;
use crate::fanout::FanoutError;
use crate::process::{ProcessSample, descriptor_limit};
use crate::progress::Progress;
use crate::wire::{Place, Target};

/// Joins at once: well below the backlog of a listening socket.
const JOINS_AT_ONCE: usize = 64;
/// How long everybody together may take for one phase.
const PATIENCE: Duration = Duration::from_mins(3);
/// Time in which a server ends what it does for those who came or went.
const REST: Duration = Duration::from_secs(3);
/// Descriptors that the process needs besides the sockets.
const OTHER_DESCRIPTORS: u64 = 32;

/// One run of the scenario.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The first of the projects, which are numbered consecutively.
    pub first_project: u32,
    /// How many sockets in all.
    pub sockets: NonZeroU32,
    /// How many of them in one project.
    pub members: NonZeroU32,
    /// Time in which nothing happens, before memory is looked at.
    pub rest: Duration,
}

impl Plan {
    /// A plan with the usual rest.
    pub fn new(sockets: NonZeroU32, members: NonZeroU32) -> Self {
        Self { first_project: 1, sockets, members, rest: REST }
    }

    fn place(&self, number: u32) -> Place {
        Place { project: self.first_project + number / self.members, member: number % self.members }
    }

    fn check(&self) -> Result<(), Failure> {
        let needed = u64::from(self.sockets.get()) + OTHER_DESCRIPTORS;
        match descriptor_limit()? {
            Some(limit) if limit < needed => Err(FanoutError::TooFewDescriptors { needed, limit }.into()),
            _ => Ok(()),
        }
    }
}

/// Plays `plan`.
///
/// # Errors
/// [`Failure`] when a process cannot be looked at, or may not have that many sockets.
pub async fn run(plan: &Plan, target: &Target) -> Result<Report, Failure> {
    plan.check()?;
    let look = || Ok::<_, Failure>(target.pid.map(ProcessSample::read).transpose()?);
    warm_up(plan, target).await?;
    sleep(plan.rest).await;
    let before = look()?;
    let mut crowd = Crowd::gather(plan, target);
    let joined = crowd.hear(plan.sockets.get()).await;
    sleep(plan.rest).await;
    let with = look()?;
    let answered = if target.wire.has_presence() { crowd.lead(Phase::Speaking, joined).await } else { 0 };
    sleep(plan.rest).await;
    let after_speaking = look()?;
    crowd.go().await?;
    sleep(plan.rest).await;
    let memory = Memory { before, with, after_speaking, gone: look()? };
    Ok(Report::new(target.wire.name(), plan, joined, answered, crowd.reason, &memory))
}

/// What is made for the first member of all is nobody's memory.
async fn warm_up(plan: &Plan, target: &Target) -> Result<(), Failure> {
    let entry = |source| Failure::Entry { who: "the first".to_owned(), source };
    let mut link = target.open(plan.place(0)).await.map_err(entry)?;
    let _ = link.speaker.close().await;
    // A server that does not answer a close is no reason to measure nothing.
    let _ = timeout(plan.rest, link.listener.sit()).await;
    Ok(())
}

/// Everybody.
struct Crowd {
    sitters: JoinSet<()>,
    phases: watch::Sender<Phase>,
    notices: mpsc::Receiver<Notice>,
    progress: Progress,
    reason: Option<String>,
}

impl Crowd {
    fn gather(plan: &Plan, target: &Target) -> Self {
        // Each gives at most three notices.
        let (sender, notices) = mpsc::channel(3 * plan.sockets.get() as usize);
        let phases = watch::Sender::new(Phase::Sitting);
        let gate = Arc::new(Semaphore::new(JOINS_AT_ONCE));
        let mut sitters = JoinSet::new();
        for number in 0..plan.sockets.get() {
            let sitter = Sitter {
                place: plan.place(number),
                target: *target,
                gate: Arc::clone(&gate),
                phase: phases.subscribe(),
                notices: sender.clone(),
            };
            sitters.spawn(sitter.run());
        }
        Self { sitters, phases, notices, progress: Progress::new("idle"), reason: None }
    }

    /// Waits for so many notices. Gives how many were good ones.
    async fn hear(&mut self, expected: u32) -> u32 {
        let (mut good, mut heard) = (0, 0);
        let hearing = async {
            while heard < expected {
                match self.notices.recv().await {
                    Some(Notice::In | Notice::Answered) => good += 1,
                    Some(Notice::Out(reason)) => self.reason = Some(reason),
                    None => break,
                }
                heard += 1;
                self.progress.tell(|| format!("{heard} of {expected}"));
            }
        };
        if timeout(PATIENCE, hearing).await.is_err() {
            self.reason = Some(format!("nothing said in {PATIENCE:?}"));
        }
        good
    }

    /// Lets everybody do something, and waits until they have.
    async fn lead(&mut self, phase: Phase, expected: u32) -> u32 {
        self.phases.send_replace(phase);
        self.hear(expected).await
    }

    async fn go(&mut self) -> Result<(), Failure> {
        self.phases.send_replace(Phase::Going);
        let going = async {
            while let Some(gone) = self.sitters.join_next().await {
                gone?;
            }
            Ok(())
        };
        timeout(PATIENCE, going).await.unwrap_or(Ok(()))
    }
}
