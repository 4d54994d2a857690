//! One client: opens its document, then types and listens at the same time, in one task.

use std::sync::{Arc, Mutex, PoisonError};

use collabd_protocol::DocumentId;
use tokio::sync::{Semaphore, mpsc};

use super::ledger::Ledger;
use super::listener::Listener;
use super::outcome::{End, Outcome, Place};
use super::phase::PhaseWatch;
use super::plan::Plan;
use super::typist::Typist;
use crate::editing::{EditingError, Editor, State, Target, Visit};
use crate::tally::{Clock, Tally};

/// Clients that connect at once: well below the backlog of a listening socket, so that none waits for a repeated
/// SYN, which would take a second.
const OPENINGS_AT_ONCE: usize = 64;

/// Answers that may wait to be sent; a server asks once or twice.
const ANSWERS: usize = 16;

/// What all clients share.
#[derive(Debug)]
pub(super) struct Stall {
    pub(super) plan: Plan,
    pub(super) target: Target,
    pub(super) clock: Clock,
    pub(super) tally: Tally,
    pub(super) documents: Vec<DocumentId>,
    ledgers: Vec<Ledger>,
    gate: Semaphore,
}

impl Stall {
    pub(super) fn new(plan: &Plan, target: &Target, tally: Tally, documents: Vec<DocumentId>) -> Self {
        let ledgers = documents.iter().map(|_| Ledger::new(plan.clients.get(), plan.keys())).collect();
        Self {
            plan: plan.clone(),
            target: target.clone(),
            clock: Clock::start(),
            tally,
            documents,
            ledgers,
            gate: Semaphore::new(OPENINGS_AT_ONCE),
        }
    }

    pub(super) fn ledger(&self, place: Place) -> &Ledger {
        &self.ledgers[place.document as usize]
    }
}

/// One client, before it has opened its document.
pub(super) struct Client {
    pub(super) place: Place,
    pub(super) stall: Arc<Stall>,
    pub(super) phase: PhaseWatch,
    /// Has room for the notice of every client: did it open its document?
    pub(super) notices: mpsc::Sender<bool>,
}

impl Client {
    /// Plays the client to the end of the last phase.
    pub(super) async fn run(self) -> Outcome {
        let mut phase = self.phase.clone();
        let opened = tokio::select! {
            opened = self.open() => opened.map_err(|error| error.to_string()),
            _ = phase.typing() => Err("not open in time".to_owned()),
        };
        // Fails only once the stage has stopped listening.
        let _ = self.notices.try_send(opened.is_ok());
        match opened {
            Ok(visit) => self.play(visit).await,
            Err(reason) => {
                Outcome { place: self.place, sent: 0, clock: 0, state: None, end: End::NotOpened(reason) }
            }
        }
    }

    async fn open(&self) -> Result<Visit, EditingError> {
        // Nobody closes the gate, so a permit always comes.
        let _permit = self.stall.gate.acquire().await.ok();
        let editor = Editor::new(Ledger::client(self.place.client));
        let document = &self.stall.documents[self.place.document as usize];
        Visit::open(&self.stall.target, document, editor).await
    }

    async fn play(self, visit: Visit) -> Outcome {
        let Self { place, stall, phase, .. } = self;
        let editor = Arc::new(Mutex::new(visit.editor));
        let (answers_tx, answers) = mpsc::channel(ANSWERS);
        let (sender, receiver) = (visit.socket.sender, visit.socket.receiver);
        let typist =
            Typist { place, stall: Arc::clone(&stall), editor: Arc::clone(&editor), sender, answers };
        let listener = Listener::new(place, Arc::clone(&stall), Arc::clone(&editor), receiver, answers_tx);
        let (sent, end) = tokio::join!(typist.run(phase.clone()), listener.run(phase));
        let editor = editor.lock().unwrap_or_else(PoisonError::into_inner);
        let applies = place.client < stall.plan.applying.get();
        let state = applies.then(|| State::of(&editor));
        Outcome { place, sent, clock: editor.clock(), state, end }
    }
}
