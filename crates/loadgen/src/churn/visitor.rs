//! Those who come and go.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::plan::{Leave, Plan};
use crate::oracle::{Expected, Truth};
use crate::tally::Tally;
use crate::wire::{Place, Target, WireError};

/// How long the server may take to answer a close.
const CLOSE_PATIENCE: Duration = Duration::from_secs(10);

/// What visitors and witnesses share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) plan: Plan,
    pub(super) target: Target,
    /// Joins: how many, and how long each took.
    pub(super) tally: Arc<Tally>,
    next: AtomicU32,
    truths: Vec<Mutex<Truth>>,
}

/// What came of one visitor's sessions.
#[derive(Debug, Default)]
pub(super) struct Visits {
    /// Sessions that ended as they were to.
    pub(super) whole: u64,
    /// Why others did not.
    pub(super) failures: BTreeMap<String, u64>,
}

impl Shared {
    pub(super) fn new(plan: Plan, target: Target, tally: Arc<Tally>) -> Self {
        let mut truths: Vec<Truth> = (0..plan.projects.get()).map(|_| Truth::default()).collect();
        for place in plan.witnesses() {
            let truth = &mut truths[(place.project - plan.first_project) as usize];
            truth.set(place.member, Expected::Present(None));
        }
        let truths = truths.into_iter().map(Mutex::new).collect();
        Self { plan, target, tally, next: AtomicU32::new(0), truths }
    }

    /// What is the case in the project of `place`.
    pub(super) fn with_truth<T>(&self, place: Place, work: impl FnOnce(&mut Truth) -> T) -> T {
        let truth = &self.truths[(place.project - self.plan.first_project) as usize];
        work(&mut truth.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn next(&self) -> Option<u32> {
        let session = self.next.fetch_add(1, Ordering::Relaxed);
        (session < self.plan.sessions).then_some(session)
    }
}

/// Takes one session after the other, until there are no more.
pub(super) async fn visit(shared: Arc<Shared>) -> Visits {
    let mut visits = Visits::default();
    while let Some(session) = shared.next() {
        let (place, leave) = (shared.plan.place(session), shared.plan.leave(session));
        shared.with_truth(place, |truth| truth.set(place.member, Expected::Unknown));
        let begun = Instant::now();
        let joined = || {
            let taken = i64::try_from(begun.elapsed().as_nanos()).unwrap_or(i64::MAX);
            shared.tally.count();
            shared.tally.record(place.member, taken);
        };
        match come_and_go(&shared.target, place, leave, joined).await {
            Ok(()) => {
                shared.with_truth(place, |truth| {
                    truth.set(place.member, Expected::Departed(leave.reason()));
                });
                visits.whole += 1;
            }
            Err(error) => *visits.failures.entry(error.to_string()).or_default() += 1,
        }
    }
    visits
}

/// One whole session; `joined` is called when the visitor is in.
pub(super) async fn come_and_go(
    target: &Target,
    place: Place,
    leave: Leave,
    joined: impl FnOnce(),
) -> Result<(), WireError> {
    let mut link = target.open_blind(place).await?;
    joined();
    link.speaker.say(1, 0).await?;
    match leave {
        Leave::InOrder => {
            link.speaker.close().await?;
            match timeout(CLOSE_PATIENCE, link.listener.end()).await {
                Ok(WireError::Closed { .. }) => {}
                Ok(error) => return Err(error),
                Err(_) => return Err(WireError::TimedOut(CLOSE_PATIENCE)),
            }
        }
        Leave::Abruptly => link.speaker.abort().await,
    }
    Ok(())
}
