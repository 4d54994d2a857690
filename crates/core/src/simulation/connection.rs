//! The server's end of a client's socket: joins, reads and writes as a real connection does, over packets that take
//! their time instead of a socket.

use std::sync::Arc;
use std::time::Duration;

use collabd_protocol::client::CursorUpdate;
use collabd_protocol::codec::{Encoding, Frame};
use collabd_protocol::{CloseCode, DepartureReason, DocumentId, DocumentType, ProjectId};
use indexmap::IndexMap;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until, timeout, timeout_at};

use super::chance::Chance;
use super::plan::{PLACES, Say};
use super::view::{own_document, shared_document};
use super::world::World;
use crate::outbox::{Drained, Entry, Goodbye, Outbox, OutboxReader, outbox};
use crate::project::{JoinError, JoinRequest, ProjectError, Session};
use crate::testing::{document, line, move_to, profile};

/// Silence after which a client counts as gone; a real one is longer, and nothing else depends on that.
pub(super) const SILENCE: Duration = Duration::from_secs(2);
/// The longest that one write may take.
const WRITE: Duration = Duration::from_secs(1);
/// How long a write may go on once the connection is to be closed.
const CLOSING: Duration = Duration::from_millis(500);
/// After how long what the project had no room for is tried again.
const RETRY: Duration = Duration::from_millis(5);

/// How often an outbox is emptied at one moment at most. Far more than there is to tell.
const BUSY: usize = 1000;

/// What arrives at a client.
#[derive(Debug)]
pub(super) enum Packet {
    /// A frame, and between which moments it was put into the outbox.
    Frame(Frame, (Instant, Instant)),
    Close(CloseCode),
}

/// Where a client's packets come out, each with the time at which it arrives.
pub(super) type Arrivals<P> = mpsc::Receiver<(Instant, P)>;
/// Where packets go in.
pub(super) type Departures<P> = mpsc::Sender<(Instant, P)>;

/// One socket and who is behind it.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) number: u64,
    pub(super) user: String,
    pub(super) project: ProjectId,
    pub(super) encoding: Encoding,
    pub(super) place: Option<DocumentId>,
    pub(super) latency: Duration,
    pub(super) chance: Chance,
    pub(super) down: Departures<Packet>,
}

/// Why a connection ends.
#[derive(Debug, Clone, Copy)]
enum End {
    Lost,
    Silent,
    Left,
    TooSlow,
    Closed(Goodbye),
}

impl End {
    fn reason(self) -> DepartureReason {
        match self {
            Self::Lost => DepartureReason::ConnectionLost,
            Self::Silent => DepartureReason::HeartbeatTimeout,
            Self::Left => DepartureReason::Left,
            Self::TooSlow => DepartureReason::SlowConsumer,
            Self::Closed(goodbye) => match goodbye.code {
                CloseCode::GoingAway => DepartureReason::ServerShutdown,
                CloseCode::ProjectDeleted => DepartureReason::ProjectDeleted,
                CloseCode::SlowConsumer => DepartureReason::SlowConsumer,
                _ => DepartureReason::ConnectionLost,
            },
        }
    }

    fn code(self) -> CloseCode {
        match self {
            Self::Lost | Self::Left => CloseCode::Normal,
            Self::Silent => CloseCode::HeartbeatTimeout,
            Self::TooSlow => CloseCode::SlowConsumer,
            Self::Closed(goodbye) => goodbye.code,
        }
    }
}

impl Connection {
    /// From the join to the goodbye.
    pub(super) async fn serve(self, world: Arc<World>, mut up: Arrivals<Say>) {
        let (outbox, mut reader) = outbox(world.bounds().outbox());
        let joined = tokio::select! {
            biased;
            // Gives the join up at whatever point it is.
            () = self.down.closed() => Err(End::Lost),
            joined = self.join(&world, &outbox) => joined,
        };
        let end = match joined {
            Ok(session) => {
                world.ledger().joined(&self, session.id());
                let mut writing = Writing { connection: &self, world: &world, session: &session };
                let mut reading = Reading::new(&self, &world, &session);
                let end = tokio::select! {
                    biased;
                    end = writing.run(&mut reader) => end,
                    end = reading.run(&mut up) => end,
                    () = self.down.closed() => End::Lost,
                };
                world.ledger().ended(self.number);
                if matches!(end, End::Left) {
                    world.ledger().wished_to_leave(session.id());
                }
                session.leave(end.reason(), None);
                end
            }
            Err(end) => end,
        };
        // A client whose kernel has no room for it finds the socket closed all the same.
        let _ = self.down.try_send((Instant::now() + self.latency, Packet::Close(end.code())));
    }

    async fn join(&self, world: &World, outbox: &Outbox) -> Result<Session, End> {
        sleep(self.latency).await;
        let profile = profile(&self.user);
        let request = JoinRequest {
            profile,
            encoding: Some(self.encoding),
            outbox: outbox.clone(),
            document: self.place.clone().map(|place| (place, Some(DocumentType::CodeEditor))),
        };
        let joined = world.coordinator().join(self.project, request).await;
        joined.map_err(|error| match error {
            JoinError::Closed => End::Closed(CloseCode::GoingAway.into()),
            JoinError::Quarantined { .. } => {
                world.ledger().quarantined(self.project);
                End::Closed(CloseCode::TryAgainLater.into())
            }
            JoinError::Overloaded => End::Closed(CloseCode::TryAgainLater.into()),
            JoinError::Full { .. } => panic!("six clients are no {error}"),
        })
    }
}

/// The reading half.
struct Reading<'a> {
    connection: &'a Connection,
    world: &'a World,
    session: &'a Session,
    chance: Chance,
    /// Moves that the project had no room for, the newest of each document.
    pending: IndexMap<DocumentId, CursorUpdate>,
    beats: u64,
    moves: u32,
}

impl<'a> Reading<'a> {
    fn new(connection: &'a Connection, world: &'a World, session: &'a Session) -> Self {
        let chance = connection.chance.clone();
        Self { connection, world, session, chance, pending: IndexMap::new(), beats: 0, moves: 0 }
    }

    async fn run(&mut self, up: &mut Arrivals<Say>) -> End {
        let mut silent_at = Instant::now() + SILENCE;
        loop {
            tokio::select! {
                biased;
                said = timeout_at(silent_at, up.recv()) => match said {
                    Ok(Some((at, say))) => {
                        sleep_until(at).await;
                        silent_at = Instant::now() + SILENCE;
                        self.chance.let_others_go_first().await;
                        if matches!(say, Say::Leave) {
                            return End::Left;
                        }
                        self.hear(say).await;
                    }
                    Ok(None) => return End::Lost,
                    Err(_) => return End::Silent,
                },
                () = sleep(RETRY), if !self.pending.is_empty() => {
                    for (_, update) in std::mem::take(&mut self.pending) {
                        self.move_cursor(update);
                    }
                }
            }
        }
    }

    async fn hear(&mut self, say: Say) {
        let began = Instant::now();
        match say {
            Say::Pong | Say::Leave => {}
            Say::Beat => {
                let name = own_document(self.connection.project, self.connection.number, self.beats + 1);
                let told = self.session.switch_document(document(&name), DocumentType::CodeEditor).await;
                if told.is_ok() {
                    self.beats += 1;
                    self.pending.clear();
                    self.world.ledger().switched(self.connection.number, name);
                }
            }
            Say::Move(place) => {
                self.moves += 1;
                let name = shared_document(self.connection.project, PLACES[place]);
                let mut update = move_to(&name, line(self.moves));
                update.timestamp = Some(self.moves.into());
                self.move_cursor(update);
            }
            Say::Status(status) => {
                if self.session.set_status(status).await.is_ok() {
                    self.world.ledger().became(self.connection.number, status);
                }
            }
            // Refused or not, what the client knows stays right.
            Say::Resync => drop(self.session.resync().await),
        }
        self.world.check_patience(began);
    }

    fn move_cursor(&mut self, update: CursorUpdate) {
        match self.session.move_cursor(update.clone()) {
            Ok(()) => {
                self.pending.shift_remove(&update.document_id);
                self.world.ledger().moved(self.connection.number, &update);
            }
            Err(ProjectError::Overloaded) => {
                self.pending.insert(update.document_id.clone(), update);
            }
            // The outbox says how this ends.
            Err(ProjectError::Closed) => {}
        }
    }
}

/// The writing half.
struct Writing<'a> {
    connection: &'a Connection,
    world: &'a World,
    session: &'a Session,
}

impl Writing<'_> {
    async fn run(&mut self, reader: &mut OutboxReader) -> End {
        let mut behind_in: Vec<DocumentId> = Vec::new();
        let (mut drained_at, mut drains) = (Instant::now(), 0);
        loop {
            let drained = tokio::select! {
                biased;
                drained = reader.next() => drained,
                () = sleep(RETRY), if !behind_in.is_empty() => Drained::default(),
            };
            self.world.check_bounds(&drained);
            drains = if drained_at == Instant::now() { drains + 1 } else { 0 };
            assert!(drains < BUSY, "{} is told and asks again without an end", self.connection.number);
            drained_at = Instant::now();
            behind_in.extend(drained.behind_in);
            behind_in
                .retain(|document| self.session.catch_up(document.clone()) == Err(ProjectError::Overloaded));
            let now = Instant::now();
            let put = (drained.since.unwrap_or(now), now);
            for frame in drained.entries.into_iter().flat_map(Entry::frames) {
                let written = tokio::select! {
                    biased;
                    written = self.write(Packet::Frame(frame, put)) => written,
                    goodbye = closing(reader) => Err(End::Closed(goodbye)),
                };
                if let Err(end) = written {
                    return end;
                }
            }
            if let Some(goodbye) = drained.goodbye {
                return End::Closed(goodbye);
            }
        }
    }

    async fn write(&self, packet: Packet) -> Result<(), End> {
        let down = &self.connection.down;
        let permit = timeout(WRITE, down.reserve()).await.map_err(|_| End::TooSlow)?;
        permit.map_err(|_| End::Lost)?.send((Instant::now() + self.connection.latency, packet));
        Ok(())
    }
}

async fn closing(reader: &OutboxReader) -> Goodbye {
    let goodbye = reader.closing().await;
    sleep(CLOSING).await;
    goodbye
}
