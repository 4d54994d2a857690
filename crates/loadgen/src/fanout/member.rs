//! One member: joins, then moves and watches at the same time, in one task.

use std::collections::BTreeMap;
use std::sync::Arc;

use collabd_protocol::client::SwitchDocument;
use collabd_protocol::{ClientMessage, DocumentId};
use tokio::sync::{Semaphore, mpsc};

use super::motion::{self, Motion, Place};
use super::mover::Mover;
use super::observer::Observer;
use super::phase::{Notice, PhaseWatch};
use super::plan::Plan;
use crate::client::{Client, ClientError, Endpoint};
use crate::tally::{Clock, Tally};

/// Members that connect and join at once: well below the backlog of a listening socket, so that none waits for a
/// repeated SYN, which would take a second.
const JOINS_AT_ONCE: usize = 64;

/// What all members share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) plan: Plan,
    pub(super) clock: Clock,
    pub(super) tally: Tally,
    gate: Semaphore,
}

impl Shared {
    pub(super) fn new(plan: Plan, tally: Tally) -> Self {
        Self { plan, clock: Clock::start(), tally, gate: Semaphore::new(JOINS_AT_ONCE) }
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
    pub(super) moves: u64,
    pub(super) missed: u64,
    pub(super) refusals: BTreeMap<&'static str, u64>,
    pub(super) end: End,
}

/// How a member ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum End {
    /// It stayed to the end, and its close was answered.
    Closed,
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
            Ok((client, document)) => self.play(client, document).await,
            Err(reason) => {
                self.notify(Notice::NotJoined);
                Outcome {
                    place: self.place,
                    moves: 0,
                    missed: 0,
                    refusals: BTreeMap::new(),
                    end: End::NotJoined(reason),
                }
            }
        }
    }

    async fn enter(&self) -> Result<(Client, DocumentId), ClientError> {
        let plan = &self.shared.plan;
        let document = motion::document()?;
        // Nobody closes the gate, so a permit always comes.
        let _permit = self.shared.gate.acquire().await.ok();
        let endpoint = Endpoint::new(plan.address, plan.project(self.place.project), plan.encoding);
        let mut client = Client::connect(&endpoint).await?;
        let user = self.place.user();
        client.enter(&user, &user).await?;
        client
            .send(&ClientMessage::SwitchDocument(SwitchDocument {
                document_id: document.clone(),
                document_type: self.place.kind(),
            }))
            .await?;
        Ok((client, document))
    }

    async fn play(self, client: Client, document: DocumentId) -> Outcome {
        self.notify(Notice::Joined(self.place));
        let (sender, receiver) = client.split();
        let motion = Motion::new(document, self.place.kind());
        let mover = Mover::new(self.place, Arc::clone(&self.shared), sender, motion);
        let observer = Observer::new(self.place, Arc::clone(&self.shared), receiver);
        let (sent, seen) =
            tokio::join!(mover.run(self.phase.clone()), observer.run(self.phase.clone(), &self.notices));
        Outcome {
            place: self.place,
            moves: sent,
            missed: seen.missed,
            refusals: seen.refusals,
            end: seen.end,
        }
    }

    fn notify(&self, notice: Notice) {
        // Fails only once the stage has stopped listening.
        let _ = self.notices.try_send(notice);
    }
}
