//! What is measured: a room full of members, their fan-out and their outboxes, moved by hand.
#![expect(clippy::expect_used, reason = "ids of its own that are valid")]

use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use collabd_core::clock::Now;
use collabd_core::fanout::Fanout;
use collabd_core::limits::{OutboxLimits, RoomLimits};
use collabd_core::outbox::{Entry, OutboxReader, outbox};
use collabd_core::room::{Command, Delivery, Event, Join, Room};
use collabd_core::{Metrics, Profile};
use collabd_protocol::client::CursorUpdate;
use collabd_protocol::codec::{Batch, BatchBuilder};
use collabd_protocol::ids::Incarnation;
use collabd_protocol::position::CanvasPosition;
use collabd_protocol::server::CursorMoved;
use collabd_protocol::{
    AvatarColor, ClientMessage, CursorPosition, DocumentId, DocumentType, Encoding, ProjectId, SessionId,
    UserId, UserName,
};
use tikv_jemallocator::Jemalloc;

/// The server's, so that an allocation costs what it costs there. Its instructions repeat, too; those of the C library's
/// depend on where the heap happens to be.
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

/// Longer than the time between two flushes.
const TICK: Duration = Duration::from_millis(20);

/// Members of one document who all move.
pub(crate) struct Stage {
    room: Room,
    fanout: Fanout,
    readers: Vec<OutboxReader>,
    now: Now,
    members: u64,
    /// Makes every move another one.
    round: u32,
}

impl Stage {
    pub(crate) fn of(members: u64, encoding: Encoding) -> Self {
        let mut stage = Self {
            room: Room::new(RoomLimits::default()),
            fanout: Fanout::new(ProjectId::new(1).expect("in range"), Metrics::default()),
            readers: Vec::new(),
            now: Now::read(),
            members,
            round: 0,
        };
        for member in 0..members {
            stage.join(member, encoding);
        }
        // Whoever sees a move for the first time is told whose it is.
        stage.moves();
        let flush = stage.flush();
        stage.deliver(flush);
        stage.write();
        stage
    }

    fn join(&mut self, member: u64, encoding: Encoding) {
        let (outbox, reader) = outbox(OutboxLimits::default());
        self.readers.push(reader);
        self.fanout.subscribe(session(member), outbox, Some(encoding));
        let join = Join {
            session: session(member),
            profile: profile(member),
            dialect: encoding.dialect(),
            document: Some((document(), Some(DocumentType::Canvas))),
        };
        let deliveries = self.room.apply(Command::Join(join), self.now);
        self.deliver(deliveries);
        self.write();
    }

    /// Everybody moves.
    pub(crate) fn moves(&mut self) {
        self.round += 1;
        for member in 0..self.members {
            let update = update(member, self.round);
            let deliveries = self.room.apply(Command::Move { session: session(member), update }, self.now);
            self.deliver(deliveries);
        }
    }

    /// What the next flush tells everybody.
    pub(crate) fn flush(&mut self) -> Vec<Delivery> {
        self.now.instant += TICK;
        self.room.apply(Command::Tick, self.now)
    }

    /// Into everybody's outbox.
    pub(crate) fn deliver(&mut self, deliveries: Vec<Delivery>) {
        let overflowed = self.fanout.deliver(&self.room, deliveries);
        assert!(overflowed.is_empty(), "everybody reads");
    }

    /// Takes everything out of all outboxes, as frames; returns how many bytes those have.
    pub(crate) fn write(&mut self) -> usize {
        let mut bytes = 0;
        for reader in &mut self.readers {
            if let Poll::Ready(drained) = poll_once(pin!(reader.next())) {
                let frames = drained.entries.into_iter().flat_map(Entry::frames);
                bytes += frames.map(|frame| frame.payload().len()).sum::<usize>();
            }
        }
        bytes
    }
}

/// The moves of a flush.
pub(crate) fn moves_of(deliveries: &[Delivery]) -> Vec<CursorMoved> {
    deliveries
        .iter()
        .flat_map(|delivery| match &delivery.event {
            Event::Cursors(flush) => flush.moves.iter().map(|moved| moved.cursor.clone()).collect(),
            _ => Vec::new(),
        })
        .collect()
}

/// Encodes moves that everybody was introduced to.
pub(crate) fn encode(moves: &[CursorMoved], encoding: Encoding) -> Batch {
    let mut batch = BatchBuilder::new(encoding);
    for moved in moves {
        batch.push_move(moved, 1, true);
    }
    batch.build()
}

/// A client's message that says where its cursor is.
pub(crate) fn said(round: u32) -> ClientMessage {
    ClientMessage::CursorUpdate(update(7, round))
}

fn poll_once<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

fn update(member: u64, round: u32) -> CursorUpdate {
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let x = (member * 10) as f64;
    let position = CanvasPosition { x, y: f64::from(round % 1000), zoom: None };
    CursorUpdate {
        document_id: document(),
        document_type: None,
        position: CursorPosition::Canvas(position),
        selected_node_id: None,
        timestamp: None,
    }
}

fn document() -> DocumentId {
    DocumentId::new("plan").expect("an id")
}

fn session(number: u64) -> SessionId {
    SessionId { incarnation: Incarnation(1), number }
}

fn profile(member: u64) -> Profile {
    let user_id = UserId::new(format!("user-{member}")).expect("an id");
    Profile {
        avatar_color: AvatarColor::for_user(&user_id),
        user_id,
        user_name: UserName::new(format!("Member {member}")).expect("a name"),
        is_agent: false,
    }
}
