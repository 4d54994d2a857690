//! The half of a member that watches the others.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use collabd_protocol::server::CursorMoved;
use collabd_protocol::{CloseCode, CursorPosition, Presence, ServerMessage, UserId};
use tokio::sync::mpsc;
use tokio::time::sleep;

use super::ledger::Ledger;
use super::member::{End, Shared};
use super::motion::{self, Place};
use super::phase::{Notice, PhaseWatch, Schedule};
use crate::client::{Event, Receiver};

/// How long the server may take to answer a close, with every member closing at once.
const CLOSE_PATIENCE: Duration = Duration::from_secs(10);

/// Reads for one member.
#[derive(Debug)]
pub(super) struct Observer {
    place: Place,
    shared: Arc<Shared>,
    receiver: Receiver,
    watched: Option<Watched>,
    refusals: BTreeMap<&'static str, u64>,
}

/// What is looked for once the moving has begun.
#[derive(Debug)]
struct Watched {
    measured_from: i64,
    ledger: Ledger,
}

/// What one member saw.
#[derive(Debug)]
pub(super) struct Observed {
    /// Last positions of others that never came.
    pub(super) missed: u64,
    /// Errors the server sent, by code.
    pub(super) refusals: BTreeMap<&'static str, u64>,
    /// How it ended.
    pub(super) end: End,
}

impl Observer {
    pub(super) fn new(place: Place, shared: Arc<Shared>, receiver: Receiver) -> Self {
        Self { place, shared, receiver, watched: None, refusals: BTreeMap::new() }
    }

    /// Reads until the connection ends, and says once when there is nothing more to wait for.
    pub(super) async fn run(mut self, mut phase: PhaseWatch, notices: &mpsc::Sender<Notice>) -> Observed {
        let mut settled = Settled(Some(notices));
        let mut closing = phase.clone();
        let end = tokio::select! {
            end = self.read(&mut phase, &mut settled) => end,
            () = overdue(&mut closing) => End::Lost(format!("no answer to a close in {CLOSE_PATIENCE:?}")),
        };
        settled.notify();
        Observed {
            missed: self.watched.map_or(0, |watched| watched.ledger.missing()),
            refusals: self.refusals,
            end,
        }
    }

    async fn read(&mut self, phase: &mut PhaseWatch, settled: &mut Settled<'_>) -> End {
        loop {
            tokio::select! {
                // First, so that no last position can come before its ledger.
                biased;
                schedule = phase.moving(), if self.watched.is_none() => {
                    let watched = self.watched.insert(Watched::new(self.place, schedule.as_deref()));
                    if watched.ledger.is_complete() {
                        settled.notify();
                    }
                }
                event = self.receiver.next_event() => match event {
                    Ok(Event::Message(message)) => {
                        if self.observe(&message) {
                            settled.notify();
                        }
                    }
                    Ok(Event::V1(_)) => {}
                    Ok(Event::Closed { code, .. })
                        if phase.is_closing() && code == Some(CloseCode::Normal.number()) =>
                    {
                        return End::Closed;
                    }
                    Ok(Event::Closed { code, reason }) => return End::Lost(cause(code, reason)),
                    Err(error) => return End::Lost(error.to_string()),
                },
            }
        }
    }

    /// Takes in one message. Does it complete the ledger?
    fn observe(&mut self, message: &ServerMessage) -> bool {
        match message {
            ServerMessage::CursorUpdate { data } => self.moved(data),
            // Whoever falls behind gets positions as a snapshot instead of moves: those count as seen, too.
            ServerMessage::BulkPresence { data, .. } => {
                data.iter().fold(false, |complete, user| self.present(user) | complete)
            }
            ServerMessage::UserJoined { user } | ServerMessage::UserUpdated { user } => self.present(user),
            ServerMessage::DocumentActivity { data } => {
                let at = |complete, (user, position)| self.saw(user, position) | complete;
                let users = data.active_users.iter();
                users.filter_map(|user| Some((&user.user_id, user.position.as_ref()?))).fold(false, at)
            }
            ServerMessage::Error(error) => {
                *self.refusals.entry(error.code.name()).or_default() += 1;
                false
            }
            ServerMessage::UserLeft { .. }
            | ServerMessage::TokenExpiring { .. }
            | ServerMessage::RoleChanged { .. }
            | ServerMessage::Disconnect { .. }
            | ServerMessage::Pong => false,
        }
    }

    fn moved(&mut self, data: &CursorMoved) -> bool {
        self.shared.tally.count();
        if motion::is_last(&data.position) {
            return self.saw(&data.user_id, &data.position);
        }
        if let (Some(watched), Some(sent_at)) = (&self.watched, data.timestamp)
            && sent_at >= watched.measured_from
        {
            let taken = self.shared.clock.now() - sent_at;
            self.shared.tally.record(self.place.member, taken);
        }
        false
    }

    fn present(&mut self, user: &Presence) -> bool {
        user.documents
            .values()
            .filter_map(|document| document.position.as_ref())
            .fold(false, |complete, position| self.saw(&user.user_id, position) | complete)
    }

    fn saw(&mut self, user: &UserId, position: &CursorPosition) -> bool {
        match (&mut self.watched, self.place.neighbour(user)) {
            (Some(watched), Some(member)) if motion::is_last(position) => watched.ledger.saw(member),
            _ => false,
        }
    }
}

impl Watched {
    fn new(place: Place, schedule: Option<&Schedule>) -> Self {
        let room = schedule.and_then(|schedule| schedule.rooms.get(place.project as usize));
        Self {
            measured_from: schedule.map_or(i64::MAX, |schedule| schedule.measured_from),
            ledger: Ledger::new(place.member, room.map_or(&[], Vec::as_slice)),
        }
    }
}

/// A notice that is given once.
struct Settled<'a>(Option<&'a mpsc::Sender<Notice>>);

impl Settled<'_> {
    fn notify(&mut self) {
        if let Some(notices) = self.0.take() {
            // There is room for every notice; it fails only once the stage has stopped listening.
            let _ = notices.try_send(Notice::Settled);
        }
    }
}

async fn overdue(phase: &mut PhaseWatch) {
    phase.closing().await;
    sleep(CLOSE_PATIENCE).await;
}

fn cause(code: Option<u16>, reason: String) -> String {
    match code {
        Some(code) => format!("closed with {code} {reason}"),
        None => reason,
    }
}
