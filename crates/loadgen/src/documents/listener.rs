//! The half of a client that listens.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use collabd_documents::wire;
use collabd_documents::wire::peer::ServerMessage;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::client::Stall;
use super::heading;
use super::outcome::{End, Place};
use super::phase::PhaseWatch;
use crate::editing::{EditingError, Editor, Heard, Receiver, all_that_is_missing, take_in};

/// How long the server's answer to a close may take.
const CLOSE_PATIENCE: Duration = Duration::from_secs(2);

/// Reads what one client is sent.
pub(super) struct Listener {
    place: Place,
    stall: Arc<Stall>,
    editor: Arc<Mutex<Editor>>,
    receiver: Receiver,
    answers: mpsc::Sender<Bytes>,
    /// The clock that is due next, of each client of the document.
    due: Vec<u32>,
    measured_from: i64,
}

impl Listener {
    pub(super) fn new(
        place: Place,
        stall: Arc<Stall>,
        editor: Arc<Mutex<Editor>>,
        receiver: Receiver,
        answers: mpsc::Sender<Bytes>,
    ) -> Self {
        let due = vec![0; stall.ledger(place).clients()];
        Self { place, stall, editor, receiver, answers, due, measured_from: i64::MAX }
    }

    /// Listens until it is time to close.
    pub(super) async fn run(mut self, mut phase: PhaseWatch) -> End {
        let mut closing = phase.clone();
        let listening = async {
            tokio::select! {
                error = self.listen() => return Err(error),
                schedule = phase.typing() => {
                    self.measured_from = schedule.map_or(i64::MAX, |schedule| schedule.measured_from);
                }
            }
            Err::<(), _>(self.listen().await)
        };
        let lost = tokio::select! {
            () = closing.closing() => None,
            lost = listening => lost.err(),
        };
        // The other half may hear first that it is time to close, and the answer to its close be here already.
        if let Some(error) = lost.filter(|_| !closing.is_closing()) {
            return End::Lost(error.to_string());
        }
        self.drain().await;
        End::Closed
    }

    /// Reads until the connection ends.
    async fn listen(&mut self) -> EditingError {
        loop {
            let heard = match self.receiver.next().await {
                Ok(heard) => heard,
                Err(error) => return error,
            };
            if let Heard::Message(message) = heard
                && let Err(error) = self.take(message)
            {
                return error;
            }
        }
    }

    /// The server may have more to say before it answers a close.
    async fn drain(&mut self) {
        let _ = timeout(CLOSE_PATIENCE, async { while self.receiver.next().await.is_ok() {} }).await;
    }

    fn take(&mut self, message: ServerMessage) -> Result<(), EditingError> {
        match message {
            ServerMessage::Update(update) => {
                let now = self.stall.clock.now();
                self.measure(&update, now)?;
                self.apply(&update)
            }
            ServerMessage::SyncStep2(update) => self.apply(&update),
            ServerMessage::SyncStep1(clocks) => {
                let editor = self.editor.lock().unwrap_or_else(PoisonError::into_inner);
                let answer = wire::sync_step2(&all_that_is_missing(editor.doc(), &clocks)?);
                // A server asks once or twice; one that floods its clients with questions loses them.
                self.answers.try_send(answer).map_err(|_| EditingError::Refused)
            }
            _ => Ok(()),
        }
    }

    fn apply(&self, update: &[u8]) -> Result<(), EditingError> {
        if self.place.client < self.stall.plan.applying.get() {
            take_in(self.editor.lock().unwrap_or_else(PoisonError::into_inner).doc(), update)?;
        }
        Ok(())
    }

    fn measure(&mut self, update: &[u8], now: i64) -> Result<(), EditingError> {
        let Self { place, stall, due, measured_from, .. } = self;
        let ledger = stall.ledger(*place);
        let number = place.document * stall.plan.clients.get() + place.client;
        stall.tally.count();
        heading::ends(update, |client, end| {
            let Some(index) = ledger.index(client).filter(|index| *index != place.client as usize) else {
                return;
            };
            for clock in due[index]..end {
                if let Some(sent_at) = ledger.sent_at(index, clock).filter(|sent_at| sent_at >= measured_from)
                {
                    stall.tally.record(number, now - sent_at);
                }
            }
            due[index] = due[index].max(end);
        })
    }
}
