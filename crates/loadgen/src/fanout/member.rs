//! One member: joins, then moves and watches at the same time, in one task.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::{Semaphore, mpsc};

use super::mover::Mover;
use super::observer::Observer;
use super::phase::{Notice, PhaseWatch};
use super::plan::{Part, Plan};
use crate::oracle::Verdict;
use crate::tally::{Clock, Recorder, Tally};
use crate::wire::{Link, Place, WireError};

/// Members that connect and join at once: well below the backlog of a listening socket, so that none waits for a
/// repeated SYN, which would take a second.
const JOINS_AT_ONCE: usize = 64;
/// Receive buffer of a member that stops reading, so that it is felt soon.
const NARROW: u32 = 4 * 1024;

/// What all members share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) plan: Plan,
    pub(super) clock: Clock,
    pub(super) tally: Arc<Tally>,
    /// Ages of newest known positions.
    pub(super) freshness: Recorder,
    gate: Semaphore,
}

impl Shared {
    pub(super) fn new(plan: Plan, tally: Tally, freshness: Recorder) -> Self {
        let (tally, gate) = (Arc::new(tally), Semaphore::new(JOINS_AT_ONCE));
        Self { plan, clock: Clock::start(), tally, freshness, gate }
    }
}

/// One member, before it has joined.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) place: Place,
    pub(super) shared: Arc<Shared>,
    pub(super) phase: PhaseWatch,
    /// Has room for every notice of every member, so that none is lost.
    pub(super) notices: mpsc::Sender<Notice>,
}

/// What became of a member.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) place: Place,
    pub(super) part: Part,
    pub(super) moves: u64,
    pub(super) seen: Seen,
    pub(super) end: End,
}

/// What a member saw.
#[derive(Debug, Default, Clone)]
pub(super) struct Seen {
    /// What was wrong with it.
    pub(super) verdict: Verdict,
    /// Last positions that it had to see.
    pub(super) last_positions: u64,
    /// Errors the server sent, by code.
    pub(super) refusals: BTreeMap<&'static str, u64>,
    /// Bytes that came while members moved.
    pub(super) bytes: u64,
    /// Moves that came in the same time.
    pub(super) moves: u64,
}

/// How a member ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum End {
    /// It stayed to the end, and its close was answered.
    Closed,
    /// It stopped reading on purpose, and the server ended the connection.
    Evicted,
    /// It never joined.
    NotJoined(String),
    /// It joined and was lost.
    Lost(String),
}

impl Member {
    /// Plays the member to the end of the last phase.
    pub(super) async fn run(self) -> Outcome {
        let mut phase = self.phase.clone();
        let entered = tokio::select! {
            entered = self.enter() => entered.map_err(|error| error.to_string()),
            _ = phase.moving() => Err("not joined in time".to_owned()),
        };
        match entered {
            Ok(link) => self.play(link).await,
            Err(reason) => {
                self.notify(Notice::NotJoined);
                self.outcome(0, Seen::default(), End::NotJoined(reason))
            }
        }
    }

    async fn enter(&self) -> Result<Link, WireError> {
        // Nobody closes the gate, so a permit always comes.
        let _permit = self.shared.gate.acquire().await.ok();
        let buffer = (self.part() == Part::Stalls).then_some(NARROW);
        self.shared.plan.target.open_narrow(self.place, buffer).await
    }

    async fn play(self, link: Link) -> Outcome {
        self.notify(Notice::Joined(self.place));
        let part = self.part();
        let mover = Mover::new(self.place, part, Arc::clone(&self.shared), link.speaker);
        let observer = Observer::new(self.place, part, Arc::clone(&self.shared), link.listener);
        let (count, (seen, end)) =
            tokio::join!(mover.run(self.phase.clone()), observer.run(self.phase.clone(), &self.notices));
        self.outcome(count, seen, end)
    }

    fn part(&self) -> Part {
        self.shared.plan.part(self.place.member)
    }

    fn outcome(&self, moves: u64, seen: Seen, end: End) -> Outcome {
        Outcome { place: self.place, part: self.part(), moves, seen, end }
    }

    fn notify(&self, notice: Notice) {
        // Fails only once the stage has stopped listening.
        let _ = self.notices.try_send(notice);
    }
}
